"""What was done: actions of a crate as runs (Workflow Run RO-Crate profiles)."""

from collections.abc import Iterator

from workbench.formats.part import Part
from workbench.formats.rocrate.crate import Crate, entity_key, id_of, references, types_of
from workbench.model.catalog import (
    Attribute,
    AttributeGroup,
    CatalogRecord,
    Relation,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)

_STATES = {
    "CompletedActionStatus": RunState.COMPLETE,
    "FailedActionStatus": RunState.FAILED,
    "ActiveActionStatus": RunState.RUNNING,
    "PotentialActionStatus": RunState.UNKNOWN,
}


def action(crate: Crate, part: Part) -> Iterator[CatalogRecord]:
    """Yield an action, what it was done with and by whom, what went in and what came out."""
    sheet, kind = crate.sheet, next(iter(types_of(part)), "Action")
    sheet.count("actions")
    sheet.count(f"actions {kind}")
    agents = [crate.name(ref) for ref, _ in references(part, "agent")]
    yield Thing(
        ThingKind.RUN,
        kind,
        entity_key(id_of(part)),
        part.see("name") or id_of(part),
        sheet.place(part.pointer),
        state=_state(part),
        created=part.time("startTime"),
        ended=part.time("endTime"),
        owner=", ".join(agents),
        attributes=(*_parameters(crate, part), *part.rest()),
    )
    yield from _edges(crate, part)


def _state(part: Part) -> RunState:
    """Return how an action ended; one that is said to have ended is taken to be complete."""
    for ref, _ in references(part, "actionStatus"):
        word = ref.rpartition("/")[2].rpartition(":")[2]
        if word in _STATES:
            return _STATES[word]
    if part.members.get("error"):
        return RunState.FAILED
    return RunState.COMPLETE if part.see("endTime") else RunState.UNKNOWN


def _parameters(crate: Crate, part: Part) -> Iterator[Attribute]:
    """Yield the values among the inputs; where they stand they stay entities of their own."""
    for ref, _ in references(part, "object"):
        value = crate.by_id.get(ref)
        if value is not None and "PropertyValue" in types_of(value):
            text, name = value.see("value"), value.see("name")
            yield Attribute(AttributeGroup.PARAM, name, text, value.at("value"))


def _edges(crate: Crate, part: Part) -> Iterator[Relation]:
    sheet, key = crate.sheet, entity_key(id_of(part))
    for ref, pointer in references(part, "instrument"):
        role = "job" if crate.is_job(ref) else "instrument"
        kind = RelationKind.ASSOCIATED_WITH
        yield sheet.relation(kind, key, entity_key(ref), pointer, role)
    for ref, pointer in references(part, "agent", "participant"):
        kind = RelationKind.ASSOCIATED_WITH
        yield sheet.relation(kind, key, entity_key(ref), pointer, "agent")
    sides = (("object", RelationKind.USED), ("result", RelationKind.GENERATED))
    for member, kind in sides:
        for ref, pointer in references(part, member):
            sheet.count(member)
            other = RelationKind.INFORMED_BY if ref in crate.actions else kind
            yield sheet.relation(other, key, entity_key(ref), pointer, member)
