"""Lineage of SageMaker: associations between artifacts, actions, contexts and trial components."""

from collections.abc import Iterator, Sequence

from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    CatalogRecord,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)

#: Parts of an ARN that say that something was done.
_DONE = (":action/", ":experiment-trial-component/", ":training-job/", ":processing-job/")
_TYPES = {
    "DataSet": ArtifactType.DATASET,
    "Dataset": ArtifactType.DATASET,
    "Model": ArtifactType.LOGGED_MODEL,
    "ModelGroup": ArtifactType.REGISTERED_MODEL,
    "Image": ArtifactType.ENVIRONMENT,
    "Endpoint": ArtifactType.DEPLOYMENT,
}


def associations(sheet: Sheet, parts: Sequence[Part]) -> Iterator[CatalogRecord]:
    """Yield both ends of each association, and how they are related."""
    for part in parts:
        sheet.cancel.check()
        sheet.count("associations")
        for side in ("Source", "Destination"):
            yield from _end(sheet, part, side)
        yield from _edge(sheet, part)


def _key(part: Part, side: str) -> str:
    return key_of("arn", part.see(f"{side}Arn") or part.at(f"{side}Arn"))


def _end(sheet: Sheet, part: Part, side: str) -> Iterator[Thing]:
    arn, key = part.see(f"{side}Arn"), _key(part, side)
    if key in sheet.known:
        return
    sheet.known.add(key)
    kind = part.see(f"{side}Type")
    is_run = any(word in arn for word in _DONE)
    yield Thing(
        ThingKind.RUN if is_run else ThingKind.ARTIFACT,
        kind if is_run else _TYPES.get(kind, ArtifactType.ENTITY),
        key,
        part.see(f"{side}Name") or arn,
        sheet.place(part.pointer),
        state=RunState.UNKNOWN,
        uri=arn,
    )


def _edge(sheet: Sheet, part: Part) -> Iterator[CatalogRecord]:
    """Yield the edge; a contribution is a use where the destination is something that was done."""
    source, target = _key(part, "Source"), _key(part, "Destination")
    is_done = any(word in part.see("DestinationArn") for word in _DONE)
    contributed = RelationKind.USED if is_done else RelationKind.DERIVED_FROM
    edges = {
        "Produced": (RelationKind.GENERATED, source, target),
        "ContributedTo": (contributed, target, source),
        "DerivedFrom": (RelationKind.DERIVED_FROM, target, source),
        "SameAs": (RelationKind.ALTERNATE_OF, source, target),
    }
    kind = part.see("AssociationType")
    usual = (RelationKind.ASSOCIATED_WITH, source, target)
    relation, subject, other = edges.get(kind, usual)
    yield sheet.relation(relation, subject, other, part.pointer, kind)
