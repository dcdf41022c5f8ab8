"""The icon of each kind of thing."""

from workbench.model.catalog import Thing, ThingKind

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
