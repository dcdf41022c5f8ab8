"""Models that runs logged: rows of their own since MLflow 3, entries of a tag before."""

from collections.abc import Iterator

from workbench.errors import SourceError
from workbench.evidence.database_rows import Row
from workbench.evidence.strict_json import JsonValue
from workbench.formats.mlflow.metrics import point
from workbench.formats.mlflow.store import Line, Store, named, text
from workbench.formats.mlflow.words import (
    HISTORY_TAG,
    VERSIONS_TAG,
    entries_in,
    lifecycle_of,
    recorded,
    recorded_key,
    version_in,
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
    Thing,
    ThingKind,
)


def logged_models(store: Store) -> Iterator[CatalogRecord]:
    """Yield the logged models, with the run that made each and the data it was measured on."""
    params, metrics, tags = (
        store.children(f"logged_model_{what}", "model_id") for what in ("params", "metrics", "tags")
    )
    known = _dataset_keys(store)
    for line in store.owners("logged_models", "model_id"):
        points, labels = metrics.of(line), tags.of(line)
        thing = _logged_model(line, params.of(line), points, labels)
        store.models.add(thing.key)
        yield thing
        yield from _origin(line, thing.key)
        yield from _measured_on(line, thing.key, points, known)
        yield from _versions(store, line, thing.key, labels)
    for children in (params, metrics, tags):
        children.settle("logged model")


def _logged_model(line: Line, params: list[Row], points: list[Row], tags: list[Row]) -> Thing:
    stage = line.take("lifecycle_stage")
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.LOGGED_MODEL,
        key_of("logged_model", line.take("model_id")),
        line.take("name"),
        line.locator,
        lifecycle=lifecycle_of(stage),
        lifecycle_raw=stage,
        created=line.time("creation_timestamp_ms"),
        ended=line.time("last_updated_timestamp_ms"),
        uri=line.take("artifact_location"),
        attributes=(
            *line.rest(),
            *named(params, AttributeGroup.PARAM, "param_key", "param_value"),
            *(_point(row) for row in points),
            *named(tags, AttributeGroup.TAG, "tag_key", "tag_value"),
        ),
    )


def _point(row: Row) -> Attribute:
    return point(
        row,
        name="metric_name",
        value="metric_value",
        step="metric_step",
        time="metric_timestamp_ms",
    )


def _origin(line: Line, key: str) -> Iterator[Relation]:
    run, experiment = line.see("source_run_id"), line.see("experiment_id")
    if run:
        place = line.at("source_run_id")
        yield Relation(RelationKind.GENERATED, key_of("run", run), key, place, role="source run")
    if experiment:
        place = line.at("experiment_id")
        yield Relation(RelationKind.MEMBER_OF, key, key_of("experiment", experiment), place)


def _dataset_keys(store: Store) -> dict[tuple[str, str, str], str]:
    """Return the datasets by experiment, name and digest, which is how metrics name them."""
    if store.database.table("logged_model_metrics") is None:
        return {}
    known: dict[tuple[str, str, str], str] = {}
    for line in store.lines("datasets"):
        stated = line.see("experiment_id"), line.see("name"), line.see("digest")
        known.setdefault(stated, line.see("dataset_uuid"))
    return known


def _measured_on(
    line: Line, key: str, points: list[Row], known: dict[tuple[str, str, str], str]
) -> Iterator[Relation]:
    """Yield an edge for each dataset that a metric of the model names."""
    seen: set[str] = set()
    for row in points:
        cells = {column: text(cell) for column, cell in row.cells.items()}
        stated = cells.get("dataset_uuid", "")
        name, digest = cells.get("dataset_name", ""), cells.get("dataset_digest", "")
        found = stated or known.get((line.see("experiment_id"), name, digest), "")
        dataset = key_of("dataset", found) if found else key_of("dataset", name, digest)
        if dataset in seen or not (found or name):
            continue
        seen.add(dataset)
        inferred = not stated
        role = "same name and digest" if inferred and found else ""
        place = line.place(f"{row.pointer}.dataset_name")
        kind = RelationKind.EVALUATED_ON
        yield Relation(kind, key, dataset, place, role=role, inferred=bool(role))


def _versions(store: Store, line: Line, key: str, tags: list[Row]) -> Iterator[Relation]:
    """Yield the versions that a tag of the model says were registered from it."""
    for row in tags:
        if row.cells.get("tag_key") != VERSIONS_TAG:
            continue
        for entry in _entries(store, row, "tag_value"):
            subject = version_in(entry)
            if subject:
                place = line.place(f"{row.pointer}.tag_value")
                yield Relation(RelationKind.DERIVED_FROM, subject, key, place, role=VERSIONS_TAG)


def recorded_models(store: Store, line: Line, tags: list[Row]) -> Iterator[CatalogRecord]:
    """Yield the models that a tag of a run lists, as MLflow recorded them before version 3."""
    run = line.see("run_uuid")
    for row in tags:
        if row.cells.get("key") != HISTORY_TAG:
            continue
        for n, entry in enumerate(_entries(store, row, "value")):
            key = recorded_key(run, entry, n)
            if key in store.models:
                store.skip(row, CatalogProblem.DUPLICATE_KEY, f"names {key} a second time")
                continue
            store.models.add(key)
            yield recorded(key, entry, line.place(f"{row.pointer}.value/{n}"))
            place = line.place(f"{row.pointer}.value")
            kind = RelationKind.GENERATED
            yield Relation(kind, key_of("run", run), key, place, role=HISTORY_TAG)


def _entries(store: Store, row: Row, column: str) -> list[dict[str, JsonValue]]:
    """Return the objects of a list that a cell holds as JSON."""
    try:
        return entries_in(text(row.cells.get(column)), row.pointer)
    except SourceError as error:
        what = f"{row.pointer} should hold a JSON list: {error}"
        store.problem(CatalogProblem.MALFORMED_VALUE, row.pointer, what.removesuffix("."))
        return []


def evaluation_datasets(store: Store) -> Iterator[CatalogRecord]:
    """Yield the datasets that models are evaluated on, and the experiments they belong to."""
    tags = store.children("evaluation_dataset_tags", "dataset_id")
    for line in store.owners("evaluation_datasets", "dataset_id"):
        digest = line.take("digest")
        yield Thing(
            ThingKind.ARTIFACT,
            ArtifactType.DATASET,
            key_of("evaluation_dataset", line.take("dataset_id")),
            line.take("name"),
            line.locator,
            version=digest,
            created=line.time("created_time"),
            ended=line.time("last_update_time"),
            owner=line.take("created_by"),
            attributes=(*line.rest(), *named(tags.of(line), AttributeGroup.TAG, "key", "value")),
        )
    tags.settle("evaluation dataset")
    for line in store.lines("entity_associations"):
        if (line.see("source_type"), line.see("destination_type")) == (
            "evaluation_dataset",
            "experiment",
        ):
            subject = key_of("evaluation_dataset", line.see("source_id"))
            target = key_of("experiment", line.see("destination_id"))
            yield Relation(RelationKind.MEMBER_OF, subject, target, line.locator)
