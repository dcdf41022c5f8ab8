"""Painting in the words of the design: fills on whole pixels, hatches, hairlines, text."""

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from workbench.evidence.text import visible
from workbench.gui.fonts import Face
from workbench.gui.theme import Theme

#: Worked out once: tables write thousands of lines a second.
_LINE = (
    int(Qt.AlignmentFlag.AlignVCenter)
    | int(Qt.TextFlag.TextDontClip)
    | int(Qt.TextFlag.TextSingleLine)
)
#: Characters of a line that are looked at: none is that wide.
_MOST = 500
LEFT = int(Qt.AlignmentFlag.AlignLeft) | _LINE
RIGHT = int(Qt.AlignmentFlag.AlignRight) | _LINE
CENTRE = int(Qt.AlignmentFlag.AlignHCenter) | _LINE
_HATCH_STEP = 5


def fill(painter: QPainter, area: QRect, colour: QColor) -> None:
    """Fill on whole pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(area, colour)


def outline(painter: QPainter, area: QRect, colour: QColor, width: int = 1) -> None:
    """Draw an edge inside ``area``."""
    for inset in range(width):
        inner = area.adjusted(inset, inset, -inset, -inset)
        painter.fillRect(QRect(inner.left(), inner.top(), inner.width(), 1), colour)
        painter.fillRect(QRect(inner.left(), inner.bottom(), inner.width(), 1), colour)
        painter.fillRect(QRect(inner.left(), inner.top(), 1, inner.height()), colour)
        painter.fillRect(QRect(inner.right(), inner.top(), 1, inner.height()), colour)


def hatch(
    painter: QPainter,
    area: QRect,
    *,
    ground: QColor,
    ink: QColor,
    width: float = 1.0,
    step: int = _HATCH_STEP,
) -> None:
    """Fill with rising lines: what a fill means must be seen without its colour."""
    painter.save()
    painter.fillRect(area, ground)
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(ink, width))
    height = area.height()
    starts = range(area.left() - height, area.right() + 1, step)
    painter.drawLines([QLineF(x, area.bottom() + 1, x + height, area.top()) for x in starts])
    painter.restore()


def dash(painter: QPainter, area: QRectF, colour: QColor, *, radius: float) -> None:
    """Draw a dashed edge."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    pen = QPen(colour, 1)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, radius, radius)
    painter.restore()


def write(
    painter: QPainter,
    theme: Theme,
    area: QRect,
    text: str,
    *,
    face: Face = Face.BODY,
    colour: str = "text",
    align: int = LEFT,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> int:
    """Write one line, plain and visible, in the middle of ``area``; return how wide it is."""
    shown = visible(text, limit=_MOST)
    width = theme.advance(face, shown)
    if width > area.width():
        shown = theme.metrics(face).elidedText(shown, elide, area.width())
        width = area.width()
    painter.setFont(theme.font(face))
    painter.setPen(theme.colour(colour))
    painter.drawText(area, align, shown)
    return width


def width_of(theme: Theme, text: str, face: Face = Face.BODY) -> int:
    """Return how wide a line is."""
    return theme.advance(face, visible(text, limit=_MOST))


def icon(
    painter: QPainter, theme: Theme, at: QPointF, name: str, colour: str = "secondary"
) -> None:
    """Draw an icon of 16 pixels."""
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(at, theme.pixmap(name, colour, ratio))
