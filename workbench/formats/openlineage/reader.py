"""OpenLineage events: one a line, a list, the answer of Marquez, or one in a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.json_records import RawRecord, document, elements, lines
from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.strict_json import JsonError, JsonValue, parse
from workbench.evidence.subject import Subject
from workbench.formats.openlineage import MARK
from workbench.formats.openlineage.account import account_of, disagreeing
from workbench.formats.openlineage.runs import runs
from workbench.formats.openlineage.scan import Scan
from workbench.formats.openlineage.things import Telling
from workbench.formats.reader import Look, Reading, Recognition
from workbench.formats.records import GLANCE, glance
from workbench.model.catalog import CatalogRecord, Thing
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem, Role

#: The member of the answer of Marquez (``GET /api/v1/events/lineage``) that holds the events.
_LIST = "events"
_PARTS = {"run", "job", "dataset"}


@dataclass(frozen=True, slots=True)
class OpenLineageReader:
    """Run, job and dataset events have no discriminator: their members tell them apart."""

    id: str = "openlineage"
    order: int = 50

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``openlineage`` when most of the first records are such events."""
        if MARK not in look.head:
            return None
        seen = glance(look)
        if seen is not None and seen[0] == "jsonl" and _are_events(seen[1]):
            return Recognition(self.id, Role.SUBJECT, None, "jsonl")
        container = _container(look.file)
        return Recognition(self.id, Role.SUBJECT, None, container) if container else None

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what the events say, in two passes: what was said of a thing last counts."""
        file = subject.files[0]
        scan = Scan(file, limits)
        totals: dict[str, int | str] = {}
        try:
            for record in _records(subject, totals, limits, cancel):
                if isinstance(record, Problem):
                    yield record
                    continue
                progress.advance(record.offset, 2 * file.size, file.display)
                yield from scan.take(record)
            with file.open() as stream:
                yield from _told(Telling(scan, stream, cancel), progress)
        except SourceError as error:
            offset = error.offset if isinstance(error, JsonError) else None
            yield Problem(error.code, Locator(file.path, file.member, offset=offset), error.message)
        yield from disagreeing(scan, totals)
        return account_of(scan, totals)


def _told(telling: Telling, progress: Progress) -> Iterator[CatalogRecord | Problem]:
    """Yield what a scan found, things before the relations that end at them."""
    yield from telling.jobs()
    yield from telling.datasets()
    yield from telling.others()
    file = telling.scan.file
    for record in runs(telling):
        if isinstance(record, Thing):
            progress.advance(file.size + (record.locator.offset or 0), 2 * file.size, file.display)
        yield record


def _are_events(records: Sequence[object]) -> bool:
    events = [r for r in records if isinstance(r, dict) and "eventTime" in r and r.keys() & _PARTS]
    return len(events) * 2 > len(records)


def _container(file: EvidenceFile) -> str | None:
    """Return how events lie in one JSON document, or None where there are none."""
    if file.size > LIMITS.document:
        return None
    try:
        value = parse(read_whole(file), what=file.display, allow_bom=True)
    except SourceError:
        return None
    if _are_events([value]):
        return "json"
    listed = _listed(value)
    return "json-array" if listed is not None and _are_events(listed[:GLANCE]) else None


def _listed(value: JsonValue) -> list[JsonValue] | None:
    found = value.get(_LIST) if isinstance(value, dict) else value
    return found if isinstance(found, list) else None


def _records(
    subject: Subject, totals: dict[str, int | str], limits: Limits, cancel: Cancel
) -> Iterator[RawRecord | Problem]:
    """Yield the records of a subject; what a document states beside them is added to totals."""
    file = subject.files[0]
    if subject.container == "jsonl":
        yield from lines(file, limits=limits, cancel=cancel)
        return
    data, value = document(file, limits=limits)
    if subject.container == "json":
        yield RawRecord(1, 0, data)
        return
    stated = value.get("totalCount") if isinstance(value, dict) else None
    if type(stated) is int:
        totals["totalCount"] = stated
    yield from elements(data, _LIST if isinstance(value, dict) else None)


READER = OpenLineageReader()
