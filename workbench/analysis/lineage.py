"""The lineage of a case as a graph, and exact parts of it.

Invariants:

* an edge runs as data flows: what was used lies before the run, what it generated after it;
* depth n shows what is at most n steps away, never n + 1: an edge is one step;
* alternates (one thing in two exports) are linked, not merged: the link is no step, and says so;
* nothing is left out silently: each node counts its neighbours that are not in the view.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import UsageError
from workbench.model.catalog import OBJECT_FIRST, Relation, RelationKind, Thing
from workbench.model.lineage import Edge, EdgeStatus, LineageView, Node, NodeId, name_of
from workbench.model.moment import nanoseconds

if TYPE_CHECKING:
    import networkx as nx


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

    @property
    def time(self) -> int | None:
        """Return when the relation was, as claimed, in nanoseconds, or None."""
        time = self.relation.time
        return None if time is None else nanoseconds(time)


Judge = Callable[[Placement], EdgeStatus]
#: From where to where data flows, and by what relation.
_Which = tuple[NodeId, NodeId, RelationKind]
_WEAKEST_FIRST = list(EdgeStatus)


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
        self._alternates: dict[NodeId, dict[NodeId, Edge]] = defaultdict(dict)
        stated: dict[_Which, list[Placement]] = defaultdict(list)
        for placement in relations:
            stated[_which(placement)].append(placement)
        self.edge_count = len(stated)
        for which, places in stated.items():
            self._take(self._edge(which, places, judge))

    def __len__(self) -> int:
        return int(self._graph.number_of_nodes())

    def __contains__(self, node: NodeId) -> bool:
        return node in self._graph

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
        edges += [link for link in self.links() if link.tail in layers and link.head in layers]
        edges.sort(key=lambda edge: (edge.tail, edge.head, edge.kind))
        return LineageView(focus, tuple(nodes), tuple(edges), len(self), self.edge_count)

    def expanded(self, view: LineageView, node: NodeId, *, downstream: bool) -> LineageView:
        """Return ``view`` with the neighbours of one of its nodes on one side."""
        layers = {known.id: known.layer for known in view.nodes}
        side = 1 if downstream else -1
        for near in self._neighbours(node, side):
            for same in self._same(near):
                layers.setdefault(same, layers[node] + side)
        return self.among(view.focus, layers)

    def upstream(self, node: NodeId) -> dict[NodeId, int]:
        """Return everything before ``node`` with its distance: what it was made from."""
        return {n: -layer for n, layer in self._reach(node, len(self), -1).items()}

    def downstream(self, node: NodeId) -> dict[NodeId, int]:
        """Return everything after ``node`` with its distance: what a fault in it can reach."""
        return self._reach(node, len(self), 1)

    def steps(self, node: NodeId, side: int) -> Iterator[Edge]:
        """Yield the edges by which data leaves ``node`` (1) or came to it (-1)."""
        for near in sorted(self._neighbours(node, side)):
            ends = (node, near) if side > 0 else (near, node)
            yield from self._graph.edges[ends]["edges"]

    def same(self, node: NodeId) -> Iterator[Edge]:
        """Yield the links that say that ``node`` is the same thing as another one."""
        for other in sorted(self._alternates.get(node, ())):
            yield self._alternates[node][other]

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

    def nodes(self) -> Iterator[NodeId]:
        """Yield every thing, and what edges name and nobody describes."""
        yield from self._graph

    def links(self) -> Iterator[Edge]:
        """Yield every link between two things that are said to be the same one."""
        for node, others in self._alternates.items():
            yield from (link for link in others.values() if link.tail == node)

    def edges(self) -> Iterator[Edge]:
        """Yield every edge by which data flows."""
        for tail, head in self._graph.edges():
            yield from self._graph.edges[tail, head]["edges"]

    def _take(self, edge: Edge) -> None:
        graph, ends = self._graph, (edge.tail, edge.head)
        if edge.kind is RelationKind.ALTERNATE_OF:
            graph.add_nodes_from(ends)
            self._alternates[edge.tail].setdefault(edge.head, edge)
            self._alternates[edge.head].setdefault(edge.tail, edge)
        elif graph.has_edge(*ends):
            graph.edges[ends]["edges"].append(edge)
        else:
            graph.add_edge(*ends, edges=[edge])

    def _edge(self, which: _Which, places: Sequence[Placement], judge: Judge) -> Edge:
        """Return an edge with every place that states it; its best proof speaks for it."""
        tail, head, kind = which
        status = max(map(judge, places), key=_WEAKEST_FIRST.index)
        if tail not in self.things or head not in self.things:
            status = EdgeStatus.MISSING
        columns = dict.fromkeys(_columns(p.relation) for p in places if p.relation.columns)
        return Edge(
            tail,
            head,
            kind,
            status,
            tuple(placement.relation.locator for placement in places),
            places[0].relation.role,
            tuple(columns),
            time=min((t for p in places if (t := p.time) is not None), default=None),
        )

    def _reach(self, start: NodeId, depth: int, side: int) -> dict[NodeId, int]:
        """Return what lies within ``depth`` steps on one side, with its signed distance."""
        self.require(start)
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

    def require(self, node: NodeId) -> None:
        """Refuse what the case does not have.

        Raises:
            UsageError: it has no such thing.
        """
        if node not in self._graph:
            raise UsageError(f"The case has nothing called {node[1]}.")


def _which(placement: Placement) -> _Which:
    kind, (subject, item) = placement.relation.kind, placement.ends
    turned = kind in OBJECT_FIRST
    if kind is RelationKind.ALTERNATE_OF:  # it has no direction: stated twice it is one link
        turned = item < subject
    return (item, subject, kind) if turned else (subject, item, kind)


def _columns(relation: Relation) -> tuple[str, str]:
    """Return (column of the tail, column of the head)."""
    subject, item = relation.columns  # type: ignore[misc]  # asked for only where there are two
    return (item, subject) if relation.kind in OBJECT_FIRST else (subject, item)


def _order(node: Node) -> tuple[int, str, NodeId]:
    return node.layer, node.thing.name if node.thing else node.id[1], node.id
