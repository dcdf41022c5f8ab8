"""RO-Crates 1.1 and 1.2, with runs of workflows: ``ro-crate-metadata.json``.

The graph is flat (RO-Crate 1.1, appendix on JSON-LD): entities name each other by ``@id``. No
context is ever fetched, and the files of the crate are not opened.
"""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.document import DocumentReader
from workbench.formats.glimpse import Glimpse
from workbench.formats.part import Part
from workbench.formats.rocrate.actions import action
from workbench.formats.rocrate.crate import Crate, entity_key, id_of
from workbench.formats.rocrate.entities import entity
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogProblem, CatalogRecord, NoPlace

_NEVER = (
    "whether the files of the crate are what it says: only its description is read here",
    "runs that were not packed into the crate",
    "who approved anything: a crate has no place for decisions",
)


def _fits(top: Glimpse) -> bool:
    return top.says("@context", b"w3id.org/ro/crate") and not top.is_list


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    crate = Crate(sheet)
    for part in root.apart_each("@graph"):
        crate.add(part)
    sheet.totals["entities"] = len(crate.parts)
    if not crate.actions:
        sheet.gaps.append(NoPlace.RUNS.value)
    for part in crate.parts:
        if not id_of(part):
            sheet.problem(CatalogProblem.NO_KEY, part.pointer, "has no @id")
        elif sheet.is_new(entity_key(id_of(part)), part, part.pointer):
            tell = action if id_of(part) in crate.actions else entity
            yield from tell(crate, part)
    sheet.version = crate.version


READER = DocumentReader("ro-crate", "RO-Crate", _fits, _tell, _NEVER)
