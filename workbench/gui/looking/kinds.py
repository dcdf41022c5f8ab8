"""The icon of each kind of thing, and its stage in words."""

from workbench.model.catalog import Lifecycle, Thing, ThingKind

#: What MLflow writes for a version that was never given a stage.
_NO_STAGE = "None"
_ICONS = {
    "dataset": "database",
    "feature_set": "table",
    "registered_model": "boxes",
    "model_version": "box",
    "model": "box",
    "code": "file-code",
    "environment": "package",
    "report": "file-text",
    "document": "file-text",
    "experiment": "flask-conical",
    "approval": "user-check",
    "deployment": "rocket",
}
_KINDS = {ThingKind.RUN: "play", ThingKind.JOB: "list-tree", ThingKind.AGENT: "user"}


def icon_of(thing: Thing | None) -> str:
    """Return the icon of what a thing is."""
    if thing is None:
        return "file-question-mark"
    return _ICONS.get(thing.type) or _KINDS.get(thing.kind, "file")


def stage_of(thing: Thing) -> str:
    """Return the stage of a thing in the source's own word; "" where it states none."""
    if thing.lifecycle_raw and thing.lifecycle_raw != _NO_STAGE:
        return thing.lifecycle_raw
    return "" if thing.lifecycle is Lifecycle.UNKNOWN else thing.lifecycle.value
