"""PROV-JSON (W3C member submission): entities, activities, agents and what relates them.

Ids stay as they are written: a prefix is never expanded. What a bundle says is told apart from what
the document says of the same ids.
"""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.document import DocumentReader
from workbench.formats.glimpse import Glimpse
from workbench.formats.part import Part
from workbench.formats.prov.records import Scope, scope_of
from workbench.formats.prov.relations import NAMES, edges_of
from workbench.formats.prov.things import things_of
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogRecord, Relation, RelationKind

_THINGS = {"entity", "activity", "agent"}
_NEVER = (
    "what happened and was not recorded: PROV states what its author chose to state",
    "whether an activity succeeded: only when it began and ended",
    "which entities are data or models, unless their types say so",
)


def _fits(top: Glimpse) -> bool:
    names = top.members.keys() - {"prefix"}
    known = names & {*_THINGS, *NAMES, "bundle"}
    is_stated = any(top.says(name, b'"prov:') for name in known)
    if top.is_list or not known:
        return False
    if names == known:
        return "prefix" in top.members or is_stated
    return "prefix" in top.members and is_stated and len(known) > 1


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    whole = scope_of(sheet, root, "", None)
    bundles = [
        (name, scope_of(sheet, part, name, whole)) for name, part in root.apart_named("bundle")
    ]
    sheet.totals["bundle"] = len(bundles)
    for scope in (whole, *(scope for _, scope in bundles)):
        edges = list(edges_of(scope))
        yield from things_of(scope)
        yield from edges
    for name, scope in bundles:
        yield from _members(whole, name, scope)


def _members(whole: Scope, name: str, scope: Scope) -> Iterator[Relation]:
    """Yield that what a bundle describes is part of it."""
    for key, record in scope.records.items():
        target, pointer = whole.own_key("entity", name), record.parts[0].pointer
        yield scope.sheet.relation(RelationKind.MEMBER_OF, key, target, pointer, "bundle")


READER = DocumentReader("prov-json", "PROV-JSON document", _fits, _tell, _NEVER)
