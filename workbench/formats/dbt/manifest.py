"""Nodes of a project and how they come of each other."""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.doubts import Stated, digests
from workbench.formats.part import Part, escaped
from workbench.formats.sheet import Sheet
from workbench.formats.thing_key import key_of
from workbench.model.catalog import (
    ArtifactType,
    Attribute,
    AttributeGroup,
    CatalogProblem,
    CatalogRecord,
    Relation,
    RelationKind,
    Thing,
    ThingKind,
)

#: Members of a manifest that hold nodes.
_NODES = ("sources", "nodes", "exposures", "metrics", "semantic_models", "saved_queries")
_TESTS = {"test", "unit_test"}
_TYPES = {
    "exposure": ArtifactType.REPORT,
    "analysis": ArtifactType.CODE,
    "operation": ArtifactType.CODE,
    "sql_operation": ArtifactType.CODE,
    "metric": ArtifactType.TERM,
    "semantic_model": ArtifactType.TERM,
    "saved_query": ArtifactType.TERM,
}
Edge = tuple[str, str]


def node_key(name: str) -> str:
    """Return the key of a node, by its unique id."""
    return key_of("node", name)


def is_test(name: str) -> bool:
    """Tell whether a node is a test, which uses what it tests."""
    return name.partition(".")[0] in _TESTS


def manifest(sheet: Sheet, root: Part) -> Iterator[CatalogRecord]:
    """Yield the nodes, then each edge once, whichever of the three places states it."""
    edges: dict[Edge, str] = {}
    for member in _NODES:
        for name, part in root.apart_named(member):
            sheet.count(member)
            for parent, pointer in _parents(part):
                sheet.count("depends_on edges")
                edges.setdefault((name, parent), pointer)
            yield from _node(sheet, name, part)
    for member, is_turned in (("parent_map", False), ("child_map", True)):
        for (name, other), pointer in _map(root, member):
            sheet.count(f"{member} edges")
            edges.setdefault((other, name) if is_turned else (name, other), pointer)
    _compare(sheet, root)
    for (name, parent), pointer in edges.items():
        yield edge(sheet, name, parent, pointer)


def edge(sheet: Sheet, name: str, parent: str, pointer: str) -> Relation:
    """Return that a node comes of another; a test is no data and uses it."""
    kind = RelationKind.USED if is_test(name) else RelationKind.DERIVED_FROM
    return sheet.relation(kind, node_key(name), node_key(parent), pointer)


def _compare(sheet: Sheet, root: Part) -> None:
    """Note that the two maps, which say the same, do not: somebody changed one."""
    parents = {pair for pair, _ in _map(root, "parent_map")}
    children = {(name, parent) for (parent, name), _ in _map(root, "child_map")}
    if "parent_map" in root.members and "child_map" in root.members and parents != children:
        lost, more = len(parents - children), len(children - parents)
        what = f"lacks {lost} of the edges of parent_map and has {more} others"
        sheet.problem(CatalogProblem.TOTALS_DISAGREE, root.at("child_map"), what)


def _map(root: Part, member: str) -> Iterator[tuple[Edge, str]]:
    """Yield the edges of a map, without taking it."""
    value = root.members.get(member)
    for name, listed in value.items() if isinstance(value, dict) else ():
        for n, other in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(other, str):
                yield (name, other), f"{root.at(member)}/{escaped(name)}/{n}"


def _parents(part: Part) -> Iterator[tuple[str, str]]:
    depends = part.members.get("depends_on")
    nodes = depends.get("nodes") if isinstance(depends, dict) else None
    for n, name in enumerate(nodes if isinstance(nodes, list) else ()):
        if isinstance(name, str):
            yield name, f"{part.at('depends_on')}/nodes/{n}"


def _node(sheet: Sheet, name: str, part: Part) -> Iterator[Thing]:
    key = node_key(name)
    if not sheet.is_new(key, part, part.pointer):
        return
    kind = part.see("resource_type") or name.partition(".")[0]
    sheet.count(f"nodes {kind}")
    yield Thing(
        ThingKind.JOB if is_test(name) else ThingKind.ARTIFACT,
        kind if is_test(name) else _TYPES.get(kind, ArtifactType.DATASET),
        key,
        part.see("name") or name,
        sheet.place(part.pointer),
        namespace=".".join(filter(None, (part.see("database"), part.see("schema")))),
        version=part.see("version"),
        owner=_owner(part),
        uri=part.see("relation_name"),
        attributes=(
            Attribute(AttributeGroup.FIELD, "unique_id", name, part.pointer),
            *_checksum(sheet, part),
            *_tags(part),
            *part.rest(),
        ),
    )


def _owner(part: Part) -> str:
    for holder in (part.members, part.members.get("meta"), part.members.get("config")):
        found = _name(holder.get("owner")) if isinstance(holder, dict) else ""
        if found:
            return found
    config = part.members.get("config")
    meta = config.get("meta") if isinstance(config, dict) else None
    return _name(meta.get("owner")) if isinstance(meta, dict) else ""


def _name(owner: JsonValue) -> str:
    if isinstance(owner, dict):
        owner = owner.get("name") or owner.get("email")
    return owner if isinstance(owner, str) else ""


def _checksum(sheet: Sheet, part: Part) -> list[Attribute]:
    checksum = part.part("checksum")
    name, value = checksum.see("name"), checksum.see("checksum")
    if not value or name == "none":
        return []
    return digests(sheet, [Stated(name, checksum.text("checksum"), checksum.at("checksum"))])


def _tags(part: Part) -> Iterator[Attribute]:
    for tag, pointer in part.texts("tags"):
        yield Attribute(AttributeGroup.TAG, tag, "", pointer)


def catalog(sheet: Sheet, root: Part) -> Iterator[CatalogRecord]:
    """Yield the tables that ``dbt docs generate`` found in the database."""
    for member in ("nodes", "sources"):
        for name, part in root.apart_named(member):
            sheet.count(member)
            key, about = node_key(name), part.part("metadata")
            if not sheet.is_new(key, part, part.pointer):
                continue
            yield Thing(
                ThingKind.ARTIFACT,
                ArtifactType.DATASET,
                key,
                about.see("name") or name,
                sheet.place(part.pointer),
                namespace=".".join(filter(None, (about.see("database"), about.see("schema")))),
                owner=about.see("owner"),
                attributes=(
                    Attribute(AttributeGroup.FIELD, "unique_id", name, part.pointer),
                    *part.rest(),
                ),
            )
