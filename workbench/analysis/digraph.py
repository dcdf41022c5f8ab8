"""A part of the lineage as a NetworkX graph, for who computes with it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from workbench.model.lineage import NodeId

if TYPE_CHECKING:
    import networkx as nx

#: Nodes are (source, key), edges run as data flows; what each carries: ``services.lineage``.
LineageGraph: TypeAlias = "nx.DiGraph[NodeId]"
Carried = Mapping[str, object]


def digraph(
    nodes: Iterable[tuple[NodeId, Carried]],
    edges: Iterable[tuple[NodeId, NodeId, Carried]],
    about: Carried,
) -> LineageGraph:
    """Return a graph of nodes and edges with what each of them carries."""
    import networkx

    graph: nx.DiGraph[NodeId] = networkx.DiGraph()
    graph.graph.update(about)
    graph.add_nodes_from((node, dict(carried)) for node, carried in nodes)
    graph.add_edges_from((tail, head, dict(carried)) for tail, head, carried in edges)
    return graph
