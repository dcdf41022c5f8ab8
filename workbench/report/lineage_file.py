"""A picture of lineage as a file of its own: on one page, or cut into tiles that can be read."""

from collections.abc import Iterator
from io import BytesIO

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing, Group, Rect, String
from reportlab.lib.pagesizes import A4, landscape

from workbench.errors import UsageError
from workbench.evidence.text import visible
from workbench.model.lineage import LineageView, Placed
from workbench.model.progress import Cancel
from workbench.report import fonts, look
from workbench.report.archival import About
from workbench.report.attach import finish
from workbench.report.canvas import TaggedCanvas
from workbench.report.lineage_paper import in_tile
from workbench.report.lineage_picture import TINY, canvas_of, paint, picture, text, told, wrapped
from workbench.report.lineage_tiles import SCALE, Tiling, drawn, key, overview, tiling
from workbench.report.pdf import Rendered
from workbench.report.tags import Element, Role

#: More sheets than these nobody lays side by side.
MOST_SHEETS = 150
_EDGE = 20.0
_MAP_ROOM, _MAP_WIDTH, _MAP_HEIGHT = 96.0, 84.0, 52.0
_LINE, _TALL_MAP = 10.0, 560.0


def to_svg(drawing: Drawing) -> bytes:
    """Return the drawing as SVG; the same drawing gives the same bytes."""
    text = renderSVG.drawToString(drawing)
    return (text if isinstance(text, str) else text.decode()).encode()


def to_pdf(view: LineageView, placed: Placed, *, title: str, cancel: Cancel) -> bytes:
    """Return a view as a PDF that can be printed and read, tagged and archival as reports are.

    What fits on a sheet is on one; the rest is a map of tiles, and then each tile on a page.
    The same view gives the same bytes.

    Raises:
        Cancelled: the user stopped it.
    """
    whole = picture(view, placed, title=title)
    size, scale = _sheet(whole)
    stream = BytesIO()
    canvas = TaggedCanvas(
        stream, names={}, pagesize=size or A4, invariant=1, initialFontName=fonts.SANS,
        lang="en-GB", pageCompression=1,
    )  # fmt: skip
    if size:
        at = (_EDGE, size[1] - _EDGE - whole.height * scale)
        _put(canvas, whole, at, told(view, title), scale=scale)
        canvas.showPage()
    else:
        _tiled(canvas, view, _few_enough(tiling(view, placed)), title, cancel)
    canvas.save()
    return finish(Rendered(stream.getvalue(), canvas.tree), (), About(visible(title), "", None))


def _sheet(whole: Drawing) -> tuple[tuple[float, float] | None, float]:
    """Return the sheet that a drawing fits on and its scale there; None: on none."""
    for size in (A4, landscape(A4)):
        room = [side - 2 * _EDGE for side in size]
        scale = min(room[0] / whole.width, room[1] / whole.height, 1.0)
        if scale >= SCALE:
            return size, scale
    return None, SCALE


def _few_enough(cut: Tiling) -> Tiling:
    """Refuse what nobody would print.

    Raises:
        UsageError: it takes more sheets than that.
    """
    if cut.across * cut.down > MOST_SHEETS:
        raise UsageError(
            f"Drawn one by one this takes {cut.across * cut.down:,} sheets, more than "
            f"{MOST_SHEETS:,}: write an SVG, a smaller part of it, or let things be drawn together."
        )
    return cut


def _tiled(
    canvas: TaggedCanvas, view: LineageView, cut: Tiling, title: str, cancel: Cancel
) -> None:
    """Draw a map of all tiles, and each tile."""
    count = len(cut.tiles)
    where = f"Map of the {count:,} tiles that follow"
    head = _head(title, f"{where}. {view.words} An arrow with a number leads to that tile.")
    top = _put(canvas, head, (look.MARGIN, look.HEIGHT - 40), title)
    every = overview(cut, height=_TALL_MAP)
    top = _put(canvas, every, (look.MARGIN, top - 8), visible(f"{title}: {where}."))
    _put(canvas, key(), (look.MARGIN, top - 12), "Key to lines and marks.")
    canvas.showPage()
    for tile in cut.tiles:
        cancel.check()
        head = _head(title, f"Tile {tile.number:,} of {count:,}. {view.words}", cut, tile.number)
        top = _put(canvas, head, (look.MARGIN, look.HEIGHT - 40), title)
        part = drawn(cut, tile)
        left = (look.WIDTH - part.width) / 2
        _put(canvas, part, (left, top - 8), visible(in_tile(cut, tile)))
        _put(canvas, key(), (look.MARGIN, _EDGE + 34), "Key to lines and marks.")
        canvas.showPage()


def _put(
    canvas: TaggedCanvas, drawing: Drawing, at: tuple[float, float], alt: str, *, scale: float = 0.0
) -> float:
    """Draw with its upper left corner at a place, the lower one where scaled; return its foot."""
    x, y = at if scale else (at[0], at[1] - drawing.height)
    size = (drawing.width * (scale or 1), drawing.height * (scale or 1))
    with canvas.tagged(Element(Role.FIGURE, alt=alt, box=(x, y, x + size[0], y + size[1]))):
        canvas.saveState()
        canvas.translate(x, y)
        canvas.scale(scale or 1, scale or 1)
        paint(canvas, drawing)
        canvas.restoreState()
    return float(y)


def _head(title: str, words: str, cut: Tiling | None = None, here: int = 0) -> Drawing:
    """Return title and words of a page, with the place of its tile among all."""
    room = look.MEASURE - (_MAP_ROOM if cut else 0)
    lines = wrapped(words, fonts.SANS, TINY, room)
    height = max(22 + _LINE * len(lines), _MAP_HEIGHT + 4 if cut else 0)
    drawing = canvas_of(look.MEASURE, height)
    drawing.add(text(title, (0, height - 12), 11, fonts.BOLD, look.TEXT, room=room))
    for shape in _lines(lines, height - 25):
        drawing.add(shape)
    for shape in _where(cut, here, height) if cut else ():
        drawing.add(shape)
    return drawing


def _lines(lines: list[str], top: float) -> Iterator[String]:
    for number, line in enumerate(lines):
        at = (0, top - number * _LINE)
        yield text(line, at, TINY, fonts.SANS, look.SECONDARY)


def _where(cut: Tiling, here: int, height: float) -> Iterator[Group]:
    """Yield a small map of the tiles, the one of this page filled."""
    plan, group = cut.plan, Group()
    scale = min(_MAP_WIDTH / plan.width, _MAP_HEIGHT / plan.height)
    left = look.MEASURE - plan.width * scale
    bottom = height - plan.height * scale - 1
    for tile in cut.tiles:
        extent = cut.extent(tile.window)
        group.add(
            Rect(
                left + extent.left * scale,
                bottom + extent.bottom * scale,
                (extent.right - extent.left) * scale,
                (extent.top - extent.bottom) * scale,
                fillColor=look.ACCENT if tile.number == here else look.CANVAS,
                strokeColor=look.EDGE,
                strokeWidth=0.5,
            )
        )
    yield group
