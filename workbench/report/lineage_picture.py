"""A lineage as a picture on paper or in a file: the whole view, with its counts said in it.

Vectors only. What was left out is counted in the picture itself, so that nobody who is handed
the picture alone takes it for everything (an export must not lose edges in silence).
"""

from collections.abc import Iterable, Iterator, Mapping

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Circle, Drawing, Group, Path, PolyLine, Rect, String
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from workbench.evidence.text import visible
from workbench.model.lineage import EdgeStatus, LineageView, Node, Placed, name_of
from workbench.model.verdict import Indication
from workbench.report import fonts, look
from workbench.report.lineage_plan import BOX_HEIGHT, BOX_WIDTH, Curve, Plan, Point, Way, planned
from workbench.report.shorten import NAME, elide
from workbench.report.typeset import plain

EDGE_MARGIN, HEAD, FOOT, LINE = 28.0, 44.0, 58.0, 10.0
SMALL, TINY = 8.4, 7.2
ROOM = BOX_WIDTH - 18
#: Characters of a text that are looked at; no box is wide enough for more.
LETTERS = 300
#: Edges that are told in the words beside a picture; the table beside it has all.
TOLD = 40

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
#: What each status says of an edge.
EDGE_WORDS: Mapping[EdgeStatus, str] = {
    EdgeStatus.VERIFIED: "verified by a signed record",
    EdgeStatus.CLAIMED: "claimed only",
    EdgeStatus.BROKEN: "rests on a broken record",
    EdgeStatus.MISSING: "end missing from the evidence",
}


def picture(view: LineageView, placed: Placed, *, title: str) -> Drawing:
    """Return the drawing of a view; its size follows from what it holds."""
    plan = planned(view, placed)
    width = max(plan.width + 2 * EDGE_MARGIN, 520.0)
    lines = wrapped(view.words, fonts.SANS, TINY, width - 2 * EDGE_MARGIN)
    drawing = canvas_of(width, HEAD + (len(lines) - 1) * LINE + plan.height + FOOT)
    drawing.add(body(plan, (EDGE_MARGIN, FOOT)))
    for shape in (*_head(lines, title, drawing), *legend(EDGE_MARGIN, 30)):
        drawing.add(shape)
    return drawing


def canvas_of(width: float, height: float) -> Drawing:
    """Return an empty drawing, its faces known."""
    fonts.register()
    drawing = Drawing(width, height)
    drawing.initialFontName = fonts.SANS  # else ReportLab names a face that is not embedded
    drawing.add(Rect(0, 0, width, height, fillColor=look.CANVAS, strokeColor=None))
    return drawing


def body(plan: Plan, at: Point) -> Group:
    """Return boxes and edges of a plan."""
    group = Group(transform=(1, 0, 0, 1, *at))
    for way in plan.ways:
        for shape in (line(way, way.curves), *end(way)):
            group.add(shape)
    for node in plan.view.nodes:
        group.add(box(node, plan.boxes[node.id], is_focus=node.id == plan.view.focus))
    return group


def paint(canvas: Canvas, drawing: Drawing) -> None:
    """Paint a drawing on a page, its lower left corner where the page's own is."""
    renderPDF.draw(drawing, canvas, 0, 0)


def told(view: LineageView, title: str) -> str:
    """Return what a picture shows, for a reader who does not see it."""
    names = {node.id: spoken(node) for node in view.nodes}
    edges = [
        f"{names[edge.tail]} to {names[edge.head]}, {edge.kind.value}, {edge.status.value}"
        for edge in view.edges[:TOLD]
    ]
    if (more := len(view.edges) - len(edges)) > 0:
        edges.append(f"and {more:,} more edges, which the table lists")
    return visible(f"{title}. {view.words} {'; '.join(edges)}").strip()


def spoken(node: Node) -> str:
    """Return what a thing is called in a sentence or a row."""
    name = node.group or name_of(node.id, node.thing)
    return elide(" ".join(filter(None, (name, node.thing.version if node.thing else ""))), NAME)


def line(way: Way, curves: Iterable[Curve]) -> Path:
    """Return curves of an edge, in the style of its status."""
    status = way.edge.status
    path = Path(
        strokeColor=_INK[status], strokeWidth=1.1, fillColor=None, strokeDashArray=_DASHES[status]
    )
    here = None
    for start, *pulls, there in curves:
        if start != here:
            path.moveTo(*start)
        path.curveTo(*pulls[0], *pulls[1], *there)
        here = there
    return path


