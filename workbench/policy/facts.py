"""What a case holds, as the populations of checks are drawn from it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workbench.model.case import EvidenceRef
from workbench.model.catalog import (
    ArtifactType,
    AttributeGroup,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.event import IndexedEvent
from workbench.model.lineage import Edge, NodeId
from workbench.model.locator import Locator
from workbench.model.verification import SourceVerdict


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
    """

    verdicts: Mapping[int, SourceVerdict]
    things: Mapping[NodeId, Thing] = field(default_factory=dict)
    relations: Sequence[tuple[int, Relation]] = ()
    edges: Sequence[Edge] = ()
    decisions: Sequence[IndexedEvent] = ()

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
    def registries_with_stages(self) -> frozenset[int]:
        """Return the sources in which some version has a stage: there aliases do not decide."""
        versions = self.of_type(ThingKind.ARTIFACT, ArtifactType.MODEL_VERSION)
        return frozenset(n[0] for n, t in versions if t.lifecycle_raw not in {"", "None"})


def pairs(thing: Thing, group: AttributeGroup) -> dict[str, str]:
    """Return the last value of each name of a group."""
    return {a.name: a.value for a in thing.attributes if a.group is group}
