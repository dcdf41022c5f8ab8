"""Look into a case: events, things, findings and the journal, asked in one language.

Events come from the index, everything else from the case file; the words, the meaning and the
paging are the same.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.errors import QueryError
from workbench.evidence.text import safe_cell
from workbench.model.event import (
    Event,
    EventFlag,
    EventOrder,
    EventSort,
    Histogram,
    IndexedEvent,
)
from workbench.model.event_batch import OUTCOMES
from workbench.model.kept import Cell, KeptRelation, KeptThing, Listed, flat
from workbench.model.locator import Locator
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area, Field
from workbench.store import case_sql, catalog, sources, verdicts
from workbench.store.case_store import CaseStore
from workbench.store.event_index import Row
from workbench.store.event_pages import Selection
from workbench.store.event_sql import EventTarget
from workbench.store.listing import rows_of
from workbench.store.marks import NOT_JUDGED, Marks
from workbench.store.query_sql import compile_query


def completions(area: Area, beginning: str = "") -> tuple[Field, ...]:
    """Return the fields that a query of a list may name, for completion."""
    return FIELDS[area].completions(beginning)


class Events:
    """The events of a case that satisfy a query, in pages; as the case was when it was asked.

    Any thread may ask. A new verification, or more evidence, needs a new one.
    """

    def __init__(self, case: CaseStore, query: str = "", *, superseded: bool = False) -> None:
        """Ask.

        Args:
            case: the case.
            query: VERDICTS section 9; "" is everything.
            superseded: also of sources that others were delivered in place of.

        Raises:
            QueryError: it cannot be understood, with the place.
            StoreError: the index is damaged.
        """
        with case.reading() as session:
            known = sources.every(session, superseded=superseded)
            self._marks = verdicts.marks(session)
        self._index = case.index
        self._sources = {s.id: s for s in known if s.id in self._index.events}
        target = EventTarget({n: s.display for n, s in self._sources.items()}, self._marks)
        where = compile_query(parse(query, FIELDS[Area.EVENTS]), target)
        self._selection = Selection(where, tuple(sorted(self._sources)))

    def count(self) -> int:
        """Return how many there are."""
        return self._index.pages.count(self._selection)

    def page(
        self, *, first: int, count: int, order: EventOrder | None = None
    ) -> list[IndexedEvent]:
        """Return ``count`` events from position ``first`` (from 0) on."""
        rows = self._index.pages.page(
            self._selection, order or EventOrder(), first=first, count=count
        )
        return [self._event(row) for row in rows]

    def prepare(self, order: EventOrder) -> None:
        """Make pages far down an order fast; long work, to be done off the thread that paints."""
        self._index.pages.prepare(self._selection, order)

    def at(self, source: int, record: int) -> IndexedEvent | None:
        """Return one event by its source and number."""
        rows = self._index.engine.rows_at([(source, record)])
        return self._event(rows[0]) if rows and source in self._sources else None

    def histogram(self, *, bins: int, span: tuple[int, int] | None = None) -> Histogram:
        """Return how many fall into each of ``bins`` equal spans of claimed time."""
        return self._index.engine.histogram(self._selection.condition, bins=bins, span=span)

    def top(self, by: EventSort, *, most: int = 20) -> list[tuple[str | None, int]]:
        """Return the most frequent actors, actions or objects, with their counts."""
        return self._index.engine.facets(self._selection.condition, by, most=most)

    def _event(self, row: Row) -> IndexedEvent:
        number, record, offset, length, time, actor, action, thing, outcome, bad, said = row
        source = self._sources[number]
        marks: Marks = self._marks.get(number, NOT_JUDGED)
        flags = marks.flags(record) | ({EventFlag.MALFORMED} if bad else set())
        place = Locator(source.path, source.member, record, offset, length)
        event = Event(
            locator=place,
            time_ns=time,
            time_text=said or "",
            actor=actor or "",
            action=action or "",
            object=thing or "",
            outcome=OUTCOMES[outcome],
            level=marks.level(record),
            flags=frozenset(flags),
        )
        return IndexedEvent(number, source.sha256, event)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list.

    Attributes:
        total: how many rows satisfy the query.
        rows: those of the page.
    """

    total: int
    rows: tuple[Listed, ...]


def listed(
    case: CaseStore,
    area: Area,
    query: str = "",
    *,
    by: str = "",
    descending: bool = False,
    first: int = 0,
    count: int = 100,
) -> Page:
    """Return a page of a list of the case file.

    Args:
        case: the case.
        area: which list; not ``EVENTS``, which have pages of their own.
        query: VERDICTS section 9; "" is everything.
        by: field to sort by; "" is the order of the case.
        descending: the greatest first; rows without the field stand last either way.
        first: position of the first row, from 0.
        count: rows of a page.

    Raises:
        QueryError: the query cannot be understood, or there is no such field.
    """
    where = compile_query(parse(query, FIELDS[area]), case_sql.CaseTarget(area))
    field = _field(area, by)
    with case.reading() as session:
        total = case_sql.count(session, area, where)
        keys = case_sql.keys(
            session, area, where, by=field, descending=descending, first=first, most=count
        )
        return Page(total, tuple(rows_of(session, area, keys)))


def _field(area: Area, name: str) -> Field | None:
    found = FIELDS[area].find(name) if name else None
    if name and (found is None or found.group):
        raise QueryError(f"There is no field {name} to sort by.", offset=0)
    return found


def thing(case: CaseStore, source: int, key: str) -> list[KeptThing]:
    """Return the things of a source with a key."""
    with case.reading() as session:
        return catalog.find(session, source=source, key=key)


def relations_at(case: CaseStore, source: int, key: str) -> list[KeptRelation]:
    """Return the relations of a source that begin or end at a thing."""
    with case.reading() as session:
        return catalog.relations_at(session, source=source, key=key)


def csv_lines(rows: Iterable[IndexedEvent | Listed]) -> Iterator[str]:
    """Yield rows as lines of CSV, the names of the columns first, without line ends.

    Text is evidence: no cell is one that a spreadsheet takes for a formula (VERDICTS section 8).
    """
    for number, row in enumerate(map(flat, rows)):
        if number == 0:
            yield _csv_line(row.keys())
        yield _csv_line(safe_cell(v) if isinstance(v, str) else v for v in row.values())


def _csv_line(cells: Iterable[Cell]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow("" if cell is None else cell for cell in cells)
    return line.getvalue()
