"""MLflow's own objects as things: as REST, mlflow-export-import and the file store write them.

Each function takes the object and the lists that belong to it, wherever those stand, and takes of
it what has a place in the model; everything else stays an attribute.
"""

from collections.abc import Iterable, Sequence

from workbench.formats.mlflow.book import Book
from workbench.formats.mlflow.lists import left, moment, said, seen, value_of
from workbench.formats.mlflow.words import (
    DEFAULT_WORKSPACE,
    NAME_TAG,
    STAGES,
    STATES,
    USER_TAG,
    WORKSPACE,
    address_in,
    lifecycle_of,
)
from workbench.formats.part import Part
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    Lifecycle,
    RunState,
    Thing,
    ThingKind,
)

Attributes = Iterable[Attribute]


def workspace_of(part: Part) -> tuple[str, ...]:
    """Return what the workspace adds to a key."""
    name = seen(part, WORKSPACE)
    return () if name in {"", DEFAULT_WORKSPACE} else (name,)


def experiment(part: Part, key: str, more: Attributes) -> Thing:
    """Return an experiment."""
    stage = said(part, "lifecycle_stage")
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.EXPERIMENT,
        key,
        said(part, "name"),
        part.sheet.place(part.pointer),
        lifecycle=lifecycle_of(stage),
        lifecycle_raw=stage,
        created=moment(part, "creation_time"),
        ended=moment(part, "last_update_time"),
        uri=said(part, "artifact_location"),
        attributes=(*more, *left(part)),
    )


def dataset(book: Book, part: Part, key: str) -> Thing:
    """Return a dataset."""
    digest = said(part, "digest")
    stated = book.doubt_digest(part.sheet, digest, part.at("digest"))
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.DATASET,
        key,
        said(part, "name"),
        part.sheet.place(part.pointer),
        version=digest,
        uri=address_in(part.see("source")),
        attributes=(*stated, *left(part)),
    )


def run(info: Part, key: str, tags: list[Attribute], more: Attributes) -> Thing:
    """Return a run; ``more`` are its parameters, metric points and what else it has."""
    stage = said(info, "lifecycle_stage")
    identity = said(info, "run_id")
    if info.see("run_uuid") in {identity, ""} or not identity:
        said(info, "run_uuid")
    return Thing(
        ThingKind.RUN,
        "",
        key,
        said(info, "run_name") or said(info, "name") or value_of(tags, NAME_TAG),
        info.sheet.place(info.pointer),
        lifecycle=lifecycle_of(stage),
        lifecycle_raw=stage,
        state=STATES.get(info.see("status"), RunState.UNKNOWN),
        created=moment(info, "start_time"),
        ended=moment(info, "end_time"),
        owner=said(info, "user_id") or value_of(tags, USER_TAG),
        uri=said(info, "artifact_uri"),
        attributes=(*left(info), *more, *tags),
    )


def logged_model(info: Part, key: str, more: Attributes) -> Thing:
    """Return a model that a run logged."""
    stage = said(info, "lifecycle_stage")
    said(info, "model_id")
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.LOGGED_MODEL,
        key,
        said(info, "name"),
        info.sheet.place(info.pointer),
        lifecycle=lifecycle_of(stage),
        lifecycle_raw=stage,
        created=moment(info, "creation_timestamp_ms", "creation_timestamp"),
        ended=moment(info, "last_updated_timestamp_ms", "last_updated_timestamp"),
        uri=said(info, "artifact_uri") or said(info, "artifact_location"),
        attributes=(*left(info), *more),
    )


def registered_model(
    book: Book, part: Part, key: str, names: Sequence[Attribute], tags: list[Attribute]
) -> Thing:
    """Return a registered model with its aliases and tags."""
    book.doubt_tags(part.sheet, tags)
    space = workspace_of(part)
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.REGISTERED_MODEL,
        key,
        said(part, "name"),
        part.sheet.place(part.pointer),
        namespace="".join(space),
        created=moment(part, "creation_timestamp"),
        ended=moment(part, "last_updated_timestamp"),
        owner=said(part, "user_id"),
        attributes=(*left(part), *names, *tags),
    )


def model_key(part: Part, name: str = "") -> str:
    """Return the key of a registered model; ``name`` is what it is called where it says nothing."""
    return key_of("registered_model", seen(part, "name") or name, *workspace_of(part))


def version_key(part: Part, name: str = "", number: str = "") -> str:
    """Return the key of a version of a registered model, likewise."""
    stated = seen(part, "name") or name, seen(part, "version") or number
    return key_of("model_version", *stated, *workspace_of(part))


def version(
    book: Book, part: Part, key: str, names: list[Attribute], tags: list[Attribute]
) -> Thing:
    """Return a version with the aliases that point to it and its tags."""
    book.doubt_tags(part.sheet, tags)
    space = workspace_of(part)
    name, number = said(part, "name"), said(part, "version")
    known = {alias.name for alias in names}
    names = names + [a for a in book.aliases.get((name, number), []) if a.name not in known]
    word = said(part, "current_stage")
    stage = STAGES.get(word, Lifecycle.UNKNOWN)
    book.doubt_stage(part, stage, word, names)
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.MODEL_VERSION,
        key,
        name,
        part.sheet.place(part.pointer),
        namespace="".join(space),
        version=number,
        lifecycle=stage,
        lifecycle_raw=word,
        created=moment(part, "creation_timestamp"),
        ended=moment(part, "last_updated_timestamp"),
        owner=said(part, "user_id"),
        uri=seen(part, "storage_location") or seen(part, "source"),
        attributes=(*left(part), *names, *tags),
    )


def alias(name: str, number: str, pointer: str) -> Attribute:
    """Return an alias of a version."""
    return Attribute(AttributeGroup.ALIAS, name, number, pointer)
