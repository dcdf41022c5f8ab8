"""Model packages, training jobs and reports of SageMaker, as things."""

from collections.abc import Iterator
from datetime import UTC, datetime

from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.formats.times import from_iso
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogRecord,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)

_STATES = {
    "Completed": RunState.COMPLETE,
    "InProgress": RunState.RUNNING,
    "Failed": RunState.FAILED,
    "Stopping": RunState.RUNNING,
    "Stopped": RunState.ABORTED,
}


def moment(part: Part, name: str) -> datetime | None:
    """Return a time: the command line writes ISO 8601, the API seconds since 1970; not taken."""
    value = part.members.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, tz=UTC)
        except (OverflowError, OSError, ValueError):
            return None
    return from_iso(value)


def _tags(part: Part, name: str) -> Iterator[Attribute]:
    held = part.part(name)
    for key, value in held.members.items():
        if isinstance(value, str | int | float):
            yield Attribute(AttributeGroup.TAG, key, held.text(key), held.at(key))


def package(sheet: Sheet, part: Part) -> Iterator[CatalogRecord]:
    """Yield a model package: a version of its group, with where its model lies."""
    arn, group = part.see("ModelPackageArn"), part.see("ModelPackageGroupName")
    version = part.see("ModelPackageVersion")
    key = key_of("model_version", group, version) if group and version else key_of("arn", arn)
    if not sheet.is_new(key, part, part.pointer):
        return
    sheet.count("model packages")
    models = [(c.see("ModelDataUrl"), c.at("ModelDataUrl")) for c in _containers(part)]
    approval = part.text("ModelApprovalStatus")
    yield Thing(
        ThingKind.ARTIFACT,
        ArtifactType.MODEL_VERSION,
        key,
        group or part.see("ModelPackageName") or arn,
        sheet.place(part.pointer),
        version=version,
        lifecycle_raw=approval,
        created=moment(part, "CreationTime"),
        ended=moment(part, "LastModifiedTime"),
        owner=part.part("CreatedBy").see("UserProfileName"),
        uri=models[0][0] if models else "",
        attributes=(*_tags(part, "CustomerMetadataProperties"), *part.rest()),
    )
    if group:
        yield from _group(sheet, part, key, group)
    for url, pointer in models:
        if url:
            yield from data(sheet, url, pointer, ArtifactType.LOGGED_MODEL)
            target = key_of("data", url)
            yield sheet.relation(RelationKind.DERIVED_FROM, key, target, pointer, "ModelDataUrl")


def _containers(part: Part) -> list[Part]:
    return part.part("InferenceSpecification").parts("Containers")


def _group(sheet: Sheet, part: Part, key: str, group: str) -> Iterator[CatalogRecord]:
    target, place = key_of("registered_model", group), sheet.place(part.at("ModelPackageGroupName"))
    if target not in sheet.known:
        sheet.known.add(target)
        kind = ArtifactType.REGISTERED_MODEL
        yield Thing(ThingKind.ARTIFACT, kind, target, group, place)
    yield sheet.relation(RelationKind.SPECIALIZATION_OF, key, target, place.pointer or "")


def data(sheet: Sheet, url: str, pointer: str, kind: ArtifactType) -> Iterator[Thing]:
    """Yield what lies at an address, once."""
    key = key_of("data", url)
    if key not in sheet.known:
        sheet.known.add(key)
        yield Thing(ThingKind.ARTIFACT, kind, key, url, sheet.place(pointer), uri=url)


def training(sheet: Sheet, part: Part) -> Iterator[CatalogRecord]:
    """Yield a training job with the data of its channels and the model that it made."""
    arn = part.text("TrainingJobArn")
    key = key_of("run", arn)
    sheet.known.add(key)
    sheet.count("training jobs")
    inputs = [
        (channel.see("ChannelName"), place.see("S3Uri"), place.at("S3Uri"))
        for channel in part.parts("InputDataConfig")
        for place in [channel.part("DataSource").part("S3DataSource")]
    ]
    made = part.part("ModelArtifacts")
    model, pointer = made.see("S3ModelArtifacts"), made.at("S3ModelArtifacts")
    yield Thing(
        ThingKind.RUN,
        "training job",
        key,
        part.see("TrainingJobName") or arn,
        sheet.place(part.pointer),
        state=_STATES.get(part.see("TrainingJobStatus"), RunState.UNKNOWN),
        created=moment(part, "TrainingStartTime") or moment(part, "CreationTime"),
        ended=moment(part, "TrainingEndTime"),
        uri=arn,
        attributes=(*_parameters(part), *_metrics(part), *part.rest()),
    )
    for role, url, place in inputs:
        if url:
            yield from data(sheet, url, place, ArtifactType.DATASET)
            yield sheet.relation(RelationKind.USED, key, key_of("data", url), place, role)
    if model:
        yield from data(sheet, model, pointer, ArtifactType.LOGGED_MODEL)
        yield sheet.relation(RelationKind.GENERATED, key, key_of("data", model), pointer)


def _parameters(part: Part) -> Iterator[Attribute]:
    held = part.part("HyperParameters")
    for name, value in held.members.items():
        if isinstance(value, str | int | float):
            yield Attribute(AttributeGroup.PARAM, name, held.text(name), held.at(name))


def _metrics(part: Part) -> Iterator[Attribute]:
    for one in part.parts("FinalMetricDataList"):
        name, time = one.text("MetricName"), moment(one, "Timestamp")
        if "Value" in one.members:
            yield Attribute(
                AttributeGroup.METRIC, name, one.text("Value"), one.at("Value"), time=time
            )


def report(sheet: Sheet, part: Part) -> Thing:
    """Return a report on a model; which model it is about, it does not say."""
    sheet.gaps.append("which model the report is about: it names none")
    metrics = [
        Attribute(AttributeGroup.METRIC, one.text("name"), one.text("value"), one.at("value"))
        for group in part.parts("metric_groups")
        for one in group.parts("metric_data")
        if not isinstance(one.members.get("value"), list | dict | None)
    ]
    kind, name = ArtifactType.REPORT, sheet.file.name
    sheet.known.add("report")
    sheet.count("metrics", len(metrics))
    attributes = (*metrics, *part.rest())
    return Thing(ThingKind.ARTIFACT, kind, "report", name, sheet.place(""), attributes=attributes)
