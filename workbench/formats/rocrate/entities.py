"""What a crate holds and names: files, folders, software, people, and what describes them."""

from collections.abc import Iterator

from workbench.formats.doubts import Stated, digests, licence
from workbench.formats.part import Part
from workbench.formats.rocrate.crate import Crate, entity_key, id_of, references, types_of
from workbench.model.catalog import (
    Attribute,
    AttributeGroup,
    CatalogRecord,
    Relation,
    RelationKind,
    Thing,
)

_DIGESTS = ("sha512", "sha256", "sha1", "md5")
#: RO-Crate 1.1 "Data entities": their ids are paths below the crate, or addresses.
_DATA = {"File", "Dataset"}
_BY = ("author", "creator", "publisher")


def entity(crate: Crate, part: Part) -> Iterator[CatalogRecord]:
    """Yield an entity and what it is part of, comes of and was made by."""
    kind, word = crate.what(part)
    owners = [crate.name(ref) for ref, _ in references(part, *_BY)]
    yield Thing(
        kind,
        word,
        entity_key(id_of(part)),
        part.see("name") or part.see("alternateName") or id_of(part),
        crate.sheet.place(part.pointer),
        version=part.see("softwareVersion") or part.see("version"),
        created=part.time("dateCreated", "datePublished"),
        ended=part.time("dateModified"),
        owner=", ".join(dict.fromkeys(owners)),
        uri=_lies_at(part) or part.see("contentUrl") or part.see("url"),
        attributes=(*_digests(crate, part), *_licences(crate, part), *_tags(part), *part.rest()),
    )
    yield from _edges(crate, part)


def _lies_at(part: Part) -> str:
    """Return where the bytes of a file or folder of the crate lie: its id, where it is a path."""
    name = id_of(part)
    is_path = name not in {"", ".", "./"} and ":" not in name and not name.startswith(("#", "/"))
    return name if is_path and _DATA & set(types_of(part)) else ""


def _digests(crate: Crate, part: Part) -> list[Attribute]:
    stated = [Stated(name, part.text(name), part.at(name)) for name in _DIGESTS if part.see(name)]
    return digests(crate.sheet, stated)


def _licences(crate: Crate, part: Part) -> Iterator[Attribute]:
    for ref, pointer in references(part, "license"):
        yield from licence(crate.sheet, ref, pointer)


def _tags(part: Part) -> Iterator[Attribute]:
    for word, pointer in references(part, "keywords"):
        yield Attribute(AttributeGroup.TAG, word, "", pointer)


def _edges(crate: Crate, part: Part) -> Iterator[Relation]:
    sheet, key = crate.sheet, entity_key(id_of(part))
    for ref, pointer in references(part, "hasPart", "step"):
        yield sheet.relation(RelationKind.MEMBER_OF, entity_key(ref), key, pointer, "part")
    for ref, pointer in references(part, "isBasedOn"):
        yield sheet.relation(RelationKind.DERIVED_FROM, key, entity_key(ref), pointer, "isBasedOn")
    for member in _BY:
        for ref, pointer in references(part, member):
            if ref in crate.by_id:
                kind = RelationKind.ATTRIBUTED_TO
                yield sheet.relation(kind, key, entity_key(ref), pointer, member)
