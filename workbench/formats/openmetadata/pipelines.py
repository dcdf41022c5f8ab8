"""Runs of pipelines, as their statuses list them: one at each time stamp."""

from collections.abc import Iterator

from workbench.formats.openmetadata.entities import Entities, entity_key
from workbench.formats.part import Part
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    CatalogProblem,
    CatalogRecord,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)

_STATES = {
    "Successful": RunState.COMPLETE,
    "Failed": RunState.FAILED,
    "Pending": RunState.RUNNING,
    "Skipped": RunState.ABORTED,
}


def statuses(entities: Entities, part: Part) -> Iterator[CatalogRecord]:
    """Yield a pipeline and its runs."""
    sheet, fqn = entities.sheet, part.text("pipeline")
    if not fqn:
        sheet.problem(CatalogProblem.NO_KEY, part.pointer, "names no pipeline")
        return
    yield from entities.named("pipeline", fqn, part.pointer)
    for status in part.apart_each("pipelineStatus"):
        time = status.see("timestamp")
        key = key_of("run", fqn, time or status.pointer)
        if not sheet.is_new(key, status, status.pointer):
            continue
        sheet.count("runs")
        at = status.milliseconds("timestamp")
        state = _STATES.get(status.see("executionStatus"), RunState.UNKNOWN)
        yield Thing(
            ThingKind.RUN,
            "pipeline",
            key,
            fqn,
            sheet.place(status.pointer),
            state=state,
            created=at,
            ended=at if state.is_terminal else None,
            attributes=tuple(status.rest()),
        )
        job = entity_key("pipeline", fqn)
        yield sheet.relation(RelationKind.ASSOCIATED_WITH, key, job, status.pointer, "job")
