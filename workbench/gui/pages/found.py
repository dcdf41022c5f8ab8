"""All of one list that a search found: where the palette shows a few, this shows the rest."""

from collections.abc import Sequence

from workbench.gui.context import Hit, WindowContext
from workbench.gui.models.cells import Cell, Column, ListSource, Row, Tone
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, column, row
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.places import FoundIn
from workbench.gui.searching import MOST_LISTED, all_of, title_of
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.gui.text import tr
from workbench.model.case import CaseChanges

COLUMNS = (
    Column("title", "What was found", width=340, least=180, rank=0, stretch=True),
    Column("detail", "What tells it from others", width=340, least=160, rank=1, stretch=True),
)


class FoundPage(PageWidget):
    """The rows; Enter goes to what a row is about. The query can be changed in place."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._asked: FoundIn | None = None
        theme = context.theme
        nothing = tr("Nothing was looked for: press Ctrl+K.")
        self.header = PageHeader(theme, tr("Found"), nothing)
        self.bar = FilterBar(theme, tr("What to look for"), adds=False)
        self.table = Table(
            theme, context.jobs, ListSource(COLUMNS, unasked=nothing), name=tr("What was found")
        )
        self.bar.edited.connect(self._ask_other)
        self.bar.submitted.connect(self._ask_other)
        self.table.opened.connect(self._open)
        top = row()
        top.setContentsMargins(MARGIN, 10, MARGIN, 6)
        top.addWidget(self.bar)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(Line(theme))
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        layout.addWidget(TableFooter(theme, self.table.rows))
        self.setLayout(layout)

    def refresh(self, changes: CaseChanges) -> None:
        """Look again: an act may have changed any list."""
        self._look()

    def reveal(self, place: object) -> None:
        """Show all of a list that satisfies a query."""
        if isinstance(place, FoundIn):
            self._asked = place
            self.bar.show_text(place.query)
            self._look()

    def _ask_other(self, query: str) -> None:
        if self._asked is not None:
            self._asked = FoundIn(self._asked.area, query)
            self._look()

    def _look(self) -> None:
        asked = self._asked
        if asked is not None:
            self._context.services.read(
                lambda case: all_of(case, asked.area, asked.query),
                owner=self,
                on_done=lambda found: self._take(asked, *found),
                on_failed=self._context.notices.fail,
            )

    def _take(self, asked: FoundIn, total: int, hits: Sequence[Hit], why_not: str) -> None:
        if asked != self._asked:
            return  # something else was asked meanwhile
        words = why_not or tr("{} found").format(f"{total:,}")
        if total > len(hits):
            words += tr(", the first {} are shown").format(f"{MOST_LISTED:,}")
        self.header.say(f"{title_of(asked.area)} · {words}")
        rows = tuple(map(_row, hits))
        self.table.show_source(ListSource(COLUMNS, rows, tr("rows"), why_not))

    def _open(self, picked: Row | None) -> None:
        if picked is not None and isinstance(picked.key, Hit):
            self._context.navigation.go(picked.key.page, picked.key.place)


def _row(hit: Hit) -> Row:
    return Row((Cell(hit.title), Cell(hit.detail, Tone.QUIET)), hit)


PAGE = Page("found", "Found", "search", 9, Group.TASK, FoundPage, inspects=False)
