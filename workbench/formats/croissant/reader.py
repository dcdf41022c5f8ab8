"""Croissant: a data set described for machine learning (MLCommons Croissant 1.0, JSON-LD).

The document is the data set. Its files carry the digests, its record sets say which column of which
file each field comes from. No context is ever fetched.
"""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.document import DocumentReader
from workbench.formats.doubts import Stated, digests, licence
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
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)

_MARK = b"mlcommons.org/croissant"
_NEVER = (
    "who uses the data set, and which models were made with it",
    "what an earlier version of it held: a description states one moment",
    "whether its files are what it says: they are elsewhere",
)
_DIGESTS = ("sha256", "md5")
_REFERENCES = ("fileObject", "fileSet", "distribution", "recordSet", "field")


def _fits(top: Glimpse) -> bool:
    if top.is_list or not top.has("@context"):
        return False
    is_described = "distribution" in top.members or "recordSet" in top.members
    return top.says("conformsTo", _MARK) or (top.says("@context", _MARK) and is_described)


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    sheet.version = root.see("conformsTo").rpartition("/")[2]
    files, records = root.apart_each("distribution"), root.apart_each("recordSet")
    sheet.totals |= {"files": len(files), "record sets": len(records)}
    key = key_of("dataset", _id_of(root) or root.see("url"))
    sheet.known.add(key)
    sheet.gaps.append(NoPlace.RUNS.value)
    yield _data_set(sheet, root, key)
    for ref, pointer in _references(root, "prov:wasDerivedFrom", "wasDerivedFrom", "isBasedOn"):
        target = key_of("dataset", ref)
        yield sheet.relation(RelationKind.DERIVED_FROM, key, target, pointer)
    for part in files:
        yield from _file(sheet, part, key)
    for part in records:
        yield from _record_set(sheet, part, key)


def _id_of(part: Part) -> str:
    return part.see("@id") or part.see("name")


def _data_set(sheet: Sheet, root: Part, key: str) -> Thing:
    return Thing(
        ThingKind.ARTIFACT,
        ArtifactType.DATASET,
        key,
        root.text("name"),
        sheet.place(""),
        version=root.text("version"),
        created=root.time("datePublished", "dateCreated"),
        ended=root.time("dateModified"),
        owner=_owner(root),
        uri=root.text("url"),
        attributes=(*_licences(sheet, root), *_keywords(root), *root.rest()),
    )


def _owner(root: Part) -> str:
    for member in ("creator", "publisher", "author"):
        value = root.members.get(member)
        listed = value if isinstance(value, list) else [value]
        names = [entry.get("name") if isinstance(entry, dict) else entry for entry in listed]
        found = ", ".join(name for name in names if isinstance(name, str) and name)
        if found:
            return found
    return ""


def _licences(sheet: Sheet, root: Part) -> Iterator[Attribute]:
    """Yield the licences, as texts or by what their objects name."""
    value = root.members.get("license")
    if not value:
        sheet.gaps.append("under which licence the data may be used: none is stated")
        return
    listed = value if isinstance(value, list) else [value]
    for n, entry in enumerate(listed):
        place = f"{root.at('license')}/{n}" if listed is value else root.at("license")
        members = entry if isinstance(entry, dict) else {"name": entry}
        named = (members.get(name) for name in ("url", "@id", "name"))
        text = next((name for name in named if isinstance(name, str) and name), "")
        if text:
            yield from licence(sheet, text, place)


def _keywords(root: Part) -> Iterator[Attribute]:
    value = root.members.get("keywords")
    words = value.split(",") if isinstance(value, str) else value
    for word in words if isinstance(words, list) else ():
        if isinstance(word, str) and word.strip():
            yield Attribute(AttributeGroup.TAG, word.strip(), "", root.at("keywords"))


def _file(sheet: Sheet, part: Part, owner: str) -> Iterator[CatalogRecord]:
    """Yield a file, or a set of files, and what it lies in."""
    name = _id_of(part)
    key = key_of("file", name or part.pointer)
    if not sheet.is_new(key, part, part.pointer):
        return
    stated = [Stated(name, part.text(name), part.at(name)) for name in _DIGESTS if part.see(name)]
    within = list(_references(part, "containedIn"))
    yield Thing(
        ThingKind.ARTIFACT,
        ArtifactType.FILE,
        key,
        part.see("name") or name,
        sheet.place(part.pointer),
        uri=part.text("contentUrl"),
        attributes=(*digests(sheet, stated), *part.rest()),
    )
    yield sheet.relation(RelationKind.MEMBER_OF, key, owner, part.pointer)
    for ref, pointer in within:
        target = key_of("file", ref)
        yield sheet.relation(RelationKind.MEMBER_OF, key, target, pointer, "containedIn")


def _record_set(sheet: Sheet, part: Part, owner: str) -> Iterator[CatalogRecord]:
    name = _id_of(part)
    key = key_of("record_set", name or part.pointer)
    if not sheet.is_new(key, part, part.pointer):
        return
    edges = list(_sources(sheet, part, key))
    yield Thing(
        ThingKind.ARTIFACT,
        ArtifactType.FEATURE_SET,
        key,
        part.see("name") or name,
        sheet.place(part.pointer),
        attributes=tuple(part.rest()),
    )
    yield sheet.relation(RelationKind.MEMBER_OF, key, owner, part.pointer)
    yield from edges


def _sources(sheet: Sheet, part: Part, key: str) -> Iterator[Relation]:
    """Yield where the fields of a record set come from, each origin once and each column."""
    seen: set[str] = set()
    for field in (
        *part.parts("field"),
        *(f for p in part.parts("field") for f in p.parts("subField")),
    ):
        sheet.count("fields")
        source = field.part("source")
        column = source.part("extract").see("column")
        for ref, pointer in _references(source, *_REFERENCES):
            origin = _origin(ref, pointer)
            kind = RelationKind.DERIVED_FROM
            if origin not in seen and origin != key:
                seen.add(origin)
                yield sheet.relation(kind, key, origin, pointer)
            if column and origin != key:
                columns = _id_of(field), column
                yield Relation(kind, key, origin, sheet.place(pointer), columns=columns)


def _origin(ref: str, pointer: str) -> str:
    """Return what a field comes from: a file, or the record set of another field."""
    if pointer.endswith(("/field", "/recordSet")):
        return key_of("record_set", ref.partition("/")[0])
    return key_of("file", ref)


def _references(part: Part, *members: str) -> Iterator[tuple[str, str]]:
    """Yield the ids that members name, without taking them: texts, or objects with ``@id``."""
    for member in members:
        value = part.members.get(member)
        for entry in value if isinstance(value, list) else [value]:
            ref = entry.get("@id") or entry.get("url") if isinstance(entry, dict) else entry
            if isinstance(ref, str) and ref:
                yield ref, part.at(member)


READER = DocumentReader("croissant", "Croissant description", _fits, _tell, _NEVER)
