"""What in a lineage does not hang together: loose ends, circles, and times that contradict.

None of it proves that anything is wrong, and none of it proves a fault of the audited side: the
export may be a part, and clocks differ. Each is named with its evidence, so that it can be asked.
"""

from collections.abc import Iterator
from datetime import datetime

from workbench.analysis.lineage import Lineage
from workbench.analysis.until import MADE_ONCE
from workbench.analysis.ways import BY_DATA
from workbench.model.catalog import DATA, ArtifactType, RelationKind, Thing, ThingKind
from workbench.model.lineage import DECISIONS, Edge, NodeId
from workbench.model.lineage_answer import Contradiction, Dangling, LineageProblems
from workbench.model.moment import SECOND, nanoseconds, text_of

#: What is made from data, and should say from which.
_MADE = frozenset(
    {
        ArtifactType.MODEL_VERSION,
        ArtifactType.LOGGED_MODEL,
        ArtifactType.DEPLOYMENT,
        ArtifactType.PREDICTIONS,
    }
)
#: Words of a catalog, and parts of things: they need no relation of their own.
_LOOSE = frozenset({ArtifactType.TERM, ArtifactType.COLUMN, ArtifactType.COLLECTION})
#: Times are often written in whole seconds; between two sources clocks may differ by more.
TOLERANCE, TOLERANCE_ACROSS = SECOND, 300 * SECOND
_IN_TIME = BY_DATA - {RelationKind.SPECIALIZATION_OF}


def problems(lineage: Lineage) -> LineageProblems:
    """Return everything in a lineage that does not hang together, in the order of the case."""
    edges = [edge for edge in lineage.edges() if edge.kind in _IN_TIME]
    compared = [moments for edge in edges if (moments := _moments(lineage, edge)) is not None]
    return LineageProblems(
        orphans=tuple(_orphans(lineage)),
        originless=tuple(originless(lineage)),
        dataless=tuple(dataless(lineage)),
        cycles=lineage.cycles(),
        dangling=tuple(_dangling(lineage)),
        contradictions=tuple(each for each in compared if each.before > each.after + _slack(each)),
        untimed=len(edges) - len(compared),
        compared=len(compared),
    )


def _orphans(lineage: Lineage) -> Iterator[NodeId]:
    for node, thing in lineage.things.items():
        needs = thing.kind is not ThingKind.AGENT and thing.type not in _LOOSE
        if needs and not _touching(lineage, node):
            yield node


def _touching(lineage: Lineage, node: NodeId) -> bool:
    return any(
        next(found, None)
        for found in (lineage.steps(node, -1), lineage.steps(node, 1), lineage.same(node))
    )


def originless(lineage: Lineage) -> Iterator[NodeId]:
    """Yield models, predictions and deployments of which nothing says what they were made from."""
    for node, thing in lineage.things.items():
        if thing.type in _MADE and not _comes_from(lineage, node):
            yield node


def _comes_from(lineage: Lineage, node: NodeId) -> bool:
    return any(edge.kind in BY_DATA for edge in lineage.steps(node, -1))


def dataless(lineage: Lineage) -> Iterator[NodeId]:
    """Yield the runs of which no relation says what they read."""
    for node, thing in lineage.things.items():
        is_run = thing.kind is ThingKind.RUN and thing.type not in DECISIONS
        if is_run and not _reads(lineage, node):
            yield node


def _reads(lineage: Lineage, run: NodeId) -> bool:
    """Tell whether a run names data; it may be data that nobody describes."""
    return any(
        edge.kind is RelationKind.USED and _may_be_data(lineage.things.get(edge.tail))
        for edge in lineage.steps(run, -1)
    )


def _may_be_data(thing: Thing | None) -> bool:
    return thing is None or thing.type in DATA or thing.kind is ThingKind.ARTIFACT


def _dangling(lineage: Lineage) -> Iterator[Dangling]:
    for node in lineage.dangling():
        found = (*lineage.steps(node, -1), *lineage.steps(node, 1), *lineage.same(node))
        yield Dangling(node, found)


def _slack(found: Contradiction) -> int:
    edge = found.edge
    return TOLERANCE if edge.tail[0] == edge.head[0] else TOLERANCE_ACROSS


def _moments(lineage: Lineage, edge: Edge) -> Contradiction | None:
    """Return the two moments of an edge that have an order, or None where one is not claimed.

    What came out may be a table that was there long before and is written again and again: only
    what is made once, or ran once, can be too early.
    """
    tail, head = lineage.things.get(edge.tail), lineage.things.get(edge.head)
    if tail is None or head is None:
        return None
    before, after = _ns(tail.created), _end(head)
    if before is None or after is None:
        return None
    why = f"{_said(tail)} {text_of(before)}, {_said(head, is_end=True)} {text_of(after)}"
    return Contradiction(edge, before, after, why)


def _end(head: Thing) -> int | None:
    """Return after when nothing can have gone into a thing any more."""
    if head.kind is ThingKind.RUN:
        return _ns(head.ended) if head.ended or head.state.is_terminal else None
    return _ns(head.created) if head.type in MADE_ONCE else None


def _said(thing: Thing, *, is_end: bool = False) -> str:
    if thing.kind is not ThingKind.RUN:
        return f"{thing.name} {thing.version}".rstrip() + " was made"
    return f"{thing.called} {'ended' if is_end else 'began'}"


def _ns(time: datetime | None) -> int | None:
    return None if time is None else nanoseconds(time)
