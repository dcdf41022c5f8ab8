"""One search over everything of a case: things, events, sources, findings, notes, signatures.

Each list is asked in the language of VERDICTS section 9 with the fields that it has. One that
lacks a field that is asked for says so: it is never passed over in silence.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from workbench.errors import IndexDamaged, NoFieldError, QueryError
from workbench.model.event import EventOrder, IndexedEvent
from workbench.model.kept import Listed
from workbench.model.query import Node, parse
from workbench.model.query_fields import FIELDS, Area
from workbench.model.search import AreaFound, Found, Hit
from workbench.services.searching import faceting
from workbench.services.searching.describing import told
from workbench.services.searching.matching import Sought, match_in, sought, words
from workbench.store import case_sql, event_tally, journal, knowing, sources, tally_sql, verdicts
from workbench.store.beside import Known
from workbench.store.case_store import CaseStore
from workbench.store.event_list import Events
from workbench.store.listing import rows_of
from workbench.verify.pool import cores

#: What is asked where no list is named; relations and the journal only by their names, because
#: nearly everything that can be looked for stands there once more.
AREAS = (
    *(Area.THINGS, Area.EVENTS, Area.SOURCES, Area.FINDINGS),
    *(Area.NOTES, Area.SIGNATURES, Area.DIAGNOSES),
)
MOST_HITS, MOST_VALUES = 10, 8
_NOT_IN_INDEX = (
    "Of an event, who, what, to what and where it stands are looked through; other members of its "
    "record (a message, an address) are not in the index, and may say it."
)


def search(
    case: CaseStore,
    query: str,
    *,
    areas: Sequence[Area] = AREAS,
    hits: int = MOST_HITS,
    values: int = MOST_VALUES,
) -> Found:
    """Return what of a case satisfies a query, list by list, the best of each first.

    Args:
        case: the case.
        query: VERDICTS section 9; "" is everything.
        areas: the lists that are asked.
        hits: rows of each list to return.
        values: values of each facet to return; 0: none, which takes half the time.

    Raises:
        QueryError: no list can be asked this, with the place of what is wrong.
    """
    asked, refused = _asked(query, areas)
    beside = knowing.of_case(case)
    with case.reading() as session:
        names = {s.id: s.display for s in sources.every(session, superseded=True)}
        integrity = verdicts.integrity(session)
        stale = journal.stale(session)
    facts = faceting.Facts(names, integrity, values)

    def of(area: Area) -> AreaFound:
        if area in refused:
            return AreaFound(area, not_asked=refused[area])
        if area is Area.EVENTS:
            return _events(case, query, asked[area], facts, hits)
        return _listed(case, area, asked[area], facts, beside, hits)

    # Both engines leave the interpreter to others: the events are asked while the rest is.
    with ThreadPoolExecutor(1) as another:
        events = another.submit(of, Area.EVENTS) if Area.EVENTS in areas else None
        found: dict[Area, AreaFound] = {a: of(a) for a in areas if a is not Area.EVENTS}
        if events:
            found[Area.EVENTS] = events.result()
    notes = (
        [f"{stale} Until the case is verified again, nothing counts as PASSED."] if stale else []
    )
    if any(_may_say_it(each, asked) for each in found.values()):
        notes.append(_NOT_IN_INDEX)
    return Found(query, tuple(found[area] for area in areas), tuple(notes))


def _may_say_it(found: AreaFound, asked: Mapping[Area, Node | None]) -> bool:
    """Tell whether a text is in no event of the index, which holds a part of each record."""
    if found.area is not Area.EVENTS or found.total or found.not_asked:
        return False
    return any(not each.field for each in sought(asked[Area.EVENTS]))


def _asked(
    query: str, areas: Sequence[Area]
) -> tuple[Mapping[Area, Node | None], Mapping[Area, str]]:
    """Return what each list is asked, and why it is not."""
    asked: dict[Area, Node | None] = {}
    wrong: dict[Area, QueryError] = {}
    for area in areas:
        try:
            asked[area] = parse(query, FIELDS[area])
        except QueryError as error:
            wrong[area] = error
    if not asked:
        raise _nobody_asked(wrong)
    return asked, {area: _why(error) for area, error in wrong.items()}


def _nobody_asked(wrong: Mapping[Area, QueryError]) -> QueryError:
    """Return why no list can be asked: what is wrong in all of them, or what each of them lacks."""
    first = min(wrong.values(), key=lambda error: isinstance(error, NoFieldError))
    if not isinstance(first, NoFieldError) or len({_why(error) for error in wrong.values()}) == 1:
        return first
    lacking = "; ".join(f"{area.value}: {_why(error)}" for area, error in wrong.items())
    return QueryError(f"No list has every field that is asked for ({lacking}).", offset=0)


def _why(error: QueryError) -> str:
    if isinstance(error, NoFieldError):
        return error.lack
    return error.message.removesuffix(".")


def _listed(
    case: CaseStore, area: Area, node: Node | None, facts: faceting.Facts, beside: Known, hits: int
) -> AreaFound:
    wanted = sought(node)
    tally = tally_sql.tally(
        case,
        case_sql.CaseTarget(area, beside),
        node,
        first=words(wanted)[:1],
        most=hits,
        values=facts.values > 0,
        at_once=cores(),
    )
    with case.reading() as session:
        rows = rows_of(session, area, tally.keys)
    return AreaFound(
        area,
        tally.total,
        tuple(_hit(row, wanted, facts) for row in rows),
        faceting.of_list(area, tally, facts),
    )


def _events(
    case: CaseStore, query: str, node: Node | None, facts: faceting.Facts, hits: int
) -> AreaFound:
    wanted = sought(node)
    try:
        events = Events(case, query)
        tally = _tallied(events, facts.values)
        found = _best_events(events, words(wanted), hits) if tally.total else []
    except IndexDamaged as error:
        return AreaFound(Area.EVENTS, not_asked=error.message.removesuffix("."))
    return AreaFound(
        Area.EVENTS,
        tally.total,
        tuple(_hit(row, wanted, facts) for row in found),
        faceting.of_events(tally, facts),
    )


def _tallied(events: Events, values: int) -> event_tally.EventTally:
    if not values:
        return event_tally.EventTally(events.count())
    return event_tally.tally(events.engine, events.selection, values=values)


def _best_events(events: Events, exactly: tuple[str, ...], most: int) -> list[IndexedEvent]:
    """Return the first events, those that are named exactly so before the others."""
    if not exactly:
        return events.page(first=0, count=most, order=EventOrder())
    places = event_tally.best(events.engine, events.selection, exactly, most=most)
    found = events.each(places)
    return [found[place] for place in places if place in found]


def _hit(row: IndexedEvent | Listed, wanted: Sequence[Sought], facts: faceting.Facts) -> Hit:
    title, detail, place = told(row, facts.names)
    return Hit(row, title, detail, place, match_in(row, wanted))
