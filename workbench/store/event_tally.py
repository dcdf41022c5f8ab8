"""How many events satisfy a query, what they have in common, and which of them are named so."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from workbench.model.event_batch import OUTCOMES
from workbench.model.moment import DAY
from workbench.store.event_index import EventIndex, Place
from workbench.store.event_pages import Selection
from workbench.store.event_sql import CODED
from workbench.store.query_sql import Sql, joined

#: Sets of columns that are counted, and what GROUPING says of each: a 1 for each other column.
_SETS = {"actor": 0b01111, "action": 0b10111, "outcome": 0b11011, "source": 0b11101, "day": 0b11110}
# Whole days, also before 1970: integers are cut towards zero.
_DAYS = f"CASE WHEN time_ns < 0 THEN (time_ns + 1) // {DAY} - 1 ELSE time_ns // {DAY} END"

#: Records of a first source that are asked before all are.
_NEAR = 50_000

Counted = list[tuple[str | None, int]]


@dataclass(slots=True)
class EventTally:
    """What was counted.

    Attributes:
        total: how many events satisfy the query.
        counts: the most frequent actors and actions, and the outcomes.
        sources: how many are of each source.
        days: the days with the most of them, since 1970-01-01; None: no time can be read.
    """

    total: int = 0
    counts: dict[str, Counted] = field(default_factory=dict)
    sources: list[tuple[int, int]] = field(default_factory=list)
    days: list[tuple[int | None, int]] = field(default_factory=list)


def tally(index: EventIndex, selection: Selection, *, values: int) -> EventTally:
    """Return what a selection of events comes to; the events are read once."""
    where = selection.condition
    columns = ", ".join(_SETS)
    sets = ", ".join(f"({name})" for name in _SETS)
    # A text may be known by several numbers, one of each part of the index.
    sql = (
        "SELECT g, a.text AS actor, b.text AS action, outcome, source, day, sum(n)::BIGINT AS n "
        f"FROM (SELECT GROUPING({columns}) AS g, {columns}, count(*) AS n FROM (SELECT actor, "
        f"action, outcome, source, {_DAYS} AS day FROM events WHERE {where.text}) "
        f"GROUP BY GROUPING SETS ({sets})) AS e LEFT JOIN terms AS a ON a.id = e.actor "
        "LEFT JOIN terms AS b ON b.id = e.action GROUP BY g, a.text, b.text, outcome, source, day "
        "QUALIFY g = ? OR row_number() OVER (PARTITION BY g ORDER BY sum(n) DESC, a.text, b.text, "
        f"day) <= {values:d} ORDER BY n DESC, actor, action, outcome, day"
    )
    found = EventTally()
    for row in index.ask(sql, (*where.parameters, _SETS["source"])):
        _take(found, row)
    return found


def _take(found: EventTally, row: Sequence[int | str | None]) -> None:
    which, actor, action, outcome, source, day, count = row
    name = next(name for name, grouping in _SETS.items() if grouping == which)
    n = int(count or 0)
    match name:
        case "source":
            found.sources.append((int(source or 0), n))
            found.total += n
        case "day":
            found.days.append((None if day is None else int(day), n))
        case "outcome":
            found.counts.setdefault(name, []).append((OUTCOMES[int(outcome or 0)].value, n))
        case _:
            text = actor if name == "actor" else action
            found.counts.setdefault(name, []).append((None if text is None else str(text), n))


def best(
    index: EventIndex, selection: Selection, exactly: tuple[str, ...], *, most: int
) -> list[Place]:
    """Return places of events: first those in which a name is exactly one of some texts.

    Args:
        index: the index.
        selection: the events.
        exactly: texts in lower case.
        most: how many.
    """
    where, first = selection.condition, min(selection.sources, default=0)
    named = _named(index, exactly)
    if not named:
        return _first(index, where, first, most)
    is_it = "(SELECT unnest(?::BIGINT[]))"
    called = joined(" OR ", [Sql(f"coalesce({c} IN {is_it}, false)", (named,)) for c in CODED])
    found = _first(index, joined(" AND ", [where, called]), first, most)
    others = joined(" AND ", [where, called.within("NOT ", "")])
    return found + _first(index, others, first, most - len(found))


def _first(index: EventIndex, where: Sql, source: int, most: int) -> list[Place]:
    """Return the first events that satisfy a condition; where many do, not all are gone through.

    Args:
        index: the index.
        where: the condition.
        source: the first source that can have any.
        most: how many.
    """
    if not most:
        return []
    near = joined(" AND ", [Sql(f"(source = ? AND record <= {_NEAR:d})", (source,)), where])
    found = _sorted(index, near, most)
    return found if len(found) == most else _sorted(index, where, most)


def _sorted(index: EventIndex, where: Sql, most: int) -> list[Place]:
    sql = f"SELECT source, record FROM events WHERE {where.text} ORDER BY source, record LIMIT ?"
    rows = index.ask(sql, (*where.parameters, most))
    return [(int(source), int(record)) for source, record in rows]


def _named(index: EventIndex, exactly: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of the names that are exactly one of some texts in lower case."""
    sql = "SELECT id FROM terms WHERE lower(text) IN (SELECT unnest(?::VARCHAR[]))"
    return tuple(int(row[0]) for row in index.ask(sql, (exactly,)))
