"""Note what is doubtful about the events of a log while they go by, in bounded memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.evidence.file import EvidenceFile
from workbench.model.event_mapping import EventMapping, Order
from workbench.model.locator import Locator
from workbench.model.log_event import LogEvent, LogProblem
from workbench.model.moment import SECOND, text_of
from workbench.model.source import Problem

#: Keys that are remembered, to find one that comes again.
MOST_KEYS = 1_000_000
#: Steps back that are told, each with its place.
MOST_STEPS = 20
#: Smaller steps back are how several writers, or threads, write.
TOLERANCE = 2 * SECOND
#: No log of these formats is older: a clock that was not set says 1970.
_FIRST_TIME = 631_152_000 * SECOND
_MOST_VERSIONS = 20


class _Step(NamedTuple):
    """A time that is not in order: its event, and the time before."""

    event: LogEvent
    before: int


@dataclass(slots=True)
class _Steps:
    """Steps against one direction, the first of them with their places."""

    count: int = 0
    first: list[_Step] = field(default_factory=list)

    def add(self, event: LogEvent, before: int) -> None:
        self.count += 1
        if len(self.first) < MOST_STEPS:
            self.first.append(_Step(event, before))


@dataclass(slots=True)
class Doubts:
    """What was noted of a log.

    Attributes:
        files: its files.
        mapping: how it is read.
        latest: for each file the time after which nothing in it can be, or None.
    """

    files: Sequence[EvidenceFile]
    mapping: EventMapping
    latest: Sequence[int | None] = ()
    duplicates: int = 0
    untimed: int = 0
    naive: int = 0
    odd: int = 0
    first: int | None = None
    last: int | None = None
    _keys: set[int] = field(default_factory=set)
    _versions: set[str] = field(default_factory=set)
    _before: int | None = None
    _file: int = -1
    _back: _Steps = field(default_factory=_Steps)
    _ahead: _Steps = field(default_factory=_Steps)

    def see(self, event: LogEvent, version: str = "") -> Iterator[Problem]:
        """Take in an event; yield what is doubtful about it."""
        if event.key:
            yield from self._again(event)
        if version and self.mapping.versions and version not in self.mapping.versions:
            yield from self._unknown(event, version)
        if event.time_ns is None:
            self.untimed += 1
            if self.mapping.time:
                yield self._untimed(event)
            return
        yield from self._timed(event, event.time_ns)

    def ended(self) -> Iterator[Problem]:
        """Yield steps against the order in which most of the events stand."""
        if self.mapping.order is Order.NONE:
            return
        newest_first = self._back.count > self._ahead.count
        steps = self._ahead if newest_first else self._back
        for event, before in steps.first:
            way = "forward in a log that runs from new to old" if newest_first else "back"
            now = text_of(event.time_ns or 0)
            what = f"its time, {now}, goes {way}: the one before is {text_of(before)}"
            yield self.problem(LogProblem.TIME_GOES_BACK, event, what)
        if steps.count > len(steps.first):
            event = steps.first[-1].event
            what = f"{steps.count - len(steps.first)} more times after it go against the order"
            yield self.problem(LogProblem.TIME_GOES_BACK, event, what)

    def cannot_show(self) -> Iterator[str]:
        """Yield what numbers say that this very log cannot show."""
        if self.untimed:
            yield f"when {self.untimed} of its records were: no time that can be read is stated"
        if self.naive:
            zone = self.mapping.time_rule.zone
            yield f"in which zone {self.naive} times are: none is stated, and {zone} was taken"
        if self.odd:
            yield (
                f"which of two moments {self.odd} times are, or whether they were at all: "
                "clocks were changed then"
            )
        if len(self._keys) >= MOST_KEYS:
            yield f"whether an event beyond the first {MOST_KEYS:,} is there twice"

    def problem(self, code: LogProblem, event: LogEvent, what: str) -> Problem:
        """Return something doubtful about an event, with its place."""
        file = self.files[event.file]
        place = Locator(file.path, file.member, event.number, event.offset, event.length)
        return Problem(code, place, f"{file.display}: record {event.number}: {what}.")

    def _again(self, event: LogEvent) -> Iterator[Problem]:
        known = hash(event.key)
        if known in self._keys:
            self.duplicates += 1
            what = f"its id {event.key[:100]} stood in a record before"
            yield self.problem(LogProblem.DUPLICATE_EVENT, event, what)
        elif len(self._keys) < MOST_KEYS:
            self._keys.add(known)

    def _unknown(self, event: LogEvent, version: str) -> Iterator[Problem]:
        if version not in self._versions and len(self._versions) < _MOST_VERSIONS:
            self._versions.add(version)
            what = (
                f"it follows version {version[:40]}, which is not known here: it was read as others"
            )
            yield self.problem(LogProblem.UNKNOWN_VERSION, event, what)

    def _untimed(self, event: LogEvent) -> Problem:
        said = (
            f"its time cannot be read: {event.time_text[:60]}"
            if event.time_text
            else "it has no time"
        )
        return self.problem(LogProblem.NO_EVENT_TIME, event, said)

    def _timed(self, event: LogEvent, now: int) -> Iterator[Problem]:
        self.first = now if self.first is None else min(self.first, now)
        self.last = now if self.last is None else max(self.last, now)
        latest = self.latest[event.file] if self.latest else None
        if now < _FIRST_TIME:
            what = f"its time, {text_of(now)}, is that of a clock that was not set"
            yield self.problem(LogProblem.TIME_OUTSIDE, event, what)
            return
        if latest is not None and now > latest:
            what = f"its time, {text_of(now)}, is after that in the name of its file"
            yield self.problem(LogProblem.TIME_OUTSIDE, event, what)
        before = self._before if event.file == self._file else None
        self._file, self._before = event.file, now
        if before is not None and now < before - TOLERANCE:
            self._back.add(event, before)
        elif before is not None and now > before + TOLERANCE:
            self._ahead.add(event, before)
