"""Entities of Atlas as things, by guid; processes as the jobs that their inputs flow through."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from workbench.evidence.file import EvidenceFile
from workbench.evidence.strict_json import JsonValue
from workbench.formats.part import Part
from workbench.formats.sheet import DOCUMENT, Sheet
from workbench.formats.thing_key import key_of
from workbench.formats.times import from_milliseconds
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

_PROCESS, _DATA = "Process", "DataSet"
#: The end of the name of a type that says what it is, where its definition does not.
_ENDS = (
    ("process", _PROCESS),
    ("_lineage", _PROCESS),
    ("column", ArtifactType.COLUMN),
    ("storagedesc", ArtifactType.TERM),
    ("db", ArtifactType.COLLECTION),
    ("database", ArtifactType.COLLECTION),
    ("table", ArtifactType.DATASET),
    ("view", ArtifactType.DATASET),
    ("path", ArtifactType.DATASET),
    ("topic", ArtifactType.DATASET),
)
_SIDES = (("inputs", RelationKind.USED), ("outputs", RelationKind.GENERATED))
#: What an entity is part of.
_WITHIN = ("db", "table", "database", "schema")


@dataclass(slots=True)
class Export:
    """An export while it is read.

    Attributes:
        sheet: where numbers and problems of the whole are noted.
        sheets: one for each file.
        entities: entities that have files of their own, each with what stands around it.
        referred: entities that stand in the files of others.
        told: entities that became things.
        held: entities by guid, as they were read first.
        parents: supertypes by type.
        info: who exported what, or None.
        order: guids that the export should hold, or None.
        order_at: the file that lists them.
        found: how many entities there are of each type.
    """

    sheet: Sheet
    sheets: list[Sheet] = field(default_factory=list)
    entities: list[tuple[Part, Part]] = field(default_factory=list)
    referred: list[tuple[str, Part]] = field(default_factory=list)
    told: list[Part] = field(default_factory=list)
    held: dict[str, Part] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)
    info: Part | None = None
    order: list[str] | None = None
    order_at: Sheet | None = None
    found: dict[str, int] = field(default_factory=dict)

    def sheet_of(self, file: EvidenceFile) -> Sheet:
        """Return the sheet of one more file; keys are those of the whole export."""
        made = Sheet(file, self.sheet.cancel, known=self.sheet.known)
        made.document_key = key_of(DOCUMENT, file.name)
        self.sheets.append(made)
        return made

    def add(self, root: Part) -> None:
        """Take in the file of an entity."""
        self.entities += [(part, root) for part in root.apart_each("entity")]
        self.referred += root.apart_named("referredEntities")

    def take_types(self, root: Part) -> None:
        """Take in definitions of types, which stay where they stand."""
        for entry in _listed(root.members.get("entityDefs")):
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                above = [word for word in _listed(entry.get("superTypes")) if isinstance(word, str)]
                self.parents[str(entry["name"])] = above

    def what(self, type_name: str) -> str:
        """Return what a type is: a process, or a type of artifact."""
        seen, wanted = set[str](), [type_name]
        ends = next((kind for end, kind in _ENDS if _plain(type_name).endswith(end)), "")
        while wanted:
            name = wanted.pop()
            if name == _PROCESS:
                return _PROCESS
            if name == _DATA and ends != ArtifactType.COLUMN:
                return ArtifactType.DATASET
            if name not in seen:
                seen.add(name)
                wanted += self.parents.get(name, [])
        return ends or ArtifactType.ENTITY


def _plain(type_name: str) -> str:
    """Return the name of a type in lower case, without the number of its version."""
    head, _, last = type_name.lower().rpartition("_")
    return head if head and last[:1] == "v" and last[1:].isdecimal() else type_name.lower()


def entity_key(guid: str) -> str:
    """Return the key of an entity."""
    return key_of("entity", guid)


def entity(export: Export, part: Part, root: Part) -> Iterator[CatalogRecord]:
    """Yield an entity that has a file of its own, with what else stands in that file."""
    export.sheet.count("entity files")
    for record in _told(export, part.see("guid"), part):
        yield replace(record, attributes=(*record.attributes, *root.rest("file.")))


def referred(export: Export, guid: str, part: Part) -> Iterator[CatalogRecord]:
    """Yield an entity that stands in the file of another; the same again says nothing new."""
    before = export.held.get(guid)
    if before is not None and before.members == part.members:
        part.rest()
    elif before is not None:
        what = f"says another of {guid} than {before.pointer} of {before.sheet.file.name}"
        part.sheet.problem(CatalogProblem.CONTRADICTION, part.pointer, what)
    else:
        yield from _told(export, guid, part)


def _told(export: Export, guid: str, part: Part) -> Iterator[Thing]:
    if not guid:
        part.sheet.problem(CatalogProblem.NO_KEY, part.pointer, "has no guid")
        return
    key = entity_key(guid)
    if not part.sheet.is_new(key, part, part.pointer):
        return
    export.held[guid] = part
    export.told.append(part)
    name = part.see("typeName")
    export.found[name] = export.found.get(name, 0) + 1
    yield _thing(export, key, part)


def _thing(export: Export, key: str, part: Part) -> Thing:
    kind, said = export.what(part.see("typeName")), part.part("attributes")
    is_gone = part.see("status") == "DELETED"
    is_process = kind == _PROCESS
    return Thing(
        ThingKind.JOB if is_process else ThingKind.ARTIFACT,
        part.see("typeName") if is_process else kind,
        key,
        said.see("name") or said.see("qualifiedName") or part.see("guid"),
        part.sheet.place(part.pointer),
        namespace=said.see("clusterName"),
        version=said.see("version"),
        lifecycle=Lifecycle.DELETED if is_gone else Lifecycle.UNKNOWN,
        lifecycle_raw="DELETED" if is_gone else "",
        created=_moment(part, "createTime"),
        ended=_moment(part, "updateTime"),
        owner=said.see("owner") or part.see("createdBy"),
        uri=said.see("path") or said.see("location"),
        attributes=(*_classifications(part), *part.rest()),
    )


def _moment(part: Part, name: str) -> datetime | None:
    """Return a count of milliseconds as a time; Atlas writes 0 where it knows none."""
    return from_milliseconds(part.members.get(name) or None)


def _classifications(part: Part) -> Iterator[Attribute]:
    """Yield the classifications as tags; what else they say stays where it stands."""
    for n, entry in enumerate(_listed(part.members.get("classifications"))):
        name = entry.get("typeName") if isinstance(entry, dict) else None
        if isinstance(name, str):
            yield Attribute(AttributeGroup.TAG, name, "", f"{part.at('classifications')}/{n}")


def relations(export: Export, part: Part) -> Iterator[Relation]:
    """Yield what an entity is part of, and what a process took in and gave out."""
    sheet, key, said = part.sheet, entity_key(part.see("guid")), part.part("attributes")
    for member in _WITHIN:
        for guid, pointer in _guids(said, member):
            yield sheet.relation(RelationKind.MEMBER_OF, key, entity_key(guid), pointer, member)
    if export.what(part.see("typeName")) != _PROCESS:
        return
    export.sheet.count("processes")
    for member, kind in _SIDES:
        for guid, pointer in _guids(said, member):
            export.sheet.count("inputs and outputs of processes")
            yield sheet.relation(kind, key, entity_key(guid), pointer, member)
    yield from _columns(export, part, said)


def _columns(export: Export, part: Part, said: Part) -> Iterator[Relation]:
    """Yield the lineage of columns that a process states: it takes in and gives out columns."""
    made, origins = (
        [found for guid, _ in _guids(said, side) if (found := _column(export, guid))]
        for side in ("outputs", "inputs")
    )
    how = said.see("depenendencyType") or said.see("dependencyType")  # as Atlas spells it
    for (table, name), (other, origin) in part.sheet.pairs(made, origins, part.pointer):
        columns, place = (name, origin), part.sheet.place(said.at("outputs"))
        kind = RelationKind.DERIVED_FROM
        yield Relation(kind, table, other, place, columns=columns, transformation=how)


def _column(export: Export, guid: str) -> tuple[str, str] | None:
    """Return table and name of a column; None for what is none."""
    part = export.held.get(guid)
    if part is None or export.what(part.see("typeName")) != ArtifactType.COLUMN:
        return None
    said = part.part("attributes")
    table = next((guid for guid, _ in _guids(said, "table")), "")
    return (entity_key(table), said.see("name")) if table else None


def _guids(part: Part, member: str) -> Iterator[tuple[str, str]]:
    """Yield the guids that an attribute refers to: one reference, or a list of them."""
    value, at = part.members.get(member), part.at(member)
    for n, entry in enumerate(value if isinstance(value, list) else [value]):
        guid = entry.get("guid") if isinstance(entry, dict) else None
        if isinstance(guid, str) and guid:
            yield guid, f"{at}/{n}" if isinstance(value, list) else at


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []
