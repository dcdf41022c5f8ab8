"""When things happened: the events of a case in time, what is odd about them, what else happened.

Claimed and trusted time are kept apart: every time here is what a record claims; how far a time
stamp bounds it is told source by source.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbench.analysis.linked import once
from workbench.errors import UsageError
from workbench.model.case_source import CaseSource
from workbench.model.event import Histogram
from workbench.model.kept import Cell
from workbench.model.moment import FIRST, LAST, nanoseconds, text_of
from workbench.model.timeline import Pace, Part, PartName, Spot, WorkingHours, said_span
from workbench.model.verdict import Indication
from workbench.model.verification import SourceVerdict
from workbench.store import sources, verdicts
from workbench.store.case_store import CaseStore
from workbench.store.event_list import Events
from workbench.store.event_sql import CODED
from workbench.store.timeline import Found, SourceTimes, Timeline

BINS = 40
#: Parts that are shown where none is asked for.
OVERVIEW = (
    PartName.SOURCES,
    PartName.HISTOGRAM,
    PartName.GAPS,
    PartName.BURSTS,
    PartName.REGRESSIONS,
)
_COPIED = "say what another log says in the same words of the same moment"
_MOMENTS = ("first", "last", "time", "before", "after")
_SPANS = ("lasted", "usual", "back", "from")
#: Where a row says on which records it rests.
_RECORDS = (
    ("source", "record"),
    ("source", "before_record"),
    ("first_source", "first_record"),
    ("last_source", "last_record"),
)


@dataclass(frozen=True, slots=True)
class Near:
    """A record and how far around it to look.

    Attributes:
        place: as ``PATH:RECORD`` or ``SOURCE:RECORD``.
        within: nanoseconds before and after it.
    """

    place: str
    within: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What some parts need beside the events.

    Attributes:
        hours: working hours, for what happened outside them.
        near: a record, for what happened around it.
        first: position of the first row, from 0, of the list of events.
    """

    hours: WorkingHours | None = None
    near: Near | None = None
    first: int = 0


