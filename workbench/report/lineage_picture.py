"""A lineage as a picture on paper or in a file: the whole view, with its counts said in it.

Vectors only. What was left out is counted in the picture itself, so that nobody who is handed
the picture alone takes it for everything (an export must not lose edges in silence).
"""

from collections.abc import Iterator, Mapping
from io import BytesIO

from reportlab.graphics import renderPDF, renderSVG
from reportlab.graphics.shapes import Circle, Drawing, Group, Path, PolyLine, Rect, String
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from workbench.model.lineage import Edge, EdgeStatus, LineageView, Node, NodeId, Placed
from workbench.model.verdict import Indication
from workbench.report import fonts, look
from workbench.report.shorten import elide
from workbench.report.typeset import plain

BOX_WIDTH, BOX_HEIGHT = 132.0, 36.0
COLUMN, ROW = 200.0, 52.0
EDGE_MARGIN, HEAD, FOOT = 28.0, 44.0, 58.0
SMALL, TINY = 8.4, 7.2
ROOM = BOX_WIDTH - 18
#: Characters of a text that are looked at; no box is wide enough for more.
LETTERS = 300

_INK: Mapping[EdgeStatus, Color] = {
    EdgeStatus.VERIFIED: look.INK[Indication.PASSED],
    EdgeStatus.CLAIMED: look.TERTIARY,
    EdgeStatus.BROKEN: look.INK[Indication.FAILED],
    EdgeStatus.MISSING: look.INK[Indication.INDETERMINATE],
}
_DASHES: Mapping[EdgeStatus, list[float] | None] = {
    EdgeStatus.VERIFIED: None,
    EdgeStatus.CLAIMED: [5, 3],
    EdgeStatus.BROKEN: [8, 3],
    EdgeStatus.MISSING: [1.5, 3],
}
_WORDS: Mapping[EdgeStatus, str] = {
    EdgeStatus.VERIFIED: "verified by a signed record",
    EdgeStatus.CLAIMED: "claimed only",
    EdgeStatus.BROKEN: "rests on a broken record",
    EdgeStatus.MISSING: "end missing from the evidence",
}


def picture(view: LineageView, placed: Placed, *, title: str) -> Drawing:
    """Return the drawing of a view; its size follows from what it holds."""
    fonts.register()
    layers = [node.layer for node in view.nodes]
    first, columns = min(layers, default=0), max(layers, default=0) - min(layers, default=0) + 1
    rows = max((*placed.rows.values(), *_bent(placed)), default=0.0)
    width = max(2 * EDGE_MARGIN + (columns - 1) * COLUMN + BOX_WIDTH + 40, 520.0)
    height = HEAD + rows * ROW + BOX_HEIGHT + FOOT
    drawing = Drawing(width, height)
    drawing.add(Rect(0, 0, width, height, fillColor=look.CANVAS, strokeColor=None))
    at = {
        node.id: (
            EDGE_MARGIN + 20 + (node.layer - first) * COLUMN,
            height - HEAD - BOX_HEIGHT - placed.rows[node.id] * ROW,
        )
        for node in view.nodes
    }
    for shape in _edges(view, placed, at, first=first, height=height):
        drawing.add(shape)
    for node in view.nodes:
        drawing.add(_box(node, at[node.id], is_focus=node.id == view.focus))
    for shape in (*_head(view, title, height), *_foot(view)):
        drawing.add(shape)
    return drawing


def to_svg(drawing: Drawing) -> bytes:
    """Return the drawing as SVG; the same drawing gives the same bytes."""
    text = renderSVG.drawToString(drawing)
    return (text if isinstance(text, str) else text.decode()).encode()


def to_pdf(drawing: Drawing) -> bytes:
    """Return the drawing as a PDF of one page of its size; the same drawing, the same bytes."""
    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(drawing.width, drawing.height), invariant=1)
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _bent(placed: Placed) -> Iterator[float]:
    for way in placed.bends.values():
        yield from (row for _, row in way)


def _edges(
    view: LineageView,
    placed: Placed,
    at: Mapping[NodeId, tuple[float, float]],
    *,
    first: int,
    height: float,
) -> Iterator[Path | PolyLine | Group]:
    for number, edge in enumerate(view.edges):
        bends = [
            (EDGE_MARGIN + 20 + (layer - first) * COLUMN, height - HEAD - BOX_HEIGHT - row * ROW)
            for layer, row in placed.bends.get(number, ())
        ]
        yield from _edge(edge, at[edge.tail], at[edge.head], bends)


