"""The JSON documents of reconciliation and of alternates."""

from collections.abc import Iterable, Mapping

from workbench.model import schema
from workbench.model.alternate import Alternate, Unclear
from workbench.model.contract import Json, locator_to_json, time_to_json
from workbench.model.lineage import NodeId
from workbench.model.reconciliation import Comparison, Line, Place, Reconciled, SideFound


def reconciled_to_json(found: Reconciled, lines: Iterable[tuple[int, Line]]) -> Json:
    """Return what ``workbench reconcile --json`` prints, with the lines that were asked for."""
    return {
        "schema": schema.RECONCILIATION,
        "exit": found.exit,
        "sides": [_side(side) for side in found.sides],
        "comparisons": [_comparison(each) for each in found.comparisons],
        "counts": {kind.value: count for kind, count in found.counts().items()},
        "differences": [_line(number, line) for number, line in lines],
        "notes": list(found.notes),
    }


def _side(side: SideFound) -> Json:
    return {
        "side": side.side.value,
        "sources": side.sources,
        "items": side.items,
        "lack": side.lack or None,
    }


def _comparison(each: Comparison) -> Json:
    left = [{"reason": reason, "count": count or None} for reason, count in each.left]
    return {"between": each.between.value, "compared": each.compared, "not_compared": left}


def _line(number: int, line: Line) -> Json:
    return {
        "line": number,
        "kind": line.mismatch.value,
        "between": line.mismatch.between.value,
        "about": line.kind,
        "name": line.name,
        "detail": line.detail,
        "stated": line.stated or None,
        "found": line.found or None,
        "doubt": line.doubt or None,
        "places": [_place(place) for place in line.places],
    }


def _place(place: Place) -> Json:
    return {
        "side": place.side.value,
        "source": place.source,
        "sha256": place.ref.sha256 or None,
        "key": place.key or None,
        "place": locator_to_json(place.ref.locator),
    }


def alternates_to_json(
    links: Iterable[Alternate], unclear: Iterable[Unclear], names: Mapping[NodeId, str]
) -> Json:
    """Return what ``workbench alternate list --json`` prints."""
    return {
        "schema": schema.ALTERNATES,
        "links": [_link(link, names) for link in links],
        "unclear": [
            {
                "ground": each.likeness.ground.value,
                "value": each.likeness.value,
                "things": [_node(node, names) for node in each.things],
            }
            for each in unclear
        ],
    }


def _link(link: Alternate, names: Mapping[NodeId, str]) -> Json:
    ruling = link.ruling
    return {
        "one": _node(link.one, names),
        "other": _node(link.other, names),
        "confidence": link.confidence.value,
        "crossed": link.is_sure,
        "evidence": [
            {
                "ground": each.ground.value,
                "value": each.value,
                "one": each.one,
                "other": each.other,
            }
            for each in link.likenesses
        ],
        "against": list(link.against),
        "ruling": None
        if ruling is None
        else {
            "ruled": ruling.ruled.value,
            "reason": ruling.reason,
            "who": ruling.who,
            "at": time_to_json(ruling.at),
            "entry": ruling.entry,
        },
    }


def _node(node: NodeId, names: Mapping[NodeId, str]) -> Json:
    return {"source": node[0], "key": node[1], "name": names.get(node, "")}
