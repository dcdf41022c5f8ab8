"""The head of a page: its title, one line of facts, and what can be done, at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import column, row
from workbench.gui.text import ElidingLabel, PlainLabel
from workbench.gui.theme import Theme

MARGIN = 24


class PageHeader(QWidget):
    """Title, facts, actions: at most one of them primary."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        facts: str = "",
        actions: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        line = row(gap=8)
        line.setContentsMargins(MARGIN, 12, MARGIN, 10)
        words = column(gap=2)
        self._title = PlainLabel(theme, title, Face.TITLE)
        self._facts = ElidingLabel(theme, facts, Face.SECONDARY, "secondary")
        words.addWidget(self._title)
        words.addWidget(self._facts)
        line.addLayout(words, 1)
        for action in actions:
            line.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(line)

    def say(self, facts: str) -> None:
        """Show other facts."""
        self._facts.setText(facts)
