"""A lineage as flowables: a map and the key to its lines, then one tile after the other."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from reportlab.graphics.shapes import Drawing
from reportlab.platypus import Spacer

from workbench.evidence.text import visible
from workbench.model.lineage import LineageOf
from workbench.report import look
from workbench.report.figures import Picture
from workbench.report.grid import Together
from workbench.report.lineage_picture import EDGE_WORDS, paint, spoken, told
from workbench.report.lineage_tiles import Tile, Tiling, drawn, key, overview, tiling
from workbench.report.tags import Element, Role
from workbench.report.typeset import paragraph

_NAMED = 40


def lineage_flowables(of: LineageOf) -> Iterator[Any]:
    """Yield the picture of a lineage, in tiles where it is too large for one page."""
    cut = tiling(of.shown, of.placed)
    title = f"Lineage of {of.name}"
    legend = [_figure(key(), f"Key: {'; '.join(EDGE_WORDS.values())}."), Spacer(0, 6)]
    if len(cut.tiles) == 1:
        figure = _figure(drawn(cut, cut.tiles[0]), told(of.shown, title))
        yield Together([figure, *legend])
        return
    where = f"Map of the {len(cut.tiles)} tiles that follow"
    caption = f"{where}; what it is about is blue. An arrow with a number leads to that tile."
    alt = f"{title}: {where}. {'. '.join(in_tile(cut, tile) for tile in cut.tiles)}."
    yield Together([_figure(overview(cut), visible(alt)), _caption(caption), *legend])
    for tile in cut.tiles:
        figure = _figure(drawn(cut, tile), visible(in_tile(cut, tile)))
        yield Together([_caption(f"Tile {tile.number} of {len(cut.tiles)}"), figure, Spacer(0, 8)])


def in_tile(cut: Tiling, tile: Tile) -> str:
    """Return what a tile shows, for a reader who does not see it."""
    names = [spoken(node) for node in tile.nodes]
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    held = ", ".join(names[:_NAMED]) or "edges only"
    return f"Tile {tile.number} of {len(cut.tiles)} shows {held}{more}"


def _figure(drawing: Drawing, alt: str) -> Picture:
    left = (look.MEASURE - drawing.width) / 2  # one that is wider reaches into both margins
    size = (float(drawing.width), float(drawing.height))
    picture = Picture(*size, partial(_paint, drawing=drawing, left=left), alt)
    picture.tag = Element(Role.FIGURE, alt=alt)
    return picture


def _paint(canvas: Any, *, drawing: Drawing, left: float) -> None:  # noqa: ANN401 - no types
    canvas.saveState()
    canvas.translate(left, 0)
    paint(canvas, drawing)
    canvas.restoreState()


def _caption(text: str) -> Any:  # noqa: ANN401 - ReportLab ships no types
    found = paragraph(text, look.SMALL)
    found.tag = Element(Role.PARAGRAPH)
    return found
