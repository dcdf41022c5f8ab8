"""Provenance inside signed envelopes, as lineage: DSSE, Sigstore bundles, one envelope a line.

Whether a signature holds is judged elsewhere and never here: what is read is what the statement
says. Of other predicates nothing is read: who made what of what is said by provenance alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import Limits
from workbench.evidence.quick_json import parse_quickly
from workbench.evidence.strict_json import JsonValue, parse
from workbench.evidence.subject import Subject
from workbench.formats.attestation import ATTESTATION
from workbench.formats.document import told
from workbench.formats.reader import Account, Reading
from workbench.formats.sheet import Sheet
from workbench.formats.statement.reader import NEVER, is_provenance, tell
from workbench.model.catalog import CatalogRecord, NoPlace, Thing
from workbench.model.json_place import MalformedSignature, Place
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem

_NEVER = (
    "whether its signature holds, and whose it is: its verdict says that, its lineage does not",
    *NEVER,
    NoPlace.PARAMS.value,
    NoPlace.RUN_TAGS.value,
)
#: Where an envelope lies: alone, or in a bundle.
_HOLDERS = ("dsseEnvelope", "")
_MOST_ENVELOPES = 1000


@dataclass(frozen=True, slots=True)
class _Held:
    """A statement in an envelope.

    Attributes:
        value: the statement.
        pointer: of the payload that holds it.
        line: number of the line, from 1, where a file has several.
    """

    value: JsonValue
    pointer: str
    line: int | None


@dataclass(frozen=True, slots=True)
class EnvelopedReader:
    """Reads what signed provenance says was made of what."""

    id: str = ATTESTATION

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what the statements say; what is no provenance says nothing here."""
        file = subject.files[0]
        progress.advance(0, file.size, file.display)
        whole = Sheet(file, cancel)
        found = list(_provenance(file, limits))
        for n, held in enumerate(found):
            cancel.check()
            sheet = Sheet(file, cancel, known=whole.known)
            sheet.document_key = f"{sheet.document_key}/{n}" if n else sheet.document_key
            yield from _placed(held, told(sheet, tell(sheet, held.value)))
            for name, number in sheet.totals.items():
                whole.count(name, number if isinstance(number, int) else 0)
        shown = (*_NEVER, *whole.gaps) if found else ()
        return Account(cannot_show=shown, control_totals=whole.totals)


def _provenance(file: EvidenceFile, limits: Limits) -> Iterator[_Held]:
    """Yield the statements of provenance in a file; what cannot be read is judged elsewhere."""
    try:
        data = read_whole(file, limits=limits)
    except SourceError:
        return
    for text, line in _texts(data, limits):
        try:
            envelope = parse(text, limits=limits, what=file.display)
        except SourceError:
            continue
        held = _held(envelope, line, limits)
        if held is not None and is_provenance(held.value):
            yield held


def _texts(data: bytes, limits: Limits) -> Iterable[tuple[bytes, int | None]]:
    """Return the document, or the lines of a file that has one envelope on each."""
    try:
        parse(data, limits=limits, what="envelope")
    except SourceError:
        lines = data.splitlines()[:_MOST_ENVELOPES]
        return [(line, n) for n, line in enumerate(lines, 1) if line.strip()]
    return [(data, None)]


def _held(envelope: object, line: int | None, limits: Limits) -> _Held | None:
    """Return the statement in an envelope, or None where there is none that can be read."""
    for name in _HOLDERS:
        try:
            place = Place(envelope, "").object(name) if name else Place(envelope, "")
            payload = place.decoded("payload")
            value = parse_quickly(payload, limits=limits, what="payload")
        except (MalformedSignature, SourceError):
            continue
        return _Held(value, f"{place.pointer}/payload", line)
    return None


def _placed(
    held: _Held, records: Iterable[CatalogRecord | Problem]
) -> Iterator[CatalogRecord | Problem]:
    """Yield records with their places: the payload, and the pointer in it."""
    for record in records:
        moved = replace(record, locator=_moved(held, record.locator))
        if isinstance(moved, Thing):
            attributes = (replace(a, pointer=_within(held, a.pointer)) for a in moved.attributes)
            moved = replace(moved, attributes=tuple(attributes))
        yield moved


def _moved(held: _Held, place: Locator) -> Locator:
    return replace(place, pointer=_within(held, place.pointer or ""), record=held.line)


def _within(held: _Held, pointer: str) -> str:
    return f"{held.pointer}#{pointer}"


ENVELOPED = EnvelopedReader()