class CaseTimeline:
    """The timeline of the events of a case that satisfy a query."""

    def __init__(self, case: CaseStore, query: str = "", *, pace: Pace, most: int) -> None:
        """Ask.

        Raises:
            QueryError: the query cannot be understood.
            StoreError: the index is damaged.
        """
        with case.reading() as session:
            kept, self._repeated = once(sources.every(session))
        self._case = case
        self._events = Events(case, query, sources={source.id for source in kept})
        self._timeline = Timeline(self._events, most=most)
        self._pace = pace

    def part(self, name: PartName, wish: Wish) -> Part:
        """Return one part.

        Raises:
            UsageError: the part needs what was not stated.
        """
        makers: Mapping[PartName, Callable[[Wish], Part]] = {
            PartName.SOURCES: self._of_sources,
            PartName.HISTOGRAM: self._histogram,
            PartName.GAPS: self._gaps,
            PartName.BURSTS: self._bursts,
            PartName.REGRESSIONS: self._regressions,
            PartName.EVENTS: self._merged_events,
            PartName.REPEATS: self._repeats,
            PartName.SEEN: self._seen,
            PartName.PIVOTS: self._pivots,
            PartName.SESSIONS: self._sessions,
            PartName.OFF_HOURS: self._off_hours,
            PartName.AROUND: self._around,
        }
        return makers[name](wish)

    def _gaps(self, _: Wish) -> Part:
        found = self._timeline.gaps(times=self._pace.times, merged=self._merged)
        what = f"Longer than {self._pace.times} times what is usual."
        return self._made(PartName.GAPS, found, what, *self._untimed())

    def _bursts(self, _: Wish) -> Part:
        times, least = self._pace.times, self._pace.burst
        found = self._timeline.bursts(times=times, least=least, merged=self._merged)
        what = f"{least} records or more, {times} times as fast as is usual."
        return self._made(PartName.BURSTS, found, what, *self._untimed())

    def _merged_events(self, wish: Wish) -> Part:
        found = self._timeline.events(first=wish.first)
        return self._made(PartName.EVENTS, found, *self._both(), *self._untimed())

    def _repeats(self, _: Wish) -> Part:
        found = self._timeline.events(least=2, by_time=False)
        return self._made(PartName.REPEATS, found, *self._both(), *self._untimed())

    def _pivots(self, _: Wish) -> Part:
        found = self._timeline.pivots()
        return self._made(PartName.PIVOTS, found, *self._both(), *self._untimed())

    def _sessions(self, _: Wish) -> Part:
        what = f"Parted by {said_span(self._pace.quiet)} without a record of that actor."
        found = self._timeline.sessions(quiet=self._pace.quiet)
        return self._made(PartName.SESSIONS, found, what, *self._both(), *self._untimed())

    @cached_property
    def _times(self) -> list[SourceTimes]:
        return self._timeline.sources()

    @property
    def _merged(self) -> bool:
        return sum(each.timed > 0 for each in self._times) > 1

    def _of_sources(self, _: Wish) -> Part:
        judged = self._judged()
        rows: list[Mapping[str, Cell]] = []
        notes = [*self._repeated, *self._untimed()]
        for each in self._times:
            source = self._events.sources[each.source]
            bound, said = _trusted(judged.get((source.path, source.member)))
            rows.append(
                {
                    "source": each.source,
                    "path": source.display,
                    "events": each.events,
                    "untimed": each.events - each.timed,
                    "first": _moment(each.first),
                    "last": _moment(each.last),
                    "order": _order(each),
                    "trusted": said,
                    "not_later_than": _moment(bound),
                }
            )
            notes += self._contradicted(source, bound)
        return Part(PartName.SOURCES, len(rows), tuple(rows), tuple(notes))

    def _judged(self) -> Mapping[tuple[str, str | None], SourceVerdict]:
        with self._case.reading() as session:
            newest = verdicts.latest(session)
        return {(s.path, s.member): s for s in newest.sources} if newest else {}

    def _contradicted(self, source: CaseSource, bound: int | None) -> Iterator[str]:
        """Say where records claim to be later than the time stamp over them."""
        if bound is None:
            return
        late = Events(self._case, f"level>=3 time>{text_of(bound)}", sources={source.id}).count()
        if late:
            yield (
                f"{late:,} records of {source.display} claim a time after the trusted time "
                f"that covers them ({text_of(bound)})."
            )

    def _histogram(self, _: Wish) -> Part:
        made = self._events.histogram(bins=BINS)
        again = self._copies(made)
        rows: tuple[Mapping[str, Cell], ...] = tuple(
            {
                "first": text_of(made.first + n * made.width),
                "last": text_of(made.first + (n + 1) * made.width - 1),
                "events": count - again.get(n, 0),
            }
            for n, count in enumerate(made.counts)
            if sum(made.counts)
        )
        notes = [*self._once(sum(again.values())), *self._untimed()]
        return Part(PartName.HISTOGRAM, len(rows), rows, tuple(notes))

    def _copies(self, made: Histogram) -> Mapping[int, int]:
        """Return what is counted once only: one of two logs may be a copy of the other."""
        if not self._merged or not sum(made.counts):
            return {}
        return self._timeline.copies(first=made.first, width=made.width)

    @staticmethod
    def _once(copies: int) -> Iterator[str]:
        if copies:
            yield f"{copies:,} records {_COPIED}: each of these is counted once."

    @cached_property
    def _copied(self) -> int:
        """How many records repeat what another log says, at any time."""
        whole = self._timeline.copies(first=FIRST, width=LAST - FIRST + 1) if self._merged else {}
        return sum(whole.values())

    def _both(self) -> Iterator[str]:
        if self._copied:
            yield f"{self._copied:,} records {_COPIED}: both are counted here."

    def _regressions(self, _: Wish) -> Part:
        backwards = [each.source for each in self._times if each.is_backwards]
        tolerance = self._pace.tolerance
        found = self._timeline.regressions(tolerance=tolerance, backwards=backwards)
        notes = []
        if backwards:
            named = ", ".join(self._events.sources[source].display for source in backwards[:3])
            more = f" and {len(backwards) - 3:,} more" if len(backwards) > 3 else ""
            notes = [f"Written newest first, and followed that way: {named}{more}."]
        return self._made(PartName.REGRESSIONS, found, *notes)

    def _seen(self, _: Wish) -> Part:
        rows: list[Mapping[str, Cell]] = []
        spots: list[tuple[Spot, ...]] = []
        total = 0
        for by in CODED:
            found = self._timeline.seen(by)
            total += found.total
            spots += map(_spots, found.rows)
            rows += [
                {"what": by, "value": row[by], **_without(row, by)}
                for row in self._placed(found.rows)
            ]
        notes = (*self._both(), *self._untimed())
        return Part(PartName.SEEN, total, tuple(rows), notes, tuple(spots))

    def _off_hours(self, wish: Wish) -> Part:
        hours = wish.hours
        if hours is None:
            raise UsageError("Say when people work: --hours 08:00-18:00 --zone Europe/Berlin.")
        ends = [t for each in self._times for t in (each.first, each.last) if t is not None]
        if not ends:
            return Part(PartName.OFF_HOURS, 0, (), tuple(self._untimed()))
        found = self._timeline.off_hours(hours, (min(ends), max(ends)))
        what = f"By the clock of {hours.zone_name}, as stated by the auditor."
        return self._made(PartName.OFF_HOURS, found, what, *self._both())

    def _around(self, wish: Wish) -> Part:
        near = wish.near
        if near is None:
            raise UsageError("Say around which record: --around PATH:RECORD.")
        source, record = self._place(near.place)
        event = Events(self._case).at(source, record)
        if event is None:
            raise UsageError(f"There is no record {record:,} in source {source}.")
        at = event.event.time_ns
        if at is None:
            raise UsageError(f"Record {record:,} claims no readable time: nothing is around it.")
        found = self._timeline.around(at, within=near.within)
        what = (
            f"Within {said_span(near.within)} of {text_of(at)}, which {event.event.locator} claims."
        )
        return self._made(PartName.AROUND, found, what, *self._untimed())

    def _place(self, text: str) -> tuple[int, int]:
        """Return source and record of a place as typed."""
        name, _, number = text.rpartition(":")
        if not (name and number.isascii() and number.isdigit() and len(number) < 19):
            raise UsageError(f"{text} is no place like audit/log.jsonl:1895.")
        with self._case.reading() as session:
            known = {source.id: source for source in sources.every(session)}
        if name.isascii() and name.isdigit() and int(name) in known:
            return int(name), int(number)
        exact = [n for n, s in known.items() if name in {s.display, s.path}]
        ends = exact or [n for n, s in known.items() if s.display.endswith(f"/{name}")]
        if len(ends) != 1:
            many = "several sources are" if ends else "no source is"
            raise UsageError(
                f"{many.capitalize()} called {name}: workbench query CASE --in sources."
            )
        return ends[0], int(number)

    def _untimed(self) -> Iterator[str]:
        count = sum(each.events - each.timed for each in self._times)
        if count:
            yield f"{count:,} records claim no readable time: they are in no place here."

    def _made(self, name: PartName, found: Found, *notes: str) -> Part:
        rows = tuple(self._placed(found.rows))
        return Part(name, found.total, rows, notes, tuple(map(_spots, found.rows)))

    def _placed(self, rows: Sequence[Mapping[str, Cell]]) -> Iterator[dict[str, Cell]]:
        """Yield rows with moments and spans in words, and sources by their paths."""
        for row in rows:
            yield {name: self._cell(name, value) for name, value in row.items()}

    def _cell(self, name: str, value: Cell) -> Cell:
        if not isinstance(value, int):
            return value
        if name in _MOMENTS:
            return text_of(value)
        if name in _SPANS:
            return f"{'-' if value < 0 else ''}{said_span(value)}"
        if name in {"source", "first_source", "last_source", "stream"}:
            return self._events.sources[value].display if value else "all sources"
        return value


