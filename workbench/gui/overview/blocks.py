"""Pieces of the overview: a matter to look at, an indicator."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.overview.first import Matter
from workbench.gui.overview.indicators import Indicator
from workbench.gui.parts.boxes import column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.mark import MEDIUM, VerdictMark
from workbench.gui.text import ElidingLabel, PlainLabel
from workbench.gui.theme import Theme


class MatterRow(QWidget):
    """Number, mark, what it is and why, one action."""

    acted = Signal()

    def __init__(self, theme: Theme, number: int, matter: Matter) -> None:
        super().__init__()
        line = row(gap=10)
        line.setContentsMargins(0, 7, 0, 7)
        place = PlainLabel(theme, str(number), Face.NUMBER, "tertiary")
        place.setFixedWidth(theme.px(12))
        line.addWidget(place)
        line.addWidget(VerdictMark(theme, matter.mark, MEDIUM))
        words = column(gap=1)
        words.addWidget(ElidingLabel(theme, matter.title, Face.BUTTON))
        words.addWidget(ElidingLabel(theme, matter.detail, Face.SECONDARY, "secondary"))
        line.addLayout(words, 1)
        self.button = Button(theme, matter.action, look=Look.LINK)
        self.button.clicked.connect(self.acted)
        line.addWidget(self.button)
        self.setLayout(line)
        self.setAccessibleName(f"{number}. {matter.title}. {matter.detail}")


class IndicatorBlock(QWidget):
    """Name, value, of what. Pressed, it leads to the rows."""

    acted = Signal()

    def __init__(self, theme: Theme, indicator: Indicator) -> None:
        super().__init__()
        stack = column(gap=1)
        stack.addWidget(ElidingLabel(theme, indicator.name, Face.SECONDARY, "secondary"))
        stack.addWidget(PlainLabel(theme, indicator.value, Face.VALUE))
        stack.addWidget(ElidingLabel(theme, indicator.detail, Face.SECONDARY, "secondary"))
        self.setLayout(stack)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{indicator.name}: {indicator.value} {indicator.detail}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lead to the rows."""
        if self.rect().contains(event.position().toPoint()):
            self.acted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lead to the rows."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.acted.emit()
        else:
            super().keyPressEvent(event)
