"""How components came to be: workflows and their tasks, with what went in and what came out."""

from collections.abc import Iterator, Sequence

from workbench.formats.cyclonedx.components import Bom, components, ref_key
from workbench.formats.part import Part
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

_SIDES = (("inputs", RelationKind.USED), ("outputs", RelationKind.GENERATED))


def formulas(bom: Bom, parts: Sequence[Part]) -> Iterator[CatalogRecord]:
    """Yield what formulas hold: their own components, workflows as runs, tasks as parts of them."""
    for formula in parts:
        yield from components(bom, formula.apart_each("components"))
        yield from components(bom, formula.apart_each("services"), usual="service")
        for workflow in formula.apart_each("workflows"):
            yield from _run(bom, workflow, "workflow", "")


def _run(bom: Bom, part: Part, kind: str, parent: str) -> Iterator[CatalogRecord]:
    key = bom.key(part, kind, part.see("uid"), part.see("name"))
    tasks = part.apart_each("tasks")
    if bom.sheet.is_new(key, part, part.pointer):
        yield from _told(bom, part, key, kind, parent)
    for task in tasks:
        yield from _run(bom, task, "task", key)


def _told(bom: Bom, part: Part, key: str, kind: str, parent: str) -> Iterator[CatalogRecord]:
    sheet = bom.sheet
    sheet.count(f"{kind}s")
    edges = [*_flow(bom, part, key), *_order(bom, part)]
    ended = part.time("timeEnd")
    yield Thing(
        ThingKind.RUN,
        kind,
        key,
        part.text("name") or part.see("uid"),
        sheet.place(part.pointer),
        state=RunState.COMPLETE if ended else RunState.UNKNOWN,
        created=part.time("timeStart"),
        ended=ended,
        attributes=(*_parameters(part), *part.rest()),
    )
    if parent:
        yield sheet.relation(RelationKind.INFORMED_BY, key, parent, part.pointer, "parent")
    yield from edges


def _flow(bom: Bom, part: Part, key: str) -> Iterator[Relation]:
    """Yield what a run took in and gave out, by reference; the rest stays where it stands."""
    for member, kind in _SIDES:
        for entry in part.parts(member):
            resource = entry.part("resource")
            ref = resource.text("ref")
            if ref:
                role = entry.see("type") or member
                yield bom.sheet.relation(kind, key, ref_key(ref), resource.at("ref"), role)


def _order(bom: Bom, part: Part) -> Iterator[Relation]:
    for entry in part.parts("taskDependencies"):
        subject = ref_key(entry.see("ref"))
        for ref, pointer in entry.texts("dependsOn"):
            kind = RelationKind.INFORMED_BY
            yield bom.sheet.relation(kind, subject, ref_key(ref), pointer, "dependsOn")


def _parameters(part: Part) -> Iterator[Attribute]:
    for entry in part.parts("inputs"):
        for one in entry.parts("parameters"):
            name, value = one.text("name"), one.text("value")
            yield Attribute(AttributeGroup.PARAM, name, value, one.at("value"))
