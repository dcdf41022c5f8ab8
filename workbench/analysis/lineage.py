"""The lineage of a case as a graph, and exact parts of it.

Invariants:

* an edge runs as data flows: what was used lies before the run, what it generated after it;
* depth n shows what is at most n steps away, never n + 1: an edge is one step;
* alternates (one thing in two exports) are linked, not merged: the link is no step, and says so;
* nothing is left out silently: each node counts its neighbours that are not in the view.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.errors import UsageError
from workbench.model.catalog import Relation, RelationKind, Thing
from workbench.model.lineage import Edge, EdgeStatus, LineageView, Node, NodeId, name_of

if TYPE_CHECKING:
    import networkx as nx

#: In these the object is what was there before; in all others the subject is.
_OBJECT_FIRST = {
    RelationKind.USED,
    RelationKind.DERIVED_FROM,
    RelationKind.INFORMED_BY,
    RelationKind.EVALUATED_ON,
    RelationKind.ASSOCIATED_WITH,
    RelationKind.ATTRIBUTED_TO,
    RelationKind.DEPENDS_ON,
}


@dataclass(frozen=True, slots=True)
class Placement:
    """A relation with the source it was read from.

    Attributes:
        source: number of the source; its subject is a thing of it.
        relation: what the source states.
        other: number of the source that the object is a thing of, where it is another one.
    """

    source: int
    relation: Relation
    other: int | None = None

    @property
    def ends(self) -> tuple[NodeId, NodeId]:
        """Return subject and object."""
        other = self.source if self.other is None else self.other
        return (self.source, self.relation.subject), (other, self.relation.object)


Judge = Callable[[Placement], EdgeStatus]


def claimed(_: Placement) -> EdgeStatus:
    """Judge an edge whose source nothing protects."""
    return EdgeStatus.CLAIMED


class Lineage:
    """All things and relations of a case; built once, asked often."""

    def __init__(
        self,
        things: Mapping[NodeId, Thing],
        relations: Iterable[Placement],
        *,
        judge: Judge = claimed,
    ) -> None:
        import networkx

        self.things = things
        self._graph: nx.DiGraph[NodeId] = networkx.DiGraph()
        self._graph.add_nodes_from(things)
        self._alternates: dict[NodeId, set[NodeId]] = defaultdict(set)
        edges: dict[tuple[NodeId, NodeId, RelationKind], Edge] = {}
        for placement in relations:
            self._take(placement, edges, judge)
        for edge in edges.values():
            if self._graph.has_edge(edge.tail, edge.head):
                self._graph.edges[edge.tail, edge.head]["edges"].append(edge)
            else:
                self._graph.add_edge(edge.tail, edge.head, edges=[edge])
        self.edge_count = len(edges)

    def __len__(self) -> int:
        return int(self._graph.number_of_nodes())

    def view(self, focus: NodeId, *, up: int = 1, down: int = 1) -> LineageView:
        """Return what is at most ``up`` steps before and ``down`` steps after ``focus``.

        Raises:
            UsageError: the case has no such thing.
        """
        layers = {focus: 0} | self._reach(focus, up, -1) | self._reach(focus, down, 1)
        return self.among(focus, layers | {focus: 0})

    def among(self, focus: NodeId, layers: Mapping[NodeId, int]) -> LineageView:
        """Return the view of just these things, in the layers given."""
        nodes = sorted((self._node(n, layer, layers) for n, layer in layers.items()), key=_order)
        edges = [
            edge
            for tail in layers
            for head in self._graph.successors(tail)
            if head in layers
            for edge in self._graph.edges[tail, head]["edges"]
        ]
        edges.sort(key=lambda edge: (edge.tail, edge.head, edge.kind))
        return LineageView(focus, tuple(nodes), tuple(edges), len(self), self.edge_count)

    def expanded(self, view: LineageView, node: NodeId, *, downstream: bool) -> LineageView:
        """Return ``view`` with the neighbours of one of its nodes on one side."""
        layers = {known.id: known.layer for known in view.nodes}
        side = 1 if downstream else -1
        for near in self._neighbours(node, side):
            layers.setdefault(near, layers[node] + side)
        return self.among(view.focus, layers)

    def upstream(self, node: NodeId) -> dict[NodeId, int]:
        """Return everything before ``node`` with its distance: what it was made from."""
        return {n: -layer for n, layer in self._reach(node, len(self), -1).items()}

    def downstream(self, node: NodeId) -> dict[NodeId, int]:
        """Return everything after ``node`` with its distance: what a fault in it can reach."""
        return self._reach(node, len(self), 1)

    def path(self, start: NodeId, end: NodeId) -> tuple[NodeId, ...]:
        """Return one shortest way that data took from ``start`` to ``end``, or ()."""
        import networkx

        self._require(start)
        self._require(end)
        try:
            return tuple(networkx.shortest_path(self._graph, start, end))
        except networkx.NetworkXNoPath:
            return ()

    def cycles(self, *, most: int = 100) -> tuple[tuple[NodeId, ...], ...]:
        """Return groups of things that are made from each other, at most ``most``."""
        import networkx

        groups = networkx.strongly_connected_components(self._graph)
        found = sorted(tuple(sorted(g)) for g in groups if len(g) > 1)
        loops = sorted((n,) for n in networkx.nodes_with_selfloops(self._graph))
        return tuple((*found, *loops)[:most])

    def near(self, node: NodeId) -> tuple[NodeId, ...]:
        """Return what one edge leads to or from."""
        return tuple(dict.fromkeys((*self._neighbours(node, -1), *self._neighbours(node, 1))))

    def alternates(self, node: NodeId) -> tuple[NodeId, ...]:
        """Return what is linked with ``node`` as the same thing in another place."""
        return tuple(sorted(self._alternates.get(node, ())))

    def dangling(self) -> tuple[NodeId, ...]:
        """Return what edges name and no source describes."""
        return tuple(sorted(n for n in self._graph if n not in self.things))

    def name(self, node: NodeId) -> str:
        """Return what a thing is called, with its version."""
        thing = self.things.get(node)
        version = thing.version if thing else ""
        return f"{name_of(node, thing)} {version}".rstrip()

    def edges(self) -> Iterator[Edge]:
        """Yield every edge."""
        for tail, head in self._graph.edges():
            yield from self._graph.edges[tail, head]["edges"]

    def _take(
        self,
        placement: Placement,
        edges: dict[tuple[NodeId, NodeId, RelationKind], Edge],
        judge: Judge,
    ) -> None:
        relation = placement.relation
        subject, item = placement.ends
        if relation.kind is RelationKind.ALTERNATE_OF:
            self._alternates[subject].add(item)
            self._alternates[item].add(subject)
            self._graph.add_nodes_from((subject, item))
            return
        first = relation.kind in _OBJECT_FIRST
        tail, head = (item, subject) if first else (subject, item)
        known = edges.get((tail, head, relation.kind))
        edges[tail, head, relation.kind] = self._edge(placement, (tail, head), known, judge)

    def _edge(
        self, placement: Placement, ends: tuple[NodeId, NodeId], known: Edge | None, judge: Judge
    ) -> Edge:
        """Return an edge with one more place that states it; its best proof speaks for it."""
        relation, status = placement.relation, judge(placement)
        if any(end not in self.things for end in ends):
            status = EdgeStatus.MISSING
        columns = (_columns(relation),) if relation.columns else ()
        if known is None:
            places = (relation.locator,)
            return Edge(*ends, relation.kind, status, places, relation.role, columns)
        return replace(
            known,
            status=max(status, known.status, key=list(EdgeStatus).index),
            locators=(*known.locators, relation.locator),
            columns=tuple(dict.fromkeys((*known.columns, *columns))),
        )

    def _reach(self, start: NodeId, depth: int, side: int) -> dict[NodeId, int]:
        """Return what lies within ``depth`` steps on one side, with its signed distance."""
        self._require(start)
        found: dict[NodeId, int] = dict.fromkeys(self._same(start), 0)
        edge = list(found)
        for distance in range(1, depth + 1):
            near = {n for node in edge for n in self._neighbours(node, side)}
            edge = [same for n in near - found.keys() for same in self._same(n)]
            edge = [n for n in dict.fromkeys(edge) if n not in found]
            if not edge:
                break
            found |= dict.fromkeys(edge, side * distance)
        del found[start]
        return found

    def _same(self, node: NodeId) -> list[NodeId]:
        """Return ``node`` and all that is linked with it as the same thing."""
        seen, waiting = {node}, [node]
        while waiting:
            for other in self._alternates.get(waiting.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return [node, *sorted(seen - {node})]

    def _neighbours(self, node: NodeId, side: int) -> list[NodeId]:
        graph = self._graph
        return list(graph.successors(node) if side > 0 else graph.predecessors(node))

    def _node(self, node: NodeId, layer: int, shown: Mapping[NodeId, int]) -> Node:
        before = sum(n not in shown for n in self._neighbours(node, -1))
        after = sum(n not in shown for n in self._neighbours(node, 1))
        return Node(node, self.things.get(node), layer, before, after)

    def _require(self, node: NodeId) -> None:
        if node not in self._graph:
            raise UsageError(f"The case has nothing called {node[1]}.")


def _columns(relation: Relation) -> tuple[str, str]:
    """Return (column of the tail, column of the head)."""
    subject, item = relation.columns  # type: ignore[misc]  # asked for only where there are two
    return (item, subject) if relation.kind in _OBJECT_FIRST else (subject, item)


def _order(node: Node) -> tuple[int, str, NodeId]:
    return node.layer, node.thing.name if node.thing else node.id[1], node.id
