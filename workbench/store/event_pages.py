"""Pages of events in any order, found by key: the table never counts through what it skips.

The first page of an order is a top-n. Pages far down need ``prepare`` once, which keeps the key
of every 4096th row; a page is then looked for between two keys. Without a filter and in the order
of the evidence, the place of a page is plain arithmetic.
"""

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from workbench.model.event import EventOrder, EventSort
from workbench.store.event_index import EventIndex, Place, Row
from workbench.store.event_sql import CODED
from workbench.store.query_sql import TRUE, Sql, joined

STEP = 4096
MOST_PREPARED = 16

_RANKS = """
CREATE TABLE IF NOT EXISTS ranks AS
SELECT id, CAST(dense_rank() OVER (ORDER BY text) AS BIGINT) AS rank FROM terms
"""

#: Key of the order, source, record.
Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Selection:
    """Events that are asked for.

    Attributes:
        where: condition.
        sources: ids of the sources they may come from, ascending.
    """

    where: Sql
    sources: tuple[int, ...]

    @property
    def condition(self) -> Sql:
        """Return the condition with its sources."""
        within = Sql("source IN (SELECT unnest(?::INTEGER[]))", (self.sources,))
        return joined(" AND ", [within, self.where])


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Keys of every 4096th row that has one, and how many have one."""

    anchors: tuple[Key, ...]
    keyed: int


class EventPages:
    """The pages of one index."""

    def __init__(self, index: EventIndex, events: Mapping[int, int]) -> None:
        """Take an index and the number of events of each source in it."""
        self._index = index
        self._events = events
        self._prepared: OrderedDict[tuple[Selection, EventOrder], _Prepared] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, selection: Selection) -> int:
        """Return how many events a selection has."""
        if selection.where == TRUE:
            return sum(self._events.get(source, 0) for source in selection.sources)
        return self._index.count(selection.condition)

    def page(self, selection: Selection, order: EventOrder, *, first: int, count: int) -> list[Row]:
        """Return ``count`` events from position ``first`` (from 0) on, in order."""
        return self._index.rows_at(self.places(selection, order, first=first, count=count))

    def places(
        self, selection: Selection, order: EventOrder, *, first: int, count: int
    ) -> list[Place]:
        """Return source and record of a page of events."""
        if _is_arithmetic(selection, order):
            return self._counted(selection, order, range(first, first + count))
        found = self._keyed(selection, order, first, count)
        if len(found) == count:
            return found
        skip = max(0, first - self._count_keyed(selection, order))
        return found + self._keyless(selection, order, skip, count - len(found))

    def position(self, selection: Selection, order: EventOrder, place: Place) -> int | None:
        """Return at which position (from 0) an event stands in an order; None: it is not asked for.

        Counts what stands before it; quick enough to follow a link, not for each row of a table.
        """
        at = Sql("(source = ? AND record = ?)", place)
        if not self._index.count(joined(" AND ", [selection.condition, at])):
            return None
        if _is_arithmetic(selection, order):
            return self._arithmetic(selection, order, place)
        found = self._index.ask(
            f"SELECT {_key(order)} FROM {self._from(order)} WHERE {at.text} AND "
            f"{_has_key(order).text}",
            at.parameters,
        )
        if found:
            before = [selection.condition, _has_key(order), _before(order, (found[0][0], *place))]
            return self._count_from(order, before)
        keyless = _has_key(order).within("NOT ", "")
        earlier = _earlier(place, "<")
        return self._count_keyed(selection, order) + self._index.count(
            joined(" AND ", [selection.condition, keyless, earlier])
        )

    def _arithmetic(self, selection: Selection, order: EventOrder, place: Place) -> int:
        source, record = place
        before = sum(self._events.get(s, 0) for s in selection.sources if s < source)
        at = before + record - 1
        return self.count(selection) - 1 - at if order.descending else at

    def _count_from(self, order: EventOrder, conditions: list[Sql]) -> int:
        where = joined(" AND ", conditions)
        sql = f"SELECT count(*) FROM {self._from(order)} WHERE {where.text}"
        return int(self._index.ask(sql, where.parameters)[0][0])

    def prepare(self, selection: Selection, order: EventOrder) -> None:
        """Find the keys by which any page of an order is found fast.

        Long work for a large index: to be done off the thread that paints.
        """
        if _is_arithmetic(selection, order):
            return
        where = joined(" AND ", [selection.condition, _has_key(order)])
        sql = (
            "SELECT key, source, record FROM (SELECT *, row_number() OVER () AS n FROM "
            f"(SELECT {_key(order)} AS key, source, record FROM {self._from(order)} "
            f"WHERE {where.text} ORDER BY {_by(order)})) WHERE (n - 1) % {STEP} = 0"
        )
        anchors = tuple(self._index.ask(sql, where.parameters))
        with self._lock:
            self._prepared[selection, order] = _Prepared(anchors, self._index.count(where))
            while len(self._prepared) > MOST_PREPARED:
                self._prepared.popitem(last=False)

    def _counted(self, selection: Selection, order: EventOrder, wanted: range) -> list[Place]:
        """Return the places of everything in the order of the evidence, by arithmetic."""
        total = self.count(selection)
        wanted = range(wanted.start, min(wanted.stop, total))
        if order.descending:
            wanted = range(total - 1 - wanted.start, total - 1 - wanted.stop, -1)
        ends = list(accumulate(self._events.get(s, 0) for s in selection.sources))
        places: list[Place] = []
        for position in wanted:
            at = bisect_right(ends, position)
            before = ends[at - 1] if at else 0
            places.append((selection.sources[at], position - before + 1))
        return places

    def _keyed(
        self, selection: Selection, order: EventOrder, first: int, count: int
    ) -> list[Place]:
        """Return places of events that have a key, from position ``first`` of those on."""
        near, skip = self._near(selection, order, first, count)
        where = joined(" AND ", [selection.condition, _has_key(order), *near])
        sql = (
            f"SELECT source, record FROM {self._from(order)} WHERE {where.text} "
            f"ORDER BY {_by(order)} LIMIT {count:d} OFFSET {skip:d}"
        )
        return list(self._index.ask(sql, where.parameters))

    def _near(
        self, selection: Selection, order: EventOrder, first: int, count: int
    ) -> tuple[list[Sql], int]:
        """Return what narrows the search to a page where that is prepared, and what to skip."""
        with self._lock:
            prepared = self._prepared.get((selection, order))
        at, end = first // STEP, -(-(first + count) // STEP)
        if prepared is None or at >= len(prepared.anchors):
            return [], first
        near = [_from_on(order, prepared.anchors[at])]
        if end < len(prepared.anchors):
            upto = "<=" if not order.descending else ">="
            near.append(Sql(f"{_key(order)} {upto} ?", (prepared.anchors[end][0],)))
        return near, first - at * STEP

    def _count_keyed(self, selection: Selection, order: EventOrder) -> int:
        with self._lock:
            prepared = self._prepared.get((selection, order))
        if prepared is not None:
            return prepared.keyed
        return self._index.count(joined(" AND ", [selection.condition, _has_key(order)]))

    def _keyless(
        self, selection: Selection, order: EventOrder, first: int, count: int
    ) -> list[Place]:
        """Return places of events without a key: they stand last, as in the evidence."""
        where = joined(" AND ", [selection.condition, _has_key(order).within("NOT ", "")])
        sql = (
            f"SELECT source, record FROM events WHERE {where.text} "
            f"ORDER BY source, record LIMIT {count:d} OFFSET {first:d}"
        )
        return list(self._index.ask(sql, where.parameters))

    def _from(self, order: EventOrder) -> str:
        if order.by.value not in CODED:
            return "events"
        with self._lock:
            self._index.ask(_RANKS)
        return f"events JOIN ranks ON ranks.id = events.{order.by.value}"


def _is_arithmetic(selection: Selection, order: EventOrder) -> bool:
    return order.by is EventSort.RECORD and selection.where == TRUE


def _key(order: EventOrder) -> str:
    match order.by:
        case EventSort.RECORD:
            return "source"
        case EventSort.TIME:
            return "time_ns"
        case _:
            return "ranks.rank"


def _has_key(order: EventOrder) -> Sql:
    column = _key(order) if order.by.value not in CODED else order.by.value
    return Sql(f"({column} IS NOT NULL)")


def _by(order: EventOrder) -> str:
    """Return what follows ORDER BY; equal keys stand as in the evidence."""
    way = "DESC" if order.descending else "ASC"
    ties = way if order.by is EventSort.RECORD else "ASC"
    return f"{_key(order)} {way}, source {ties}, record {ties}"


def _before(order: EventOrder, key: Key) -> Sql:
    """Return the condition that an event comes before one with a key."""
    way = ">" if order.descending else "<"
    ties = way if order.by is EventSort.RECORD else "<"
    name, tied = _key(order), _earlier((key[1], key[2]), ties)
    return Sql(
        f"({name} {way} ? OR ({name} = ? AND {tied.text}))", (key[0], key[0], *tied.parameters)
    )


def _earlier(place: Place, way: str) -> Sql:
    """Return the condition that an event stands on one side of a place in the evidence."""
    source, record = place
    return Sql(f"(source {way} ? OR (source = ? AND record {way} ?))", (source, source, record))


def _from_on(order: EventOrder, anchor: Key) -> Sql:
    """Return the condition that an event is the anchor or comes after it."""
    key, source, record = anchor
    way = "<" if order.descending else ">"
    ties = way if order.by is EventSort.RECORD else ">"
    name = _key(order)
    # The first half says nothing new; it is what lets the engine skip parts of files.
    return Sql(
        f"({name} {way}= ? AND ({name} {way} ? OR (source {ties} ? OR "
        f"(source = ? AND record {ties}= ?))))",
        (key, key, source, source, record),
    )
