"""What the events of a case say in time: answers as rows, each with the places it rests on.

Times are integer nanoseconds; a text stands for the number that the index has for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.model.event_batch import OUTCOMES
from workbench.model.kept import Cell
from workbench.model.timeline import WorkingHours
from workbench.store import timeline_sql as sql
from workbench.store.event_list import Events
from workbench.store.event_sql import CODED
from workbench.store.query_sql import Sql

_SAME = """
CREATE TABLE IF NOT EXISTS same AS SELECT id, first FROM (
    SELECT id, min(id) OVER (PARTITION BY text) AS first FROM terms) WHERE id <> first
"""
_TOLD = """
CREATE VIEW IF NOT EXISTS told AS SELECT e.source, e.record, e."offset", e.length, e.time_ns,
    coalesce(a.first, e.actor) AS actor, coalesce(b.first, e.action) AS action,
    coalesce(c.first, e.object) AS object, e.outcome, e.malformed, e.said
FROM events AS e LEFT JOIN same AS a ON a.id = e.actor LEFT JOIN same AS b ON b.id = e.action
LEFT JOIN same AS c ON c.id = e.object
"""
_ENDS = ("first", "last", "first_source", "first_record", "last_source", "last_record")


#: Steps back from which on a source is taken to be written newest first.
_CUSTOM = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of an answer.

    Attributes:
        total: how many there are.
        rows: as many of them as were asked for.
    """

    total: int
    rows: list[dict[str, Cell]]


@dataclass(frozen=True, slots=True)
class SourceTimes:
    """What one source claims in time.

    Attributes:
        source: its id.
        events: how many events were asked for.
        timed: how many of them claim a readable time.
        first: earliest claimed time, nanoseconds, or None.
        last: latest claimed time, or None.
        forth: records that claim to be later than the one before.
        back: records that claim to be earlier than the one before.
        named: how many have an actor, an action, an object.
        malformed: records that could not be read.
    """

    source: int
    events: int
    timed: int
    first: int | None
    last: int | None
    forth: int
    back: int
    named: Sequence[int]
    malformed: int

    @property
    def is_backwards(self) -> bool:
        """Tell whether it was written with the newest first; a step or two back are no custom."""
        return self.back > self.forth and self.back >= _CUSTOM


def table_of(events: Events) -> str:
    """Return the view in which each text has one number (it may have two in the index)."""
    engine = events.engine
    doubled = engine.ask("SELECT count(*) - count(DISTINCT text) FROM terms")
    if not doubled or not doubled[0][0]:
        return "events"
    engine.ask(_SAME)
    engine.ask(_TOLD)
    return "told"


