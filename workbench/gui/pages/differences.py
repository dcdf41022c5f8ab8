"""Two exports of one catalog side by side: what was added, removed, renamed, changed."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QStackedWidget

from workbench.evidence.text import visible
from workbench.gui.amounts import Unit
from workbench.gui.commands import Act
from workbench.gui.context import WindowContext
from workbench.gui.differences import asking
from workbench.gui.differences.inspecting import difference_inspected
from workbench.gui.differences.rows import EVERY, cards, difference_rows, facts, later_keys
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.jobs import Lane
from workbench.gui.looking.names import short_names
from workbench.gui.models.cells import Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button, IconButton, Look
from workbench.gui.parts.cards import CardList
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.header import PageHeader
from workbench.gui.places import SourceAt, ThingAt
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.gui.text import PlainLabel, tr
from workbench.model.case import CaseChanges, Finding
from workbench.model.case_source import CaseSource
from workbench.model.difference import About, Compared, Difference
from workbench.model.progress import Cancel, Progress

_SIDE, _MARGIN, _CHOICE = 204, 16, 150
_TOUCHES = {"things", "sources", "case"}


class DifferencesPage(PageWidget):
    """Two choices above, kinds of change at the left, the differences of one in the table."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._catalogs: Sequence[CaseSource] = ()
        self._found: Compared | None = None
        self._sides: tuple[CaseSource, CaseSource] | None = None
        self._kind = EVERY
        self._running = self._old = False
        theme = context.theme
        self.run = Button(theme, tr("Compare"), "git-compare", Look.PRIMARY)
        self.finding = Button(theme, tr("New finding"), "flag")
        self.header = PageHeader(theme, tr("Catalog"), "", (self.finding, self.run))
        self.earlier, self.later = QComboBox(), QComboBox()
        self.earlier.setAccessibleName(tr("Earlier export"))
        self.later.setAccessibleName(tr("Later export"))
        self.swap = IconButton(theme, "arrow-up-down", tr("Exchange the two"))
        self.kinds = CardList(theme, tr("Changes"))
        self.bar = FilterBar(theme, tr("Filter differences"), adds=False)
        self.table = Table(
            theme, context.jobs, difference_rows(None, EVERY, ""), name=tr("Differences"),
            margin=_MARGIN,
        )  # fmt: skip
        self.empty = EmptyState(
            theme, "git-compare", tr("Nothing to compare"),
            tr("Two exports of a catalog are compared with one another; this case has fewer. Add "
               "another one, or deliver one again: both are kept."),
            tr("Add evidence…"), action_icon="plus",
        )  # fmt: skip
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show()
        self._read_catalogs()

    def refresh(self, changes: CaseChanges) -> None:
        """What was compared before something changed is old; there may be more to choose from."""
        if changes.areas & _TOUCHES:
            self._old = self._found is not None
            self._read_catalogs()
            self._say()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the inspector show again what is selected here."""
        super().showEvent(event)
        self._choose(self.table.row())

    def acts(self) -> Mapping[str, Act]:
        """Make a finding of what is selected."""
        return {"finding.new": Act(self._new_finding, self._why_no_finding)}

    def compare(self) -> None:
        """Compare the two that are chosen, off the thread of the window."""
        case, sides = self._context.services.case, self._chosen_sides()
        if case is None or sides is None or self._why_no_run():
            return
        self._running = True

        def work(_progress: Progress, cancel: Cancel) -> Compared:
            return asking.compare(case, (sides[0].id, sides[1].id), cancel)

        self._context.jobs.start(
            tr("Compare two exports"), work, unit=Unit.ITEMS, lane=Lane.COMPUTE, owner=self,
            on_done=partial(self._take, sides), on_failed=self._fail, on_cancelled=self._stop,
        )  # fmt: skip
        self._say()

    def _read_catalogs(self) -> None:
        self._context.services.read(asking.catalogs, owner=self, on_done=self._take_catalogs)

    def _take_catalogs(self, found: Sequence[CaseSource]) -> None:
        """Offer what there is; first the two that were delivered last of one format."""
        before = self._chosen_sides()
        self._catalogs = found
        names = short_names({source.id: source.display for source in found})
        for box in (self.earlier, self.later):
            box.blockSignals(True)
            box.clear()
            for source in found:
                late = tr(" (superseded)") if source.superseded_by is not None else ""
                box.addItem(visible(f"{names[source.id]}{late}"))
        pair = (before[0].id, before[1].id) if before else _likely(found)
        for box, wanted in zip((self.earlier, self.later), pair, strict=True):
            ids = [source.id for source in found]
            box.setCurrentIndex(ids.index(wanted) if wanted in ids else -1)
            box.blockSignals(False)
        self.stack.setCurrentIndex(0 if len(found) > 1 else 1)
        self._say()

    def _chosen_sides(self) -> tuple[CaseSource, CaseSource] | None:
        first, second = self.earlier.currentIndex(), self.later.currentIndex()
        if min(first, second) < 0 or max(first, second) >= len(self._catalogs):
            return None
        return self._catalogs[first], self._catalogs[second]

    def _exchange(self) -> None:
        first, second = self.earlier.currentIndex(), self.later.currentIndex()
        self.earlier.setCurrentIndex(second)
        self.later.setCurrentIndex(first)

    def _take(self, sides: tuple[CaseSource, CaseSource], found: Compared) -> None:
        self._found, self._sides, self._old = found, sides, False
        self._stop()

    def _fail(self, fault: Fault) -> None:
        self._context.notices.fail(fault)
        self._stop()

    def _stop(self) -> None:
        self._running = False
        self._show()

    def _show(self) -> None:
        self.kinds.show_cards(cards(self._found), self._kind)
        source = difference_rows(self._found, self._kind, self.bar.field.text())
        self.table.show_source(source)
        if source.rows:
            self.table.reveal(0)
        self._say()

    def _say(self) -> None:
        sides = self._sides
        if self._running:
            words = tr("Comparing…")
        elif self._found is None or sides is None:
            words = tr("Choose two exports, then compare: a thing is the same where its key is.")
        elif self._old or sides != self._chosen_sides():
            words = tr("Out of date: this is of another choice, or the case changed. Compare.")
        else:
            words = facts(self._found)
            if sides[0].format != sides[1].format:
                words = tr("Two kinds of export, whose keys seldom agree: {}").format(words)
        self.header.say(words)
        self.run.allow(self._why_no_run())
        self.finding.allow(self._why_no_finding())

    def _why_no_run(self) -> str:
        if self._running:
            return tr("It is running.")
        sides = self._chosen_sides()
        if sides is None:
            return tr("Choose two exports.")
        return tr("Choose two different ones.") if sides[0] == sides[1] else ""

    def _selected(self) -> list[Difference]:
        rows = (self.table.row(index) for index in self.table.selectionModel().selectedRows())
        return [one.key for one in rows if one is not None and isinstance(one.key, Difference)]

    def _why_no_finding(self) -> str:
        case = self._context.services.case
        if case is None or not case.writable:
            return tr("The case cannot be written.")
        return "" if self._selected() else tr("Select one or more differences.")

    def _new_finding(self) -> None:
        sides, chosen = self._sides, self._selected()
        if sides is None or self._why_no_finding():
            return

        def go(draft: Finding) -> None:
            self._context.navigation.go("findings", draft)

        numbers = sides[0].id, sides[1].id
        self._context.services.read(
            lambda case: asking.finding_of(case, numbers, chosen), owner=self, on_done=go
        )

    def _choose(self, picked: Row | None) -> None:
        self.finding.allow(self._why_no_finding())
        sides = self._sides
        if sides is None or picked is None or not isinstance(picked.key, Difference):
            return
        each = picked.key
        places = self._places(each)
        actions: list[tuple[str, Callable[[], None]]] = [
            (words, partial(self._context.navigation.go, *to))
            for words, to in zip((tr("Go to it before"), tr("Go to it after")), places, strict=True)
            if to is not None
        ]
        actions.append((tr("New finding about this"), self._new_finding))
        if self.isVisible():
            found = difference_inspected(self._context, each, sides, actions)
            self._context.selection.select(found)

    def _open(self, picked: Row | None) -> None:
        """Go to the later side; to the earlier one where only that has it."""
        if picked is not None and isinstance(picked.key, Difference):
            place = next(filter(None, reversed(self._places(picked.key))), None)
            if place is not None:
                self._context.navigation.go(*place)

    def _places(self, each: Difference) -> list[tuple[str, object] | None]:
        """Return where each side stands in the window, or None: it has nothing of it."""
        sides, found = self._sides, self._found
        if sides is None or found is None:
            return [None, None]
        keys = each.key, later_keys(found).get(each.key, each.key)
        return [
            None if place is None else _place(source, each, key)
            for source, key, place in zip(sides, keys, (each.earlier, each.later), strict=True)
        ]

    def _choose_kind(self, key: str) -> None:
        self._kind = key
        self._show()

    def _lay_out(self) -> None:
        theme = self._context.theme
        self.kinds.setFixedWidth(theme.px(_SIDE))
        choices = row(gap=8)
        choices.setContentsMargins(_MARGIN, 10, _MARGIN, 0)
        for words, box in ((tr("Earlier"), self.earlier), (tr("Later"), self.later)):
            choices.addWidget(PlainLabel(theme, words, Face.SECONDARY, "secondary"))
            box.setMinimumWidth(theme.px(_CHOICE))
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            choices.addWidget(box, 1)
        choices.addWidget(self.swap)
        top = row()
        top.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        top.addWidget(self.bar)
        right = column()
        right.addLayout(choices)
        right.addLayout(top)
        right.addWidget(self.table, 1)
        hints = (tr("Open it in the catalog: Enter"),)
        right.addWidget(TableFooter(theme, self.table.rows, right=hints, margin=_MARGIN))
        middle = row()
        middle.addWidget(self.kinds)
        middle.addWidget(Line(theme, upright=True))
        middle.addLayout(right, 1)
        self.stack.addWidget(boxed(middle))
        self.stack.addWidget(self.empty)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(Line(theme))
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.run.clicked.connect(self.compare)
        self.finding.clicked.connect(self._new_finding)
        self.swap.clicked.connect(self._exchange)
        for box in (self.earlier, self.later):
            box.currentIndexChanged.connect(lambda _index: self._say())
        self.kinds.chosen.connect(self._choose_kind)
        self.bar.edited.connect(lambda _text: self._show())
        self.bar.submitted.connect(lambda _text: self._show())
        self.empty.acted.connect(lambda: self._context.acts.run("evidence.add"))
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self._open)
        self.table.selectionModel().selectionChanged.connect(
            lambda *_: self.finding.allow(self._why_no_finding())
        )


def _likely(found: Sequence[CaseSource]) -> tuple[int, int]:
    """Return the two that one would compare: the last ones of one format, in their order."""
    for n in range(len(found) - 1, 0, -1):
        twin = next((s for s in reversed(found[:n]) if s.format == found[n].format), None)
        if twin is not None:
            return twin.id, found[n].id
    return (found[0].id, found[1].id) if len(found) > 1 else (0, 0)


def _place(source: CaseSource, each: Difference, key: str) -> tuple[str, object]:
    """Return where a side is shown; what was superseded is in no list any more."""
    if each.about is About.THING and source.superseded_by is None:
        return "catalog", ThingAt(source.id, key)
    return "evidence", SourceAt(source.id)


PAGE = Page(
    "differences", "Catalog", "git-compare", 11, Group.LOOK, DifferencesPage,
    inspects_narrow=False, view="Compare exports", under="catalog",
)  # fmt: skip
