"""Settings of a model as ``transformers`` and ``peft`` write them, beside its weights."""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.document import DocumentReader
from workbench.formats.glimpse import Glimpse
from workbench.formats.huggingface_config import CONFIG
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

_NEVER = (
    "which weights it belongs to: it carries no digest of them",
    "who made the model, when, and of what data",
    NoPlace.RUNS.value,
)
_BASE = "base_model_name_or_path"


def _fits(top: Glimpse) -> bool:
    is_adapter = top.has("peft_type", _BASE)
    is_model = top.has("model_type") and (
        top.has("architectures") or top.has("transformers_version")
    )
    is_cut = not top.ended and top.has("architectures", "_name_or_path")
    return not top.is_list and (is_adapter or is_model or is_cut)


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    sheet.version = root.see("transformers_version")
    base = root.see(_BASE)
    name = root.see("_name_or_path") or root.see("model_type") or root.see("peft_type")
    key = key_of("model", name)
    sheet.known.add(key)
    yield Thing(
        ThingKind.ARTIFACT,
        ArtifactType.LOGGED_MODEL,
        key,
        name,
        sheet.place(""),
        attributes=(*_settings(root), *root.rest()),
    )
    if base:
        kind, pointer = RelationKind.DERIVED_FROM, root.at(_BASE)
        yield sheet.relation(kind, key, key_of("model", base), pointer, "base model")


def _settings(root: Part) -> Iterator[Attribute]:
    """Yield what is one value each as parameters; lists and objects stay as they are."""
    for name, value in root.members.items():
        if isinstance(value, str | int | float):
            yield Attribute(AttributeGroup.PARAM, name, root.text(name), root.at(name))


READER = DocumentReader(CONFIG, "Hugging Face config", _fits, _tell, _NEVER)