def _spots(row: Mapping[str, Cell]) -> tuple[Spot, ...]:
    """Return the records that a row rests on, the first one first."""
    pairs = ((row.get(source), row.get(record)) for source, record in _RECORDS)
    found = [(s, r) for s, r in pairs if isinstance(s, int) and isinstance(r, int)]
    return tuple(dict.fromkeys(found))


def _without(row: Mapping[str, Cell], name: str) -> dict[str, Cell]:
    return {key: value for key, value in row.items() if key != name}


def _moment(ns: int | None) -> str | None:
    return None if ns is None else text_of(ns)


def _order(each: SourceTimes) -> str:
    if not each.forth and not each.back:
        return "one time" if each.timed else "no times"
    if each.forth and each.back:
        return "mostly newest first" if each.is_backwards else "mostly oldest first"
    if each.forth:
        return "oldest first"
    return "newest first" if each.is_backwards else "goes back"


def _trusted(verdict: SourceVerdict | None) -> tuple[int | None, str]:
    """Return the trusted time not later than which a source was there, and what is said of it."""
    subject = verdict.verdict if verdict else None
    if subject is None:
        return None, "not verified"
    good = [s.time for s in subject.signatures if s.indication is Indication.PASSED and s.time]
    said = f"{subject.time.indication.value} {subject.time.code or ''}".strip()
    covered = [part for part in subject.assurance if part.level >= 3]
    if not good or not covered:
        return None, said
    ranges = ", ".join(f"{part.first}-{part.last}" for part in covered[:3])
    more = f" and {len(covered) - 3} more ranges" if len(covered) > 3 else ""
    return nanoseconds(max(good)), f"{said}, records {ranges}{more}"
