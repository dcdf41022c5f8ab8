"""Hugging Face cards: the YAML at the head of a ``README.md`` that describes a model or data set.

A card names data and base models by the names of their repositories, without a digest: the edges
are as weak as that. What follows the YAML is kept as one text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from workbench.errors import SourceError
from workbench.evidence.file import read_whole
from workbench.evidence.limits import Limits
from workbench.evidence.strict_json import JsonValue
from workbench.evidence.strict_yaml import YamlValue, load_yaml
from workbench.evidence.subject import Subject
from workbench.formats.document import ORDER, account_of, told, unread
from workbench.formats.doubts import licence
from workbench.formats.huggingface import CARD, SUFFIXES
from workbench.formats.part import Part
from workbench.formats.reader import Look, Reading, Recognition
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    NoPlace,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Role

_START = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
_END = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)
_NAME = re.compile(rb"^([A-Za-z_][A-Za-z0-9_-]*):", re.MULTILINE)
_TITLE = re.compile(r"^#\s+(.+)$", re.MULTILINE)
_OF_DATA = {
    b"task_categories",
    b"task_ids",
    b"size_categories",
    b"annotations_creators",
    b"language_creators",
    b"dataset_info",
    b"multilinguality",
}
_OF_MODELS = {
    b"library_name",
    b"pipeline_tag",
    b"model-index",
    b"base_model",
    b"base_model_relation",
    b"datasets",
    b"license_name",
    b"extra_gated_prompt",
}
#: Two of these are a card, one may be the head of any page.
_COMMON = {b"license", b"language", b"widget", b"thumbnail", b"metrics"}
_NEVER = (
    "what the data and base models were at the time: they are named, not digested",
    "who changed the card, when, and what it said before",
    "which version of the repository it describes",
    NoPlace.RUNS.value,
    NoPlace.OWNERS.value,
)


@dataclass(frozen=True, slots=True)
class CardReader:
    """Tells a card by the names in its YAML, never by that of the file alone."""

    id: str = CARD
    title: str = "Hugging Face card"
    order: int = ORDER

    def recognise(self, look: Look) -> Recognition | None:
        """Return the format where the YAML at the head has names of a card."""
        front = _front(look.head)
        if front is None or look.suffix not in SUFFIXES:
            return None
        names = set(_NAME.findall(front[0]))
        is_card = names & (_OF_DATA | _OF_MODELS) or len(names & _COMMON) > 1
        return Recognition(self.id, Role.SUBJECT, cannot_show=_NEVER) if is_card else None

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what a card says."""
        file = subject.files[0]
        sheet = Sheet(file, cancel)
        progress.advance(0, file.size, file.display)
        try:
            front, body = _parts(sheet, limits)
            yield from told(sheet, _told(sheet, cast("JsonValue", front), body))
        except SourceError as error:
            yield unread(file, error)
        return account_of(sheet, _NEVER)


def _front(head: bytes) -> tuple[bytes, bytes] | None:
    """Return the YAML at the head and what follows it; an end that is not seen is the end."""
    start = _START.match(head)
    if start is None:
        return None
    end = _END.search(head, start.end())
    if end is None:
        return head[start.end() :], b""
    return head[start.end() : end.start()], head[end.end() :]


def _parts(sheet: Sheet, limits: Limits) -> tuple[YamlValue, str]:
    file = sheet.file
    front, body = _front(read_whole(file, limits=limits)) or (b"", b"")
    value = load_yaml(front, what=file.display, limits=limits)
    try:
        return value, body.decode().strip()
    except UnicodeDecodeError:
        what = "has a text that is not UTF-8: what is none is shown as marks"
        sheet.problem(CatalogProblem.MALFORMED_VALUE, "", what)
        return value, body.decode("utf-8", "replace").strip()


def _told(sheet: Sheet, value: JsonValue, body: str) -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    sheet.cancel.check()
    is_data = any(name.encode() in _OF_DATA for name in root.members)
    kind = ArtifactType.DATASET if is_data else ArtifactType.REGISTERED_MODEL
    results = _results(root)
    name = _name(root, body) or sheet.file.name
    key = key_of(kind.value, name)
    edges = [*_origins(sheet, root, key), *_evaluations(sheet, results, key)]
    sheet.known.add(key)
    whole = Locator(sheet.file.path, sheet.file.member)
    yield Thing(
        ThingKind.ARTIFACT,
        kind,
        key,
        name,
        whole,
        attributes=(
            *_licences(sheet, root),
            *_tags(root),
            *_metrics(results),
            *root.rest(),
            *((Attribute(AttributeGroup.FIELD, "card_text", body),) if body else ()),
        ),
    )
    yield from edges


def _name(root: Part, body: str) -> str:
    """Return what the card is about: as its index or title says it."""
    index = root.members.get("model-index")
    first = index[0] if isinstance(index, list) and index else None
    named = first.get("name") if isinstance(first, dict) else ""
    title = _TITLE.search(body)
    found = (named, root.see("pretty_name"), title[1].strip() if title else "")
    return next((name for name in found if isinstance(name, str) and name), "")


def _licences(sheet: Sheet, root: Part) -> Iterator[Attribute]:
    """Yield the licences; one that is another than those of the list has a name of its own."""
    stated = root.texts("license")
    own = root.see("license_name")
    for text, pointer in stated:
        is_other = bool(own) and text.casefold() == "other"
        yield from licence(sheet, own if is_other else text, pointer)
        if is_other:
            yield Attribute(AttributeGroup.FIELD, "license", text, pointer)
    if not stated:
        sheet.gaps.append("under which licence it may be used: none is stated")


def _tags(root: Part) -> Iterator[Attribute]:
    for tag, pointer in root.texts("tags"):
        yield Attribute(AttributeGroup.TAG, tag, "", pointer)


def _origins(sheet: Sheet, root: Part, key: str) -> Iterator[Relation]:
    """Yield the data and base models that a card names."""
    how = root.see("base_model_relation") or "base model"
    members = (("datasets", "dataset", "datasets"), ("base_model", "registered_model", how))
    for member, kind, role in (*members, ("source_datasets", "dataset", "source")):
        for name, pointer in root.texts(member):
            target = key_of(kind, name)
            yield sheet.relation(RelationKind.DERIVED_FROM, key, target, pointer, role)


def _results(root: Part) -> list[Part]:
    return [result for entry in root.parts("model-index") for result in entry.parts("results")]


def _evaluations(sheet: Sheet, results: list[Part], key: str) -> Iterator[Relation]:
    """Yield the data that a model was evaluated on, each once."""
    seen: set[str] = set()
    for result in results:
        data = result.part("dataset")
        name = data.see("type") or data.see("name")
        if not name:
            what = "names no data set that it was measured on"
            sheet.problem(CatalogProblem.MALFORMED_VALUE, result.pointer, what)
        elif name not in seen:
            seen.add(name)
            target, role = key_of("dataset", name), data.see("split")
            yield sheet.relation(RelationKind.EVALUATED_ON, key, target, data.pointer, role)


def _metrics(results: list[Part]) -> Iterator[Attribute]:
    for result in results:
        for metric in result.parts("metrics"):
            name, value = metric.text("type"), metric.text("value")
            yield Attribute(AttributeGroup.METRIC, name, value, metric.at("value"))


READER = CardReader()
