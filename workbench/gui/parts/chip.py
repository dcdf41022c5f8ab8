"""A filter in force: key, operator, value, and a × that takes it away."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme

HEIGHT = 24
_PAD = 8
_WORD = 5
_MOST = 320


@dataclass(frozen=True, slots=True)
class FilterTerm:
    """What a chip says."""

    key: str
    op: str
    value: str

    def __str__(self) -> str:
        """Return it as words."""
        return f"{self.key} {self.op} {self.value}"


class Chip(Painted):
    """A chip. A click on ×, or Delete or Backspace on the chip, removes it."""

    removed = Signal(object)
    pressed = Signal(object)

    def __init__(self, theme: Theme, term: FilterTerm, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._term = term
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw ground, words and ×."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("hover"))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        left = _PAD
        close = self._close()
        for text, face, colour in self._words():
            area = QRect(left, 0, close.left() - left - 2, self.height())
            left += pen.write(painter, self.theme, area, text, face=face, colour=colour) + _WORD
        middle = QPointF(close.center().x() - 6, close.center().y() - 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(middle, self.theme.pixmap("x", "tertiary", ratio, size=12))

    def wanted(self) -> QSize:
        """Return room for the words, up to a limit."""
        words = sum(pen.width_of(self.theme, t, face) + _WORD for t, face, _ in self._words())
        return QSize(min(_PAD + words + 1 + HEIGHT, _MOST), self.theme.px(HEIGHT))

    def said(self) -> str:
        """Return the filter in words."""
        return f"Filter {self._term}"

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Remove or press it."""
        hit = self._close().contains(event.position().toPoint())
        (self.removed if hit else self.pressed).emit(self._term)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove or press it."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.removed.emit(self._term)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Space}:
            self.pressed.emit(self._term)
        else:
            super().keyPressEvent(event)

    def _words(self) -> tuple[tuple[str, Face, str], ...]:
        return (
            (self._term.key, Face.SECONDARY, "secondary"),
            (self._term.op, Face.SECONDARY, "secondary"),
            (self._term.value, Face.WORD, "text"),
        )

    def _close(self) -> QRect:
        return QRect(self.width() - HEIGHT, 0, HEIGHT, self.height())
