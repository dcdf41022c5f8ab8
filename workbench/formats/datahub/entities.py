"""An entity of DataHub as a thing: all that its aspects say, the last of each in its fields."""

from collections.abc import Iterator
from datetime import datetime

from workbench.evidence.quick_json import plain_text
from workbench.evidence.strict_json import JsonValue
from workbench.formats.datahub.records import Aspect, Entity
from workbench.formats.datahub.urn import urn_of
from workbench.formats.sheet import Sheet
from workbench.formats.times import from_milliseconds
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogProblem,
    Lifecycle,
    RunState,
    Thing,
    ThingKind,
    stage_against_alias,
)

Members = dict[str, JsonValue]

_TYPES = {
    "dataset": ArtifactType.DATASET,
    "mlModel": ArtifactType.MODEL_VERSION,
    "mlModelGroup": ArtifactType.REGISTERED_MODEL,
    "mlModelDeployment": ArtifactType.DEPLOYMENT,
    "mlFeature": ArtifactType.FEATURE_SET,
    "mlPrimaryKey": ArtifactType.FEATURE_SET,
    "mlFeatureTable": ArtifactType.FEATURE_SET,
    "chart": ArtifactType.REPORT,
    "dashboard": ArtifactType.REPORT,
    "notebook": ArtifactType.CODE,
    "container": ArtifactType.COLLECTION,
    "dataProduct": ArtifactType.COLLECTION,
    "versionSet": ArtifactType.COLLECTION,
}
_KINDS = {
    "dataJob": ThingKind.JOB,
    "dataFlow": ThingKind.JOB,
    "dataProcessInstance": ThingKind.RUN,
    "corpuser": ThingKind.AGENT,
    "corpGroup": ThingKind.AGENT,
}
_EXPERIMENT = "ML Experiment"
#: The connector for MLflow writes the stage of a version as a tag.
_STAGES = {
    "mlflow_production": Lifecycle.PRODUCTION,
    "mlflow_staging": Lifecycle.STAGING,
    "mlflow_archived": Lifecycle.ARCHIVED,
    "mlflow_none": Lifecycle.UNKNOWN,
}
_RESULTS = {"SUCCESS": RunState.COMPLETE, "FAILURE": RunState.FAILED, "SKIPPED": RunState.ABORTED}
#: Aspects with a name and a time of creation, the telling ones first.
_NAMED = ("Properties", "Info", "properties")
_VERSION = "version"


def thing_of(sheet: Sheet, urn: str, entity: Entity) -> Thing:
    """Return an entity; the verbatim records come after what is put in a place of its own."""
    name = urn_of(urn)
    kind = _KINDS.get(name.type, ThingKind.ARTIFACT)
    properties = _properties(entity)
    stage, lifecycle = _stage(entity)
    version = _version(entity, properties)
    aliases = _aliases(entity)
    _doubt(sheet, entity, lifecycle, aliases)
    state, started, ended = (
        _run(entity) if kind is ThingKind.RUN else (RunState.UNKNOWN, None, None)
    )
    return Thing(
        kind,
        _artifact(entity, name.type) if kind is ThingKind.ARTIFACT else name.type,
        urn,
        _name(properties, version) or name.name,
        sheet.place(entity.pointer),
        namespace=name.platform,
        version=version,
        lifecycle=lifecycle,
        lifecycle_raw=stage,
        state=state,
        created=_moment(properties.get("created")) or started,
        ended=ended or _moment(properties.get("lastModified")),
        owner=_owner(entity, properties),
        uri=_text(properties.get("externalUrl")) or _text(properties.get("uri")),
        attributes=(*aliases, *_values(entity), *_tags(entity), *entity.attributes),
    )


def _artifact(entity: Entity, kind: str) -> ArtifactType:
    names = entity.said("subTypes").get("typeNames")
    if kind == "container" and isinstance(names, list) and _EXPERIMENT in names:
        return ArtifactType.EXPERIMENT
    return _TYPES.get(kind, ArtifactType.TERM)


def _properties(entity: Entity) -> Members:
    """Return the aspect that names an entity, the parts of others for what it lacks."""
    found: Members = {}
    for end in reversed(_NAMED):
        for aspect in entity.aspects:
            if aspect.name.endswith(end):
                found |= {k: v for k, v in aspect.members.items() if v is not None}
    return found


def _name(properties: Members, version: str) -> str:
    """Return what an entity is called; a version as the group that it is a version of."""
    groups = properties.get("groups")
    if version and isinstance(groups, list) and len(groups) == 1 and isinstance(groups[0], str):
        return urn_of(groups[0]).name
    names = ("name", "displayName", "title")
    return next((text for n in names if (text := _text(properties.get(n)))), "")


