"""Below a table: how many rows of how many, and what else is to be said of them."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.models.cells import Count
from workbench.gui.models.paged_table import PagedTable
from workbench.gui.parts.boxes import Panel, clear, row
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
        self._theme = theme
        self._facts, self._right = row(gap=20), row(gap=20)
        line.addLayout(self._facts)
        line.addStretch(1)
        line.addLayout(self._right)
        self.setLayout(line)
        self.say(facts, right)
        rows.counted.connect(self.show_count)

    def say(self, facts: Sequence[str], right: Sequence[str] = ()) -> None:
        """Show other facts."""
        for place, said, face in (
            (self._facts, facts, Face.BODY),
            (self._right, right, Face.SECONDARY),
        ):
            clear(place)
            for fact in said:
                place.addWidget(ElidingLabel(self._theme, fact, face, "secondary"))

    def show_count(self, count: Count) -> None:
        """Show how many rows there are."""
        self._count.setText(str(count))
