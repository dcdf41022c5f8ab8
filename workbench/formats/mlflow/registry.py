"""Registered models and their versions: the registry half of MLflow."""

from collections.abc import Iterator

from workbench.evidence.database_rows import Row
from workbench.formats.mlflow.store import Line, Store, named
from workbench.formats.mlflow.words import STAGES, TOMBSTONE, copied_from, run_in
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    Lifecycle,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
    stage_against_alias,
)


def registered_models(store: Store) -> Iterator[CatalogRecord]:
    """Yield the registered models with their tags and aliases."""
    by = store.by("registered_models", "name")
    tags = store.children("registered_model_tags", *by)
    aliases = store.children("registered_model_aliases", *by)
    for line in store.owners("registered_models", *by):
        workspace, labels = line.workspace(), tags.of(line)
        store.doubt_tags(labels)
        yield Thing(
            ThingKind.ARTIFACT,
            ArtifactType.REGISTERED_MODEL,
            key_of("registered_model", line.see("name"), *workspace),
            line.take("name"),
            line.locator,
            namespace="".join(workspace),
            created=line.time("creation_time"),
            ended=line.time("last_updated_time"),
            attributes=(
                *line.rest(),
                *named(aliases.of(line), AttributeGroup.ALIAS, "alias", "version"),
                *named(labels, AttributeGroup.TAG, "key", "value"),
            ),
        )
    tags.settle("registered model")
    aliases.settle("registered model")


def model_versions(store: Store) -> Iterator[CatalogRecord]:
    """Yield the versions, also deleted ones, with what each was made from."""
    by = store.by("model_versions", "name", "version")
    tags = store.children("model_version_tags", *by)
    aliases = store.children("registered_model_aliases", *by)
    for line in store.owners("model_versions", *by):
        workspace = line.workspace()
        key = key_of("model_version", line.see("name"), line.see("version"), *workspace)
        names, labels = aliases.of(line), tags.of(line)
        version = _version(line, key, workspace, names, labels)
        store.doubt_tags(labels)
        _doubt_stage(store, version, line)
        yield version
        model = key_of("registered_model", line.see("name"), *workspace)
        yield Relation(RelationKind.SPECIALIZATION_OF, key, model, line.at("name"))
        if line.see("current_stage") != TOMBSTONE:
            yield from _origin(line, key, workspace)
    tags.settle("model version")
    aliases.settle("model version")


def _doubt_stage(store: Store, version: Thing, line: Line) -> None:
    """Note an alias that says in production where the stage says another."""
    aliases = (a.name for a in version.attributes if a.group is AttributeGroup.ALIAS)
    if alias := stage_against_alias(version.lifecycle, aliases):
        what = f"is called {alias} and stands in stage {version.lifecycle_raw}"
        store.doubt(CatalogProblem.CONTRADICTION, line.row.pointer, what)


def _version(
    line: Line, key: str, workspace: tuple[str, ...], aliases: list[Row], tags: list[Row]
) -> Thing:
    stage = line.take("current_stage")
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.MODEL_VERSION,
        key,
        line.take("name"),
        line.locator,
        namespace="".join(workspace),
        version=line.take("version"),
        lifecycle=STAGES.get(stage, Lifecycle.UNKNOWN),
        lifecycle_raw=stage,
        created=line.time("creation_time"),
        ended=line.time("last_updated_time"),
        owner=line.take("user_id"),
        uri=line.see("storage_location") or line.see("source"),
        attributes=(
            *line.rest(),
            *named(aliases, AttributeGroup.ALIAS, "alias", "version"),
            *named(tags, AttributeGroup.TAG, "key", "value"),
        ),
    )


def _origin(line: Line, key: str, workspace: tuple[str, ...]) -> Iterator[Relation]:
    """Yield the run that made a version, and the model that it is a copy of."""
    run, source = line.see("run_id"), line.see("source")
    if run:
        place = line.at("run_id")
        yield Relation(RelationKind.GENERATED, key_of("run", run), key, place)
    elif named_run := run_in(source):
        subject, place = key_of("run", named_run), line.at("source")
        kind, role = RelationKind.GENERATED, "run named in source"
        yield Relation(kind, subject, key, place, role=role, inferred=True)
    origin = copied_from(source, workspace)
    if origin:
        yield Relation(RelationKind.DERIVED_FROM, key, origin, line.at("source"), role="source")
