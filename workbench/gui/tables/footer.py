"""Below a table: how many rows of how many, and what else is to be said of them."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.models.cells import Count
from workbench.gui.models.paged_table import PagedTable
from workbench.gui.parts.boxes import Panel, row
from workbench.gui.text import ElidingLabel, PlainLabel
from workbench.gui.theme import Theme

HEIGHT = 34


class TableFooter(Panel):
    """Counts at the left, facts at the right."""

    def __init__(
        self,
        theme: Theme,
        rows: PagedTable,
        *,
        facts: Sequence[str] = (),
        right: Sequence[str] = (),
        margin: int = 24,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, edges="n", height=HEIGHT, parent=parent)
        line = row(gap=20)
        line.setContentsMargins(margin, 0, margin, 0)
        self._count = PlainLabel(theme, str(rows.count), Face.BUTTON)
        line.addWidget(self._count)
        for fact in facts:
            line.addWidget(ElidingLabel(theme, fact, Face.BODY, "secondary"))
        line.addStretch(1)
        for fact in right:
            line.addWidget(ElidingLabel(theme, fact, Face.SECONDARY, "secondary"))
        self.setLayout(line)
        rows.counted.connect(self.show_count)

    def show_count(self, count: Count) -> None:
        """Show how many rows there are."""
        self._count.setText(str(count))
