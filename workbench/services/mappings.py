"""Mappings of plain logs: which are known, what one says, what it makes of a log, a first draft."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.errors import UsageError
from workbench.evidence.file import EvidenceFile, read_range, single
from workbench.evidence.limits import LIMITS
from workbench.formats.auditd.events import events as auditd_events
from workbench.formats.auditd.reader import READER as AUDITD
from workbench.formats.logs import library
from workbench.formats.logs.cutting import Record, Records, records_of
from workbench.formats.logs.drafting import Draft, draft_of
from workbench.formats.logs.explaining import explained
from workbench.formats.logs.mapper import Mapped, Mapper, Members
from workbench.formats.logs.recognising import fitting, peeks
from workbench.formats.reader import Look
from workbench.formats.sniff import HEAD_BYTES
from workbench.model.catalog import Attribute
from workbench.model.event_mapping import TEXT, EventMapping, LogContainer
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.source import Problem

#: Records that are tried; the first few of them are shown one by one.
MOST_TRIED = 1000
_PARTS = ("time", "actor", "action", "object", "outcome", "key")


@dataclass(frozen=True, slots=True)
class TriedRecord:
    """A record as a mapping reads it.

    Attributes:
        place: where it lies.
        mapped: the event.
        unmapped: what of it is no part of the event, verbatim.
    """

    place: Locator
    mapped: Mapped
    unmapped: tuple[Attribute, ...]


@dataclass(slots=True)
class Trial:
    """What a mapping makes of the first records of a log.

    Attributes:
        container: how records lie in it.
        fits: whether the mapping would know the log by itself.
        records: how many were tried.
        shown: the first of them.
        found: in how many of them each part was found.
        unmapped: in how many each member is that no part is made of.
        failed: what could not be read, with its place.
        goes_on: the log holds more.
    """

    container: LogContainer
    fits: bool
    records: int = 0
    shown: list[TriedRecord] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)
    failed: list[Problem] = field(default_factory=list)
    goes_on: bool = False


def known() -> tuple[EventMapping, ...]:
    """Return the mappings that ship with the program, by id."""
    return library.shipped()


def find(name: str) -> EventMapping:
    """Return a shipped mapping by its id, or the one in a file.

    Raises:
        SourceError: it is neither.
        ProfileError: the file cannot be understood.
    """
    return library.chosen(name)


def brought(files: Sequence[Path]) -> tuple[EventMapping, ...]:
    """Return the mappings in some files that the user brings.

    Raises:
        SourceError: one cannot be read.
        ProfileError: one cannot be understood.
        UsageError: two of them, or one and one that ships, have the same id.
    """
    mappings = tuple(library.load(file) for file in files)
    library.require_apart(mappings)
    return mappings


def parse(text: str) -> EventMapping:
    """Return the mapping that a text describes.

    Raises:
        ProfileError: it cannot be understood.
        UsageError: its id is that of one that ships.
    """
    mapping = library.loads(text.encode(), what="the mapping")
    library.require_apart([mapping])
    return mapping


def explain(mapping: EventMapping) -> list[str]:
    """Return what a mapping says, in plain sentences."""
    return explained(mapping)


def draft(log: Path | EvidenceFile) -> Draft:
    """Return a mapping to be edited, guessed from the first records of a log.

    Raises:
        SourceError: it cannot be read.
        UsageError: no records can be told apart in it.
    """
    file = _file(log)
    found = draft_of(_look(file))
    if found is None:
        raise UsageError(f"{file.path} holds no records that can be told apart.")
    return found


def attempt(mapping: EventMapping, log: Path | EvidenceFile, *, show: int, cancel: Cancel) -> Trial:
    """Read the first records of a log by a mapping, and say what came of each.

    Raises:
        SourceError: the log cannot be read.
        UsageError: its records do not lie in any way that the mapping knows.
    """
    file = _file(log)
    look = _look(file)
    mapper = AUDITD.mapper() if mapping.id == AUDITD.id else Mapper(mapping)
    container = _container(look, mapping)
    trial = Trial(container, fits=fitting(look, mapping) is not None)
    for read in _records(file, container, mapping, cancel):
        if trial.records == MOST_TRIED:
            trial.goes_on = True
            break
        if isinstance(read, Problem):
            trial.failed.append(read)
            continue
        trial.records += 1
        _take(trial, read, mapper, file, show)
    return trial


def _take(trial: Trial, record: Record, mapper: Mapper, file: EvidenceFile, show: int) -> None:
    place = Locator(file.path, file.member, record.number, record.offset, record.length)
    if record.members is None:
        trial.failed += [record.fault] if record.fault is not None else []
        return
    mapped = mapper.map(record.members)
    unmapped = tuple(mapper.unmapped(record.members))
    trial.unmapped.update(attribute.name for attribute in unmapped)
    trial.found.update(_found(mapper, record.members))
    if mapped.time_ns is None and mapped.time_text:
        message = f"record {record.number}, byte {record.offset}: no time: {mapped.time_text[:60]}"
        trial.failed.append(Problem("NO_EVENT_TIME", place, message))
    if len(trial.shown) < show:
        trial.shown.append(TriedRecord(place, mapped, unmapped))


def _found(mapper: Mapper, members: Members) -> Iterator[str]:
    mapped = mapper.map(members)
    said = (
        mapped.time_ns is not None,
        mapped.actor is not None,
        mapped.action is not None,
        mapped.object is not None,
        mapped.outcome.value != "unknown",
        bool(mapped.key),
    )
    yield from (part for part, is_there in zip(_PARTS, said, strict=True) if is_there)


def _records(
    file: EvidenceFile, container: LogContainer, mapping: EventMapping, cancel: Cancel
) -> Records:
    if mapping.id == AUDITD.id:
        return auditd_events(file, limits=LIMITS, cancel=cancel)
    return records_of(file, container, mapping, limits=LIMITS, cancel=cancel)


def _container(look: Look, mapping: EventMapping) -> LogContainer:
    found = next(peeks(look, mapping), None)
    if found is not None:
        return found.container
    text = next((kind for kind in mapping.containers if kind in TEXT), None)
    if text is None:
        ways = ", ".join(kind.value for kind in mapping.containers)
        raise UsageError(
            f"{look.file.path} holds no records that lie as {mapping.id} says: {ways}."
        )
    return text


def _file(log: Path | EvidenceFile) -> EvidenceFile:
    return single(log) if isinstance(log, Path) else log


def _look(file: EvidenceFile) -> Look:
    head = read_range(file, 0, HEAD_BYTES)
    return Look(file, head, file.size <= len(head))
