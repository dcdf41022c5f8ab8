"""Words that lead somewhere: one line, reached with Tab, followed with Enter or a click."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent

from workbench.gui.fonts import Face
from workbench.gui.text import ElidingLabel
from workbench.gui.theme import Theme


class Link(ElidingLabel):
    """Elides like a label, so that a long name widens nothing."""

    pressed = Signal()

    def __init__(self, theme: Theme, text: str, face: Face = Face.BODY) -> None:
        super().__init__(theme, text, face, "accent")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Follow it."""
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Follow it."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys go here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they no longer do."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, and a line under them where keys go."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.fillRect(0, self.height() - 2, self.width(), 2, self._theme.colour("accent"))
            painter.end()
