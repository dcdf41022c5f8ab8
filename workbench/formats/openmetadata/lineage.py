"""Lineage of OpenMetadata: edges in a list, or the graph around one entity."""

from collections.abc import Iterator

from workbench.formats.openmetadata.entities import Entities, entity_key, fqn_of
from workbench.formats.part import Part
from workbench.model.catalog import CatalogProblem, CatalogRecord, Relation, RelationKind

_END = ("from", "to")


def listed_edge(entities: Entities, part: Part) -> Iterator[CatalogRecord]:
    """Yield an edge of a list: its ends by kind and name, and the pipeline between them."""
    sheet = entities.sheet
    ends: list[str] = []
    for side in _END:
        end = part.part(side)
        kind, fqn = end.see("type") or "entity", end.see("fqn")
        if not fqn:
            sheet.problem(CatalogProblem.NO_KEY, end.pointer, "has no fqn")
            return
        yield from entities.named(kind, fqn, end.pointer)
        ends.append(entity_key(kind, fqn))
    sheet.count("edges")
    source, target = ends
    yield sheet.relation(RelationKind.DERIVED_FROM, target, source, part.pointer)
    through = part.part("edge_meta")
    fqn = through.see("fqn")
    if fqn:
        kind = through.see("type") or "pipeline"
        yield from entities.named(kind, fqn, through.pointer)
        yield from _through(entities, entity_key(kind, fqn), source, target, through.pointer)


def _through(
    entities: Entities, pipeline: str, source: str, target: str, pointer: str
) -> Iterator[Relation]:
    relation = entities.sheet.relation
    yield relation(RelationKind.USED, pipeline, source, pointer, "edge")
    yield relation(RelationKind.GENERATED, pipeline, target, pointer, "edge")


def api_edges(entities: Entities, root: Part) -> Iterator[CatalogRecord]:
    """Yield the graph around an entity: nodes are referred to by their ids."""
    keys: dict[str, str] = {}
    for node in [*root.apart_each("entity"), *root.apart_each("nodes")]:
        kind = node.see("type")
        keys[node.see("id")] = entity_key(kind or "entity", fqn_of(node, ""))
        if keys[node.see("id")] not in entities.sheet.known:
            yield from entities.told(node, kind)
    for name in ("upstreamEdges", "downstreamEdges"):
        for edge in root.parts(name):
            yield from _api_edge(entities, edge, keys)


def _api_edge(entities: Entities, edge: Part, keys: dict[str, str]) -> Iterator[CatalogRecord]:
    sheet = entities.sheet
    source, target = (_end(edge, side) for side in ("fromEntity", "toEntity"))
    if not source or not target:
        sheet.problem(CatalogProblem.NO_KEY, edge.pointer, "has no two ends")
        return
    sheet.count("edges")
    tail, head = (keys.get(end, entity_key("entity", end)) for end in (source, target))
    kind = RelationKind.DERIVED_FROM
    yield sheet.relation(kind, head, tail, edge.pointer)
    details = edge.part("lineageDetails")
    through = details.part("pipeline")
    fqn = fqn_of(through, "")
    if fqn:
        yield from entities.named("pipeline", fqn, through.pointer)
        yield from _through(entities, entity_key("pipeline", fqn), tail, head, through.pointer)
    for column in details.parts("columnsLineage"):
        own = column.see("toColumn").rpartition(".")[2]
        listed = column.members.get("fromColumns")
        for origin in listed if isinstance(listed, list) else ():
            if isinstance(origin, str):
                columns = (own, origin.rpartition(".")[2])
                place, how = sheet.place(column.pointer), column.see("function")
                yield Relation(kind, head, tail, place, columns=columns, transformation=how)


def _end(edge: Part, side: str) -> str:
    """Return the id of an end: a text, or within a reference."""
    value = edge.members.get(side)
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""
