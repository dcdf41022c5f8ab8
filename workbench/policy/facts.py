"""What a case holds, as the populations of checks are drawn from it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workbench.analysis.approvals import History, history_of
from workbench.model.case import EvidenceRef
from workbench.model.case_source import CaseSource
from workbench.model.catalog import AttributeGroup, Relation, RelationKind, Thing, ThingKind
from workbench.model.event import IndexedEvent
from workbench.model.lineage import Edge, NodeId
from workbench.model.locator import Locator
from workbench.model.policy import Footing
from workbench.model.verdict import Indication
from workbench.model.verification import SourceVerdict
from workbench.policy.rights import Rights
from workbench.store.marks import NOT_JUDGED, Marks

#: What a level of assurance is called (VERDICTS section 3).
LEVELS = (
    Footing.UNPROTECTED,
    Footing.CONSISTENT,
    Footing.SIGNED,
    Footing.TIMESTAMPED,
    Footing.WITNESSED,
)
_WEAKEST_FIRST = list(Footing)


@dataclass(frozen=True)
class CaseFacts:
    """All that checks are asked of, read once.

    Attributes:
        verdicts: every source with its verdict, by its number in the case.
        things: every thing of the catalogs.
        relations: every relation, with the number of its source.
        edges: the edges of the lineage with their status, or () where none was built.
        decisions: events of the logs by which models are registered, approved and deployed, in
            the order of the logs.
        marks: what verification found about the records of each source.
        sources: what was found in each source when it was taken in.
        stale: why the verdicts are older than what they rest on, in a sentence, or "".
        is_cut: there are more decisions in the logs than were read.
        rights: what consent and licences of data reach.
    """

    verdicts: Mapping[int, SourceVerdict]
    things: Mapping[NodeId, Thing] = field(default_factory=dict)
    relations: Sequence[tuple[int, Relation]] = ()
    edges: Sequence[Edge] = ()
    decisions: Sequence[IndexedEvent] = ()
    marks: Mapping[int, Marks] = field(default_factory=dict)
    sources: Mapping[int, CaseSource] = field(default_factory=dict)
    stale: str = ""
    is_cut: bool = False
    rights: Rights = field(default_factory=Rights)

    def of_type(self, kind: ThingKind, type_: str = "") -> list[tuple[NodeId, Thing]]:
        """Return the things of one kind and type, in the order of their sources."""
        return [
            (node, thing)
            for node, thing in self.things.items()
            if thing.kind is kind and (not type_ or thing.type == type_)
        ]

    def reference(self, source: int, locator: Locator) -> EvidenceRef:
        """Return a place, tied to the digest of its source."""
        verdict = self.verdicts.get(source)
        return EvidenceRef(verdict.sha256 if verdict else "", locator)

    def subjects_of(self, kind: RelationKind) -> Mapping[NodeId, list[NodeId]]:
        """Return, for each object of a kind of relation, its subjects."""
        return self._ends[kind][1]

    def objects_of(self, kind: RelationKind) -> Mapping[NodeId, list[NodeId]]:
        """Return, for each subject of a kind of relation, its objects."""
        return self._ends[kind][0]

    @cached_property
    def _ends(
        self,
    ) -> Mapping[RelationKind, tuple[dict[NodeId, list[NodeId]], dict[NodeId, list[NodeId]]]]:
        ends: dict[RelationKind, tuple[dict[NodeId, list[NodeId]], dict[NodeId, list[NodeId]]]] = {
            kind: (defaultdict(list), defaultdict(list)) for kind in RelationKind
        }
        for source, relation in self.relations:
            forward, backward = ends[relation.kind]
            subject, item = (source, relation.subject), (source, relation.object)
            forward[subject].append(item)
            backward[item].append(subject)
        return ends

    @cached_property
    def history(self) -> History:
        """Return what the logs say of the approval of each version over time."""
        return history_of(self.decisions)

    def has_place(self, source: int, what: str) -> bool:
        """Tell whether a source has a place for something, so that its absence says something."""
        known = self.sources.get(source)
        return known is None or what not in known.cannot_show

    def footing(self, places: Sequence[EvidenceRef]) -> tuple[Footing, str]:
        """Return how the weakest of some places is protected, and a source that is FAILED."""
        found = [self._footing(place) for place in places if place.sha256 in self._by_digest]
        if not found:
            return Footing.UNPROTECTED, ""
        weakest = min((one for one, _ in found), key=_WEAKEST_FIRST.index)
        return weakest, next((name for _, name in found if name), "")

    def is_failed(self, source: int) -> bool:
        """Tell whether Integrity of a source is FAILED."""
        verdict = self.verdicts[source].verdict
        return verdict is not None and verdict.integrity.indication is Indication.FAILED

    def is_bare(self, source: int) -> bool:
        """Tell whether the digest of a log leaves out who did what to what (``not_covered``)."""
        known, verdict = self.sources.get(source), self.verdicts[source].verdict
        if known is None or known.fields is None or verdict is None:
            return False
        read = (known.fields.actor, known.fields.action, known.fields.object, known.fields.outcome)
        names = {part for name in read if name for part in (".".join(name), name[0])}
        return not names.isdisjoint(verdict.not_covered)

    def _footing(self, place: EvidenceRef) -> tuple[Footing, str]:
        number = self._by_digest[place.sha256]
        source, marks = self.verdicts[number], self.marks.get(number, NOT_JUDGED)
        if source.verdict is None:
            return Footing.UNVERIFIED, ""
        record = place.locator.record
        failed = self.is_failed(number)
        level = 0 if record and self.is_bare(number) else self._level(number, record)
        broken = record in marks.broken or (failed and not self._level(number, record))
        name = str(Locator(source.path, source.member)) if failed else ""
        return (Footing.BROKEN if broken else LEVELS[level]), name

    def _level(self, number: int, record: int | None) -> int:
        """Return the level of a record; of what has no records, that of the whole source."""
        verdict, marks = self.verdicts[number].verdict, self.marks.get(number, NOT_JUDGED)
        if record is not None and verdict is not None and verdict.assurance:
            return marks.level(record)
        if verdict is None or verdict.integrity.indication is not Indication.PASSED:
            return 0
        if verdict.authenticity.indication is not Indication.PASSED:
            return 1
        return 3 if verdict.time.indication is Indication.PASSED else 2

    @cached_property
    def _by_digest(self) -> Mapping[str, int]:
        return {verdict.sha256: number for number, verdict in reversed(list(self.verdicts.items()))}


def pairs(thing: Thing, group: AttributeGroup) -> dict[str, str]:
    """Return the last value of each name of a group."""
    return {a.name: a.value for a in thing.attributes if a.group is group}
