"""Models, data, endpoints, deployments and pipelines of Azure Machine Learning, as things."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogRecord,
    RelationKind,
    Thing,
    ThingKind,
)


class Kind(NamedTuple):
    """A kind of thing.

    Attributes:
        word: that its key begins with.
        type: of the artifact.
    """

    word: str
    type: ArtifactType


MODELS = Kind("model_version", ArtifactType.MODEL_VERSION)
DATA = Kind("data", ArtifactType.DATASET)
ENDPOINTS = Kind("deployment", ArtifactType.DEPLOYMENT)
#: ``azureml:NAME:VERSION``, or ``azureml:NAME@latest``.
_NAMED = re.compile(r"azureml:(?!//)([^:@]+)(?:[:@](.+))?\Z")
_OUTPUT = re.compile(r"\$\{\{\s*parent\.jobs\.([\w-]+)\.outputs\.([\w-]+)\s*\}\}\Z")
_INPUT = re.compile(r"\$\{\{\s*parent\.inputs\.([\w-]+)\s*\}\}\Z")


def plain(sheet: Sheet, part: Part, kind: Kind, key: str = "") -> Thing:
    """Return an artifact with a name, a version and a path."""
    name, version = part.text("name"), part.text("version")
    made = key or key_of(kind.word, *filter(None, (name or part.pointer, version)))
    sheet.known.add(made)
    sheet.count(f"{kind.type.value}s")
    context = part.part("creation_context")
    return Thing(
        ThingKind.ARTIFACT,
        kind.type,
        made,
        name,
        sheet.place(part.pointer),
        version=version,
        lifecycle_raw=part.text("stage"),
        created=context.time("created_at"),
        ended=context.time("last_modified_at"),
        owner=context.see("created_by"),
        uri=part.text("path"),
        attributes=(*_tags(part), *part.rest()),
    )


def _tags(part: Part) -> Iterator[Attribute]:
    tags = part.part("tags")
    for name, value in tags.members.items():
        if isinstance(value, str | int | float):
            yield Attribute(AttributeGroup.TAG, name, tags.text(name), tags.at(name))


def deployed(sheet: Sheet, part: Part) -> Iterator[CatalogRecord]:
    """Yield a deployment, the endpoint it belongs to, and the model that it serves."""
    endpoint, name = part.see("endpoint_name"), part.see("name")
    key = key_of("deployment", *filter(None, (endpoint, name)))
    model, inner = part.see("model"), part.part("model").see("path")
    pointer = part.at("model")
    yield plain(sheet, part, ENDPOINTS, key)
    if endpoint:
        target = key_of("deployment", endpoint)
        yield sheet.relation(RelationKind.MEMBER_OF, key, target, part.at("endpoint_name"))
    target = _asset(MODELS, model) if model else ""
    if inner and not model:
        target = key_of(MODELS.word, inner)
        yield _by_path(sheet, target, inner, pointer, MODELS)
    if target:
        yield sheet.relation(RelationKind.DEPLOYED, target, key, pointer)


def _asset(kind: Kind, said: str) -> str:
    """Return the key of what a reference names: a name with a version, or an address."""
    named = _NAMED.match(said)
    if named is None:
        return key_of(kind.word, said)
    return key_of(kind.word, *filter(None, (named[1], named[2])))


def _by_path(sheet: Sheet, key: str, path: str, pointer: str, kind: Kind) -> Thing:
    sheet.known.add(key)
    place = sheet.place(pointer)
    return Thing(ThingKind.ARTIFACT, kind.type, key, path, place, uri=path)


def jobs(sheet: Sheet, root: Part) -> Iterator[CatalogRecord]:
    """Yield a pipeline with its steps, or a job alone, and the data between them."""
    name = root.see("name") or root.see("display_name") or sheet.file.name
    key = key_of("job", name)
    sheet.known.add(key)
    steps = root.apart_named("jobs")
    around, edges = _flow(sheet, root, key, name)
    yield _job(sheet, root, key, name, around)
    yield from edges
    for step, part in steps:
        inner = key_of("job", name, step)
        if not sheet.is_new(inner, part, part.pointer):
            continue
        sheet.count("steps")
        given, edges = _flow(sheet, part, inner, name, step)
        yield _job(sheet, part, inner, step, given)
        yield sheet.relation(RelationKind.MEMBER_OF, inner, key, part.pointer)
        yield from edges


def _job(sheet: Sheet, part: Part, key: str, name: str, given: list[Attribute]) -> Thing:
    kind, place = part.see("type") or "job", sheet.place(part.pointer)
    attributes = (*given, *_tags(part), *part.rest())
    return Thing(ThingKind.JOB, kind, key, name, place, attributes=attributes)


def _flow(
    sheet: Sheet, part: Part, key: str, pipeline: str, step: str = ""
) -> tuple[list[Attribute], list[CatalogRecord]]:
    """Return the parameters of a job, and the data that it takes in and gives out."""
    given: list[Attribute] = []
    edges: list[CatalogRecord] = []
    inputs = part.part("inputs")
    for name, value in inputs.members.items():
        said = inputs.part(name).see("path") if isinstance(value, dict) else inputs.see(name)
        pointer = inputs.at(name)
        target = _source(said, pipeline, is_path=isinstance(value, dict))
        if target:
            edges += _edge(sheet, RelationKind.USED, key, target, said, pointer, name)
        elif said:
            given.append(Attribute(AttributeGroup.PARAM, name, inputs.text(name), pointer))
    outputs = part.members.get("outputs")
    for name in outputs if isinstance(outputs, dict) else ():
        pointer = f"{part.at('outputs')}/{name}"
        target = key_of("output", pipeline, *filter(None, (step, name)))
        edges += _edge(sheet, RelationKind.GENERATED, key, target, name, pointer, name)
    return given, edges


def _source(said: str, pipeline: str, *, is_path: bool) -> str:
    """Return the key of what an input is: the output of a step, data by name or path, or ""."""
    if output := _OUTPUT.match(said):
        return key_of("output", pipeline, output[1], output[2])
    if _INPUT.match(said) or not said:
        return ""
    return _asset(DATA, said) if is_path or _NAMED.match(said) else ""


def _edge(
    sheet: Sheet, kind: RelationKind, job: str, target: str, said: str, pointer: str, role: str
) -> Iterator[CatalogRecord]:
    """Yield data as it is named first, and that a job read or wrote it."""
    named = said if kind is RelationKind.GENERATED or not said.startswith("$") else ""
    if target not in sheet.known and named:
        sheet.count("inputs and outputs")
        yield _by_path(sheet, target, named, pointer, DATA)
    yield sheet.relation(kind, job, target, pointer, role)


def monitor(sheet: Sheet, root: Part) -> Iterator[CatalogRecord]:
    """Yield a schedule that watches a deployment, and the data that it holds against each other."""
    name = root.see("name") or sheet.file.name
    key = key_of("job", name)
    held = root.part("create_monitor")
    target = held.part("monitoring_target").see("endpoint_deployment_id")
    edges: list[CatalogRecord] = []
    for signal, part in _objects(held.part("monitoring_signals")):
        edges += _watched(sheet, key, signal, part)
    sheet.known.add(key)
    yield _job(sheet, root, key, name, [])
    yield from edges
    if target:
        served = key_of("deployment", *target.removeprefix("azureml:").split(":"))
        pointer = held.part("monitoring_target").at("endpoint_deployment_id")
        yield sheet.relation(RelationKind.ASSOCIATED_WITH, key, served, pointer, "target")


def _objects(part: Part) -> Iterator[tuple[str, Part]]:
    for name, value in part.members.items():
        if isinstance(value, dict):
            yield name, part.part(name)


def _watched(sheet: Sheet, key: str, signal: str, part: Part) -> Iterator[CatalogRecord]:
    for member in ("production_data", "reference_data"):
        for one in part.parts(member) if member in part.members else []:
            data = one.part("input_data")
            path = data.see("path")
            if path:
                target, role = _asset(DATA, path), one.see("data_context") or member
                sheet.count(f"data of signals {signal}")
                yield from _edge(sheet, RelationKind.USED, key, target, path, data.at("path"), role)
