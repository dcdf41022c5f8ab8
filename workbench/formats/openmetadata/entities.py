"""Entities of OpenMetadata as things, by kind and fully qualified name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    Lifecycle,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)

_ARTIFACTS = {
    "table": ArtifactType.DATASET,
    "topic": ArtifactType.DATASET,
    "container": ArtifactType.DATASET,
    "searchIndex": ArtifactType.DATASET,
    "mlmodel": ArtifactType.REGISTERED_MODEL,
    "dashboard": ArtifactType.REPORT,
    "chart": ArtifactType.REPORT,
    "database": ArtifactType.COLLECTION,
    "databaseSchema": ArtifactType.COLLECTION,
    "service": ArtifactType.COLLECTION,
}
_KINDS = {
    "pipeline": ThingKind.JOB,
    "task": ThingKind.JOB,
    "storedProcedure": ThingKind.JOB,
    "team": ThingKind.AGENT,
    "user": ThingKind.AGENT,
}
#: ``…/api/v1/tables/UUID``: the collection that an entity is had from says its kind.
_HREF = re.compile(r"/api/v\d+/(?:[a-z]+/)?([A-Za-z]+)/[0-9a-f-]{36}\Z")
_COLLECTIONS = {
    "tables": "table",
    "topics": "topic",
    "mlmodels": "mlmodel",
    "pipelines": "pipeline",
    "dashboards": "dashboard",
    "charts": "chart",
    "containers": "container",
    "databases": "database",
    "databaseSchemas": "databaseSchema",
    "users": "user",
    "teams": "team",
    "searchIndexes": "searchIndex",
    "storedProcedures": "storedProcedure",
}
#: Members by which an entity without a kind is known.
_BY_SHAPE = {
    "mlFeatures": "mlmodel",
    "mlHyperParameters": "mlmodel",
    "algorithm": "mlmodel",
    "columns": "table",
    "tasks": "pipeline",
    "teamType": "team",
    "serviceConnection": "service",
}
#: What an entity is part of, the closest first.
_WITHIN = ("databaseSchema", "database", "service", "pipeline")


def entity_key(kind: str, fqn: str) -> str:
    """Return the key of an entity."""
    return key_of(kind, fqn)


@dataclass(slots=True)
class Entities:
    """Tells entities, those that are only named too."""

    sheet: Sheet

    def told(self, part: Part, kind: str, within: str = "") -> Iterator[CatalogRecord]:
        """Yield an entity, what it is part of, and what it was made of."""
        kind = kind or _kind_of(part)
        fqn = fqn_of(part, within)
        if not fqn:
            self.sheet.problem(CatalogProblem.NO_KEY, part.pointer, "has no name")
            return
        key = entity_key(kind, fqn)
        if not self.sheet.is_new(key, part, part.pointer):
            return
        self.sheet.count(f"entities {kind}")
        tasks = part.apart_each("tasks") if kind == "pipeline" else []
        edges = [*self._within(part, key), *self._features(part, key), *_team(part, key)]
        yield self._thing(part, kind, key)
        yield from edges
        for task in tasks:
            yield from self._task(task, key, fqn)

    def named(self, kind: str, fqn: str, pointer: str) -> Iterator[Thing]:
        """Yield an entity that is only named, unless it was told before."""
        key = entity_key(kind, fqn)
        if key not in self.sheet.known:
            self.sheet.known.add(key)
            place = self.sheet.place(pointer)
            yield Thing(*_what(kind), key, last_name(fqn), place, namespace=above(fqn))

    def _thing(self, part: Part, kind: str, key: str) -> Thing:
        is_deleted = part.members.get("deleted") is True
        return Thing(
            *_what(kind),
            key,
            part.see("displayName") if kind in {"user", "team"} else part.see("name"),
            self.sheet.place(part.pointer),
            namespace=above(fqn_of(part, "")),
            version=part.text("version"),
            lifecycle=Lifecycle.DELETED if is_deleted else Lifecycle.UNKNOWN,
            lifecycle_raw="deleted" if is_deleted else "",
            created=part.milliseconds("createdAt"),
            ended=part.milliseconds("updatedAt"),
            owner=_owner(part),
            uri=_address(part),
            attributes=(*_parameters(part), *_tags(part), *part.rest()),
        )

    def _within(self, part: Part, key: str) -> Iterator[CatalogRecord]:
        """Yield the closest thing that an entity is part of; its own reference stays verbatim."""
        for name in _WITHIN:
            value = part.members.get(name)
            if not isinstance(value, dict):
                continue
            fqn = value.get("fullyQualifiedName") or value.get("name")
            if isinstance(fqn, str) and fqn:
                yield from self.named(name, fqn, part.at(name))
                target = entity_key(name, fqn)
                kind = RelationKind.MEMBER_OF
                yield self.sheet.relation(kind, key, target, part.at(name), name)
                return

    def _features(self, part: Part, key: str) -> Iterator[CatalogRecord]:
        """Yield what the features of a model were made of, tables and columns."""
        seen: set[str] = set()
        for feature in part.parts("mlFeatures"):
            for source in feature.parts("featureSources"):
                fqn = _reference(source, "dataSource")
                if not fqn:
                    continue
                target, place = entity_key("table", fqn), self.sheet.place(source.pointer)
                kind = RelationKind.DERIVED_FROM
                if target not in seen:
                    seen.add(target)
                    yield self.sheet.relation(kind, key, target, source.pointer, "feature")
                columns = feature.see("name"), source.see("name")
                self.sheet.count("feature sources")
                yield Relation(kind, key, target, place, "feature", columns)

    def _task(self, part: Part, pipeline: str, fqn: str) -> Iterator[CatalogRecord]:
        name = part.see("name")
        yield from self.told(part, "task", fqn)
        own = entity_key("task", f"{fqn}.{name}")
        yield self.sheet.relation(RelationKind.MEMBER_OF, own, pipeline, part.pointer, "task")
        for after, pointer in _texts(part, "downstreamTasks"):
            later = entity_key("task", f"{fqn}.{after}")
            yield self.sheet.relation(RelationKind.INFORMED_BY, later, own, pointer, "downstream")


def _team(part: Part, key: str) -> Iterator[Relation]:
    for child, pointer in _texts(part, "children"):
        member = entity_key("team", child)
        yield part.sheet.relation(RelationKind.MEMBER_OF, member, key, pointer, "team")


def _texts(part: Part, name: str) -> list[tuple[str, str]]:
    """Return the texts of a list without taking it."""
    value = part.members.get(name)
    listed = enumerate(value if isinstance(value, list) else ())
    return [(v, f"{part.at(name)}/{n}") for n, v in listed if isinstance(v, str) and v]


def _what(kind: str) -> tuple[ThingKind, str]:
    if kind in _KINDS:
        return _KINDS[kind], kind
    return ThingKind.ARTIFACT, _ARTIFACTS.get(kind, ArtifactType.ENTITY)


def _kind_of(part: Part) -> str:
    found = _HREF.search(part.see("href"))
    known = _COLLECTIONS.get(found[1]) if found else None
    shaped = (kind for member, kind in _BY_SHAPE.items() if member in part.members)
    return known or next(shaped, "entity")


def fqn_of(part: Part, within: str) -> str:
    """Return the fully qualified name of an entity, made where it is not stated."""
    stated = part.see("fullyQualifiedName")
    name = part.see("name") or part.see("serviceName")
    if stated or not name:
        return stated
    schema = part.members.get("databaseSchema")
    above_it = schema.get("name") if isinstance(schema, dict) else within
    quoted = f'"{name}"' if "." in name and above_it and not name.startswith('"') else name
    return f"{above_it}.{quoted}" if isinstance(above_it, str) and above_it else quoted


def last_name(fqn: str) -> str:
    """Return the last part of a fully qualified name; a part with dots stands in quotes."""
    return fqn[_cut(fqn) :].strip('"')


def above(fqn: str) -> str:
    """Return what a fully qualified name stands in."""
    return fqn[: max(0, _cut(fqn) - 1)]


def _cut(fqn: str) -> int:
    start, is_quoted = 0, False
    for n, character in enumerate(fqn):
        is_quoted ^= character == '"'
        if character == "." and not is_quoted:
            start = n + 1
    return start


def _reference(part: Part, name: str) -> str:
    """Return the name in a reference to an entity: a text, or an object."""
    value = part.members.get(name)
    if isinstance(value, dict):
        value = value.get("fullyQualifiedName") or value.get("name")
    return value if isinstance(value, str) else ""


def _owner(part: Part) -> str:
    value = part.members.get("owners")
    listed = value if isinstance(value, list) else [part.members.get("owner")]
    names = [entry.get("name") if isinstance(entry, dict) else entry for entry in listed]
    return ", ".join(name for name in names if isinstance(name, str) and name)


def _address(part: Part) -> str:
    store = part.members.get("mlStore")
    storage = store.get("storage") if isinstance(store, dict) else ""
    found = storage or part.see("sourceUrl") or part.see("pipelineUrl") or part.see("taskUrl")
    return found if isinstance(found, str) else ""


def _parameters(part: Part) -> Iterator[Attribute]:
    for one in part.parts("mlHyperParameters"):
        name, value = one.text("name"), one.text("value")
        yield Attribute(AttributeGroup.PARAM, name, value, one.at("value"))


def _tags(part: Part) -> Iterator[Attribute]:
    """Yield the tags of an entity; what else a tag says stays where it stands."""
    value = part.members.get("tags")
    for n, tag in enumerate(value if isinstance(value, list) else ()):
        name = tag.get("tagFQN") if isinstance(tag, dict) else tag
        if isinstance(name, str):
            yield Attribute(AttributeGroup.TAG, name, "", f"{part.at('tags')}/{n}")
