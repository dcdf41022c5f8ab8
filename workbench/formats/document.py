"""A catalog that is one JSON document: everything about reading it but what its names mean."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import Limits
from workbench.evidence.quick_json import as_usual, parse_quickly
from workbench.evidence.strict_json import (
    JsonError,
    JsonValue,
    NameTwice,
    NoNumber,
    parse_twice,
    parse_with_no_numbers,
)
from workbench.evidence.subject import Subject
from workbench.formats.glimpse import Glimpse, glimpse
from workbench.formats.reader import Account, Look, Reading, Recognition
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogProblem, CatalogRecord
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem, Role

_BOM = b"\xef\xbb\xbf"
#: After what is told by a signature or a chain of its own, before plain logs.
ORDER = 60


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Reads one kind of document.

    Attributes:
        id: id of the format.
        title: what people call it.
        fits: tells such a document by the names at its top.
        tell: yields the things and relations that one holds.
        never: what such a document cannot show.
        order: its turn.
    """

    id: str
    title: str
    fits: Callable[[Glimpse], bool]
    tell: Callable[[Sheet, JsonValue], Iterator[CatalogRecord]]
    never: tuple[str, ...]
    order: int = ORDER

    def recognise(self, look: Look) -> Recognition | None:
        """Return the format where the names at the top are its own."""
        return recognised(look, self.id, self.fits, self.never)

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what the document says."""
        file = subject.files[0]
        sheet = Sheet(file, cancel)
        progress.advance(0, file.size, file.display)
        try:
            yield from told(sheet, self.tell(sheet, json_of(sheet, limits)))
        except SourceError as error:
            yield unread(file, error)
        progress.advance(file.size, file.size, file.display)
        return account_of(sheet, self.never)


def recognised(
    look: Look, format_id: str, fits: Callable[[Glimpse], bool], never: tuple[str, ...]
) -> Recognition | None:
    """Return a format where a file is one document whose top fits it."""
    top = glimpse(look.head)
    if top is None or top.goes_on or not fits(top):
        return None
    return Recognition(format_id, Role.SUBJECT, cannot_show=never)


def json_of(sheet: Sheet, limits: Limits, *, no_numbers: bool = False) -> JsonValue:
    """Return the value of a file that is one document, its numbers spelled as they were.

    A name that stands twice is a problem of its own and does not keep the rest from being read; so
    is, where it is asked for, a ``NaN`` as Python's tools write it.

    Raises:
        LimitError: it is too large to be read whole.
        JsonError: it is not strict JSON.
    """
    file = sheet.file
    data = read_whole(file, limits=limits)
    body = data.removeprefix(_BOM)
    try:
        return parse_quickly(body, limits=limits, what=file.display)
    except NameTwice as error:
        value = as_usual(parse_twice(body, limits=limits, what=file.display))
        kind, how = CatalogProblem.DUPLICATE_NAME, "the last value is read, all are kept"
        refused: JsonError = error
    except NoNumber as error:
        if not no_numbers:
            raise
        value = as_usual(parse_with_no_numbers(body, limits=limits, what=file.display))
        kind, how = CatalogProblem.MALFORMED_VALUE, "it is read as a number that is none"
        refused = error
    place = Locator(file.path, file.member, offset=refused.offset + len(data) - len(body))
    sheet.note(Problem(kind, place, f"{file.display}: {refused.reason}: {how}."))
    return value


def told(sheet: Sheet, records: Iterator[CatalogRecord]) -> Iterator[CatalogRecord | Problem]:
    """Yield records with the problems noted on the way, at last what was told of nothing else."""
    for record in records:
        sheet.cancel.check()
        yield from sheet.problems()
        yield record
    yield from sheet.document()
    yield from sheet.problems()


def unread(file: EvidenceFile, error: SourceError) -> Problem:
    """Return that a document could not be read, with the place in it."""
    offset = error.offset if isinstance(error, JsonError) else None
    return Problem(error.code, Locator(file.path, file.member, offset=offset), error.message)


def account_of(sheet: Sheet, never: tuple[str, ...]) -> Account:
    """Return the account of a document that was read to its end."""
    return Account(
        version=sheet.version or None,
        cannot_show=(*never, *sheet.gaps),
        control_totals=sheet.totals,
    )
