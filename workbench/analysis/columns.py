"""The lineage of columns: each a thing of its own, each pair that a relation names an edge.

What a relation says of no column in particular (``""``) concerns the whole thing: there it is an
edge of the thing itself, which then stands among the columns.
"""

from dataclasses import replace

from workbench.analysis.lineage import Placement
from workbench.analysis.of_case import CaseGraph
from workbench.model.catalog import ArtifactType, RelationKind, Thing, ThingKind
from workbench.model.lineage import NodeId


def column_node(node: NodeId, column: str) -> NodeId:
    """Return a column of a thing as a node of the lineage of columns."""
    return (node[0], f"{node[1]}#{column}") if column else node


def of_columns(graph: CaseGraph) -> CaseGraph:
    """Return the lineage of the columns of a case."""
    things: dict[NodeId, Thing] = {}
    placements: list[Placement] = []
    for placement in graph.placements:
        relation = placement.relation
        both = tuple(zip(placement.ends, relation.columns, strict=False))
        if both:
            ends = [column_node(node, column) for node, column in both]
            for end, (node, column) in zip(ends, both, strict=True):
                things |= _described(graph, end, node, column)
            moved = replace(relation, subject=ends[0][1], object=ends[1][1], columns=())
            placements.append(replace(placement, relation=moved))
        elif _is_of_column(graph, placement):
            placements.append(placement)
            things |= {end: graph.things[end] for end in placement.ends if end in graph.things}
    return replace(graph, things=things, placements=tuple(placements), decisions=())


def _is_of_column(graph: CaseGraph, placement: Placement) -> bool:
    """Tell whether an export has columns as things, and this ties two of them."""
    ends = [graph.things.get(end) for end in placement.ends]
    are = [end is not None and end.type == ArtifactType.COLUMN for end in ends]
    return all(are) or (any(are) and placement.relation.kind is not RelationKind.MEMBER_OF)


def _described(graph: CaseGraph, end: NodeId, node: NodeId, column: str) -> dict[NodeId, Thing]:
    """Return a column as a thing, read where its table was: nothing, if that is nowhere."""
    table = graph.things.get(node)
    if table is None:
        return {}
    if not column:
        return {node: table}
    return {
        end: Thing(
            ThingKind.ARTIFACT,
            ArtifactType.COLUMN,
            end[1],
            f"{table.name}.{column}",
            table.locator,
            namespace=table.namespace,
        )
    }
