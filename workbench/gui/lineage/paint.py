"""How boxes, lines, marks and pills of a lineage are drawn: shapes tell what colours tell."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPen, QPolygonF

from workbench.gui.fonts import Face
from workbench.gui.lineage.labels import WORD_HEIGHT, WORD_TOP
from workbench.gui.lineage.scene import Box, Wire
from workbench.gui.looking.kinds import icon_of
from workbench.gui.parts import pen
from workbench.gui.parts.mark import SMALL, Mark, paint_mark
from workbench.gui.theme import Theme
from workbench.model.lineage import EdgeStatus, Node

#: Of each status: token of its line, its dashes in widths of the line, its mark, its words.
STYLES: dict[EdgeStatus, tuple[str, tuple[float, ...], Mark, str]] = {
    EdgeStatus.VERIFIED: ("text", (), Mark.PASSED, "Verified by a signed record"),
    EdgeStatus.CLAIMED: ("secondary", (4, 3), Mark.NONE, "Claimed only"),
    EdgeStatus.BROKEN: ("failed", (7, 3), Mark.FAILED, "Rests on a broken record"),
    EdgeStatus.MISSING: ("indeterminate", (1.4, 2.6), Mark.INDETERMINATE, "Missing from evidence"),
}
WORDS = {
    EdgeStatus.VERIFIED: "Verified",
    EdgeStatus.CLAIMED: "Claimed only",
    EdgeStatus.BROKEN: "Broken record",
    EdgeStatus.MISSING: "Missing end",
}
_HALO = 9
_LINE = 1.6
_REACH = 12.0
_PILL = 20
#: Smaller than this, words cannot be read and are not drawn.
READABLE = 0.55
MARKED = 0.35


@dataclass(frozen=True, slots=True)
class Stress:
    """What of a thing or edge stands out."""

    is_chosen: bool = False
    on_path: bool = False
    is_focus: bool = False
    is_broken: bool = False


def draw_halo(painter: QPainter, theme: Theme, wire: Wire) -> None:
    """Draw what lies under a line of the path."""
    halo = QPen(theme.colour("selection"), _HALO)
    halo.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(halo)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(wire.path)


def draw_line(painter: QPainter, theme: Theme, wire: Wire, stress: Stress) -> None:
    """Draw a line and its arrow."""
    colour, dashes, _, _ = STYLES[wire.edge.status]
    plain = wire.edge.status is EdgeStatus.VERIFIED
    ink = theme.colour("accent" if stress.on_path and plain else colour)
    width = _LINE + (1.2 if stress.is_chosen else 0.4 if stress.on_path else 0)
    line = QPen(ink, width)
    line.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashes:
        line.setDashPattern(list(dashes))
    painter.setPen(line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(wire.path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    back = -wire.way * 8
    corners = [wire.tip, wire.tip + QPointF(back, -4), wire.tip + QPointF(back, 4)]
    painter.drawPolygon(QPolygonF(corners))


def draw_mark(painter: QPainter, theme: Theme, wire: Wire, words: str) -> None:
    """Draw the mark of a line, and words below it."""
    size = SMALL + 1
    place = wire.mark - QPointF(size / 2, size / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("canvas"))
    painter.drawEllipse(wire.mark, size / 2 + 2, size / 2 + 2)
    paint_mark(painter, theme, place, STYLES[wire.edge.status][2], size)
    if words:
        width = pen.width_of(theme, words, Face.SMALL)
        area = QRect(round(wire.mark.x() - width / 2), round(wire.mark.y()), width + 2, WORD_HEIGHT)
        area.translate(0, WORD_TOP)
        pen.fill(painter, area, theme.colour("canvas"))
        pen.write(painter, theme, area, words, face=Face.SMALL, colour="secondary")


def draw_box(painter: QPainter, theme: Theme, box: Box, stress: Stress, *, readable: bool) -> None:
    """Draw a thing."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(_edge(theme, box.node, stress))
    painter.setBrush(theme.colour("selection" if stress.is_focus else "canvas"))
    area = box.area.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(area, 4, 4)
    if box.node.members:
        painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), 3, 3)
    if stress.is_chosen:
        ring = QPen(theme.colour("accent"), 2)
        painter.setPen(ring)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(-3, -3, 3, 3), 6, 6)
    if readable:
        _draw_words(painter, theme, box, stress)


def _edge(theme: Theme, node: Node, stress: Stress) -> QPen:
    if node.is_missing:
        line = QPen(theme.colour("indeterminate"), 1.4)
        line.setDashPattern([3, 2.4])
        return line
    if stress.is_broken:
        return QPen(theme.colour("failed"), 2)
    if stress.is_focus or stress.on_path:
        return QPen(theme.colour("accent"), 2 if stress.is_focus else 1.6)
    return QPen(theme.colour("ctl"), 1)


def _draw_words(painter: QPainter, theme: Theme, box: Box, stress: Stress) -> None:
    node, area = box.node, box.area.toRect()
    unit = area.height() / 48
    name = "boxes" if node.members else icon_of(node.thing)
    colour = "accent" if stress.is_focus else "secondary"
    side = theme.px(16)
    at = QPointF(area.left() + 10 * unit, area.top() + (area.height() - side) / 2)
    pen.icon(painter, theme, at, name, colour)
    left = area.left() + round(34 * unit)
    right = area.right() - (20 if stress.is_broken else 8)
    half = area.height() // 2
    for text, face, ink, top in (
        (node.title, Face.STRONG, "text", area.top() + round(5 * unit)),
        (node.detail, Face.SECONDARY, "secondary", area.top() + half - round(2 * unit)),
    ):
        line = QRect(left, top, right - left, half - round(4 * unit))
        pen.write(painter, theme, line, text, face=face, colour=ink)
    if stress.is_broken:
        corner = QPointF(area.right() - 17, area.top() + 5)
        paint_mark(painter, theme, corner, Mark.FAILED, SMALL)


def pill_area(theme: Theme, box: Box, *, downstream: bool) -> QRectF:
    """Return where the pill of hidden neighbours lies; empty where none is hidden."""
    count = box.node.hidden_downstream if downstream else box.node.hidden_upstream
    if not count or box.node.members:
        return QRectF()
    width = pen.width_of(theme, f"+{count:,}", Face.SMALL_STRONG) + 14
    height = theme.px(_PILL)
    busy = box.busy_right if downstream else box.busy_left
    top = box.area.bottom() - 6 if busy else box.area.center().y() - height / 2
    if busy:  # below the corner, where it hides no line
        left = box.area.right() - width + 8 if downstream else box.area.left() - 8
        return QRectF(left, top, width, height)
    left = box.area.right() + 5 if downstream else box.area.left() - 5 - width
    return QRectF(left, top, width, height)


def draw_pill(painter: QPainter, theme: Theme, area: QRectF, count: int) -> None:
    """Draw how many neighbours are not shown."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(theme.colour("ctl"), 1))
    painter.setBrush(theme.colour("canvas"))
    painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
    pen.write(
        painter,
        theme,
        area.toRect(),
        f"+{count:,}",
        face=Face.SMALL_STRONG,
        colour="accent",
        align=pen.CENTRE,
    )


def reach_of(wire: Wire) -> QPainterPath:
    """Return what counts as on a line for the pointer."""
    stroker = QPainterPathStroker()
    stroker.setWidth(_REACH)
    return stroker.createStroke(wire.path)
