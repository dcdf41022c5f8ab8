"""A painted row that is a button as a whole."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from workbench.gui.parts import pen
from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme

_KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


class PressRow(Painted):
    """The row. ``pressed`` says that it was clicked, or Enter or Space pressed on it."""

    pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def draw_hover(self, painter: QPainter) -> None:
        """Draw what shows that it can be pressed."""
        if self.underMouse():
            pen.fill(painter, self.rect(), self.theme.colour("hover"))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Show it as it was."""
        super().leaveEvent(event)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the click, if it ends on the row."""
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that press a button."""
        if event.key() in _KEYS:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)
