"""Exports of Apache Atlas: a ZIP, or what was unpacked of it, with one file an entity.

``atlas-export-info.json`` says who exported what, and how many entities of each type; the order
list names every entity that the export should hold. Both are held against what is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import Limits
from workbench.evidence.strict_json import JsonValue
from workbench.evidence.subject import Subject
from workbench.formats.atlas import ATLAS
from workbench.formats.atlas.entities import Export, entity, referred, relations
from workbench.formats.atlas.totals import compare
from workbench.formats.document import ORDER, account_of, json_of, recognised, unread
from workbench.formats.glimpse import Glimpse
from workbench.formats.part import Part
from workbench.formats.reader import Look, Reading, Recognition
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogRecord, NoPlace
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem

_ORDER_LIST = "atlas-export-order.json"
_NEVER = (
    "what an entity was before: an export holds one version of each; its audit stays in Atlas",
    "entities outside the scope that was asked for, and lineage through them",
    NoPlace.RUNS.value,
)


@dataclass(frozen=True, slots=True)
class AtlasReader:
    """Tells each file of an export; together they are one source."""

    id: str = ATLAS
    title: str = "Atlas export"
    order: int = ORDER

    def recognise(self, look: Look) -> Recognition | None:
        """Return the format by the names at the top; a list of ids by its name alone."""
        return recognised(look, self.id, lambda top: _fits(top, look.file.name), _NEVER)

    def read(
        self, subject: Subject, *, limits: Limits, cancel: Cancel, progress: Progress
    ) -> Reading:
        """Return what an export says: entities that have files of their own come first."""
        files = subject.members or subject.files
        export = Export(Sheet(files[0], cancel))
        for n, file in enumerate(files):
            progress.advance(n, len(files), subject.path)
            yield from _taken(export, file, limits)
        yield from _noted(export, _told(export))
        return account_of(export.sheet, _NEVER)


def _fits(top: Glimpse, name: str) -> bool:
    if top.is_list:
        return name == _ORDER_LIST
    is_entity = top.has("entity", "referredEntities") and top.says("entity", b'"typeName"')
    is_types = top.has("enumDefs", "entityDefs", "classificationDefs")
    return is_entity or is_types or top.has("operationStatus", "metrics", "request")


def _taken(export: Export, file: EvidenceFile, limits: Limits) -> Iterator[Problem]:
    """Take in a file; one that cannot be read is a problem and the others are still read."""
    sheet = export.sheet_of(file)
    try:
        value = json_of(sheet, limits)
    except SourceError as error:
        yield unread(file, error)
        return
    _sort(export, sheet, value)
    yield from sheet.problems()


def _sort(export: Export, sheet: Sheet, value: JsonValue) -> None:
    if isinstance(value, list):
        export.order = [guid for guid in value if isinstance(guid, str)]
        export.order_at = sheet
        for n, guid in enumerate(value):
            sheet.keep(guid, f"/{n}")
        return
    root = Part.apart(sheet, value, "")
    if "entity" in root.members:
        export.add(root)
    elif "operationStatus" in root.members:
        export.info = root
    else:
        export.take_types(root)


def _told(export: Export) -> Iterator[CatalogRecord]:
    for part, root in export.entities:
        yield from entity(export, part, root)
    for guid, part in export.referred:
        yield from referred(export, guid, part)
    for part in export.told:
        yield from relations(export, part)
    compare(export)
    for sheet in export.sheets:
        yield from sheet.document()


def _noted(export: Export, records: Iterator[CatalogRecord]) -> Iterator[CatalogRecord | Problem]:
    for record in records:
        yield record
        export.sheet.cancel.check()
    for sheet in (export.sheet, *export.sheets):
        yield from sheet.problems()


READER = AtlasReader()
