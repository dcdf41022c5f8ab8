"""What rests on one record of a log: what it decided, which edges it states, what follows."""

from collections import Counter
from dataclasses import dataclass

from workbench.model.lineage import DECISIONS, Edge, NodeId, kind_of
from workbench.services.lineage.graph import CaseLineage


@dataclass(frozen=True, slots=True)
class Rests:
    """What rests on a record.

    Attributes:
        decisions: approvals and deployments that it records.
        edges: edges that it states.
        things: what those edges are about, beside the decisions.
        further: what else is downstream of these, by kind, the most frequent first.
    """

    decisions: tuple[NodeId, ...] = ()
    edges: tuple[Edge, ...] = ()
    things: tuple[NodeId, ...] = ()
    further: tuple[tuple[str, int], ...] = ()


def resting_on(lineage: CaseLineage, source: int, record: int) -> Rests:
    """Return what rests on a record of a source."""
    edges = tuple(
        edge
        for edge in lineage.graph.edges()
        if any(at.record == record and lineage.source_of(at) == source for at in edge.locators)
    )
    ends = dict.fromkeys(end for edge in edges for end in (edge.tail, edge.head))
    read = [
        node
        for node, thing in lineage.things.items()
        if node[0] == source and thing.locator.record == record
    ]
    named = dict.fromkeys((*read, *ends))
    decisions = [node for node in named if _is_decision(lineage, node)]
    things = [node for node in named if node not in decisions]
    return Rests(tuple(decisions), edges, tuple(things), _further(lineage, named))


def _is_decision(lineage: CaseLineage, node: NodeId) -> bool:
    thing = lineage.things.get(node)
    return thing is not None and thing.type in DECISIONS


def _further(lineage: CaseLineage, named: dict[NodeId, None]) -> tuple[tuple[str, int], ...]:
    reached = {each.id: each.thing for node in named for each in lineage.impact(node).reached}
    kinds = Counter(kind_of(thing) for node, thing in reached.items() if node not in named)
    return tuple(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])))
