"""The head of a page: its title, one line of facts, and what can be done, at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import column, row
from workbench.gui.parts.tab_bar import TabBar
from workbench.gui.text import ElidingLabel, PlainLabel, action_text, tr
from workbench.gui.theme import Theme

MARGIN = 24


class PageHeader(QWidget):
    """Title, facts, views, actions: at most one of them primary.

    ``view_asked`` gives the id of another view of the page.
    """

    view_asked = Signal(str)

    def __init__(
        self,
        theme: Theme,
        title: str,
        facts: str = "",
        actions: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._line = line = row(gap=8)
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

    def show_views(self, views: Sequence[tuple[str, str]], current: str) -> None:
        """Offer the views of the page, by id and name; this one stays chosen here."""
        bar = TabBar(self._theme)
        ids = [name for name, _ in views]
        for number, (_, title) in enumerate(views):
            bar.addTab(action_text(title))
            bar.setTabToolTip(number, "")
        here = ids.index(current)
        bar.setCurrentIndex(here)
        bar.setAccessibleName(tr("Views of this page"))

        def turn(number: int) -> None:
            bar.blockSignals(True)
            bar.setCurrentIndex(here)
            bar.blockSignals(False)
            if number != here:
                self.view_asked.emit(ids[number])

        bar.currentChanged.connect(turn)
        self._line.insertWidget(1, bar, 0, Qt.AlignmentFlag.AlignVCenter)
        self._line.insertSpacing(2, 8)

    def say(self, facts: str) -> None:
        """Show other facts."""
        self._facts.setText(facts)
