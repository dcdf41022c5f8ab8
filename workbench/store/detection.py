"""Ask the index for what makes a hit of a rule: whole sets at once, values as parameters.

Events stand in the order of claimed time, equal times as in the evidence.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workbench.model.detection import Condition, Need, Pattern, Stated
from workbench.model.event import IndexedEvent
from workbench.store.event_list import Events
from workbench.store.query_sql import Sql, joined
from workbench.store.timeline import hours_of, table_of
from workbench.store.timeline_sql import ONCE, ORDER, islands, outside

#: Hits that are handed out of one rule, and events of one hit; all of them are counted.
MOST_HITS = 1000
MOST_EVENTS = 50
#: Nanoseconds, longer than any two times that an index can hold lie apart.
_ANY_TIME = 2**65
_MOMENT = "{'t': time_ns, 's': source, 'r': record}"
_COLUMNS = {Need.TIME: "time_ns", Need.ACTOR: "actor", Need.ACTION: "action",
            Need.OBJECT: "object"}  # fmt: skip
_FOLDED = "folded AS (SELECT id, min(id) OVER (PARTITION BY lower(text)) AS same FROM terms)"


@dataclass(frozen=True, slots=True)
class FoundHit:
    """A hit before its events are read: how many, and (source, record) of the first ones."""

    count: int
    first: int | None
    last: int | None
    places: tuple[tuple[int, int], ...]


class Detector:
    """Asks for one condition among some sources of a case."""

    def __init__(self, steps: Sequence[Events], condition: Condition) -> None:
        """Take the events that each step of the condition selects, of the same sources."""
        self._events = steps[0]
        self._engine = steps[0].engine
        self._condition = condition
        self._selected = self._select(steps)

    def hits(self, stated: Stated) -> tuple[int, list[FoundHit]]:
        """Return how many hits there are, and the first of them by time."""
        asked = self._asked(stated)
        rows = self._engine.ask(f"{asked.text} LIMIT {MOST_HITS:d}", asked.parameters)
        hits = [
            FoundHit(n, first, last, tuple((place["s"], place["r"]) for place in places))
            for _, n, first, last, places in rows
        ]
        return (rows[0][0] if rows else 0), hits

    def events(self, places: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], IndexedEvent]:
        """Return events of hits by their places."""
        return self._events.each(places)

    def lacking(self) -> Mapping[int, int]:
        """Return how many selected events of each source cannot take part: a field is missing."""
        columns = [_COLUMNS[need] for need in self._condition.placed]
        if not columns:
            return {}
        lacks = " OR ".join(f"{column} IS NULL" for column in columns)
        sql = f"{self._selected.text} SELECT source, count(*) FROM k WHERE {lacks} GROUP BY source"
        return dict(self._engine.ask(sql, self._selected.parameters))

    def missing_leavers(self, leavers: Mapping[str, int]) -> list[str]:
        """Return those leavers whose name is no actor of any event."""
        sql = "SELECT DISTINCT lower(text) FROM terms WHERE id IN (SELECT actor FROM events)"
        known = {name for (name,) in self._engine.ask(sql)}
        return [name for name in leavers if name.lower() not in known]

    def _select(self, steps: Sequence[Events]) -> Sql:
        """Return the beginning of a statement: ``k``, events that a step selects, and by which."""
        wheres = [step.selection.where for step in steps]
        within = steps[0].selection.sources
        marks = [w.within("coalesce(", f", false) AS p{n}") for n, w in enumerate(wheres)]
        columns = joined(", ", marks)
        chosen = " OR ".join(f"p{n}" for n in range(len(marks)))
        parted = "".join(f", {_folded(one)}" for one in self._condition.by)
        replaced = f" REPLACE ({parted[2:]})" if parted else ""
        return Sql(
            f"WITH {_FOLDED}, k AS (SELECT *{replaced} FROM (SELECT source, record, time_ns, "
            f"actor, action, object, {columns.text[1:-1]} FROM {table_of(steps[0])} WHERE source "
            f"IN (SELECT unnest(?::INTEGER[]))) WHERE {chosen})",
            (*columns.parameters, within),
        )

    def _asked(self, stated: Stated) -> Sql:
        match self._condition.pattern:
            case Pattern.EACH:
                return _singly(self._selected, "k")
            case Pattern.COUNT:
                return self._counted()
            case Pattern.SEQUENCE:
                return self._in_sequence()
            case Pattern.LEAVER:
                return self._of_leavers(stated.leavers or {})
            case Pattern.OFF_HOURS:
                return self._outside(stated)

    def _counted(self) -> Sql:
        keys = ", ".join(self._condition.by) or "true"
        rows = f"(SELECT * FROM e QUALIFY {ONCE})"
        runs = islands(rows, keys, self._condition.least, "?::HUGEINT")
        sql = (
            f"{self._taking_part()}, {runs} SELECT count(*) OVER (), n, first, last, "
            f"places[1:{MOST_EVENTS:d}] FROM (SELECT count(*) AS n, min(time_ns) AS first, "
            f"max(time_ns) AS last, list({_MOMENT} ORDER BY {ORDER}) AS places FROM i "
            f"GROUP BY {keys}, run) ORDER BY first, places[1]"
        )
        return Sql(sql, (*self._selected.parameters, self._within))

    def _in_sequence(self) -> Sql:
        """Return each event that ends the sequence, with the latest beginning it can have."""
        keys = ", ".join(self._condition.by) or "true"
        last = len(self._condition.steps) - 1
        begin = f"q0 AS (SELECT *, CASE WHEN p0 THEN {_MOMENT} END AS b0 FROM e)"
        steps = [begin, *(_step(n, keys) for n in range(1, last + 1))]
        ended = "NULL"
        if self._condition.unless:
            ended = _latest(f"CASE WHEN p{last + 1} THEN {_MOMENT} END", keys)
        sql = (
            f"{self._taking_part()}, {', '.join(steps)}, r AS (SELECT *, {ended} AS ended FROM "
            f"q{last}) SELECT count(*) OVER (), 2, b{last}.t, time_ns, [b{last}, {_MOMENT}] FROM r "
            f"WHERE b{last} IS NOT NULL AND (ended IS NULL OR b{last} > ended) AND "
            f"time_ns::HUGEINT - b{last}.t <= ?::HUGEINT ORDER BY {ORDER}"
        )
        return Sql(sql, (*self._selected.parameters, self._within))

    def _of_leavers(self, leavers: Mapping[str, int]) -> Sql:
        names = tuple(name.lower() for name in leavers)
        gone = (
            ", g AS (SELECT unnest(?::VARCHAR[]) AS name, unnest(?::BIGINT[]) AS since), "
            "h AS (SELECT id, min(since) AS since FROM terms JOIN g ON lower(text) = name "
            "GROUP BY id), x AS (SELECT k.* FROM k JOIN h ON actor = id WHERE time_ns >= since)"
        )
        more = (names, tuple(leavers.values()))
        return _singly(Sql(self._selected.text + gone, (*self._selected.parameters, *more)), "x")

    def _outside(self, stated: Stated) -> Sql:
        span = self._engine.ask(
            f"{self._selected.text} SELECT min(time_ns), max(time_ns) FROM k",
            self._selected.parameters,
        )
        first, last = span[0] if span else (None, None)
        if stated.hours is None or first is None or last is None:
            return _singly(self._selected, "(SELECT * FROM k WHERE false)")
        timed = Sql(self._taking_part(), self._selected.parameters)
        return _singly(outside(hours_of(stated.hours, (first, last)), timed), "x")

    def _taking_part(self) -> str:
        columns = [_COLUMNS[need] for need in self._condition.placed]
        stands = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        return f"{self._selected.text}, e AS (SELECT * FROM k WHERE {stands})"

    @property
    def _within(self) -> int:
        return _ANY_TIME if self._condition.within is None else self._condition.within


def _folded(column: str) -> str:
    """Return a column in which names that differ in capitals alone are one."""
    return f"(SELECT same FROM folded WHERE folded.id = {column}) AS {column}"


def _step(n: int, keys: str) -> str:
    """Return the events with the latest beginning that leads to step ``n``."""
    return (
        f"q{n} AS (SELECT *, CASE WHEN p{n} THEN {_latest(f'b{n - 1}', keys)} END AS b{n} "
        f"FROM q{n - 1})"
    )


def _latest(moment: str, keys: str) -> str:
    """Return the latest of a moment among the events before each."""
    return (
        f"max({moment}) OVER (PARTITION BY {keys} ORDER BY {ORDER} ROWS BETWEEN UNBOUNDED "
        "PRECEDING AND 1 PRECEDING)"
    )


def _singly(beginning: Sql, rows: str) -> Sql:
    """Return each row as a hit."""
    return Sql(
        f"{beginning.text} SELECT count(*) OVER (), 1, time_ns, time_ns, [{_MOMENT}] FROM {rows} "
        "ORDER BY time_ns NULLS LAST, source, record",
        beginning.parameters,
    )
