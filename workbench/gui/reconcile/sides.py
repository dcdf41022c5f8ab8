"""The left of the page of reconciliation: kinds of difference, and what was compared."""

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, Panel, boxed, clear, column, scrolled
from workbench.gui.parts.cards import CardList
from workbench.gui.parts.header import MARGIN
from workbench.gui.reconcile.rows import comparison_words, kind_cards, side_words
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.reconciliation import Reconciled

WIDTH = 290
_LIST = 380


class SidePanel(Panel):
    """Kinds with their numbers above; sides and comparisons below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, edges="e")
        self._theme = theme
        self.list = CardList(theme, tr("Kinds of difference"))
        self._below = column(gap=10)
        self._below.setContentsMargins(MARGIN, 12, 12, 12)
        layout = column()
        layout.addWidget(self.list)
        layout.addWidget(Line(theme))
        layout.addWidget(scrolled(boxed(self._below)), 1)
        self.setLayout(layout)
        self.setFixedWidth(theme.px(WIDTH))

    def show_found(self, found: Reconciled, current: str) -> None:
        """Show what was found and compared."""
        cards = kind_cards(found)
        self.list.show_cards(cards, current)
        rows = sum(self.list.sizeHintForRow(n) for n in range(len(cards)))
        self.list.setFixedHeight(min(rows + 2, self._theme.px(_LIST)))
        clear(self._below)
        self._head(tr("The three sides"))
        for side in found.sides:
            name, words = side_words(side)
            self._say(f"{name}: {words}", "indeterminate" if side.lack else "text")
        self._head(tr("What was compared"))
        for told, is_compared, left in comparison_words(found):
            self._say(told, "text" if is_compared else "indeterminate")
            for reason in left:
                self._say(tr("not compared: {}").format(reason), "secondary")
        for note in found.notes:
            self._say(note, "secondary")
        self._below.addStretch()

    def _head(self, words: str) -> None:
        self._below.addWidget(PlainLabel(self._theme, words, Face.HEAD, "secondary"))

    def _say(self, words: str, colour: str) -> None:
        face = Face.SECONDARY if colour == "secondary" else Face.BODY
        self._below.addWidget(Paragraph(self._theme, words, face, colour))
