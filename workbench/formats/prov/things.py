"""Entities, activities and agents of PROV as things."""

from collections.abc import Iterator
from datetime import datetime

from workbench.evidence.strict_json import JsonValue
from workbench.formats.prov.records import Record, Scope, plain
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    Lifecycle,
    RunState,
    Thing,
    ThingKind,
)

#: The last word of a type, whatever its namespace, where it says what an entity is.
_TYPES = {
    "dataset": ArtifactType.DATASET,
    "data": ArtifactType.DATASET,
    "model": ArtifactType.LOGGED_MODEL,
    "mlmodel": ArtifactType.LOGGED_MODEL,
    "collection": ArtifactType.COLLECTION,
    "emptycollection": ArtifactType.COLLECTION,
    "bundle": ArtifactType.DOCUMENT,
    "softwaresourcecode": ArtifactType.CODE,
    "file": ArtifactType.FILE,
}
_VALUE, _LOCATION = "prov:value", "prov:location"


def things_of(scope: Scope) -> Iterator[Thing]:
    """Yield what a document or bundle describes."""
    for key, record in scope.records.items():
        if scope.sheet.is_new(key, record.parts[0], record.parts[0].pointer):
            yield _thing(scope, key, record)


def _thing(scope: Scope, key: str, record: Record) -> Thing:
    kind, word = _what(record)
    started, ended = _time(record, "prov:startTime"), _time(record, "prov:endTime")
    is_over = ended is not None or (record.ended and kind is ThingKind.RUN)
    is_gone = record.ended and kind is ThingKind.ARTIFACT
    rest = tuple(attribute for part in record.parts for attribute in part.rest())
    return Thing(
        kind,
        word,
        key,
        _first(record, "prov:label") or record.id,
        scope.sheet.place(record.parts[0].pointer),
        namespace=record.id.partition(":")[0] if ":" in record.id else "",
        lifecycle=Lifecycle.DELETED if is_gone else Lifecycle.UNKNOWN,
        lifecycle_raw="invalidated" if is_gone else "",
        state=RunState.COMPLETE if is_over else RunState.UNKNOWN,
        created=started,
        ended=ended,
        uri=_first(record, _LOCATION),
        attributes=(*_parameters(record), *rest, *_identity(record), *record.facets),
    )


def _parameters(record: Record) -> Iterator[Attribute]:
    """Yield what an author says of an activity in words of his own: it stays among the rest too."""
    parts = record.parts if record.kind == "activity" else ()
    for part in parts:
        for name, value in part.members.items():
            text = plain(value)
            if text and not name.startswith("prov:"):
                yield Attribute(AttributeGroup.PARAM, name, text, part.at(name))


def _identity(record: Record) -> Iterator[Attribute]:
    """Yield the id where the label stands for it."""
    if _first(record, "prov:label"):
        yield Attribute(AttributeGroup.FIELD, "id", record.id, record.parts[0].pointer)


def _what(record: Record) -> tuple[ThingKind, str]:
    types = [word for part in record.parts for word in _words(part.members.get("prov:type"))]
    match record.kind:
        case "activity":
            return ThingKind.RUN, types[0] if types else "activity"
        case "agent":
            return ThingKind.AGENT, types[0] if types else "agent"
        case _:
            known = (_TYPES[word] for word in types if word in _TYPES)
            return ThingKind.ARTIFACT, next(known, ArtifactType.ENTITY)


def _words(value: JsonValue) -> list[str]:
    """Return the last words of the types of something, lower case."""
    listed = value if isinstance(value, list) else [value]
    texts = (plain(entry) for entry in listed)
    return [
        text.replace("/", ":").rpartition(":")[2].rpartition("#")[2].lower()
        for text in texts
        if text
    ]


def _first(record: Record, name: str) -> str:
    return next((text for part in record.parts if (text := plain(part.members.get(name)))), "")


def _time(record: Record, name: str) -> datetime | None:
    found = (part.time(name) for part in record.parts)
    return next((time for time in found if time is not None), None)
