"""A form: fields below each other, each under its name, with what it is for."""

from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import boxed, column
from workbench.gui.text import Paragraph, PlainLabel
from workbench.gui.theme import Theme


class Form(QWidget):
    """The fields; one that does not matter now can be hidden with its words."""

    def __init__(self, theme: Theme, *, quiet: bool = False, gap: int = 12) -> None:
        super().__init__()
        self._theme = theme
        self._look = (Face.SECONDARY, "secondary") if quiet else (Face.BUTTON, "text")
        self._boxes: dict[QWidget, QWidget] = {}
        self._lines = column(gap=gap)
        self.setLayout(self._lines)

    def title(self, text: str) -> None:
        """Begin a part of its own."""
        self._lines.addSpacing(6)
        self._lines.addWidget(PlainLabel(self._theme, text, Face.SECTION))

    def add(self, name: str, field: QWidget, told: str = "") -> None:
        """Add a field under its name, and below it what it is for."""
        lines = column(gap=4)
        if name:
            field.setAccessibleName(name)
            lines.addWidget(PlainLabel(self._theme, name, *self._look))
        lines.addWidget(field)
        if told:
            lines.addWidget(Paragraph(self._theme, told, Face.SECONDARY, "secondary"))
        self._boxes[field] = boxed(lines)
        self._lines.addWidget(self._boxes[field])

    def show_field(self, field: QWidget, *, shown: bool) -> None:
        """Show a field with its words, or hide all of it."""
        self._boxes[field].setVisible(shown)

    def is_shown(self, field: QWidget) -> bool:
        """Tell whether a field matters now."""
        return not self._boxes[field].isHidden()
