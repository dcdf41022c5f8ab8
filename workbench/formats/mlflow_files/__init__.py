"""File stores of MLflow: an ``mlruns`` folder, with a file for each parameter, metric and tag.

Every experiment, run, logged model, registered model and version has a ``meta.yaml``; what lies
beside it says the rest. Artifacts lie in the same folders and are no part of the catalog.
"""

import re

from workbench.formats.reader import Later, Look

MLFLOW_FILES = "mlflow-files"
META = "meta.yaml"
_ORDER = 59


def _has(*names: str) -> tuple[re.Pattern[bytes], ...]:
    """Return what finds keys at the top of a YAML document."""
    return tuple(re.compile(rb"^%b:" % name.encode(), re.MULTILINE) for name in names)


#: What a ``meta.yaml`` is about, by the keys at its top, the first that fits.
_KINDS = (
    ("run", _has("artifact_uri", "experiment_id", "status")),
    ("logged_model", _has("model_id", "experiment_id", "artifact_location")),
    ("experiment", _has("experiment_id", "artifact_location", "name")),
    ("version", _has("current_stage", "version", "name")),
    ("model", _has("creation_timestamp", "last_updated_timestamp", "name")),
)


def kind_of(head: bytes) -> str:
    """Return what a ``meta.yaml`` is about, or ""."""
    return next((kind for kind, keys in _KINDS if all(key.search(head) for key in keys)), "")


def _may_be(look: Look) -> bool:
    return look.file.name == META and bool(kind_of(look.head))


READER = Later(MLFLOW_FILES, "workbench.formats.mlflow_files.reader", _may_be, order=_ORDER)
