"""Keys as they stand on a keyboard, to be read at a glance."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.theme import Theme

_HEIGHT = 20
_PAD = 6
_GAP = 4


def paint_keys(
    painter: QPainter, theme: Theme, area: QRect, keys: str, *, align: int = pen.RIGHT
) -> int:
    """Draw keys at one end of ``area``; return how wide they are. Keys apart have a space."""
    caps = keys.split() if keys else []
    widths = [pen.width_of(theme, cap, Face.SMALL_HEAD) + 2 * _PAD for cap in caps]
    total = sum(widths) + _GAP * max(len(caps) - 1, 0)
    left = area.left() if align == pen.LEFT else area.right() + 1 - total
    height = theme.px(_HEIGHT)
    top = area.top() + (area.height() - height) // 2
    for cap, width in zip(caps, widths, strict=True):
        box = QRect(left, top, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(theme.colour("line"))
        painter.setBrush(theme.colour("chrome"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        pen.write(painter, theme, box, cap, face=Face.SMALL_HEAD, align=pen.CENTRE)
        left += width + _GAP
    return total
