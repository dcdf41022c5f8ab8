"""Relationships of an SPDX graph as edges; those that are none of lineage stay facets alone."""

from collections.abc import Iterator

from workbench.formats.part import Part
from workbench.formats.spdx.elements import Graph, element_key
from workbench.model.catalog import Relation, RelationKind

#: Kind of the edge by type of the relationship (SPDX 3.0.1, RelationshipType); ``True``: its
#: subject is what the relationship points to.
_KINDS: dict[str, tuple[RelationKind, bool]] = {
    "trainedOn": (RelationKind.DERIVED_FROM, False),
    "testedOn": (RelationKind.EVALUATED_ON, False),
    "descendantOf": (RelationKind.DERIVED_FROM, False),
    "ancestorOf": (RelationKind.DERIVED_FROM, True),
    "copiedTo": (RelationKind.DERIVED_FROM, True),
    "expandsTo": (RelationKind.DERIVED_FROM, True),
    "amendedBy": (RelationKind.DERIVED_FROM, True),
    "patchedBy": (RelationKind.DERIVED_FROM, False),
    "generates": (RelationKind.GENERATED, False),
    "hasOutput": (RelationKind.GENERATED, False),
    "hasInput": (RelationKind.USED, False),
    "hasVariant": (RelationKind.ALTERNATE_OF, False),
    "contains": (RelationKind.MEMBER_OF, True),
    "hasDataFile": (RelationKind.MEMBER_OF, True),
    "dependsOn": (RelationKind.DEPENDS_ON, False),
    "hasStaticLink": (RelationKind.DEPENDS_ON, False),
    "hasDynamicLink": (RelationKind.DEPENDS_ON, False),
    "hasOptionalDependency": (RelationKind.DEPENDS_ON, False),
    "hasProvidedDependency": (RelationKind.DEPENDS_ON, False),
    "hasPrerequisite": (RelationKind.DEPENDS_ON, False),
    "usesTool": (RelationKind.DEPENDS_ON, False),
    "invokedBy": (RelationKind.ASSOCIATED_WITH, False),
    "modifiedBy": (RelationKind.ATTRIBUTED_TO, False),
    "publishedBy": (RelationKind.ATTRIBUTED_TO, False),
}


def edges_of(graph: Graph, part: Part) -> Iterator[Relation]:
    """Yield the edges that a relationship states, one for each element it points to."""
    name = part.see("relationshipType")
    graph.sheet.count(f"relationship {name}")
    if name not in _KINDS:
        return
    kind, is_turned = _KINDS[name]
    start = part.see("from")
    targets = part.members.get("to")
    for n, target in enumerate(targets if isinstance(targets, list) else [targets]):
        if not start or not isinstance(target, str):
            continue
        ends = (target, start) if is_turned else (start, target)
        pointer = f"{part.at('to')}/{n}" if isinstance(targets, list) else part.at("to")
        subject, item = map(element_key, ends)
        yield graph.sheet.relation(kind, subject, item, pointer, name)