def _version(entity: Entity, properties: Members) -> str:
    for holder in (entity.said("versionProperties"), properties):
        stated = holder.get(_VERSION)
        tag = stated.get("versionTag") if isinstance(stated, dict) else stated
        if isinstance(tag, str | int | float):
            return plain_text(tag)
    return ""


def _stage(entity: Entity) -> tuple[str, Lifecycle]:
    if entity.is_deleted or entity.said("status").get("removed") is True:
        return "removed", Lifecycle.DELETED
    for tag in _listed(entity.said("globalTags").get("tags")):
        name = urn_of(_text(tag.get("tag")) if isinstance(tag, dict) else "").name
        if name.casefold() in _STAGES:
            return name, _STAGES[name.casefold()]
    return "", Lifecycle.UNKNOWN


def _aliases(entity: Entity) -> list[Attribute]:
    aspect = entity.last("versionProperties")
    if aspect is None:
        return []
    found: list[Attribute] = []
    for n, alias in enumerate(_listed(aspect.members.get("aliases"))):
        name = _text(alias.get("versionTag") if isinstance(alias, dict) else alias)
        if name:
            found.append(Attribute(AttributeGroup.ALIAS, name, "", aspect.at("aliases", n)))
    return found


def _doubt(sheet: Sheet, entity: Entity, lifecycle: Lifecycle, aliases: list[Attribute]) -> None:
    """Note an alias that says in production where the stage says another."""
    if live := stage_against_alias(lifecycle, [alias.name for alias in aliases]):
        what = f"is called {live} and stands in stage {lifecycle.value}"
        sheet.problem(CatalogProblem.CONTRADICTION, entity.pointer, what)


def _run(entity: Entity) -> tuple[RunState, datetime | None, datetime | None]:
    """Return state, start and end of a run by its events, the last of them in time."""
    state, started, ended = RunState.UNKNOWN, None, None
    events = [a.members for a in entity.aspects if a.name == "dataProcessInstanceRunEvent"]
    for event in sorted(events, key=_at):
        time, result = from_milliseconds(event.get("timestampMillis")), event.get("result")
        if event.get("status") == "COMPLETE":
            word = result.get("type") if isinstance(result, dict) else None
            state, ended = _RESULTS.get(str(word), RunState.UNKNOWN), time
        elif event.get("status") == "STARTED":
            state, started = RunState.STARTED, time
    return state, started, ended


def _at(event: Members) -> int:
    time = event.get("timestampMillis")
    return time if isinstance(time, int) else 0


def _moment(stamp: JsonValue) -> datetime | None:
    """Return the time of an audit stamp; DataHub writes 0 where it knows none."""
    return from_milliseconds(stamp.get("time") or None) if isinstance(stamp, dict) else None


def _owner(entity: Entity, properties: Members) -> str:
    owners = [
        urn_of(_text(entry.get("owner"))).name
        for entry in _listed(entity.said("ownership").get("owners"))
        if isinstance(entry, dict)
    ]
    created = properties.get("created")
    actor = _text(created.get("actor")) if isinstance(created, dict) else ""
    return ", ".join(filter(None, owners)) or urn_of(actor).name


def _values(entity: Entity) -> Iterator[Attribute]:
    """Yield parameters and metrics; the last statement of an aspect counts."""
    lists = (("hyperParams", AttributeGroup.PARAM), ("trainingMetrics", AttributeGroup.METRIC))
    for aspect in _last_of_each(entity):
        for member, group in lists:
            for n, entry in enumerate(_listed(aspect.members.get(member))):
                if isinstance(entry, dict) and _text(entry.get("name")):
                    value = entry.get("value")
                    text = "" if value is None else plain_text(value)
                    yield Attribute(group, _text(entry.get("name")), text, aspect.at(member, n))


def _tags(entity: Entity) -> Iterator[Attribute]:
    """Yield custom properties, tags and glossary terms as tags."""
    for aspect in _last_of_each(entity):
        custom = aspect.members.get("customProperties")
        for name, value in custom.items() if isinstance(custom, dict) else ():
            place = aspect.at("customProperties")
            yield Attribute(AttributeGroup.TAG, name, plain_text(value), place)
        for member, key in (("tags", "tag"), ("terms", "urn")):
            for n, entry in enumerate(_listed(aspect.members.get(member))):
                text = _text(entry.get(key)) if isinstance(entry, dict) else _text(entry)
                if text:
                    name = urn_of(text).name
                    yield Attribute(AttributeGroup.TAG, name, "", aspect.at(member, n))


def _last_of_each(entity: Entity) -> list[Aspect]:
    return list({aspect.name: aspect for aspect in entity.aspects}.values())


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _text(value: JsonValue) -> str:
    """Return a text, also where it stands in a union of Avro."""
    if isinstance(value, dict) and len(value) == 1:
        value = value.get("string")
    return value if isinstance(value, str) else ""
