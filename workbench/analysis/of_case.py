"""What a case says of things and how they hang together: its catalogs and its logs, read once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from workbench.analysis.approvals import history_of
from workbench.analysis.decisions import QUERY, decided
from workbench.analysis.labels import CONSENT_QUERY
from workbench.analysis.lineage import Lineage, Placement
from workbench.model.catalog import Thing
from workbench.model.event import EventOrder, EventSort, IndexedEvent
from workbench.model.lineage import EdgeStatus, NodeId
from workbench.model.progress import Cancel
from workbench.store import catalog, sources, verdicts
from workbench.store.case_store import CaseStore
from workbench.store.event_list import Events
from workbench.store.marks import Marks

#: From this level of assurance on, somebody whom the auditor trusts vouches for a record.
SIGNED = 2
#: Decisions are few; a log that claims more of them than this is not read to its end.
MOST_DECISIONS = 100_000
_BATCH = 1000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CaseGraph:
    """Things and relations of a case.

    Attributes:
        things: every thing that the catalogs describe, by source and key.
        placements: every relation that they state.
        decisions: events that register, approve or deploy, in the order of each log.
        marks: what verification found about the records of each source.
        is_cut: there are more decisions than were read.
    """

    things: Mapping[NodeId, Thing] = field(default_factory=dict)
    placements: tuple[Placement, ...] = ()
    decisions: tuple[IndexedEvent, ...] = ()
    marks: Mapping[int, Marks] = field(default_factory=dict)
    is_cut: bool = False

    def only(self, sources: Collection[int]) -> "CaseGraph":
        """Return what some of the sources say."""
        return replace(
            self,
            things={node: thing for node, thing in self.things.items() if node[0] in sources},
            placements=tuple(p for p in self.placements if p.source in sources),
            decisions=tuple(d for d in self.decisions if d.source in sources),
        )

    def lineage(self) -> Lineage:
        """Return the graph, each edge with how far the evidence carries it.

        Approvals and deployments that the logs record are things of it.
        """
        things, placements = dict(self.things), list(self.placements)
        revoked = frozenset(found.event.locator for found in history_of(self.decisions).ended)
        for node, thing, relation, other in decided(self.decisions, self.things, revoked=revoked):
            things[node] = thing
            placements.append(Placement(node[0], relation, other))
        return Lineage(things, placements, judge=self.status)

    def status(self, placement: Placement) -> EdgeStatus:
        """Return how far a relation is proven: by the record that states it, where there is one."""
        record, marks = placement.relation.locator.record, self.marks.get(placement.source)
        if record is None or marks is None or not marks.judged:
            return EdgeStatus.CLAIMED
        if record in marks.broken:
            return EdgeStatus.BROKEN
        return EdgeStatus.VERIFIED if marks.level(record) >= SIGNED else EdgeStatus.CLAIMED


def read(case: CaseStore, *, cancel: Cancel | None = None) -> CaseGraph:
    """Return everything that the newest sources of a case say.

    Raises:
        Cancelled: the user stopped it.
    """
    stop = cancel or Cancel()
    with case.reading() as session:
        current = [source.id for source in sources.every(session)]
        things = {
            (kept.source, kept.thing.key): kept.thing
            for kept in _until(stop, catalog.every_thing(session, sources=current))
        }
        placements = [
            Placement(kept.source, kept.relation)
            for kept in _until(stop, catalog.every_relation(session, sources=current))
        ]
        marks = verdicts.marks(session)
    decisions = _decisions(case)
    is_cut = len(decisions) > MOST_DECISIONS
    return CaseGraph(things, tuple(placements), decisions[:MOST_DECISIONS], marks, is_cut)


def _until(cancel: Cancel, rows: Iterable[T]) -> Iterator[T]:
    """Yield rows; look up now and then whether the user wants to stop."""
    for number, row in enumerate(rows):
        if number % _BATCH == 0:
            cancel.check()
        yield row


def consents(case: CaseStore) -> tuple[IndexedEvent, ...]:
    """Return the events of the logs that may be records of consent, as many as are read."""
    events = Events(case, CONSENT_QUERY)
    return tuple(events.page(first=0, count=MOST_DECISIONS, order=EventOrder(EventSort.RECORD)))


def _decisions(case: CaseStore) -> tuple[IndexedEvent, ...]:
    events = Events(case, QUERY)
    order = EventOrder(EventSort.RECORD)
    return tuple(events.page(first=0, count=MOST_DECISIONS + 1, order=order))
