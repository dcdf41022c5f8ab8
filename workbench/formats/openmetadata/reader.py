"""OpenMetadata: answers of its API, and the lists of entities that its loaders write.

There is no export of everything: tables, models, pipelines and lineage come as files of their own,
and entities are joined by their fully qualified names.
"""

from collections.abc import Iterator

from workbench.evidence.strict_json import JsonValue
from workbench.formats.document import DocumentReader
from workbench.formats.glimpse import Glimpse
from workbench.formats.openmetadata.entities import Entities
from workbench.formats.openmetadata.lineage import api_edges, listed_edge
from workbench.formats.openmetadata.pipelines import statuses
from workbench.formats.part import Part
from workbench.formats.sheet import Sheet
from workbench.model.catalog import CatalogRecord, NoPlace

_NEVER = (
    "what an entity was before: an answer holds one version of each",
    "entities of the kinds that are in other files of the same export",
    "lineage that was never drawn or ingested",
)
#: The list of a document of one kind, and what an entry of it has that others have not.
_LISTS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "tables": ("table", (b'"columns"', b'"tableType"')),
    "pipelines": ("pipeline", (b'"pipelineUrl"', b'"tasks"')),
    "tasks": ("task", (b'"taskUrl"', b'"taskType"')),
    "teams": ("team", (b'"teamType"',)),
    "users": ("user", (b'"isBot"', b'"displayName"', b'"email"')),
    "mlmodels": ("mlmodel", (b'"mlFeatures"', b'"algorithm"')),
}
_API = b'"fullyQualifiedName"'


def _fits(top: Glimpse) -> bool:
    if top.is_list:
        is_edge = top.says("from", b'"fqn"') and top.says("to", b'"fqn"')
        is_model = "mlHyperParameters" in top.members or top.has("mlFeatures", "algorithm")
        return is_edge or is_model or top.has("pipeline", "pipelineStatus")
    if any(name in top.members and top.says(name, *marks) for name, (_, marks) in _LISTS.items()):
        return len(top.members) == 1
    is_service = top.has("serviceName", "serviceConnection")
    is_lineage = top.has("entity", "nodes") and ("upstreamEdges" in top.members)
    is_page = top.says("data", _API) and ("paging" in top.members or not top.ended)
    is_one = top.has("fullyQualifiedName", "href", "updatedBy")
    return is_service or is_lineage or is_page or is_one


def _tell(sheet: Sheet, value: JsonValue) -> Iterator[CatalogRecord]:
    entities = Entities(sheet)
    if isinstance(value, list):
        numbered = ((entry, f"/{n}") for n, entry in enumerate(value))
        for part in Part.each_apart(sheet, numbered):
            yield from _entry(entities, part)
    else:
        yield from _document(entities, Part.apart(sheet, value, ""))
    has_runs = bool(sheet.totals.get("runs"))
    missing = (NoPlace.DATASETS, NoPlace.PARAMS) if has_runs else (NoPlace.RUNS,)
    sheet.gaps += [place.value for place in missing]


def _entry(entities: Entities, part: Part) -> Iterator[CatalogRecord]:
    """Yield what an entry of a bare list says."""
    if "from" in part.members and "to" in part.members:
        yield from listed_edge(entities, part)
    elif "pipelineStatus" in part.members:
        yield from statuses(entities, part)
    else:
        yield from entities.told(part, "")


def _document(entities: Entities, root: Part) -> Iterator[CatalogRecord]:
    if "nodes" in root.members and "upstreamEdges" in root.members:
        yield from api_edges(entities, root)
        return
    lists = [(name, kind) for name, (kind, _) in _LISTS.items() if name in root.members]
    if "data" in root.members:
        lists.append(("data", ""))
        _paging(entities.sheet, root)
    if not lists or "fullyQualifiedName" in root.members:
        yield from entities.told(root, "")
        return
    for name, kind in lists:
        for part in root.apart_each(name):
            yield from entities.told(part, kind)


def _paging(sheet: Sheet, root: Part) -> None:
    """Say that an answer is one page of many."""
    paging, held = root.part("paging"), root.members.get("data")
    total = paging.members.get("total")
    if not isinstance(total, int) or isinstance(total, bool):
        return
    sheet.totals["paging.total"] = total
    if isinstance(held, list) and total != len(held):
        sheet.gaps.append(f"{total - len(held)} of {total} entities: this is one page of a list")


READER = DocumentReader("openmetadata", "OpenMetadata export", _fits, _tell, _NEVER)