def end(way: Way) -> tuple[PolyLine | Group, ...]:
    """Return the arrow of an edge and the mark of its status."""
    x, y = way.curves[-1][-1]
    tip = (x + 5, y, x - 1, y + 3, x - 1, y - 3, x + 5, y)
    arrow = PolyLine(tip, strokeColor=_INK[way.edge.status], strokeWidth=1.1)
    return arrow, mark(way, way.middle)


def mark(way: Way, at: Point) -> Group:
    """Return the mark of an edge's status at a place, and how many edges it stands for."""
    found = _mark(way.edge.status, *at)
    if way.edge.count > 1:
        place = at[0], at[1] + 7
        words = f"{way.edge.count:,}"
        found.add(text(words, place, TINY, fonts.MEDIUM, look.SECONDARY, anchor="middle"))
    return found


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
            group.add(text("?", (x, y - 2.4), TINY, fonts.BOLD, ink, anchor="middle"))
    return group


def box(node: Node, place: Point, *, is_focus: bool) -> Group:
    """Return the box of a thing, with what of its neighbours is not shown."""
    x, y = place
    group = Group()
    missing = node.is_missing
    outline = Rect(
        x, y, BOX_WIDTH, BOX_HEIGHT, rx=3, ry=3,
        fillColor=look.CHROME if is_focus else look.CANVAS,
        strokeColor=_INK[EdgeStatus.MISSING] if missing
        else look.ACCENT if is_focus
        else look.EDGE,
        strokeWidth=1.6 if is_focus else 0.8,
        strokeDashArray=[1.5, 3] if missing else None,
    )  # fmt: skip
    outline._svgAttrs = {"class": "thing"}  # noqa: SLF001 - the way in which ReportLab takes them
    group.add(outline)
    group.add(text(node.title, (x + 9, y + 21), SMALL, fonts.BOLD, look.TEXT, room=ROOM))
    group.add(text(node.detail, (x + 9, y + 9), TINY, fonts.SANS, look.SECONDARY, room=ROOM))
    for count, where, anchor in (
        (node.hidden_upstream, x - 5, "end"),
        (node.hidden_downstream, x + BOX_WIDTH + 5, "start"),
    ):
        if count:
            group.add(
                text(f"+{count:,}", (where, y + 24), TINY, fonts.MEDIUM, look.ACCENT, anchor=anchor)
            )
    return group


def _head(lines: Iterable[str], title: str, drawing: Drawing) -> Iterator[String]:
    room, height = drawing.width - 2 * EDGE_MARGIN, drawing.height
    yield text(title, (EDGE_MARGIN, height - 20), 11, fonts.BOLD, look.TEXT, room=room)
    for number, words in enumerate(lines):
        at = (EDGE_MARGIN, height - 33 - number * LINE)
        yield text(words, at, TINY, fonts.SANS, look.SECONDARY)


def wrapped(words: str, face: str, size: float, room: float) -> list[str]:
    """Return words in lines that fit, as the face draws them."""
    lines = [""]
    for word in plain(words, face).split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and fonts.width_of(longer, face, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def legend(x: float, y: float) -> Iterator[Group | String]:
    """Yield the statuses with line and mark; each is explained, seen here or not."""
    for number, status in enumerate(reversed(EdgeStatus)):
        left, level = x + (number % 2) * 220, y - (number // 2) * 15
        dashes, ink = _DASHES[status], _INK[status]
        yield PolyLine(
            (left, level, left + 30, level),
            strokeColor=ink, strokeWidth=1.1, strokeDashArray=dashes,
        )  # fmt: skip
        yield _mark(status, left + 15, level)
        yield text(EDGE_WORDS[status], (left + 38, level - 2.6), TINY, fonts.SANS, look.SECONDARY)


def text(
    words: str,
    at: Point,
    size: float,
    face: str,
    colour: Color,
    *,
    anchor: str = "start",
    room: float = 10_000,
) -> String:
    """Return words that one face can draw, as many of them as there is room for."""
    shown = _fitted(plain(elide(words, LETTERS), face), face, size, room)
    return String(*at, shown, fontName=face, fontSize=size, fillColor=colour, textAnchor=anchor)


def _fitted(text: str, face: str, size: float, room: float) -> str:
    """Return as much of a text as fits, its end left out where it does not."""
    if fonts.width_of(text, face, size) <= room:
        return text
    kept = len(text)
    while kept > 1 and fonts.width_of(text[:kept] + "…", face, size) > room:
        kept -= 1
    return text[:kept].rstrip() + "…"
