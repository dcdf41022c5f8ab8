"""A view of lineage as a file: a picture, a graph, a table. Each says what it leaves out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from workbench.analysis.graph_file import graphml
from workbench.evidence.text import csv_line, visible
from workbench.model import schema
from workbench.model.contract import Json, locator_to_json
from workbench.model.lineage import Edge, LineageView, Node, NodeId
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
    lineage: CaseLineage, view: LineageView, form: Format, *, title: str, cancel: Cancel
) -> bytes:
    """Return a view as a file of a format; the same case gives the same bytes.

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
            return graphml(view)
        case Format.SVG | Format.PDF:
            from workbench.report import lineage_file, lineage_picture

            shown, placed = lineage.drawn(view, cancel=cancel)
            drawing = lineage_picture.picture(shown, placed, title=title)
            if form is Format.SVG:
                return lineage_file.to_svg(drawing)
            words = lineage_picture.told(shown, title)
            return lineage_file.to_pdf(drawing, title=title, told=words)


def text_lines(lineage: CaseLineage, view: LineageView) -> Iterator[str]:
    """Yield a view as a table of its edges, with what it leaves out."""
    from workbench.report.lineage_picture import in_words

    yield f"Lineage of {visible(lineage.name(view.focus))}: {in_words(view)}"
    rows = [told(lineage, edge) for edge in view.edges]
    cells = [
        [visible(cell) for cell in (r.tail, r.relation, r.head, r.status, r.evidence)] for r in rows
    ]
    widths = [max((len(row[at]) for row in cells), default=0) for at in range(4)]
    for row in cells:
        padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*padded, row[-1]]).rstrip()


def _csv_lines(lineage: CaseLineage, view: LineageView) -> Iterator[str]:
    yield csv_line(
        ("from_source", "from_key", "from", "relation", "to_source", "to_key", "to", "status",
         "level", "evidence")
    )  # fmt: skip
    for edge in view.edges:
        row = told(lineage, edge)
        ends = (*edge.tail, row.tail, row.relation, *edge.head, row.head)
        yield csv_line((*ends, row.status, row.level, row.evidence))


def _as_json(view: LineageView) -> dict[str, Json]:
    return {
        "schema": schema.LINEAGE,
        "focus": _id(view.focus),
        "nodes": [_node(node) for node in view.nodes],
        "edges": [_edge(edge) for edge in view.edges],
        "nodes_in_case": view.nodes_in_case,
        "edges_in_case": view.edges_in_case,
        "stale": view.stale or None,
    }


def _id(node: NodeId) -> Json:
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


def _edge(edge: Edge) -> Json:
    return {
        "from": _id(edge.tail),
        "to": _id(edge.head),
        "relation": edge.kind.value,
        "status": edge.status.value,
        "role": edge.role,
        "columns": [list(pair) for pair in edge.columns],
        "places": [locator_to_json(place) for place in edge.locators],
    }
