"""Label, value, and what protects the value: one row a field."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.protection import ProtectionMark
from workbench.gui.text import Paragraph
from workbench.gui.theme import Theme
from workbench.model.catalog import Protection

LABEL = 92
_ROW = 26
#: So that values of several lines do not run into each other.
_GAP = 4


class Fields(QWidget):
    """Rows of label, value and mark; the values wrap, the marks stay in sight."""

    def __init__(self, theme: Theme, *, label: int = LABEL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(_GAP)
        self._label = theme.px(label)
        self._grid.setColumnMinimumWidth(0, self._label)
        self._grid.setColumnStretch(1, 1)
        self._rows = 0

    def add(
        self,
        label: str,
        value: str | QWidget,
        protection: Protection | None = None,
        *,
        face: Face = Face.BODY,
        colour: str = "text",
        below: bool = False,
    ) -> None:
        """Add a row; a value that is no text is put in as it is, a long one ``below`` its label."""
        row = self._rows
        self._rows += 1
        self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(self._rows, 1)
        top = Qt.AlignmentFlag.AlignTop
        least = 0 if below else self._theme.px(_ROW - 1) - _GAP
        self._grid.setRowMinimumHeight(row, least)
        name = Paragraph(self._theme, label, Face.SECONDARY, "secondary")
        if below:
            self._grid.addWidget(name, row, 0, 1, 2, top)
        else:
            name.setFixedWidth(self._label)
            self._grid.addWidget(name, row, 0, top)
        columns = 2 if protection is None else 1
        if isinstance(value, str):
            widget: QWidget = Paragraph(self._theme, value, face, colour)
            widget.setAccessibleName(f"{label}: {value}")
            if below:
                self._rows += 1
                self._grid.setRowStretch(row + 1, 0)
                self._grid.setRowMinimumHeight(row + 1, self._theme.px(_ROW) - _GAP)
                self._grid.setRowStretch(self._rows, 1)
                self._grid.addWidget(widget, row + 1, 0, 1, 3, top)
            else:
                self._grid.addWidget(widget, row, 1, 1, columns, top)
        else:
            left = top | Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(value, row, 1, 1, columns, left)
        if protection is not None:
            self._grid.addWidget(ProtectionMark(self._theme, protection), row, 2, top)
