"""What to do where there is nothing to see: what is missing, why it matters, one button."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import column
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.painted import Painted
from workbench.gui.text import Paragraph
from workbench.gui.theme import Theme

_ICON = 24
_WIDTH = 480


class LargeIcon(Painted):
    """An icon of 24 pixels; the words beside it say what it means."""

    def __init__(self, theme: Theme, name: str, colour: str = "tertiary") -> None:
        super().__init__(theme)
        self._name = name
        self._colour = colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        ratio = painter.device().devicePixelRatio()
        shown = self.theme.pixmap(self._name, self._colour, ratio, size=_ICON)
        painter.drawPixmap(QPointF(0, 0), shown)

    def wanted(self) -> QSize:
        """Return its size."""
        return QSize(self.theme.px(_ICON), self.theme.px(_ICON))

    def said(self) -> str:
        """Say nothing."""
        return ""


class EmptyState(QWidget):
    """Left-aligned, without a picture; ``acted`` says that the button was pressed."""

    acted = Signal()

    def __init__(
        self,
        theme: Theme,
        icon: str,
        missing: str,
        why: str,
        action: str = "",
        *,
        action_icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        layout = column(margin=24, gap=8)
        self.setLayout(layout)
        left = Qt.AlignmentFlag.AlignLeft
        layout.addWidget(LargeIcon(theme, icon), 0, left)
        layout.addSpacing(4)
        for text, face, colour in ((missing, Face.SECTION, "text"), (why, Face.BODY, "secondary")):
            words = Paragraph(theme, text, face, colour)
            words.setMaximumWidth(theme.px(_WIDTH))
            layout.addWidget(words)
        if action:
            button = Button(theme, action, action_icon, Look.PRIMARY)
            button.clicked.connect(self.acted)
            layout.addSpacing(8)
            layout.addWidget(button, 0, left)
        layout.addStretch()
        self.setAccessibleName(f"{missing} {why}")
