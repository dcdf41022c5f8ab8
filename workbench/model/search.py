"""What a search over a whole case finds: list by list, ranked, with facets and where it matches."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.model import schema
from workbench.model.event import IndexedEvent
from workbench.model.kept import Listed, flat
from workbench.model.query_fields import Area


@dataclass(frozen=True, slots=True)
class Match:
    """Where in a row something stands that was looked for.

    Attributes:
        field: field of the row.
        text: its text, or what of it stands around the match.
        start: where in ``text`` it begins, from 0.
        length: how long it is there.
    """

    field: str
    text: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found.

    Attributes:
        row: the row.
        title: its name.
        detail: what else tells it from others.
        place: how a command line names it: ``3/key``, ``3:1845``, ``3``, ``F-0001``, ``17``.
        match: where it matches, or None: by what no text of it says.
    """

    row: IndexedEvent | Listed
    title: str
    detail: str
    place: str
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value with how many rows have it; ``term`` narrows the query to them."""

    value: str
    count: int
    term: str


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of a field; ``field`` is as a query names it."""

    field: str
    title: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class AreaFound:
    """What was found in one list.

    Attributes:
        area: the list.
        total: how many rows satisfy the query.
        hits: the best of them.
        facets: what they have in common.
        not_asked: why the list was not asked, or "".
    """

    area: Area
    total: int = 0
    hits: tuple[Hit, ...] = ()
    facets: tuple[Facet, ...] = ()
    not_asked: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        query: what was asked.
        areas: each list, in a fixed order.
        notes: what must be known of it, in sentences.
    """

    query: str
    areas: tuple[AreaFound, ...]
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Return how many rows of all lists satisfy the query."""
        return sum(each.total for each in self.areas)


def narrowed(query: str, term: str) -> str:
    """Return a query with one more term."""
    text = query.strip()
    return f"({text}) {term}" if "OR" in text else f"{text} {term}".strip()


def search_to_json(found: Found) -> Mapping[str, object]:
    """Return what was found as its JSON document."""
    return {
        "schema": schema.SEARCH,
        "query": found.query,
        "total": found.total,
        "areas": [_area(each) for each in found.areas],
        "notes": list(found.notes),
    }


def _area(found: AreaFound) -> Mapping[str, object]:
    return {
        "area": found.area.value,
        "asked": not found.not_asked,
        "why_not": found.not_asked or None,
        "total": found.total,
        "hits": [_hit(hit) for hit in found.hits],
        "facets": [_facet(facet) for facet in found.facets],
    }


def _hit(hit: Hit) -> Mapping[str, object]:
    match = hit.match
    return {
        "title": hit.title,
        "detail": hit.detail,
        "place": hit.place,
        "match": match
        and {
            "field": match.field,
            "text": match.text,
            "start": match.start,
            "length": match.length,
        },
        "row": flat(hit.row),
    }


def _facet(facet: Facet) -> Mapping[str, object]:
    values = [{"value": v.value, "count": v.count, "term": v.term} for v in facet.values]
    return {"field": facet.field, "title": facet.title, "values": values}
