"""The events of a case as a list: asked by a query, read in pages, with what verification found."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate

from workbench.model.case_source import CaseSource, SourceFile
from workbench.model.event import Event, EventFlag, EventOrder, EventSort, Histogram, IndexedEvent
from workbench.model.event_batch import OUTCOMES
from workbench.model.locator import Locator
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area
from workbench.store import knowing, verdicts
from workbench.store.case_store import CaseStore
from workbench.store.event_index import EventIndex, Place, Row
from workbench.store.event_pages import Selection
from workbench.store.event_sql import EventTarget
from workbench.store.marks import NOT_JUDGED, Marks
from workbench.store.query_sql import compile_query
from workbench.store.sources import every as every_source
from workbench.store.sources import files


class Placing:
    """Where an event of a source of many files lies: its offset counts on through all of them."""

    def __init__(self, files: Sequence[SourceFile]) -> None:
        """Take the files, in the order in which they were read."""
        self._files = files
        self._ends = list(accumulate(file.size for file in files))

    def place(self, record: int, offset: int, length: int) -> Locator:
        """Return the place in its file; the record is counted through all of them."""
        at = min(bisect_right(self._ends, offset), len(self._files) - 1)
        file = self._files[at]
        before = self._ends[at] - file.size
        return Locator(file.path, file.member, record, offset - before, length)


class Events:
    """The events of a case that satisfy a query, in pages; as the case was when it was asked.

    Any thread may ask. A new verification, or more evidence, needs a new one.
    """

    def __init__(
        self,
        case: CaseStore,
        query: str = "",
        *,
        superseded: bool = False,
        sources: Collection[int] | None = None,
        in_words: bool = False,
    ) -> None:
        """Ask.

        Args:
            case: the case.
            query: VERDICTS section 9; "" is everything.
            superseded: also of sources that others were delivered in place of.
            sources: of these alone; None: of all.
            in_words: patterns also see the words that capitals part in an action.

        Raises:
            QueryError: it cannot be understood, with the place.
            StoreError: the index is damaged.
        """
        with case.reading() as session:
            known = every_source(session, superseded=superseded)
            self._marks = verdicts.marks(session)
            many = [s.id for s in known if s.files > 1 and s.id in case.index.events]
            self._files = {number: Placing(files(session, number)) for number in many}
        self._index = case.index
        wanted = self._index.events if sources is None else set(sources)
        self._sources = {s.id: s for s in known if s.id in self._index.events and s.id in wanted}
        names = {n: s.display for n, s in self._sources.items()}
        target = EventTarget(names, self._marks, in_words, knowing.of_case(case))
        where = compile_query(parse(query, FIELDS[Area.EVENTS]), target)
        self._selection = Selection(where, tuple(sorted(self._sources)))

    @property
    def selection(self) -> Selection:
        """Return what is asked for, as the index takes it."""
        return self._selection

    @property
    def engine(self) -> EventIndex:
        """Return the index that they lie in."""
        return self._index.engine

    @property
    def sources(self) -> Mapping[int, CaseSource]:
        """Return the sources that they come from, by id."""
        return self._sources

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

    def position(self, source: int, record: int, order: EventOrder | None = None) -> int | None:
        """Return at which position (from 0) an event stands; None where it is not among these."""
        place = source, record
        return self._index.pages.position(self._selection, order or EventOrder(), place)

    def at(self, source: int, record: int) -> IndexedEvent | None:
        """Return one event by its source and number."""
        rows = self._index.engine.rows_at([(source, record)])
        return self._event(rows[0]) if rows and source in self._sources else None

    def each(self, places: Collection[Place]) -> dict[Place, IndexedEvent]:
        """Return events by their places (source, record); what is not there is left out."""
        rows = self._index.engine.rows_at(sorted(places))
        return {(row[0], row[1]): self._event(row) for row in rows if row[0] in self._sources}

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
        if number in self._files:
            place = self._files[number].place(record, offset, length)
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
