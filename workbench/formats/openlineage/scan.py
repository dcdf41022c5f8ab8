"""The first pass over the events: which runs, jobs and datasets there are, and where it is said.

Facets are cumulative and the latest one wins (specification, "Facets"), so nothing can be told of
a thing before the last event was seen. What is kept meanwhile is where to read it again.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from workbench.evidence.file import EvidenceFile
from workbench.evidence.json_records import RawRecord
from workbench.evidence.limits import Limits
from workbench.evidence.quick_json import parse_quickly
from workbench.evidence.strict_json import JsonError, JsonValue
from workbench.formats.openlineage.event import Event, Fault, Name, event_of, facets_of
from workbench.formats.times import EPOCH, from_iso
from workbench.model.catalog import CatalogProblem
from workbench.model.locator import Locator
from workbench.model.source import Problem

_NO_TIME = -(1 << 62)
_MICROSECOND = timedelta(microseconds=1)
#: Members of a dataset that hold facets; of a run or job it is the first.
FACETS = ("facets", "inputFacets", "outputFacets")
_NOT_KEPT = {"namespace", "name", *FACETS}


class Spot(NamedTuple):
    """Where an event lies: record, byte offset, length; and the time that it claims."""

    number: int
    offset: int
    length: int
    time: datetime | None = None


class Said(NamedTuple):
    """Where something was said about a thing.

    Attributes:
        event: index of the event.
        pointer: JSON pointer within it to the object that holds it.
        name: what it is called there.
        holder: the member that holds facets, or "" for a member of the thing itself.
    """

    event: int
    pointer: str
    name: str
    holder: str


class Events:
    """Where the events lie, when they happened, and which came before of the same run."""

    def __init__(self) -> None:
        self._numbers = array("Q")
        self._offsets = array("Q")
        self._lengths = array("Q")
        self._times = array("q")
        self._before = array("q")

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, record: RawRecord, time: datetime | None, before: int) -> int:
        """Add an event and return its index; ``before`` is -1 or the one before of its run."""
        self._numbers.append(record.number)
        self._offsets.append(record.offset)
        self._lengths.append(len(record.data))
        self._times.append(_NO_TIME if time is None else (time - EPOCH) // _MICROSECOND)
        self._before.append(before)
        return len(self._numbers) - 1

    def spot(self, index: int) -> Spot:
        """Return where an event lies."""
        time = self._times[index]
        claimed = None if time == _NO_TIME else EPOCH + time * _MICROSECOND
        return Spot(self._numbers[index], self._offsets[index], self._lengths[index], claimed)

    def is_later(self, index: int, before: int) -> bool:
        """Tell whether an event is later than one that lies before it; if equal, it is."""
        return self._times[index] >= self._times[before]

    def back_from(self, index: int) -> list[int]:
        """Return the events of a run, of which ``index`` is the last, in the order of time."""
        found = []
        while index >= 0:
            found.append(index)
            index = self._before[index]
        found.reverse()  # of equal times the order of the file counts
        return sorted(found, key=self._times.__getitem__)

    def span(self) -> tuple[datetime, datetime] | None:
        """Return the earliest and the latest time that is claimed, if any is."""
        times = [time for time in self._times if time != _NO_TIME]
        if not times:
            return None
        return EPOCH + min(times) * _MICROSECOND, EPOCH + max(times) * _MICROSECOND


@dataclass(slots=True)
class Known:
    """A job or dataset: where it was first mentioned, and where each thing was said last."""

    first: int
    pointer: str
    said: dict[tuple[str, str], Said] = field(default_factory=dict)
    writers: set[Name] = field(default_factory=set)


@dataclass(slots=True)
class Scan:
    """What the first pass found.

    Attributes:
        file: the file.
        limits: what a record may ask for.
        events: the events in it.
        runs: each run, with its last event.
        jobs: each job.
        datasets: each dataset.
        others: events that are about no run.
        specifications: what the events say they follow.
    """

    file: EvidenceFile
    limits: Limits
    events: Events = field(default_factory=Events)
    runs: dict[str, int] = field(default_factory=dict)
    jobs: dict[Name, Known] = field(default_factory=dict)
    datasets: dict[Name, Known] = field(default_factory=dict)
    others: list[int] = field(default_factory=list)
    specifications: set[str] = field(default_factory=set)

    def take(self, record: RawRecord) -> Iterator[Problem]:
        """Take in one record; yield what is wrong with it."""
        try:
            value = self.parsed(record)
        except JsonError as error:
            place = self.place(record, offset=record.offset + error.offset)
            yield Problem(CatalogProblem.MALFORMED_RECORD, place, error.message)
            return
        faults: list[Fault] = []
        event = event_of(value, faults)
        if event is not None:
            self._add(record, event, faults)
        for pointer, message in faults:
            code = CatalogProblem.NO_KEY if event else CatalogProblem.MALFORMED_RECORD
            text = f"{self.file.display}: record {record.number} {pointer} {message}."
            yield Problem(code, self.place(record, pointer=pointer), " ".join(text.split()))

    def parsed(self, record: RawRecord) -> JsonValue:
        """Return the value of a record.

        Raises:
            JsonError: it is not strict JSON.
        """
        what = f"{self.file.display} record {record.number}"
        return parse_quickly(record.data, limits=self.limits, what=what)

    def place(
        self, record: RawRecord, *, pointer: str | None = None, offset: int | None = None
    ) -> Locator:
        """Return the place of a record, or of a part of it."""
        start = record.offset if offset is None else offset
        length = len(record.data) if offset is None else None
        return Locator(self.file.path, self.file.member, record.number, start, length, pointer)

    def _add(self, record: RawRecord, event: Event, faults: list[Fault]) -> None:
        stated = event.members.get("eventTime")
        time = from_iso(stated)
        if time is None:
            faults.append(("/eventTime", "states no time with an offset from UTC"))
        before = self.runs.get(event.run, -1) if event.run else -1
        index = self.events.add(record, time, before)
        if event.run:
            self.runs[event.run] = index
        else:
            self.others.append(index)
        specification = event.members.get("schemaURL")
        if type(specification) is str:
            self.specifications.add(specification)
        self._mention(event, index)

    def _mention(self, event: Event, index: int) -> None:
        if event.job is not None:
            job = _known(self.jobs, event.job, index, "/job")
            self._say(job, index, "/job", event.members["job"])
        for part in event.datasets:
            dataset = _known(self.datasets, part.name, index, part.pointer)
            self._say(dataset, index, part.pointer, part.members)
            if part.side == "outputs" and event.job is not None:
                dataset.writers.add(event.job)

    def _say(self, thing: Known, index: int, pointer: str, part: object) -> None:
        """Keep where each facet and each other member of a thing was said last."""
        members = part if isinstance(part, dict) else {}
        for holder in FACETS:
            if members.get(holder):
                facets = facets_of(members, holder)
                self._keep(thing, index, f"{pointer}/{holder}", holder, facets)
        if not members.keys() <= _NOT_KEPT:
            self._keep(thing, index, pointer, "", members.keys() - _NOT_KEPT)

    def _keep(
        self, thing: Known, index: int, pointer: str, holder: str, names: Iterable[str]
    ) -> None:
        is_later, said = self.events.is_later, thing.said
        for name in names:
            before = said.get((holder, name))
            if before is None or is_later(index, before.event):
                said[holder, name] = Said(index, pointer, name, holder)


def _known(things: dict[Name, Known], name: Name, index: int, pointer: str) -> Known:
    thing = things.get(name)
    if thing is None:
        thing = things[name] = Known(index, pointer)
    return thing
