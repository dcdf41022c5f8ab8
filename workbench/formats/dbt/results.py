"""What one invocation of dbt did: each node that it ran is a run of its own."""

from collections.abc import Iterator
from datetime import datetime

from workbench.formats.dbt.manifest import is_test, node_key
from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
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
    "success": RunState.COMPLETE,
    "pass": RunState.COMPLETE,
    "warn": RunState.COMPLETE,
    "error": RunState.FAILED,
    "runtime error": RunState.FAILED,
    "fail": RunState.FAILED,
    "skipped": RunState.ABORTED,
    "no-op": RunState.ABORTED,
    "partial success": RunState.FAILED,
}


def results(sheet: Sheet, root: Part) -> Iterator[CatalogRecord]:
    """Yield the invocation, then what it ran."""
    metadata = root.part("metadata")
    parts = root.apart_each("results")
    sheet.totals["results"] = len(parts)
    name = metadata.see("invocation_id") or "invocation"
    key = key_of("run", name)
    sheet.known.add(key)
    states = {_STATES.get(part.see("status"), RunState.UNKNOWN) for part in parts}
    is_bad = RunState.FAILED in states
    yield Thing(
        ThingKind.RUN,
        "invocation",
        key,
        root.part("args").see("invocation_command") or f"dbt {root.part('args').see('which')}",
        sheet.place(""),
        version=metadata.see("dbt_version"),
        state=RunState.FAILED if is_bad else RunState.COMPLETE,
        ended=metadata.time("generated_at"),
        attributes=(*_arguments(root), *root.rest()),
    )
    for part in parts:
        yield from _result(sheet, part, key, name)


def _arguments(root: Part) -> Iterator[Attribute]:
    arguments = root.part("args")
    for name, value in arguments.members.items():
        if isinstance(value, str | int | float):
            text = arguments.text(name)
            yield Attribute(AttributeGroup.PARAM, name, text, arguments.at(name))


def _result(sheet: Sheet, part: Part, parent: str, invocation: str) -> Iterator[CatalogRecord]:
    node = part.see("unique_id")
    key = key_of("run", invocation, node or part.pointer)
    if not sheet.is_new(key, part, part.pointer):
        return
    state = _STATES.get(part.see("status"), RunState.UNKNOWN)
    sheet.count(f"results {part.see('status') or 'without a status'}")
    started, ended = _times(part)
    yield Thing(
        ThingKind.RUN,
        node.partition(".")[0] or "result",
        key,
        node,
        sheet.place(part.pointer),
        state=state,
        created=started,
        ended=ended,
        attributes=tuple(part.rest()),
    )
    yield sheet.relation(RelationKind.INFORMED_BY, key, parent, part.pointer, "parent")
    if node and (is_test(node) or state is RunState.COMPLETE):
        yield _made(sheet, part, key, node)


def _made(sheet: Sheet, part: Part, key: str, node: str) -> Relation:
    """Return what a run made; a test is what it ran."""
    pointer = part.at("unique_id")
    if is_test(node):
        kind = RelationKind.ASSOCIATED_WITH
        return sheet.relation(kind, key, node_key(node), pointer, "test")
    return sheet.relation(RelationKind.GENERATED, key, node_key(node), pointer)


def _times(part: Part) -> tuple[datetime | None, datetime | None]:
    """Return when a node began and ended, over all its steps."""
    steps = part.parts("timing")
    begun = [time for step in steps if (time := step.time("started_at"))]
    done = [time for step in steps if (time := step.time("completed_at"))]
    return min(begun, default=None), max(done, default=None)
