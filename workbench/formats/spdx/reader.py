"""SPDX 3 documents in JSON-LD: AI packages, data sets, software, and what relates them.

The graph is read as the specification serialises it (SPDX 3.0.1, clause 4.5): a list of elements,
each with its type and ``spdxId``. No context is ever fetched.
"""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.document import DocumentReader
from workbench.formats.glimpse import Glimpse
from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.formats.spdx.elements import Graph, told
from workbench.formats.spdx.relationships import edges_of
from workbench.model.catalog import CatalogRecord, NoPlace

_NEVER = (
    "who changed an element, when, and what it was before: a document states one moment",
    "which elements are in use, approved or in production",
    "what else there is: relationships are those that its authors state",
)


def _fits(top: Glimpse) -> bool:
    return top.says("@context", b"//spdx.org/rdf/3.") and not top.is_list


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    root = Part.apart(sheet, value, "")
    listed = root.apart_each("@graph") if "@graph" in root.members else [root]
    graph = Graph(sheet)
    for element in listed:
        graph.add(element)
    sheet.version = graph.version
    sheet.totals |= {"elements": len(listed), "relationships": len(graph.relationships)}
    if not graph.builds:
        sheet.gaps.append(NoPlace.RUNS.value)
    for element in graph.elements:
        yield from told(graph, element)
    for relationship in graph.relationships:
        yield from edges_of(graph, relationship)


READER = DocumentReader("spdx", "SPDX 3 document", _fits, _tell, _NEVER)
