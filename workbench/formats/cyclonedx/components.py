"""Components of a bill, whatever they are: models with their cards, data, software, files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.formats.doubts import Stated, digests, licence
from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogRecord,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)

_TYPES = {
    "machine-learning-model": ArtifactType.MODEL_VERSION,
    "data": ArtifactType.DATASET,
    "file": ArtifactType.FILE,
    "container": ArtifactType.ENVIRONMENT,
    "operating-system": ArtifactType.ENVIRONMENT,
    "platform": ArtifactType.ENVIRONMENT,
    "device": ArtifactType.ENVIRONMENT,
}
#: Lists of other components, and how this one relates to them; in the last the others come of it.
_PEDIGREE = (
    ("ancestors", RelationKind.DERIVED_FROM, False),
    ("variants", RelationKind.ALTERNATE_OF, False),
    ("descendants", RelationKind.DERIVED_FROM, True),
)


@dataclass(slots=True)
class Bom:
    """A bill while it is read."""

    sheet: Sheet

    def key(self, part: Part, *names: str) -> str:
        """Return the key of what may have a ``bom-ref``: else by its names, else by its place."""
        ref = part.text("bom-ref")
        if ref:
            return ref_key(ref)
        key = key_of("unreferenced", *filter(None, names))
        return key if key not in self.sheet.known else key_of("unreferenced", part.pointer)


def ref_key(ref: str) -> str:
    """Return the key of what a ``bom-ref`` names: one space for all that a bill holds."""
    return key_of("ref", ref)


def components(
    bom: Bom, parts: Sequence[Part], *, usual: str = "", within: str = ""
) -> Iterator[CatalogRecord]:
    """Yield components, with those that they contain; ``usual`` is their type if none is stated."""
    for part in parts:
        kind = part.text("type") or usual
        names = part.see("group"), part.see("name"), part.see("version"), part.see("purl")
        key = bom.key(part, kind, *names)
        if bom.sheet.is_new(key, part, part.pointer):
            yield from _component(bom, part, key, kind)
        if within:
            yield bom.sheet.relation(RelationKind.MEMBER_OF, key, within, part.pointer)


def _component(bom: Bom, part: Part, key: str, kind: str) -> Iterator[CatalogRecord]:
    sheet = bom.sheet
    sheet.count(f"components {kind or 'without a type'}")
    inner = part.apart_each("components") + part.apart_each("services")
    card = _Card(bom, part, key)
    edges = [*card.datasets(), *_pedigree(bom, part, key)]
    group, name = part.text("group"), part.text("name")
    if not name:
        part.odd("name", "the name of the component")
    yield Thing(
        ThingKind.ARTIFACT,
        _TYPES.get(kind, ArtifactType.COMPONENT),
        key,
        f"{group}/{name}" if group else name,
        sheet.place(part.pointer),
        namespace=group,
        version=part.text("version"),
        owner=_owner(part),
        uri=_address(part),
        attributes=(
            Attribute(AttributeGroup.FIELD, "component_type", kind, part.at("type")),
            *_digests(sheet, part),
            *_licences(sheet, part),
            *_tags(part),
            *card.metrics(),
            *card.properties(),
            *part.rest(),
        ),
    )
    yield from edges
    yield from components(bom, inner, within=key)


def _owner(part: Part) -> str:
    supplier = part.part("supplier").see("name")
    return supplier or part.see("publisher") or part.part("manufacturer").see("name")


def _address(part: Part) -> str:
    """Return where it is had from; it stays where it stands among the external references too."""
    listed = part.parts("externalReferences")
    found = (e.see("url") for e in listed if e.see("type") == "distribution")
    return next(found, "") or part.see("purl")


def _digests(sheet: Sheet, part: Part) -> list[Attribute]:
    hashes = part.parts("hashes")
    stated = (Stated(h.see("alg"), h.text("content"), h.at("content")) for h in hashes)
    return digests(sheet, list(stated))


def _licences(sheet: Sheet, part: Part) -> Iterator[Attribute]:
    for choice in part.parts("licenses"):
        named = choice.part("license")
        for holder, member in ((choice, "expression"), (named, "id"), (named, "name")):
            text = holder.text(member)
            if text:
                yield from licence(sheet, text, holder.at(member))


def _tags(part: Part) -> Iterator[Attribute]:
    for tag, pointer in part.texts("tags"):
        yield Attribute(AttributeGroup.TAG, tag, "", pointer)
    yield from _properties(part)


def _properties(part: Part) -> Iterator[Attribute]:
    for one in part.parts("properties"):
        name, value = one.text("name"), one.text("value")
        yield Attribute(AttributeGroup.TAG, name, value, one.at("value"))


def _pedigree(bom: Bom, part: Part, key: str) -> Iterator[CatalogRecord]:
    pedigree = part.part("pedigree")
    for member, kind, is_after in _PEDIGREE:
        others = pedigree.apart_each(member)
        for record in components(bom, others):
            yield record
            if isinstance(record, Thing) and record.locator.pointer in {o.pointer for o in others}:
                ends = (record.key, key) if is_after else (key, record.key)
                yield bom.sheet.relation(kind, *ends, record.locator.pointer or "", member)


@dataclass(slots=True)
class _Card:
    """The model card of a component; what is not asked for here stays where it stands."""

    bom: Bom
    owner: Part
    key: str

    def _card(self) -> Part:
        return self.owner.part("modelCard")

    def datasets(self) -> Iterator[CatalogRecord]:
        """Yield the data that a model was made with: described here, or named by reference."""
        card = self._card()
        if card.members:
            self.bom.sheet.count("model cards")
        parameters = card.part("modelParameters")
        for n, entry in enumerate(parameters.apart_each("datasets")):
            ref, pointer = entry.text("ref"), entry.pointer
            target = ref_key(ref) if ref else self.bom.key(entry, self.key, "dataset", str(n))
            if not ref and self.bom.sheet.is_new(target, entry, pointer):
                yield _dataset(self.bom.sheet, entry, target)
            yield self._made_with(target, pointer)

    def _made_with(self, target: str, pointer: str) -> Relation:
        kind = RelationKind.DERIVED_FROM
        return self.bom.sheet.relation(kind, self.key, target, pointer, "training or evaluation")

    def metrics(self) -> Iterator[Attribute]:
        """Yield the metrics; slices and intervals stay where they stand."""
        analysis = self._card().part("quantitativeAnalysis")
        for metric in analysis.parts("performanceMetrics"):
            name, value = metric.text("type"), metric.text("value")
            if name or value:
                yield Attribute(AttributeGroup.METRIC, name, value, metric.at("value"))

    def properties(self) -> Iterator[Attribute]:
        """Yield the properties that stand on the card itself."""
        yield from _properties(self._card())


def _dataset(sheet: Sheet, part: Part, key: str) -> Thing:
    sheet.count("data sets of model cards")
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.DATASET,
        key,
        part.text("name"),
        sheet.place(part.pointer),
        uri=part.part("contents").see("url"),
        attributes=tuple(part.rest()),
    )
