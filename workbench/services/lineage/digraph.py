"""Lineage as a NetworkX graph: every node and edge carries its status and its places."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from workbench.analysis.digraph import LineageGraph, digraph
from workbench.model.lineage import Edge, EdgeStatus, NodeId, kind_of
from workbench.services.lineage.graph import CaseLineage


def as_digraph(
    lineage: CaseLineage, focus: NodeId | None = None, *, up: int | None, down: int | None
) -> LineageGraph:
    """Return what lies around a thing, or the lineage of the whole case, as a graph.

    Nodes are (source, key) and carry ``thing``, ``name``, ``version``, ``kind``, ``source``,
    ``key``, ``in_evidence``, ``broken``, ``locator`` and ``layer``: steps from the focus along
    the flow, below 0 upstream, None where there is no focus. Edges run as data flows and carry
    ``relations`` (names), ``status`` (of the weakest relation between the two), ``level``
    (assurance of the least protected of them), ``locators``, and the ``edges`` themselves.

    Args:
        lineage: of the case.
        focus: thing in the middle; None: everything.
        up: steps upstream; None: as far as it goes.
        down: steps downstream; None: as far as it goes.

    Raises:
        UsageError: the case has no such thing.
    """
    layers = _layers(lineage, focus, up, down)
    pairs: defaultdict[tuple[NodeId, NodeId], list[Edge]] = defaultdict(list)
    for edge in lineage.graph.edges():
        if edge.tail in layers and edge.head in layers:
            pairs[edge.tail, edge.head].append(edge)
    return digraph(
        ((node, _node(lineage, node, layer)) for node, layer in layers.items()),
        ((*ends, _edge(lineage, edges)) for ends, edges in pairs.items()),
        {"focus": focus, "stale": lineage.stale},
    )


def _layers(
    lineage: CaseLineage, focus: NodeId | None, up: int | None, down: int | None
) -> Mapping[NodeId, int | None]:
    graph = lineage.graph
    if focus is None:
        return dict.fromkeys((*lineage.things, *graph.dangling()))
    before = {n: -steps for n, steps in graph.upstream(focus).items() if _within(steps, up)}
    after = {n: steps for n, steps in graph.downstream(focus).items() if _within(steps, down)}
    return {**before, **after, focus: 0}


def _within(steps: int, most: int | None) -> bool:
    return most is None or steps <= most


def _node(lineage: CaseLineage, node: NodeId, layer: int | None) -> dict[str, object]:
    thing = lineage.things.get(node)
    return {
        "thing": thing,
        "name": thing.name if thing else node[1],
        "version": thing.version if thing else "",
        "kind": kind_of(thing),
        "source": node[0],
        "key": node[1],
        "in_evidence": thing is not None,
        "broken": lineage.is_broken(node),
        "locator": thing.locator if thing else None,
        "layer": layer,
    }


def _edge(lineage: CaseLineage, edges: Sequence[Edge]) -> dict[str, object]:
    return {
        "relations": tuple(edge.kind.value for edge in edges),
        "status": min((edge.status for edge in edges), key=list(EdgeStatus).index),
        "level": min(_levels(lineage, edges)),
        "locators": tuple(place for edge in edges for place in edge.locators),
        "edges": tuple(edges),
    }


def _levels(lineage: CaseLineage, edges: Iterable[Edge]) -> list[int]:
    proofs = [lineage.proof_of(edge) for edge in edges]
    return [proof[1] if proof else 0 for proof in proofs]
