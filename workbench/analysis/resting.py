"""What of a case rests on a record of a log (the blast radius of DESIGN section 2).

A decision that the record states, the edges that it is the evidence for, what those are about,
and what is downstream of these. What only shares a name with them does not rest on the record.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.analysis import of_case
from workbench.analysis.folding import plural
from workbench.analysis.lineage import Lineage
from workbench.model.lineage import DECISIONS, Edge, NodeId, kind_of
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.verdict import Diagnosis
from workbench.model.verification import SourceVerdict, Verification
from workbench.store.case_store import CaseStore

#: Things that are named one by one; what is more of them counts only.
MOST_NAMED = 6
#: Diagnoses of one verification whose blast radius is sought.
MOST_DIAGNOSES = 1000

#: Source and record, as the evidence names them.
Place = tuple[str, str | None, int]


class RestKind(StrEnum):
    """What it is that rests on a record."""

    DECISION = "decision"
    EDGES = "edges"
    THING = "thing"
    DOWNSTREAM = "downstream"


@dataclass(frozen=True, slots=True)
class Rest:
    """One line of a blast radius.

    Attributes:
        kind: what it is.
        words: the same in a few words, with its count or name.
        about: a thing to look at for it, or None.
    """

    kind: RestKind
    words: str
    about: NodeId | None = None


class Resting:
    """What rests on which record; made once of a lineage, asked often."""

    def __init__(self, lineage: Lineage) -> None:
        self._lineage = lineage
        self._edges: dict[Place, list[Edge]] = defaultdict(list)
        self._read: dict[Place, list[NodeId]] = defaultdict(list)
        for edge in lineage.edges():
            for place in dict.fromkeys(_places(*edge.locators)):
                self._edges[place].append(edge)
        for node, thing in lineage.things.items():
            for place in _places(thing.locator):
                self._read[place].append(node)

    def on(self, path: str, member: str | None, record: int) -> tuple[Rest, ...]:
        """Return what rests on a record, counted from 1, of the source at a path."""
        place = (path, member, record)
        edges = self._edges.get(place, [])
        ends = [end for edge in edges for end in (edge.tail, edge.head)]
        named = list(dict.fromkeys([*self._read.get(place, []), *ends]))
        return tuple(self._told(edges, named))

    def _told(self, edges: list[Edge], named: list[NodeId]) -> Iterator[Rest]:
        decisions = Counter(self._kind(node) for node in named if self._is_decision(node))
        for kind, count in sorted(decisions.items()):
            yield Rest(RestKind.DECISION, plural(kind, count))
        things = [node for node in named if not self._is_decision(node)]
        about = things[0] if things else None
        if edges:
            yield Rest(RestKind.EDGES, plural("lineage edge", len(edges)), about)
        for node in things[:MOST_NAMED]:
            words = f"{self._kind(node)} {self._lineage.name(node)}"
            yield Rest(RestKind.THING, words, node)
        if len(things) > MOST_NAMED:
            yield Rest(RestKind.EDGES, f"{len(things) - MOST_NAMED:,} things more", about)
        for kind, count in self._further(named):
            yield Rest(RestKind.DOWNSTREAM, f"{plural(kind, count)} downstream", about)

    def _further(self, named: list[NodeId]) -> list[tuple[str, int]]:
        reached = {node for start in named for node in self._lineage.downstream(start)}
        kinds = Counter(self._kind(node) for node in reached - set(named))
        return sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))

    def _kind(self, node: NodeId) -> str:
        return kind_of(self._lineage.things.get(node))

    def _is_decision(self, node: NodeId) -> bool:
        thing = self._lineage.things.get(node)
        return thing is not None and thing.type in DECISIONS


def _places(*locators: Locator) -> Iterator[Place]:
    for at in locators:
        if at.record is not None:
            yield at.path, at.member, at.record


def with_blast_radius(
    case: CaseStore, verification: Verification, *, cancel: Cancel | None = None
) -> Verification:
    """Return a verification whose diagnoses say what of the case rests on the broken records.

    The case is read only if there is something broken.

    Raises:
        Cancelled: the user stopped it.
    """
    if not verification.breaks_at_records:
        return verification
    resting = Resting(of_case.read(case, cancel=cancel).lineage())
    sources = tuple(_told(source, resting) for source in verification.sources)
    return replace(verification, sources=sources)


def _told(source: SourceVerdict, resting: Resting) -> SourceVerdict:
    if source.verdict is None or not source.verdict.diagnoses:
        return source
    told = [
        replace(found, blast_radius=tuple(rest.words for rest in _on(resting, source, found)))
        if found.record and number < MOST_DIAGNOSES
        else found
        for number, found in enumerate(source.verdict.diagnoses)
    ]
    return replace(source, verdict=replace(source.verdict, diagnoses=tuple(told)))


def _on(resting: Resting, source: SourceVerdict, found: Diagnosis) -> tuple[Rest, ...]:
    return resting.on(source.path, source.member, found.record or 0)
