"""A part of the lineage as GraphML, for the tools that read graphs."""

from workbench.evidence.text import visible
from workbench.model.lineage import LineageView, Node, NodeId


def graphml(view: LineageView, *, words: str) -> bytes:
    """Return things and edges of a view as GraphML; the same view gives the same bytes.

    What it holds and what it leaves out is said of the graph itself, in ``words``.

    Text is evidence: what XML cannot hold is shown as a mark, as everywhere.
    """
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(holds=visible(words))
    for node in view.nodes:
        graph.add_node(_name(node.id), **_told(node))
    for edge in view.edges:
        graph.add_edge(
            _name(edge.tail),
            _name(edge.head),
            relation=edge.kind.value,
            status=edge.status.value,
            role=visible(edge.role),
            columns="; ".join(f"{visible(a)} -> {visible(b)}" for a, b in edge.columns),
            places="; ".join(visible(str(place)) for place in edge.locators),
        )
    return "\n".join(
        ["<?xml version='1.0' encoding='utf-8'?>", *networkx.generate_graphml(graph)]
    ).encode()


def _name(node: NodeId) -> str:
    return visible(f"{node[0]}/{node[1]}")


def _told(node: Node) -> dict[str, str | int]:
    thing = node.thing
    told: dict[str, str | int] = {"source": node.id[0], "key": visible(node.id[1])}
    told |= {"layer": node.layer, "in_evidence": "no" if node.is_missing else "yes"}
    told |= {
        "hidden_upstream": node.hidden_upstream,
        "hidden_downstream": node.hidden_downstream,
    }
    if thing is not None:
        told |= {
            "kind": thing.kind.value,
            "type": visible(str(thing.type)),
            "name": visible(thing.name),
            "version": visible(thing.version),
        }
    return told
