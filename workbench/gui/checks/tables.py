"""The two tables of the page of checks: what each check says, and the rows behind one of them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.gui.checks.rows import Findings, entry_rows
from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.models.cells import ListSource
from workbench.gui.parts.boxes import Line, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.tables.view import Table
from workbench.gui.text import ElidingLabel, PlainLabel, tr
from workbench.model.policy import Check, CheckResult, Undecided
from workbench.model.policy import Row as PolicyRow

MARGIN = 16


class ResultTable(QWidget):
    """The checks of a pack under a filter; ``filtered`` gives its text."""

    filtered = Signal(str)

    def __init__(self, context: WindowContext, source: ListSource) -> None:
        super().__init__()
        theme = context.theme
        bar = FilterBar(theme, tr("Filter checks"), adds=False)
        bar.edited.connect(self.filtered)
        bar.submitted.connect(self.filtered)
        self.field = bar.field
        self.table = Table(theme, context.jobs, source, name=tr("Checks"), margin=MARGIN)
        top = row()
        top.setContentsMargins(MARGIN, 10, MARGIN, 6)
        top.addWidget(bar)
        layout = column()
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        self.setLayout(layout)


class EntryTable(QWidget):
    """Exceptions and undecided rows of a check, and the finding that they make."""

    def __init__(self, context: WindowContext, source: ListSource) -> None:
        super().__init__()
        theme = context.theme
        self._id = PlainLabel(theme, "", Face.MONO, "secondary")
        self._words = ElidingLabel(theme, "", Face.STRONG)
        self.finding = Button(theme, tr("New finding"), "flag")
        self.table = Table(
            theme, context.jobs, source, name=tr("Exceptions and undecided rows"), margin=MARGIN
        )
        head = row(gap=10)
        head.setContentsMargins(MARGIN, 8, MARGIN, 6)
        head.addWidget(self._id)
        head.addWidget(self._words, 1)
        head.addWidget(self.finding)
        layout = column()
        layout.addWidget(Line(theme))
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        self.setLayout(layout)

    def show_entries(self, check: Check, result: CheckResult | None, findings: Findings) -> None:
        """Show the rows behind a check."""
        self._id.setText(check.id)
        self._words.setText(_words(result))
        self.table.show_source(entry_rows(result, findings))

    def selected(self) -> list[PolicyRow | Undecided]:
        """Return the rows that are selected."""
        found = (self.table.row(index) for index in self.table.selectionModel().selectedRows())
        keys = (one.key for one in found if one is not None)
        return [key for key in keys if isinstance(key, PolicyRow | Undecided)]

    def allow(self, why_not: str, rows: int) -> None:
        """Offer a finding of so many rows, or say why not."""
        some = tr("New finding from 1 row") if rows == 1 else tr("New finding from {} rows")
        self.finding.say(some.format(f"{rows:,}") if rows and not why_not else tr("New finding"))
        self.finding.allow(why_not)


def _words(result: CheckResult | None) -> str:
    if result is None:
        return tr("Not run: there is nothing to say yet")
    bad = len(result.exceptions)
    some = tr("1 exception of {1} tested") if bad == 1 else tr("{0} exceptions of {1} tested")
    words = some.format(f"{bad:,}", f"{result.tested:,}")
    open_ones = result.population - result.tested
    more = tr(", {} of {} could not be decided").format(f"{open_ones:,}", f"{result.population:,}")
    return f"{words}{more}" if open_ones else words
