"""dbt's artifacts: what its project holds (``manifest.json``), what it did (``run_results.json``).

Schemas 1 to 12; the tables that ``catalog.json`` found are data sets. All three name nodes alike.
"""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.dbt.manifest import catalog, manifest
from workbench.formats.dbt.results import results
from workbench.formats.document import DocumentReader
from workbench.formats.glimpse import Glimpse
from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogRecord, NoPlace

_MARK = b"schemas.getdbt.com/dbt/"
_NEVER = (
    "whether tables hold what their models say: definitions and results are stated, not data",
    "who started a run, unless its environment says so",
    "runs before this one: each replaces the files of the last",
)
_TELL = {"manifest": manifest, "run-results": results, "catalog": catalog}


def _fits(top: Glimpse) -> bool:
    return not top.is_list and top.says("metadata", _MARK)


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    schema = root.part("metadata").see("dbt_schema_version").partition("/dbt/")[2]
    sheet.version = schema.removesuffix(".json")
    kind = schema.partition("/")[0]
    if kind in _TELL:
        yield from _TELL[kind](sheet, root)
    if kind != "run-results":
        sheet.gaps += [NoPlace.RUNS.value]
    if kind == "run-results":
        sheet.gaps += [NoPlace.DATASETS.value]


READER = DocumentReader("dbt", "dbt artifact", _fits, _tell, _NEVER)