class Timeline:
    """Asks the events of a query; each answer has at most ``most`` rows."""

    def __init__(self, events: Events, *, most: int) -> None:
        """Take the events."""
        self._engine = events.engine
        self._condition = events.selection.condition
        self._timed = sql.timed(table_of(events), self._condition)
        self._most = most

    def sources(self) -> list[SourceTimes]:
        """Return what each source claims in time."""
        counted = (
            "SELECT source, count(*), count(time_ns), min(time_ns), max(time_ns), count(actor), "
            "count(action), count(object), sum(malformed::INT)::BIGINT FROM events WHERE "
            f"{self._condition.text} GROUP BY source ORDER BY source"
        )
        rows = self._engine.ask(counted, self._condition.parameters)
        asked = sql.directions(self._timed)
        ways = {s: (f or 0, b or 0) for s, f, b in self._engine.ask(asked.text, asked.parameters)}
        return [
            SourceTimes(source, n, timed, first, last, *ways.get(source, (0, 0)), named, bad)
            for source, n, timed, first, last, *named, bad in rows
        ]

    def copies(self, *, first: int, width: int) -> Mapping[int, int]:
        """Return in which span (from 0) how many records repeat what another source says."""
        asked = sql.copies(self._timed, first=first, width=width)
        return dict(self._engine.ask(asked.text, asked.parameters))

    def gaps(self, *, times: int, merged: bool) -> Found:
        """Return the gaps, the longest first; source 0 stands for all sources together."""
        names = ("stream", "before", "after", "lasted", "usual", "first_source", "first_record",
                 "last_source", "last_record")  # fmt: skip
        return self._found(names, sql.gaps(self._timed, merged=merged, times=times))

    def bursts(self, *, times: int, least: int, merged: bool) -> Found:
        """Return the bursts, those of most records first."""
        names = ("stream", *_ENDS, "events", "usual", "actors", "actor")
        asked = sql.bursts(self._timed, merged=merged, times=times, least=least)
        return self._found(names, asked)

    def regressions(self, *, tolerance: int, backwards: Sequence[int]) -> Found:
        """Return records whose clock went back, the furthest first."""
        names = ("source", "record", "before_record", "before", "time", "back")
        asked = sql.regressions(self._timed, backwards=backwards, tolerance=tolerance)
        return self._found(names, asked)

    def events(self, *, least: int = 1, by_time: bool = True, first: int = 0) -> Found:
        """Return the events merged, repeats in a row folded into one."""
        names = (*_ENDS, "events", *CODED, "outcome")
        return self._found(names, sql.folded(self._timed, least=least, by_time=by_time), first)

    def seen(self, by: str) -> Found:
        """Return when each value of actor, action or object was seen, newcomers first."""
        return self._found((by, *_ENDS, "events"), sql.seen(self._timed, by))

    def pivots(self) -> Found:
        """Return who did what to what, the most frequent first."""
        return self._found((*CODED, *_ENDS, "events", "failed"), sql.pivots(self._timed))

    def sessions(self, *, quiet: int) -> Found:
        """Return what each actor did without a long pause, in order of time."""
        names = ("actor", *_ENDS, "events", "failed", "actions", "objects")
        return self._found(names, sql.sessions(self._timed, quiet=quiet))

    def off_hours(self, hours: WorkingHours, span: tuple[int, int]) -> Found:
        """Return who did what outside working hours."""
        names = ("actor", "action", *_ENDS, "events", "of")
        return self._found(names, sql.off_hours(self._timed, hours_of(hours, span)))

    def around(self, at: int, *, within: int) -> Found:
        """Return what else happened near a moment, in order of time."""
        names = ("from", "time", "source", "record", *CODED, "outcome")
        found = self._found(names, sql.around(self._timed, at=at, within=within))
        order = ("from", "source", "record")
        found.rows.sort(key=lambda row: tuple(int(row[name] or 0) for name in order))
        return found

    def _found(self, names: Sequence[str], asked: Sql, first: int = 0) -> Found:
        page = f"{asked.text} LIMIT {self._most:d} OFFSET {first:d}"
        found = self._engine.ask(page, asked.parameters)
        rows: list[dict[str, Cell]] = [dict(zip(names, row[1:], strict=True)) for row in found]
        texts = self._texts(rows)
        for row in rows:
            row.update({n: texts.get(row[n], "") for n in CODED if n in row})
            if isinstance(row.get("outcome"), int):
                row["outcome"] = OUTCOMES[int(row["outcome"] or 0)].value
        return Found(found[0][0] if found else 0, rows)

    def _texts(self, rows: Sequence[Mapping[str, Cell]]) -> Mapping[Cell, str]:
        wanted = {row[n] for row in rows for n in CODED if isinstance(row.get(n), int)}
        ids = tuple(sorted(int(n) for n in wanted if n is not None))
        asked = "SELECT id, text FROM terms WHERE id IN (SELECT unnest(?::BIGINT[]))"
        return dict(self._engine.ask(asked, (ids,))) if ids else {}


def hours_of(hours: WorkingHours, span: tuple[int, int]) -> sql.Hours:
    """Return working hours as the index takes them, for events of a span of time."""
    starts, offsets = hours.offsets(*span)
    return starts, offsets, tuple(sorted(hours.days)), hours.first, hours.last
