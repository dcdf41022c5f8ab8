"""What MLflow's words mean, the same in every form in which a store is handed over."""

import re

from workbench.errors import SourceError
from workbench.evidence.quick_json import parse_quickly, plain_text
from workbench.evidence.strict_json import JsonValue, parse
from workbench.formats.thing_key import key_of
from workbench.formats.times import from_iso
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    Lifecycle,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)
from workbench.model.locator import Locator

#: What no store of MLflow shows, in whatever form it is handed over.
NO_HISTORY = (
    "which stage a version had before, who moved it and when: only the present stage is kept"
)
NO_BYTES = (
    "which bytes a dataset had: its digest has 8 digits and is made by the client",
    "the artifacts themselves: a store names only where they lay",
)
PARENT_TAG = "mlflow.parentRunId"
NAME_TAG = "mlflow.runName"
USER_TAG = "mlflow.user"
CONTEXT_TAG = "mlflow.data.context"
HISTORY_TAG = "mlflow.log-model.history"
VERSIONS_TAG = "mlflow.modelVersions"
#: The stage of a version that was deleted; MLflow keeps its row and blots out where it came from.
TOMBSTONE = "Deleted_Internal"
#: Newer stores part models by workspace. The one that all models of older ones land in is no part
#: of a key, which so stays the same when MLflow migrates a store.
WORKSPACE = "workspace"
DEFAULT_WORKSPACE = "default"

#: States of runs; a file store writes their numbers.
STATES = {
    "RUNNING": RunState.RUNNING,
    "FINISHED": RunState.COMPLETE,
    "FAILED": RunState.FAILED,
    "KILLED": RunState.ABORTED,
    "1": RunState.RUNNING,
    "3": RunState.COMPLETE,
    "4": RunState.FAILED,
    "5": RunState.ABORTED,
}
STAGES = {
    "Staging": Lifecycle.STAGING,
    "Production": Lifecycle.PRODUCTION,
    "Archived": Lifecycle.ARCHIVED,
    TOMBSTONE: Lifecycle.DELETED,
}
#: What an input or output relates: from (type of source, type of destination) to the kinds of the
#: two things, the relation and whether the destination is its subject.
EDGES = {
    ("DATASET", "RUN"): ("dataset", "run", RelationKind.USED, True),
    ("MODEL", "RUN"): ("logged_model", "run", RelationKind.USED, True),
    ("RUN_INPUT", "MODEL_INPUT"): ("run", "logged_model", RelationKind.USED, False),
    ("RUN_OUTPUT", "MODEL_OUTPUT"): ("run", "logged_model", RelationKind.GENERATED, False),
}
_LOGGED = re.compile(r"models:/(m-[0-9a-f]+)/?")
_VERSION = re.compile(r"models:/([^/@]+)/([0-9]+)")
_RUN = re.compile(r"runs:/([0-9a-f]+)/.*", re.DOTALL)


def lifecycle_of(stage: str) -> Lifecycle:
    """Return the lifecycle of a run, an experiment or a logged model."""
    return Lifecycle.DELETED if stage == "deleted" else Lifecycle.UNKNOWN


def address_in(source: str) -> str:
    """Return the address in the JSON that says where a dataset came from, or ""."""
    try:
        stated = parse(source.encode(), what="dataset_source")
    except (SourceError, UnicodeEncodeError):
        return ""
    members = stated if isinstance(stated, dict) else {}
    found = (members.get(name) for name in ("uri", "url", "path"))
    return next((address for address in found if isinstance(address, str)), "")


def run_in(source: str) -> str:
    """Return the id of the run that the source of a version names, or ""."""
    found = _RUN.fullmatch(source)
    return found[1] if found else ""


def copied_from(source: str, workspace: tuple[str, ...]) -> str:
    """Return the key of the model that the source of a version names, or ""."""
    if logged := _LOGGED.fullmatch(source):
        return key_of("logged_model", logged[1])
    if version := _VERSION.fullmatch(source):
        return key_of("model_version", version[1], version[2], *workspace)
    return ""


def entries_in(text: str, what: str) -> list[dict[str, JsonValue]]:
    """Return the objects of a list that a value holds as JSON.

    Raises:
        SourceError: it is no JSON.
    """
    try:
        value = parse_quickly(text.encode(), what=what)
    except UnicodeEncodeError as error:
        raise SourceError(f"{what} is no Unicode.") from error
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]


def recorded_key(run: str, entry: dict[str, JsonValue], n: int) -> str:
    """Return the key of a model that a tag of a run lists."""
    uuid = entry.get("model_uuid")
    if type(uuid) is str and uuid:
        return key_of("logged_model", uuid)
    return key_of("logged_model", run, plain_text(entry.get("artifact_path")), str(n))


def recorded(key: str, entry: dict[str, JsonValue], place: Locator) -> Thing:
    """Return a model that a tag of a run lists, as MLflow recorded them before version 3."""
    made = entry.get("utc_time_created")
    path = entry.get("artifact_path")
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.LOGGED_MODEL,
        key,
        path if type(path) is str else "",
        place,
        created=from_iso(f"{made}+00:00") if type(made) is str else None,
        attributes=tuple(
            Attribute(AttributeGroup.FIELD, name, plain_text(value), f"{place.pointer}/{name}")
            for name, value in entry.items()
        ),
    )


def version_in(entry: dict[str, JsonValue]) -> str:
    """Return the key of a version that a tag of a logged model lists, or ""."""
    name, version = entry.get("name"), entry.get("version")
    if type(name) is not str or version is None:
        return ""
    return key_of("model_version", name, plain_text(version))
