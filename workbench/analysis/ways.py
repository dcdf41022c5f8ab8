"""Ways of data through a lineage: the shortest between two things, and why they are connected.

A step goes along an edge, or across a link that says that two things are one: both are evidence,
and each step names its own. Among ways of one length the choice is fixed, so that an answer can
be repeated.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from workbench.analysis.lineage import Lineage
from workbench.model.catalog import RelationKind
from workbench.model.lineage import Edge, EdgeStatus, NodeId
from workbench.model.lineage_answer import Connection, Step

_BEST_LAST = list(EdgeStatus)
#: Relations by which what is in one thing comes into another; the rest says who and where.
BY_DATA = frozenset(RelationKind) - {
    RelationKind.ASSOCIATED_WITH,
    RelationKind.ATTRIBUTED_TO,
    RelationKind.MEMBER_OF,
    RelationKind.INVALIDATED,
    RelationKind.APPROVED,
}
#: What a walk came along to each thing that it met; None where it began.
Walk = Mapping[NodeId, Step | None]
Onward = Callable[[NodeId], Iterable[tuple[NodeId, Step]]]


def walk(starts: Iterable[NodeId], onward: Onward) -> Walk:
    """Return everything that steps lead to, nearest first, each with the step to it."""
    came: dict[NodeId, Step | None] = dict.fromkeys(starts)
    waiting = deque(came)
    while waiting:
        for end, step in onward(waiting.popleft()):
            if end not in came:
                came[end] = step
                waiting.append(end)
    return came


def along(
    lineage: Lineage, side: int, kinds: Collection[RelationKind] = frozenset(RelationKind)
) -> Onward:
    """Return the steps with the flow of data (1) or against it (-1), by relations of some kinds."""
    return lambda node: next_steps(lineage, node, side, kinds)


def steps_to(came: Walk, node: NodeId, side: int = 1) -> tuple[Step, ...]:
    """Return the steps of a walk that lead to a thing, in the order in which data flows."""
    found = []
    while (step := came[node]) is not None:
        found.append(step)
        node = step.start if side > 0 else step.end
    return tuple(found[::-1] if side > 0 else found)


def shortest(lineage: Lineage, start: NodeId, end: NodeId) -> tuple[Step, ...]:
    """Return one shortest way that data took from ``start`` to ``end``, or ()."""
    lineage.require(start)
    lineage.require(end)
    came = walk([start], along(lineage, 1))
    return steps_to(came, end) if end in came else ()


def connection(lineage: Lineage, start: NodeId, end: NodeId) -> Connection:
    """Return why two things are connected: a way between them, or what they share."""
    steps = shortest(lineage, start, end) or shortest(lineage, end, start)
    if steps or start == end:
        return Connection(start, end, steps)
    for side in (-1, 1):
        one, other = (walk([node], along(lineage, side, BY_DATA)) for node in (start, end))
        shared = _nearest(one, other, side)
        if shared is not None:
            ways = tuple(steps_to(came, shared, side) for came in (one, other))
            return Connection(start, end, (), shared, side < 0, ways)
    return Connection(start, end)


def _nearest(one: Walk, other: Walk, side: int) -> NodeId | None:
    """Return what both walks met, by the sum of the steps to it, or None."""
    far = [_distances(came, side) for came in (one, other)]
    both = [node for node in one if node in other]
    return min(both, key=lambda node: (far[0][node] + far[1][node], node), default=None)


def _distances(came: Walk, side: int) -> Mapping[NodeId, int]:
    """Return how many steps away each thing is; a walk meets nearer ones first."""
    far: dict[NodeId, int] = {}
    for node, step in came.items():
        far[node] = 0 if step is None else far[step.start if side > 0 else step.end] + 1
    return far


def next_steps(
    lineage: Lineage, node: NodeId, side: int, kinds: Collection[RelationKind]
) -> Iterator[tuple[NodeId, Step]]:
    """Yield where one step leads, each with the best proven edge that leads there."""
    best: dict[NodeId, Edge] = {}
    for edge in lineage.steps(node, side):
        end = edge.head if side > 0 else edge.tail
        known = best.get(end)
        if edge.kind in kinds and (known is None or _proof(edge) > _proof(known)):
            best[end] = edge
    for link in lineage.same(node) if RelationKind.ALTERNATE_OF in kinds else ():
        best.setdefault(link.tail if link.head == node else link.head, link)
    for end, edge in best.items():
        yield end, Step(edge, node, end) if side > 0 else Step(edge, end, node)


def _proof(edge: Edge) -> int:
    return _BEST_LAST.index(edge.status)
