"""What the palette finds in a case: what satisfies a query, list by list, with counts."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from workbench.errors import QueryError, UsageError
from workbench.gui.context import FindKind, Hit
from workbench.gui.places import Asked, FindingAt, FoundIn, RecordAt, SourceAt, ThingAt
from workbench.gui.text import tr
from workbench.model.case import Finding
from workbench.model.case_source import CaseSource
from workbench.model.event import EventSort, IndexedEvent
from workbench.model.kept import KeptDiagnosis, KeptSignature, KeptThing
from workbench.model.query import quoted
from workbench.model.query_fields import Area
from workbench.model.remark import Place, Remark, place_of
from workbench.model.search import AreaFound, Found, narrowed
from workbench.model.search import Hit as FoundHit

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

#: Of each list, so that one that has thousands does not hide the others.
_FEW = 2
_FACETS, _VALUES = 2, 2
_RECORDS = 10
_ACTORS = 200
_TITLES = {
    Area.THINGS: ("Things", "box", "catalog"),
    Area.EVENTS: ("Events", "file-text", "timeline"),
    Area.SOURCES: ("Evidence", "archive", "evidence"),
    Area.FINDINGS: ("Findings", "flag", "found"),
    Area.NOTES: ("Your tags and notes", "tag", "found"),
    Area.SIGNATURES: ("Signatures", "badge-check", "found"),
    Area.DIAGNOSES: ("Diagnoses", "shield-check", "found"),
}
#: Rows of one list that its page shows; more are counted.
MOST_LISTED = 5_000


def find(case: "CaseStore", text: str, kind: FindKind, limit: int) -> Sequence[Hit]:
    """Return what of a case matches a text; what cannot be asked gives nothing."""
    return tuple(islice(_BY_KIND[kind](case, text), limit))


def _anything(case: "CaseStore", text: str) -> Iterator[Hit]:
    """Yield the best of each list, how many there are, and what narrows the query."""
    from workbench.services import searching

    query = text
    try:
        found = searching.search(case, query, hits=_FEW, values=_VALUES)
    except QueryError:
        query = quoted(text)
        found = searching.search(case, query, hits=_FEW, values=_VALUES)
    lists = [each for each in found.areas if each.total]
    for each in lists:
        yield from _listed(each, query)
    yield from _not_asked(found)
    for each in lists[:2]:
        yield from _narrower(each, query)


def _listed(found: AreaFound, query: str) -> Iterator[Hit]:
    title, icon, page = _TITLES[found.area]
    head = f"{tr(title)} · {found.total:,}"
    for hit in found.hits:
        yield _hit(hit, icon, head)
    if found.total > len(found.hits):
        words = tr("Show all {}").format(f"{found.total:,}")
        place = FoundIn(found.area, query) if page == "found" else Asked(query)
        yield Hit(words, "", "table", page, place, head)


def title_of(area: Area) -> str:
    """Return what a list is called."""
    return tr(_TITLES[area][0])


def all_of(case: "CaseStore", area: Area, query: str) -> tuple[int, Sequence[Hit], str]:
    """Return how many rows of a list satisfy a query, the best of them, and why it is not asked."""
    from workbench.services import searching

    try:
        (found,) = searching.search(case, query, areas=(area,), hits=MOST_LISTED).areas
    except QueryError as error:
        return 0, (), error.message
    icon = _TITLES[area][1]
    return found.total, tuple(_hit(hit, icon, "") for hit in found.hits), found.not_asked


def _narrower(found: AreaFound, query: str) -> Iterator[Hit]:
    """Yield the facets of a list that part its rows, as queries to ask next."""
    head = tr("Narrow down {}").format(tr(_TITLES[found.area][0]).lower())
    parting = [facet for facet in found.facets if len(facet.values) > 1]
    for facet in parting[:_FACETS]:
        for value in facet.values[:_VALUES]:
            detail = f"{facet.title} · {value.count:,}"
            yield Hit(value.value, detail, "funnel", "", None, head, narrowed(query, value.term))


def _not_asked(found: Found) -> Iterator[Hit]:
    """Yield why lists were not asked, a row for each reason: they hold no "nothing"."""
    head = tr("Not asked") if found.total else tr("Nothing found; not asked")
    reasons: dict[str, list[str]] = {}
    for each in found.areas:
        if each.not_asked:
            reasons.setdefault(each.not_asked, []).append(tr(_TITLES[each.area][0]).lower())
    for why, names in reasons.items():
        yield Hit(f"{', '.join(names)}:", why, "", "", None, head)


def _hit(hit: FoundHit, icon: str, head: str) -> Hit:
    match = hit.match
    detail = hit.detail
    if match is not None and match.text not in f"{hit.title} {hit.detail}":
        detail = f"{match.field}: {match.text}"
    page, place = _place(hit)
    return Hit(hit.title, detail, icon, page, place, head)


def _place(hit: FoundHit) -> tuple[str, object]:
    """Return the page that shows a row, and what it is asked."""
    match hit.row:
        case CaseSource(id=number):
            return "evidence", SourceAt(number)
        case KeptThing(source=source, thing=thing):
            return "catalog", ThingAt(source, thing.key)
        case IndexedEvent(source=source, event=event):
            return "timeline", RecordAt(source, event.locator.record or 0)
        case Finding(id=number):
            return "findings", FindingAt(number)
        case Remark(place=said):
            return _remarked(said)
        case KeptSignature(source=source) | KeptDiagnosis(source=source):
            return "verification", SourceAt(source)
        case _:
            return "journal", Asked(hit.title)


def _remarked(said: str) -> tuple[str, object]:
    try:
        place = place_of(said)
    except UsageError:
        return "journal", Asked(said)
    match place:
        case Place(source, "", 0):
            return "evidence", SourceAt(source)
        case Place(source, "", record):
            return "timeline", RecordAt(source, record)
        case Place(source, key):
            return "catalog", ThingAt(source, key)


def _records(case: "CaseStore", text: str) -> Iterator[Hit]:
    from workbench.services.investigation import Events

    number = text.replace(",", "").strip()
    if number.isdecimal() and len(number) < 16:
        events = Events(case, f"record={int(number)}")
        yield from map(_event, events.page(first=0, count=_RECORDS))


def _actors(case: "CaseStore", text: str) -> Iterator[Hit]:
    from workbench.services.investigation import Events

    wanted = text.lower()
    for actor, count in Events(case).top(EventSort.ACTOR, most=_ACTORS):
        if actor and wanted in actor.lower():
            told = tr("{} events, as claimed").format(f"{count:,}")
            yield Hit(actor, told, "user", "timeline", Asked(f"actor={quoted(actor)}"))


def _event(found: IndexedEvent) -> Hit:
    event = found.event
    record = event.locator.record or 0
    title = " ".join(part for part in (event.action, event.object) if part)
    detail = f"{event.locator.path}, record {record:,}"
    return Hit(title or detail, detail, "file-text", "timeline", RecordAt(found.source, record))


_BY_KIND = {
    FindKind.ANYTHING: _anything,
    FindKind.RECORDS: _records,
    FindKind.ACTORS: _actors,
}
