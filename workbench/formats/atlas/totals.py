"""What an export states of itself, held against what it holds."""

from workbench.formats.atlas.entities import Export
from workbench.formats.part import Part
from workbench.model.catalog import CatalogProblem

_ENTITY = "entity:"
#: Counts files in newer versions, and all entities in none.
_NO_TYPE = {"entity:withExtInfo"}
_WHO = ("userName", "hostName", "clientIpAddress", "operationStatus")


def compare(export: Export) -> None:
    """Note where the numbers that an export states are not those of its entities."""
    if export.info is not None:
        _metrics(export, export.info)
    else:
        export.sheet.gaps.append("who exported it, when and with what scope: its info is missing")
    if export.order is not None and export.order_at is not None:
        files = {part.see("guid") for part, _ in export.entities}
        lost = [guid for guid in export.order if guid not in files]
        if lost:
            what = f"names {len(lost)} entities that have no file: {', '.join(lost[:3])}"
            export.order_at.problem(CatalogProblem.TOTALS_DISAGREE, "", what)


def _metrics(export: Export, info: Part) -> None:
    totals = export.sheet.totals
    totals |= {name: info.see(name) for name in _WHO if info.see(name)}
    metrics = info.part("metrics")
    for name, value in metrics.members.items():
        kind = name.removeprefix(_ENTITY)
        if name == kind or name in _NO_TYPE or not isinstance(value, int):
            continue
        totals[f"stated {name}"] = value
        found = export.found.get(kind, 0)
        if found != value:
            what = f"states {value} entities of {kind}, and there are {found}"
            info.sheet.problem(CatalogProblem.TOTALS_DISAGREE, metrics.at(name), what)
    if info.see("operationStatus") not in {"", "SUCCESS"}:
        export.sheet.gaps.append(
            f"what else there is: the export ended {info.see('operationStatus')}"
        )
