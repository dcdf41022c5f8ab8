"""Elements of an SPDX graph as things, each with the relationships that it states."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from workbench.evidence.quick_json import json_text
from workbench.formats.doubts import Stated, digests, licence
from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    RelationKind,
    RunState,
    Thing,
    ThingKind,
)

_AGENTS = {"Person", "Organization", "Agent", "SoftwareAgent", "Tool"}
_TYPES = {
    "ai_AIPackage": ArtifactType.MODEL_VERSION,
    "dataset_DatasetPackage": ArtifactType.DATASET,
    "software_Package": ArtifactType.COMPONENT,
    "software_File": ArtifactType.FILE,
    "software_Snippet": ArtifactType.FILE,
    "software_Sbom": ArtifactType.DOCUMENT,
    "SpdxDocument": ArtifactType.DOCUMENT,
    "Bom": ArtifactType.DOCUMENT,
    "Bundle": ArtifactType.DOCUMENT,
}
#: What a file is for (SoftwarePurpose), where that says what it is.
_PURPOSES = {
    "data": ArtifactType.DATASET,
    "model": ArtifactType.LOGGED_MODEL,
    "source": ArtifactType.CODE,
    "executable": ArtifactType.CODE,
    "test": ArtifactType.CODE,
    "library": ArtifactType.COMPONENT,
    "documentation": ArtifactType.DOCUMENT,
}
_BUILD = "build_Build"
LICENSING = "simplelicensing_LicenseExpression"
_LICENCES = {"hasDeclaredLicense", "hasConcludedLicense"}
#: Members that name agents; they stay where they stand, too.
_BY = ("suppliedBy", "originatedBy")


@dataclass(slots=True)
class Graph:
    """A graph, sorted: what stands in it may be named before it comes.

    Attributes:
        sheet: the document.
        elements: what becomes a thing.
        relationships: what relates elements.
        by_subject: the relationships of each element.
        names: names of elements by their ids.
        expressions: licence expressions by the ids of their elements.
        moments: creation times by the ids of creation infos.
        version: version of the specification.
        builds: how many builds there are.
        unnamed: ids of what stands in the graph and becomes no thing.
    """

    sheet: Sheet
    elements: list[Part] = field(default_factory=list)
    relationships: list[Part] = field(default_factory=list)
    by_subject: dict[str, list[Part]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    expressions: dict[str, str] = field(default_factory=dict)
    moments: dict[str, Part] = field(default_factory=dict)
    version: str = ""
    builds: int = 0
    unnamed: set[str] = field(default_factory=set)

    def add(self, part: Part) -> None:
        """Take in an element."""
        kind, name = part.see("type"), id_of(part)
        if kind.endswith("Relationship"):
            self.relationships.append(part)
            self.unnamed.add(name)
            self.by_subject.setdefault(part.see("from"), []).append(part)
            return
        self.names.setdefault(name, part.see("name"))
        if kind in {"CreationInfo", LICENSING}:
            self.unnamed.add(name)
        if kind == "CreationInfo":
            self.moments[name] = part
            self.version = self.version or part.see("specVersion")
        elif kind == LICENSING:
            self.expressions[name] = part.see("simplelicensing_licenseExpression")
        else:
            self.builds += kind == _BUILD
            self.elements.append(part)

    def created(self, part: Part) -> datetime | None:
        """Return when an element was described, by its creation info."""
        info = self.moments.get(part.see("creationInfo")) or part.part("creationInfo")
        return part.time("builtTime") or info.time("created")


def id_of(part: Part) -> str:
    """Return the id of an element; blank nodes have one of JSON-LD."""
    return part.see("spdxId") or part.see("@id")


def element_key(name: str) -> str:
    """Return the key of an element."""
    return key_of("element", name)


def told(graph: Graph, part: Part) -> Iterator[CatalogRecord]:
    """Yield an element, and what its own members relate it to."""
    sheet, name, kind = graph.sheet, id_of(part), part.see("type")
    if not name:
        sheet.problem(CatalogProblem.NO_KEY, part.pointer, "has no spdxId")
        return
    key = element_key(name)
    if not sheet.is_new(key, part, part.pointer):
        return
    sheet.count(f"elements {kind or 'without a type'}")
    yield _thing(graph, part, key, kind)
    for member in (*_BY, "createdBy"):
        for ref, pointer in _refs(part, member):
            target = element_key(ref)
            yield sheet.relation(RelationKind.ATTRIBUTED_TO, key, target, pointer, member)
    for member in ("rootElement", "element"):
        for ref, pointer in _refs(part, member):
            if ref in graph.unnamed:
                continue
            yield sheet.relation(RelationKind.MEMBER_OF, element_key(ref), key, pointer, member)


def _refs(part: Part, member: str) -> list[tuple[str, str]]:
    """Return the ids that a member names, without taking it."""
    value = part.members.get(member)
    listed = value if isinstance(value, list) else [value]
    at = part.at(member)
    places = [f"{at}/{n}" for n in range(len(listed))] if listed is value else [at]
    pairs = zip(listed, places, strict=True)
    return [(ref, pointer) for ref, pointer in pairs if isinstance(ref, str)]


def _thing(graph: Graph, part: Part, key: str, kind: str) -> Thing:
    thing_kind, word = _what(part, kind)
    ended = part.time("build_buildEndTime")
    return Thing(
        thing_kind,
        word,
        key,
        part.text("name") or id_of(part).rpartition("/")[2],
        graph.sheet.place(part.pointer),
        version=part.text("software_packageVersion"),
        state=RunState.COMPLETE if ended else RunState.UNKNOWN,
        created=part.time("build_buildStartTime") or graph.created(part),
        ended=ended,
        owner=", ".join(graph.names.get(ref) or ref for ref, _ in _refs(part, _BY[0])),
        uri=part.text("software_downloadLocation"),
        attributes=(
            *_digests(graph.sheet, part),
            *_licences(graph, part),
            *_entries(part, "ai_hyperparameter", AttributeGroup.PARAM),
            *_entries(part, "ai_metric", AttributeGroup.METRIC),
            *_entries(part, "build_parameter", AttributeGroup.PARAM),
            *_stated(graph, part),
            *part.rest(),
        ),
    )


def _what(part: Part, kind: str) -> tuple[ThingKind, str]:
    if kind in _AGENTS:
        return ThingKind.AGENT, kind.lower()
    if kind == _BUILD:
        return ThingKind.RUN, "build"
    usual = _TYPES.get(kind, ArtifactType.ENTITY)
    if usual is ArtifactType.FILE:
        usual = _PURPOSES.get(part.see("software_primaryPurpose"), usual)
    return ThingKind.ARTIFACT, usual


def _digests(sheet: Sheet, part: Part) -> list[Attribute]:
    stated = [
        Stated(entry.see("algorithm"), entry.text("hashValue"), entry.at("hashValue"))
        for entry in part.parts("verifiedUsing")
        if "hashValue" in entry.members
    ]
    return digests(sheet, stated)


def _licences(graph: Graph, part: Part) -> Iterator[Attribute]:
    """Yield the licences that relationships give to an element, each once."""
    seen: set[str] = set()
    for relationship in graph.by_subject.get(id_of(part), []):
        if relationship.see("relationshipType") not in _LICENCES:
            continue
        for ref, pointer in _refs(relationship, "to"):
            text = graph.expressions.get(ref) or ref
            if text not in seen:
                seen.add(text)
                yield from licence(graph.sheet, text, pointer)


def _entries(part: Part, member: str, group: AttributeGroup) -> Iterator[Attribute]:
    for entry in part.parts(member):
        if "key" in entry.members:
            name, value = entry.text("key"), entry.text("value")
            yield Attribute(group, name, value, entry.at("value" if value else "key"))


def _stated(graph: Graph, part: Part) -> Iterator[Attribute]:
    """Yield the relationships of an element as they are stated, edges of lineage or not."""
    for relationship in graph.by_subject.get(id_of(part), []):
        relationship.rest()
        name, text = relationship.see("relationshipType"), json_text(relationship.members)
        yield Attribute(AttributeGroup.FACET, name, text, relationship.pointer)
