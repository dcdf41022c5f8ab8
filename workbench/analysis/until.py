"""A lineage as it had been recorded by a moment, and that of one run.

By the times that records and catalogs claim, as everywhere (``as_of``). A relation that claims no
time is dated by what it ties only where that is safe: what a run read or wrote, and what a model
version was made from, cannot be older than the younger of the two ends. Anything else that
claims no time may belong before the moment or after it: it is left out, and counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from workbench.analysis.lineage import Placement
from workbench.analysis.of_case import CaseGraph
from workbench.model.catalog import ArtifactType, RelationKind, Thing, ThingKind
from workbench.model.lineage import Cut, NodeId
from workbench.model.moment import nanoseconds

#: Artifacts that are made once and not written again: what they were made from is as old as they.
MADE_ONCE = frozenset({ArtifactType.MODEL_VERSION, ArtifactType.LOGGED_MODEL})
_OF_RUNS = {RelationKind.USED, RelationKind.GENERATED, RelationKind.INFORMED_BY}


@dataclass(frozen=True, slots=True)
class Until:
    """What of a case had been recorded by a moment, or by one run.

    Attributes:
        graph: that.
        cut: what was asked for and what is left out.
    """

    graph: CaseGraph
    cut: Cut


def until(graph: CaseGraph, at: int, *, undated: bool = False) -> Until:
    """Return what had been recorded by a moment.

    Args:
        graph: all that the case says.
        at: nanoseconds since 1970-01-01 UTC; what claims that very moment is taken in.
        undated: take in what claims no time too.
    """
    same = [p for p in graph.placements if _is_timeless(p)]
    dated = (placement for placement in graph.placements if not _is_timeless(placement))
    times = [(placement, moment_of(placement, graph.things)) for placement in dated]
    decisions = [(found, found.event.time_ns) for found in graph.decisions]
    things = {node: thing for node, thing in graph.things.items() if _is_there(thing, at)}
    kept = [p for p, time in times if (undated if time is None else time <= at)]
    kept += [p for p in same if things.keys() >= {*p.ends}]
    decided = [d for d, time in decisions if (undated if time is None else time <= at)]
    every = [time for _, time in (*times, *decisions)]
    named = {end for placement in kept for end in placement.ends}
    things |= {node: graph.things[node] for node in named & graph.things.keys()}
    cut = Cut(
        at=at,
        later=sum(time is not None and time > at for time in every),
        undated=sum(time is None for time in every),
        with_undated=undated,
    )
    left = replace(graph, things=things, placements=tuple(kept), decisions=tuple(decided))
    return Until(left, cut)


def of_run(graph: CaseGraph, run: NodeId) -> Until:
    """Return what one run states: what it read, wrote, and which column came from which.

    Which column came from which is kept once, however many runs state it: it is of every run that
    read the one thing and wrote the other.
    """
    own = [p for p in graph.placements if run in p.ends]
    ends = {end for placement in own for end in placement.ends}
    read, wrote = (
        {p.ends[1] for p in own if p.relation.kind is kind and p.ends[0] == run}
        for kind in (RelationKind.USED, RelationKind.GENERATED)
    )
    derived = [
        p
        for p in graph.placements
        if p.relation.kind is RelationKind.DERIVED_FROM and p.ends[0] in wrote and p.ends[1] in read
    ]
    things = {node: graph.things[node] for node in (ends | {run}) & graph.things.keys()}
    kept = tuple(dict.fromkeys((*own, *derived)))
    cut = Cut(run=run, others=len(graph.placements) + len(graph.decisions) - len(kept))
    return Until(replace(graph, things=things, placements=kept, decisions=()), cut)


def moment_of(placement: Placement, things: Mapping[NodeId, Thing]) -> int | None:
    """Return when a relation was, as claimed; the younger of its ends where that dates it."""
    if placement.time is not None:
        return placement.time
    subject = things.get(placement.ends[0])
    if subject is None or not _dates(subject, placement.relation.kind):
        return None
    made = [thing.created for end in placement.ends if (thing := things.get(end))]
    claimed = [nanoseconds(time) for time in made if time is not None]
    return max(claimed) if subject.created is not None else None


def _is_timeless(placement: Placement) -> bool:
    """Tell whether a relation says that two things are one: that holds as long as they are."""
    return placement.relation.kind is RelationKind.ALTERNATE_OF and placement.time is None


def _dates(subject: Thing, kind: RelationKind) -> bool:
    """Tell whether a relation of a thing is as old as the thing."""
    if subject.kind is ThingKind.RUN:
        return kind in _OF_RUNS
    return subject.type in MADE_ONCE


def _is_there(thing: Thing, at: int) -> bool:
    """Tell whether a thing does not claim to have been made after a moment."""
    return thing.created is None or nanoseconds(thing.created) <= at
