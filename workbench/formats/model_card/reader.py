"""Model cards in JSON as the Model Card Toolkit writes them, schemas 0.0.1 and 0.0.2."""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.document import DocumentReader
from workbench.formats.doubts import licence
from workbench.formats.glimpse import Glimpse
from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogRecord,
    NoPlace,
    RelationKind,
    Thing,
    ThingKind,
)

_PARTS = ("model_parameters", "quantitative_analysis", "considerations", "schema_version")
_NEVER = (
    "which bytes the model and its data are: a card carries no digests",
    "who approved the model, and where it is in use",
    "what the card said before",
    NoPlace.RUNS.value,
)
#: In 0.0.1 the data are parted by what they were for.
_ROLES = {
    "train": RelationKind.DERIVED_FROM,
    "eval": RelationKind.EVALUATED_ON,
}


def _fits(top: Glimpse) -> bool:
    if top.is_list or "$schema" in top.members:
        return False
    is_named = top.says("model_details", b'"name"', b'"owners"', b'"version"', b'"overview"')
    return is_named and any(name in top.members for name in _PARTS)


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    sheet.version = root.see("schema_version")
    details = root.part("model_details")
    name, version = details.see("name"), details.part("version").see("name")
    key = key_of("model", name, version) if version else key_of("model", name)
    sheet.known.add(key)
    data = list(_data(root))
    yield _model(sheet, root, key)
    for part, role in data:
        yield from _data_set(sheet, part, role, key)


def _model(sheet: Sheet, root: Part, key: str) -> Thing:
    details = root.part("model_details")
    version = details.part("version")
    owners = (owner.see("name") for owner in details.parts("owners"))
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.MODEL_VERSION,
        key,
        details.text("name"),
        sheet.place(details.pointer),
        version=version.text("name"),
        created=version.time("date"),
        owner=", ".join(name for name in owners if name),
        uri=details.text("path"),
        attributes=(*_licences(sheet, details), *_metrics(root), *root.rest()),
    )


def _licences(sheet: Sheet, details: Part) -> Iterator[Attribute]:
    stated = [(details, "license")] if details.see("license") else []
    for entry in details.parts("licenses"):
        stated += [(entry, member) for member in ("identifier", "custom_text") if entry.see(member)]
    for part, member in stated:
        yield from licence(sheet, part.text(member), part.at(member))
    if not stated:
        sheet.gaps.append("under which licence it may be used: none is stated")


def _metrics(root: Part) -> Iterator[Attribute]:
    """Yield the metrics; slices, thresholds and intervals stay where they stand."""
    for metric in root.part("quantitative_analysis").parts("performance_metrics"):
        name, value = metric.text("type"), metric.text("value")
        yield Attribute(AttributeGroup.METRIC, name, value, metric.at("value"))


def _data(root: Part) -> Iterator[tuple[Part, str]]:
    """Yield the data of a card, a list of them or one for each purpose."""
    parameters = root.part("model_parameters")
    held = parameters.members.get("data")
    if isinstance(held, dict):
        for role, part in parameters.apart_named("data"):
            yield part, role
    else:
        for part in parameters.apart_each("data"):
            yield part, ""


def _data_set(sheet: Sheet, part: Part, role: str, model: str) -> Iterator[CatalogRecord]:
    name = part.see("name") or role
    key = key_of("dataset", name, part.see("link")) if name else key_of("dataset", part.pointer)
    if sheet.is_new(key, part, part.pointer):
        yield Thing(
            ThingKind.ARTIFACT,
            ArtifactType.DATASET,
            key,
            part.text("name") or role,
            sheet.place(part.pointer),
            uri=part.text("link"),
            attributes=tuple(part.rest()),
        )
    kind = _ROLES.get(role, RelationKind.DERIVED_FROM)
    yield sheet.relation(kind, model, key, part.pointer, role or "training or evaluation")


READER = DocumentReader("model-card", "model card", _fits, _tell, _NEVER)
