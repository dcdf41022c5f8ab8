"""What to do where there is nothing to see: what is missing, why it matters, one button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import column
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.word_icon import WordIcon
from workbench.gui.text import Paragraph
from workbench.gui.theme import Theme

_ICON = 24
_WIDTH = 480


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
        layout.addWidget(WordIcon(theme, icon, "tertiary", size=_ICON), 0, left)
        layout.addSpacing(4)
        for text, face, colour in ((missing, Face.SECTION, "text"), (why, Face.BODY, "secondary")):
            words = Paragraph(theme, text, face, colour)
            words.setMaximumWidth(theme.px(_WIDTH))
            layout.addWidget(words)
            self.why = words
        if action:
            button = Button(theme, action, action_icon, Look.PRIMARY)
            button.clicked.connect(self.acted)
            layout.addSpacing(8)
            layout.addWidget(button, 0, left)
        layout.addStretch()
        self.setAccessibleName(f"{missing} {why}")