def _edge(
    edge: Edge,
    tail: tuple[float, float],
    head: tuple[float, float],
    bends: list[tuple[float, float]],
) -> Iterator[Path | PolyLine | Group]:
    """Yield a curve from the right of a box to the left of another, an arrow and a mark."""
    middle = BOX_HEIGHT / 2
    start, end = (tail[0] + BOX_WIDTH, tail[1] + middle), (head[0], head[1] + middle)
    if start[0] > end[0]:  # against the flow, or within a layer
        bends = bends[::-1]
    through = [point for x, y in bends for point in ((x, y + middle), (x + BOX_WIDTH, y + middle))]
    ink, dashes = _INK[edge.status], _DASHES[edge.status]
    path = Path(strokeColor=ink, strokeWidth=1.1, fillColor=None, strokeDashArray=dashes)
    path.moveTo(*start)
    here = start
    for there in (*through, (end[0] - 5, end[1])):
        pull = max(abs(there[0] - here[0]) * 0.5, 14)
        path.curveTo(here[0] + pull, here[1], there[0] - pull, there[1], *there)
        here = there
    yield path
    tip = (end[0], end[1], end[0] - 6, end[1] + 3, end[0] - 6, end[1] - 3, end[0], end[1])
    yield PolyLine(tip, strokeColor=ink, strokeWidth=1.1)
    last = through[-1] if through else start
    yield _mark(edge.status, (last[0] + end[0]) / 2, (last[1] + end[1]) / 2)


def _mark(status: EdgeStatus, x: float, y: float) -> Group:
    """Return the mark of a status: the shape alone tells it, in grey as well."""
    ink = _INK[status]
    group = Group()
    match status:
        case EdgeStatus.VERIFIED:
            group.add(Circle(x, y, 4.2, fillColor=ink, strokeColor=None))
            tick = (x - 2, y, x - 0.6, y - 1.6, x + 2.2, y + 1.6)
            group.add(PolyLine(tick, strokeColor=look.CANVAS, strokeWidth=1.1))
        case EdgeStatus.CLAIMED:
            group.add(Circle(x, y, 4, fillColor=look.CANVAS, strokeColor=ink, strokeWidth=1))
            group.add(PolyLine((x - 2, y, x + 2, y), strokeColor=ink, strokeWidth=1))
        case EdgeStatus.BROKEN:
            group.add(Rect(x - 4, y - 4, 8, 8, fillColor=ink, strokeColor=None))
            for way in ((x - 2, y - 2, x + 2, y + 2), (x - 2, y + 2, x + 2, y - 2)):
                group.add(PolyLine(way, strokeColor=look.CANVAS, strokeWidth=1.1))
        case EdgeStatus.MISSING:
            corners = (x, y + 5, x + 5, y, x, y - 5, x - 5, y, x, y + 5)
            group.add(PolyLine(corners, strokeColor=ink, strokeWidth=1.1))
            group.add(_text("?", x, y - 2.4, TINY, fonts.BOLD, ink, anchor="middle"))
    return group


def _box(node: Node, place: tuple[float, float], *, is_focus: bool) -> Group:
    x, y = place
    group = Group()
    missing = node.is_missing
    group.add(
        Rect(
            x,
            y,
            BOX_WIDTH,
            BOX_HEIGHT,
            rx=3,
            ry=3,
            fillColor=look.CHROME if is_focus else look.CANVAS,
            strokeColor=_INK[EdgeStatus.MISSING]
            if missing
            else look.ACCENT
            if is_focus
            else look.EDGE,
            strokeWidth=1.6 if is_focus else 0.8,
            strokeDashArray=[1.5, 3] if missing else None,
        )
    )
    group.add(_text(node.title, x + 9, y + 21, SMALL, fonts.BOLD, look.TEXT, room=ROOM))
    group.add(_text(node.detail, x + 9, y + 9, TINY, fonts.SANS, look.SECONDARY, room=ROOM))
    for count, where, anchor in (
        (node.hidden_upstream, x - 5, "end"),
        (node.hidden_downstream, x + BOX_WIDTH + 5, "start"),
    ):
        if count:
            group.add(
                _text(f"+{count:,}", where, y + 24, TINY, fonts.MEDIUM, look.ACCENT, anchor=anchor)
            )
    return group


def _head(view: LineageView, title: str, height: float) -> Iterator[String]:
    yield _text(title, EDGE_MARGIN, height - 20, 11, fonts.BOLD, look.TEXT)
    yield _text(view.words, EDGE_MARGIN, height - 33, TINY, fonts.SANS, look.SECONDARY)


def _foot(view: LineageView) -> Iterator[Group | String]:
    """Yield a legend of the statuses; each is explained, seen here or not."""
    for number, status in enumerate(reversed(EdgeStatus)):
        x, y = EDGE_MARGIN + (number % 2) * 220, 30 - (number // 2) * 15
        yield _mark(status, x + 5, y)
        yield _text(_WORDS[status], x + 15, y - 2.6, TINY, fonts.SANS, look.SECONDARY)


def _text(
    text: str,
    x: float,
    y: float,
    size: float,
    face: str,
    colour: Color,
    *,
    anchor: str = "start",
    room: float = 10_000,
) -> String:
    shown = _fitted(plain(elide(text, LETTERS), face), face, size, room)
    return String(x, y, shown, fontName=face, fontSize=size, fillColor=colour, textAnchor=anchor)


def _fitted(text: str, face: str, size: float, room: float) -> str:
    """Return as much of a text as fits, its end left out where it does not."""
    if fonts.width_of(text, face, size) <= room:
        return text
    kept = len(text)
    while kept > 1 and fonts.width_of(text[:kept] + "…", face, size) > room:
        kept -= 1
    return text[:kept].rstrip() + "…"
