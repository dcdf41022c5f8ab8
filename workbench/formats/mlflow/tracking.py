"""Experiments, datasets, runs and what runs read and wrote: the tracking half of MLflow."""

from collections.abc import Iterator

from workbench.evidence.database_rows import Row
from workbench.formats.doubts import digest_doubt
from workbench.formats.mlflow.metrics import point
from workbench.formats.mlflow.models import recorded_models
from workbench.formats.mlflow.store import Children, Line, Store, named, text
from workbench.formats.mlflow.words import (
    CONTEXT_TAG,
    EDGES,
    NAME_TAG,
    PARENT_TAG,
    STATES,
    USER_TAG,
    address_in,
    lifecycle_of,
)
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    Relation,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)


def experiments(store: Store) -> Iterator[CatalogRecord]:
    """Yield the experiments with their tags."""
    tags = store.children("experiment_tags", "experiment_id")
    for line in store.owners("experiments", "experiment_id"):
        stage = line.take("lifecycle_stage")
        yield Thing(
            ThingKind.ARTIFACT,
            ArtifactType.EXPERIMENT,
            key_of("experiment", line.take("experiment_id")),
            line.take("name"),
            line.locator,
            lifecycle=lifecycle_of(stage),
            lifecycle_raw=stage,
            created=line.time("creation_time"),
            ended=line.time("last_update_time"),
            uri=line.take("artifact_location"),
            attributes=(*named(tags.of(line), AttributeGroup.TAG, "key", "value"), *line.rest()),
        )
    tags.settle("experiment")


def datasets(store: Store) -> Iterator[CatalogRecord]:
    """Yield the datasets; their digest is short and whatever the client made of the data."""
    for line in store.owners("datasets", "dataset_uuid"):
        digest = line.take("digest")
        pointer = f"{line.row.pointer}.digest"
        stated = (Attribute(AttributeGroup.DIGEST, "digest", digest, pointer),) if digest else ()
        store.doubt(CatalogProblem.WEAK_DIGEST, pointer, digest_doubt(digest))
        yield Thing(
            ThingKind.ARTIFACT,
            ArtifactType.DATASET,
            key_of("dataset", line.take("dataset_uuid")),
            line.take("name"),
            line.locator,
            version=digest,
            uri=address_in(line.see("dataset_source")),
            attributes=(*stated, *line.rest()),
        )


def runs(store: Store) -> Iterator[CatalogRecord]:
    """Yield the runs, also deleted ones, each with its parameters, metrics and tags."""
    points = "metrics" if store.database.table("metrics") is not None else "latest_metrics"
    params, metrics, tags = (
        store.children(table, "run_uuid") for table in ("params", points, "tags")
    )
    for line in store.owners("runs", "run_uuid"):
        rows = tags.of(line)
        store.doubt_tags(rows)
        yield from _run(line, params.of(line), metrics.of(line), rows)
        yield from recorded_models(store, line, rows)
    for children in (params, metrics, tags):
        children.settle("run")


def _run(
    line: Line, params: list[Row], metrics: list[Row], tags: list[Row]
) -> Iterator[CatalogRecord]:
    key = key_of("run", line.take("run_uuid"))
    stage = line.take("lifecycle_stage")
    stated = {text(row.cells.get("key")): text(row.cells.get("value")) for row in reversed(tags)}
    thing = Thing(
        ThingKind.RUN,
        "",
        key,
        line.take("name") or stated.get(NAME_TAG, ""),
        line.locator,
        lifecycle=lifecycle_of(stage),
        lifecycle_raw=stage,
        state=STATES.get(line.see("status"), RunState.UNKNOWN),
        created=line.time("start_time"),
        ended=line.time("end_time"),
        owner=line.take("user_id") or stated.get(USER_TAG, ""),
        uri=line.take("artifact_uri"),
        attributes=(
            *line.rest(),
            *named(params, AttributeGroup.PARAM, "key", "value"),
            *map(_point, metrics),
            *named(tags, AttributeGroup.TAG, "key", "value"),
        ),
    )
    yield thing
    experiment = line.see("experiment_id")
    if experiment:
        place = line.at("experiment_id")
        yield Relation(RelationKind.MEMBER_OF, key, key_of("experiment", experiment), place)
    for row in tags:
        if row.cells.get("key") == PARENT_TAG:
            parent = key_of("run", text(row.cells.get("value")))
            place = line.place(f"{row.pointer}.value")
            yield Relation(RelationKind.INFORMED_BY, key, parent, place, role="parent")


def _point(row: Row) -> Attribute:
    return point(row, name="key", value="value", step="step", time="timestamp")


def inputs(store: Store) -> Iterator[CatalogRecord]:
    """Yield what runs read and wrote; the role of a dataset is a tag of its row."""
    contexts = store.children("input_tags", "input_uuid")
    for line in store.lines("inputs", "input_uuid"):
        role = _context(contexts, line)
        ends = line.see("source_type"), line.see("destination_type")
        edge = EDGES.get(ends)
        if edge is None:
            what = f"{line.row.pointer} relates {' to '.join(ends)}, which has no known meaning"
            store.problem(CatalogProblem.UNKNOWN_RELATION, line.row.pointer, what)
            continue
        source_kind, destination_kind, kind, backwards = edge
        source = key_of(source_kind, line.see("source_id"))
        destination = key_of(destination_kind, line.see("destination_id"))
        subject, target = (destination, source) if backwards else (source, destination)
        yield Relation(kind, subject, target, line.locator, role=role)
    contexts.settle("row of inputs")


def _context(contexts: Children, line: Line) -> str:
    found = [row.cells for row in contexts.of(line)]
    stated = [text(c.get("value")) for c in found if c.get("name") == CONTEXT_TAG]
    return ", ".join(stated)
