"""The mark of a verdict. The shape alone tells it: amber and red look the same to some eyes.

A pass that rests on nothing the auditor trusts is half a mark, never the plain green
(VERDICTS section 3).
"""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme
from workbench.model.verdict import DimensionVerdict, Indication
from workbench.report.phrases import is_weak

#: Sizes a mark is drawn at: in a table, beside a title, beside a verdict word.
SMALL, MEDIUM, LARGE = 12, 14, 20
_TURN = 12
_ARC = 230


class Mark(StrEnum):
    """The marks there are; a fourth shape of a verdict there is not."""

    PASSED = "passed"
    HALF = "passed, agrees only with itself"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"
    NONE = "does not apply"
    RUNNING = "running"


_COLOURS = {
    Mark.PASSED: "passed",
    Mark.HALF: "passed",
    Mark.INDETERMINATE: "indeterminate",
    Mark.FAILED: "failed",
    Mark.NONE: "secondary",
    Mark.RUNNING: "accent",
}


def mark_of(verdict: DimensionVerdict | Indication | None) -> Mark:
    """Return the mark of a verdict; of none, the one that says it does not apply."""
    match verdict:
        case None:
            return Mark.NONE
        case DimensionVerdict() if is_weak(verdict):
            return Mark.HALF
        case DimensionVerdict():
            return Mark[verdict.indication.name]
        case Indication():
            return Mark[verdict.name]


def colour_of(mark: Mark) -> str:
    """Return the token of the word beside a mark."""
    return _COLOURS[mark]


def paint_mark(
    painter: QPainter, theme: Theme, at: QPointF, mark: Mark, size: int = SMALL, turn: int = 0
) -> None:
    """Draw a mark with its upper left corner at ``at``; ``turn`` is where a running arc is."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.translate(at)
    painter.scale(size / 16, size / 16)
    ink = theme.colour(_COLOURS[mark])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    match mark:
        case Mark.PASSED:
            painter.drawEllipse(QRectF(0.5, 0.5, 15, 15))
            _stroke(painter, theme, [(4.6, 8.3), (7.0, 10.7), (11.5, 5.7)])
        case Mark.HALF:
            _half(painter)
        case Mark.INDETERMINATE:
            _diamond(painter, theme)
        case Mark.FAILED:
            painter.drawRoundedRect(QRectF(0.5, 0.5, 15, 15), 2, 2)
            _stroke(painter, theme, [(5.2, 5.2), (10.8, 10.8)])
            _stroke(painter, theme, [(10.8, 5.2), (5.2, 10.8)])
        case Mark.NONE:
            _ring(painter)
        case Mark.RUNNING:
            _arc(painter, theme, turn)
    painter.restore()


def _stroke(painter: QPainter, theme: Theme, points: list[tuple[float, float]]) -> None:
    pen = QPen(theme.colour("canvas"), 2.0)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def _half(painter: QPainter) -> None:
    painter.drawPie(QRectF(1.25, 1.25, 13.5, 13.5), 90 * 16, 180 * 16)
    painter.setPen(QPen(painter.brush().color(), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(1.25, 1.25, 13.5, 13.5))


def _diamond(painter: QPainter, theme: Theme) -> None:
    ink = theme.colour("indeterminate")
    pen = QPen(ink, 1.6)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(theme.colour("indeterminate_tint"))
    corners = ((8, 0.4), (15.6, 8), (8, 15.6), (0.4, 8))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    pen = QPen(ink, 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawArc(QRectF(6.0, 4.2, 4.0, 3.6), -60 * 16, 240 * 16)
    painter.drawLine(QPointF(8.4, 7.9), QPointF(8.0, 9.0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(8.0, 11.4), 1.0, 1.0)


def _ring(painter: QPainter) -> None:
    painter.setPen(QPen(painter.brush().color(), 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(1.2, 1.2, 13.6, 13.6))
    painter.drawLine(QPointF(5.2, 8), QPointF(10.8, 8))


def _arc(painter: QPainter, theme: Theme, turn: int) -> None:
    ring = QRectF(2, 2, 12, 12)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.track, 2.2))
    painter.drawEllipse(ring)
    pen = QPen(theme.colour("accent"), 2.2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawArc(ring, (90 - turn) * 16, -_ARC * 16)


class VerdictMark(Painted):
    """A mark that stands alone; its word stands beside it or in the head of its column."""

    def __init__(
        self, theme: Theme, mark: Mark, size: int = MEDIUM, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._size = size
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // _TURN)
        self._timer.timeout.connect(self._advance)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_mark(mark)

    def set_mark(self, mark: Mark) -> None:
        """Show another mark."""
        self._mark = mark
        if mark is Mark.RUNNING and not self.theme.is_still:
            self._timer.start()
        else:
            self._timer.stop()
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw it in the middle."""
        size = self.theme.px(self._size)
        corner = QPointF((self.width() - size) / 2, (self.height() - size) / 2)
        paint_mark(painter, self.theme, corner, self._mark, size, self._turn)

    def wanted(self) -> QSize:
        """Return a square."""
        size = self.theme.px(self._size)
        return QSize(size, size)

    def said(self) -> str:
        """Return the word."""
        return self._mark.value

    def _advance(self) -> None:
        self._turn = (self._turn + 360 // _TURN) % 360
        self.update()
