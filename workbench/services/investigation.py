"""Look into a case: events, things, findings and the journal, asked in one language.

Events come from the index, everything else from the case file; the words, the meaning and the
paging are the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.analysis import decisions
from workbench.analysis.acts import Act
from workbench.errors import QueryError, UsageError
from workbench.evidence.text import csv_of_rows
from workbench.model.event import EventOrder, EventSort, IndexedEvent
from workbench.model.kept import KeptRelation, KeptThing, Listed, flat
from workbench.model.query import parse, quoted
from workbench.model.query_fields import FIELDS, Area, Field
from workbench.store import case_sql, catalog, knowing
from workbench.store.case_store import CaseStore
from workbench.store.event_list import Events as Events
from workbench.store.listing import rows_of
from workbench.store.query_sql import Sql, compile_query

_MOST_DECISIONS = 1000
_MOST_MEANT = 50
_DECIDED = {
    Act.REGISTER: "registered",
    Act.APPROVE: "approved",
    Act.REJECT: "rejected",
    Act.REVOKE: "revoked",
    Act.DEPLOY: "deployed",
    Act.RETIRE: "retired",
}


def completions(area: Area, beginning: str = "") -> tuple[Field, ...]:
    """Return the fields that a query of a list may name, for completion."""
    return FIELDS[area].completions(beginning)


def event_order(by: str = "", *, descending: bool = False) -> EventOrder:
    """Return an order of events; "" is that of the evidence.

    Raises:
        UsageError: events are not sorted by that.
    """
    if by and by not in set(EventSort):
        raise UsageError(f"Events are sorted by {', '.join(EventSort)}; not by {by}.")
    return EventOrder(EventSort(by or EventSort.RECORD), descending)


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
    where = _where(case, area, query)
    field = _field(area, by)
    with case.reading() as session:
        total = case_sql.count(session, area, where)
        keys = case_sql.keys(
            session, area, where, by=field, descending=descending, first=first, most=count
        )
        return Page(total, tuple(rows_of(session, area, keys)))


def position(
    case: CaseStore,
    area: Area,
    query: str,
    key: int | str,
    *,
    by: str = "",
    descending: bool = False,
) -> int | None:
    """Return at which position (from 0) of a list a row stands; None where it is not in it.

    Raises:
        QueryError: the query cannot be understood, or there is no such field.
    """
    where = _where(case, area, query)
    field = _field(area, by)
    with case.reading() as session:
        return case_sql.position(session, area, where, key, by=field, descending=descending)


def facets(
    case: CaseStore, area: Area, query: str, field: str, *, most: int = 200
) -> list[tuple[str | None, int]]:
    """Return the most frequent values of a field of a list; None stands for not stated.

    Raises:
        QueryError: the query cannot be understood, or there is no such field.
    """
    where = _where(case, area, query)
    named = _field(area, field)
    if named is None:
        raise QueryError("Facets are of a field.", offset=0)
    with case.reading() as session:
        return case_sql.facets(session, area, where, named, most=most)


@dataclass(frozen=True, slots=True)
class Decision:
    """A record that says that something was decided about a model version.

    Attributes:
        what: ``registered``, ``approved``, ``rejected``, ``revoked``, ``deployed`` or
            ``retired``.
        found: the event.
    """

    what: str
    found: IndexedEvent


def decisions_about(case: CaseStore, name: str, version: str) -> list[Decision]:
    """Return what the logs of a case say was decided about a model version, by claimed time."""
    order = EventOrder(EventSort.TIME)
    asked = Events(case, f"{decisions.QUERY} AND object:{quoted(name)}")
    found = asked.page(first=0, count=_MOST_DECISIONS, order=order)
    made: list[Decision] = []
    registered: set[int] = set()
    for each in found:
        act = decisions.act_of(each)
        what = _DECIDED.get(act, "") if act else ""
        if decisions.version_meant(each.event.object) != (name, version) or not what:
            continue
        if what == "registered" and each.source in registered:
            continue  # a registry that is read is named so too: the first is when it was made
        registered |= {each.source} if what == "registered" else set()
        made.append(Decision(what, each))
    return made


def things_meant(case: CaseStore, item: str) -> list[KeptThing]:
    """Return the things of all catalogs that the object of an event names."""
    meant = decisions.version_meant(item)
    asked = [f"name={quoted(item)}", f"key={quoted(item)}"] if item else []
    if meant is not None:
        asked.append(f"(name={quoted(meant[0])} version={quoted(meant[1])})")
    if not asked:
        return []
    found = listed(case, Area.THINGS, " OR ".join(asked), count=_MOST_MEANT).rows
    return [row for row in found if isinstance(row, KeptThing)]


def _where(case: CaseStore, area: Area, query: str) -> Sql:
    target = case_sql.CaseTarget(area, knowing.of_case(case))
    return compile_query(parse(query, FIELDS[area]), target)


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
    """Yield rows as lines of CSV, the names of the columns first, without line ends."""
    return csv_of_rows(map(flat, rows))
