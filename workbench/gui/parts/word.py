"""A verdict word with its mark. Pressed, or on F1, it explains itself in place."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.mark import LARGE, MEDIUM, SMALL, Mark, colour_of, paint_mark
from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme

#: Faces for a word that has less room, the smallest last.
_SMALLER = (Face.SECTION, Face.STRONG, Face.SMALL_STRONG)
#: What is pressed is at least so high.
_TARGET = 24
_GAPS = {SMALL: 5, MEDIUM: 6, LARGE: 8}


class VerdictWord(Painted):
    """A mark, and a word in its colour; ``explain`` says that the user asked what it means."""

    explain = Signal()

    def __init__(
        self,
        theme: Theme,
        mark: Mark,
        word: str,
        *,
        size: int = MEDIUM,
        face: Face = Face.STRONG,
        asks: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._size = size
        self._face = face
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if asks:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_word(mark, word)

    def show_word(self, mark: Mark, word: str) -> None:
        """Show another verdict."""
        self._mark = mark
        self._word = word
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw mark and word."""
        size = self.theme.px(self._size)
        paint_mark(painter, self.theme, QPointF(0, (self.height() - size) / 2), self._mark, size)
        area = self.rect().adjusted(size + _GAPS[self._size], 0, 0, 0)
        colour = colour_of(self._mark)
        face = self._fitting(area.width())
        pen.write(painter, self.theme, area, self._word, face=face, colour=colour)

    def wanted(self) -> QSize:
        """Return room for mark and word."""
        size = self.theme.px(self._size)
        asks = self.focusPolicy() is not Qt.FocusPolicy.NoFocus
        least = self.theme.px(_TARGET) if asks else size
        height = max(least, size, self.theme.metrics(self._face).height())
        return QSize(self._width(self._face), height)

    def minimumSizeHint(self) -> QSize:
        """Return room for the whole word in small letters: a verdict is never cut."""
        return QSize(
            min(self._width(_SMALLER[-1]), self._width(self._face)), self.wanted().height()
        )

    def _width(self, face: Face) -> int:
        left = self.theme.px(self._size) + _GAPS[self._size]
        return left + pen.width_of(self.theme, self._word, face) + 1

    def _fitting(self, room: int) -> Face:
        """Return the face of the word, or a smaller one in which it has room."""
        for face in (self._face, *_SMALLER):
            if pen.width_of(self.theme, self._word, face) <= room:
                return face
        return _SMALLER[-1]

    def said(self) -> str:
        """Return the word, and what its mark says where that is not the same."""
        same = self._word.lower() in self._mark.value or self._mark is Mark.NONE
        return self._word if same else f"{self._word}, {self._mark.value}"

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the explanation."""
        if self.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            self.explain.emit()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for the explanation."""
        if event.key() in {Qt.Key.Key_F1, Qt.Key.Key_Return, Qt.Key.Key_Space}:
            self.explain.emit()
        else:
            super().keyPressEvent(event)
