"""DataHub's metadata as its file sink and ``datahub get`` write it: MCE and MCP, mixed.

Everything said of one entity, in however many records, is one thing. Edges are made of whatever
aspect states them: the catalog's own lineage leaves those of models out, and a connector may state
in one aspect what it lost in another.
"""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.datahub.aspects import edges_of
from workbench.formats.datahub.entities import thing_of
from workbench.formats.datahub.records import Metadata
from workbench.formats.document import DocumentReader
from workbench.formats.glimpse import Glimpse
from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogRecord

_NEVER = (
    "what an aspect said before: a file holds the last state that was written, not its history",
    "who made a change: only some aspects carry an actor",
    "what its connector left out: runs that were deleted, all but one of what one run made",
)


def _fits(top: Glimpse) -> bool:
    is_mce = top.says("proposedSnapshot", b"com.linkedin.")
    is_mcp = top.has("aspectName", "aspect") and (
        "entityUrn" in top.members or top.has("entityType")
    )
    return is_mce or is_mcp


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    metadata = Metadata(sheet)
    listed = value if isinstance(value, list) else [value]
    places = [f"/{n}" for n in range(len(listed))] if listed is value else [""]
    for part in Part.each_apart(sheet, zip(listed, places, strict=True)):
        sheet.cancel.check()
        metadata.add(part)
    sheet.count("records", len(listed))
    sheet.count("entities", len(metadata.entities))
    for urn, entity in metadata.entities.items():
        edges = list(edges_of(sheet, urn, entity))
        yield thing_of(sheet, urn, entity)
        yield from edges


READER = DocumentReader("datahub", "DataHub export", _fits, _tell, _NEVER)
