"""One dimension of the case in the top bar: its name over mark and word."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.mark import SMALL, colour_of, mark_of, paint_mark
from workbench.gui.parts.painted import Painted
from workbench.gui.text import set_tooltip, tr
from workbench.gui.theme import Theme
from workbench.model.verdict import Dimension, DimensionVerdict
from workbench.report.glossary import meaning_of, words

_PAD = 12
_GAP = 5


class VerdictCell(Painted):
    """Pressed, it opens the verification at its dimension."""

    pressed = Signal(object)

    def __init__(self, theme: Theme, dimension: Dimension, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._dimension = dimension
        self._verdict: DimensionVerdict | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.show_verdict(None)

    def show_verdict(self, verdict: DimensionVerdict | None) -> None:
        """Show another verdict; None is: not verified yet."""
        self._verdict = verdict
        set_tooltip(self, meaning_of(verdict).meaning if verdict else tr("Not verified yet."))
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw ground, edge, name, mark and word."""
        if self.underMouse():
            painter.fillRect(self.rect(), self.theme.colour("hover"))
        edge = QRect(self.width() - 1, 0, 1, self.height())
        painter.fillRect(edge, self.theme.colour("line"))
        half = self.height() // 2
        upper = QRect(_PAD, half - self.theme.px(16), self.width() - _PAD, self.theme.px(16))
        name = words()[self._dimension].short
        pen.write(painter, self.theme, upper, name, face=Face.SMALL_HEAD, colour="secondary")
        lower = QRect(_PAD, half + 1, self.width() - _PAD, self.theme.px(16))
        size = self.theme.px(SMALL)
        mark = mark_of(self._verdict)
        corner = QPointF(_PAD, lower.top() + (lower.height() - size) / 2)
        paint_mark(painter, self.theme, corner, mark, size)
        area = lower.adjusted(size + _GAP, 0, 0, 0)
        ink = colour_of(mark)
        pen.write(painter, self.theme, area, self._word(), face=Face.SMALL_STRONG, colour=ink)

    def wanted(self) -> QSize:
        """Return room for the longer of name and word."""
        name = pen.width_of(self.theme, words()[self._dimension].short, Face.SMALL_HEAD)
        word = pen.width_of(self.theme, self._word(), Face.SMALL_STRONG)
        return QSize(2 * _PAD + max(name, self.theme.px(SMALL) + _GAP + word) + 1, 40)

    def said(self) -> str:
        """Return dimension and word."""
        return f"{words()[self._dimension].short}: {self._word()}"

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the verification."""
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self._dimension)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the verification."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Space}:
            self.pressed.emit(self._dimension)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: object) -> None:
        """Show that it can be pressed."""
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Show it as before."""
        self.update()

    def _word(self) -> str:
        return self._verdict.indication.value if self._verdict else tr("Not verified")
