"""Reconciliation: catalog against log against files, each difference down to the bytes."""

from collections.abc import Mapping

from workbench.gui.commands import Act
from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.jobs import Lane
from workbench.gui.models.cells import ListSource, Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.header import PageHeader
from workbench.gui.places import RecordAt, SourceAt, ThingAt
from workbench.gui.reconcile import asking
from workbench.gui.reconcile.inspecting import line_inspected
from workbench.gui.reconcile.rows import COLUMNS, EVERY, chosen, facts, line_rows
from workbench.gui.reconcile.sides import SidePanel
from workbench.gui.tables.view import Table
from workbench.gui.text import tr
from workbench.model.case import CaseChanges
from workbench.model.progress import Cancel, Progress
from workbench.model.reconciliation import Line as Difference
from workbench.model.reconciliation import Place, Reconciled, Side

_MARGIN = 16
#: What a comparison is made of; after one of these changed, what is shown is old.
_TOUCHES = {"things", "sources", "events", "verdicts", "alternates", "case"}


class ReconcilePage(PageWidget):
    """The page. It compares when it is first looked at, and says when that is out of date."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._found: Reconciled | None = None
        self._kind = EVERY
        self._running = self._old = False
        theme = context.theme
        self.run = Button(theme, tr("Compare again"), "rotate-cw")
        self.finding = Button(theme, tr("New finding"), "flag", Look.PRIMARY)
        self.header = PageHeader(theme, tr("Reconciliation"), "", (self.run, self.finding))
        self.sides = SidePanel(theme)
        bar = FilterBar(theme, tr("Filter differences"), adds=False)
        self.field = bar.field
        self.table = Table(
            theme, context.jobs, ListSource(COLUMNS), name=tr("Differences"), margin=_MARGIN
        )
        self._lay_out(bar)
        self._connect(bar)
        self.compare()

    def refresh(self, changes: CaseChanges) -> None:
        """What was compared before something changed is old."""
        if changes.areas & _TOUCHES:
            self._old = True
            self._say()

    def acts(self) -> Mapping[str, Act]:
        """Make a finding of what is selected."""
        return {"finding.new": Act(self._new_finding, self._why_no_finding)}

    def compare(self) -> None:
        """Compare the three sides, off the thread of the window."""
        case = self._context.services.case
        if case is None or self._running:
            return
        self._running = True

        def work(_progress: Progress, cancel: Cancel) -> Reconciled:
            return asking.reconcile(case, cancel)

        self._context.jobs.start(
            tr("Reconcile catalog, log and files"), work, lane=Lane.COMPUTE, owner=self,
            on_done=self._take, on_failed=self._fail, on_cancelled=self._stop,
        )  # fmt: skip
        self._say()

    def _lay_out(self, bar: FilterBar) -> None:
        top = row()
        top.setContentsMargins(_MARGIN, 10, _MARGIN, 6)
        top.addWidget(bar)
        right = column()
        right.addLayout(top)
        right.addWidget(self.table, 1)
        middle = row()
        middle.addWidget(self.sides)
        middle.addWidget(boxed(right), 1)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(Line(self._context.theme))
        layout.addWidget(boxed(middle), 1)
        self.setLayout(layout)

    def _connect(self, bar: FilterBar) -> None:
        self.run.clicked.connect(self.compare)
        self.finding.clicked.connect(self._new_finding)
        self.sides.list.chosen.connect(self._choose_kind)
        bar.edited.connect(lambda _text: self._show_lines())
        bar.submitted.connect(lambda _text: self._show_lines())
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self._open)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._say())

    def _take(self, found: Reconciled) -> None:
        self._found, self._old = found, False
        if self._kind != EVERY and self._kind not in {kind.value for kind in found.counts()}:
            self._kind = EVERY
        self.sides.show_found(found, self._kind)
        self._show_lines()
        self._stop()

    def _fail(self, fault: Fault) -> None:
        self._context.notices.fail(fault)
        self._stop()

    def _stop(self) -> None:
        self._running = False
        self._say()

    def _choose_kind(self, key: str) -> None:
        self._kind = key
        self._show_lines()

    def _show_lines(self) -> None:
        lines = chosen(self._found, self._kind) if self._found else []
        compared = self._found is not None
        self.table.show_source(line_rows(lines, self.field.text(), compared=compared))
        self._say()

    def _say(self) -> None:
        if self._running:
            words = tr("Comparing…")
        elif self._found is None:
            words = tr("Nothing was compared yet.")
        elif self._old:
            words = tr("Out of date: the case changed after this comparison. Compare again.")
        else:
            words = facts(self._found)
        self.header.say(words)
        self.run.allow(tr("It is running.") if self._running else "")
        self.finding.allow(self._why_no_finding())

    def _selected(self) -> list[Difference]:
        rows = (self.table.row(index) for index in self.table.selectionModel().selectedRows())
        return [one.key for one in rows if one is not None and isinstance(one.key, Difference)]

    def _why_no_finding(self) -> str:
        case = self._context.services.case
        if case is None or not case.writable:
            return tr("The case cannot be written.")
        kinds = {line.mismatch for line in self._selected()}
        if not kinds:
            return tr("Select one or more differences.")
        return tr("A finding is about one kind of difference.") if len(kinds) > 1 else ""

    def _new_finding(self) -> None:
        if not self._why_no_finding():
            draft = asking.finding_of(self._selected())
            self._context.navigation.go("findings", draft)

    def _choose(self, picked: Row | None) -> None:
        if picked is None or not isinstance(picked.key, Difference):
            return
        line = picked.key
        goes = [
            (tr("Go to the {}").format(tr(place.side.value)), lambda place=place: self._go(place))
            for place in _one_a_side(line)
        ]
        actions = (*goes, (tr("New finding about this"), self._new_finding))
        self._context.selection.select(line_inspected(self._context, line, actions))

    def _open(self, picked: Row | None) -> None:
        """Go where the first side says what it says."""
        if picked is not None and isinstance(picked.key, Difference) and picked.key.places:
            self._go(picked.key.places[0])

    def _go(self, place: Place) -> None:
        navigation, record = self._context.navigation, place.ref.locator.record
        if place.side is Side.LOG and record is not None:
            navigation.go("timeline", RecordAt(place.source, record))
        elif place.side is Side.CATALOG and place.key:
            navigation.go("catalog", ThingAt(place.source, place.key))
        else:
            navigation.go("evidence", SourceAt(place.source))


def _one_a_side(line: Difference) -> list[Place]:
    """Return the first place of each side."""
    return list({place.side: place for place in reversed(line.places)}.values())


PAGE = Page(
    "reconcile", "Reconciliation", "git-compare", 4, Group.JUDGE, ReconcilePage,
    inspects_narrow=False,
)  # fmt: skip
