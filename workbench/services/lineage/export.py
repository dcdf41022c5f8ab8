"""A view of lineage as a file: a picture, a graph, a table. Each says what it leaves out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from workbench.analysis.graph_file import graphml
from workbench.analysis.prov_file import prov_json
from workbench.evidence.text import aligned, csv_line, visible
from workbench.model import schema
from workbench.model.contract import Json, locator_to_json
from workbench.model.lineage import Cut, Edge, LineageView, Node, NodeId
from workbench.model.moment import text_of
from workbench.model.progress import Cancel
from workbench.services.lineage.graph import CaseLineage


class Format(StrEnum):
    """What a view can be written as."""

    TEXT = "text"
    SVG = "svg"
    PDF = "pdf"
    JSON = "json"
    GRAPHML = "graphml"
    CSV = "csv"
    PROV = "prov"

    @property
    def suffix(self) -> str:
        """Return what the name of such a file ends with."""
        return {Format.TEXT: "txt", Format.PROV: "prov.json"}.get(self, self.value)


@dataclass(frozen=True, slots=True)
class EdgeTold:
    """An edge as a row of the table that stands beside every picture."""

    tail: str
    relation: str
    head: str
    status: str
    evidence: str
    level: int


def told(lineage: CaseLineage, edge: Edge) -> EdgeTold:
    """Return an edge as a row."""
    proof = lineage.proof_of(edge)
    more = f" and {len(edge.locators) - 1:,} more" if len(edge.locators) > 1 else ""
    return EdgeTold(
        lineage.name(edge.tail),
        edge.kind.value,
        lineage.name(edge.head),
        edge.status.value,
        f"{proof[0]}{more}" if proof else "",
        proof[1] if proof else 0,
    )


def exported(
    lineage: CaseLineage,
    view: LineageView,
    form: Format,
    *,
    title: str,
    unfolded: bool = False,
    cancel: Cancel,
) -> bytes:
    """Return a view as a file of a format; the same case gives the same bytes.

    Args:
        lineage: of the case.
        view: the part of it.
        form: the format; a picture that is too large for a page of a PDF goes over several.
        title: what stands above a picture.
        unfolded: draw every thing on its own, however many there are.
        cancel: the user may not want to wait.

    Raises:
        Cancelled: the user stopped it.
    """
    match form:
        case Format.TEXT:
            return "".join(f"{line}\n" for line in text_lines(lineage, view)).encode()
        case Format.CSV:
            return "".join(f"{line}\n" for line in _csv_lines(lineage, view)).encode()
        case Format.JSON:
            return json.dumps(_as_json(view), indent=1).encode() + b"\n"
        case Format.GRAPHML:
            return graphml(view, words=view.words)
        case Format.PROV:
            return prov_json(view, words=view.words)
        case Format.SVG | Format.PDF:
            return _drawn(lineage, view, form, title, unfolded=unfolded, cancel=cancel)


def _drawn(
    lineage: CaseLineage,
    view: LineageView,
    form: Format,
    title: str,
    *,
    unfolded: bool,
    cancel: Cancel,
) -> bytes:
    from workbench.report import lineage_file, lineage_picture

    shown, placed = lineage.drawn(view, unfolded=unfolded, cancel=cancel)
    if form is Format.SVG:
        return lineage_file.to_svg(lineage_picture.picture(shown, placed, title=title))
    return lineage_file.to_pdf(shown, placed, title=title, cancel=cancel)


def text_lines(lineage: CaseLineage, view: LineageView) -> Iterator[str]:
    """Yield a view as a table of its edges, with what it leaves out."""
    yield f"Lineage of {visible(lineage.name(view.focus))}: {view.words}"
    rows = [told(lineage, edge) for edge in view.edges]
    cells = [
        [visible(cell) for cell in (r.tail, r.relation, r.head, r.status, r.evidence)] for r in rows
    ]
    yield from aligned(cells)


def _csv_lines(lineage: CaseLineage, view: LineageView) -> Iterator[str]:
    """Yield the edges, then things without any, and last what is held and left out."""
    yield csv_line(
        ("from_source", "from_key", "from", "relation", "to_source", "to_key", "to", "status",
         "level", "evidence")
    )  # fmt: skip
    for edge in view.edges:
        row = told(lineage, edge)
        ends = (*edge.tail, row.tail, row.relation, *edge.head, row.head)
        yield csv_line((*ends, row.status, row.level, row.evidence))
    tied = {end for edge in view.edges for end in (edge.tail, edge.head)}
    for node in view.nodes:
        if node.id not in tied:
            yield csv_line((*node.id, lineage.name(node.id), *[""] * 7))
    yield csv_line((*[""] * 9, view.words))


def _as_json(view: LineageView) -> dict[str, Json]:
    return {
        "schema": schema.LINEAGE,
        "focus": id_to_json(view.focus),
        "nodes": [_node(node) for node in view.nodes],
        "edges": [edge_to_json(edge) for edge in view.edges],
        "nodes_in_case": view.nodes_in_case,
        "edges_in_case": view.edges_in_case,
        "hidden": view.hidden,
        "stale": view.stale or None,
        "as_of": as_of_to_json(view.cut),
        "run": id_to_json(view.cut.run) if view.cut and view.cut.run else None,
    }


def as_of_to_json(cut: Cut | None) -> Json:
    """Return a moment and what could not be told of it, or None where none was asked for."""
    if cut is None or cut.at is None:
        return None
    return {
        "at": text_of(cut.at),
        "later": cut.later,
        "undated": cut.undated,
        "undated_shown": cut.with_undated,
    }


def id_to_json(node: NodeId) -> Json:
    """Return a thing by its source and key."""
    return {"source": node[0], "key": node[1]}


def _node(node: Node) -> Json:
    thing = node.thing
    return {
        "source": node.id[0],
        "key": node.id[1],
        "in_evidence": not node.is_missing,
        "kind": thing.kind.value if thing else None,
        "type": thing.type if thing else None,
        "name": thing.name if thing else None,
        "version": thing.version if thing else None,
        "layer": node.layer,
        "hidden_upstream": node.hidden_upstream,
        "hidden_downstream": node.hidden_downstream,
    }


def edge_to_json(edge: Edge) -> Json:
    """Return an edge with every place that states it."""
    return {
        "from": id_to_json(edge.tail),
        "to": id_to_json(edge.head),
        "relation": edge.kind.value,
        "status": edge.status.value,
        "time": None if edge.time is None else text_of(edge.time),
        "role": edge.role,
        "columns": [list(pair) for pair in edge.columns],
        "places": [locator_to_json(place) for place in edge.locators],
    }
