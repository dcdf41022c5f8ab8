"""A moment: which versions were in production then, who had approved them, on which records."""

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox

from workbench.gui.amounts import Unit
from workbench.gui.commands import Act
from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.jobs import Lane
from workbench.gui.lineage.questions import end_of
from workbench.gui.looking.event import EventLook
from workbench.gui.models.cells import Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.filter_bar import FilterBar, SearchField
from workbench.gui.parts.header import PageHeader
from workbench.gui.places import Asked, AsOfAt, RecordAt, ThingAt
from workbench.gui.standing import asking
from workbench.gui.standing.inspecting import version_inspected
from workbench.gui.standing.rows import facts, record_of, version_rows
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.gui.text import action_text, set_tooltip, tr
from workbench.model.case import CaseChanges
from workbench.model.event import IndexedEvent
from workbench.model.moment import text_of
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.services.standing import AsOf, VersionAsOf

_MARGIN, _FIELD = 24, 240
_TOUCHES = {"things", "events", "sources", "verdicts", "case"}
_WRONG = (
    "A moment is written as 2026-06-30, for the end of that day in UTC, or 2026-06-30T12:00:00Z."
)
_GOVERNS = (
    "Governs this view, and the lineage and events that it leads to. Things, Timeline and Checks "
    "show what the evidence says of all times."
)


class AsOfPage(PageWidget):
    """A field for the moment, the versions that stood then; the inspector says on which records."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._state: AsOf | None = None
        self._at: int | None = None
        self._running = self._old = False
        theme = context.theme
        self.lineage = Button(theme, tr("Show lineage then"), "git-fork")
        self.events = Button(theme, tr("Events until then"), "chart-no-axes-gantt")
        self.header = PageHeader(theme, tr("Catalog"), "", (self.events, self.lineage))
        self.moment = SearchField(theme, tr("As of: date or time"), "clock")
        self.moment.setFixedWidth(theme.px(_FIELD))
        set_tooltip(self.moment, tr(_GOVERNS))
        self.moment.setAccessibleDescription(tr(_GOVERNS))
        self.everything = QCheckBox(action_text(tr("Also what was neither deployed nor approved")))
        self.bar = FilterBar(
            theme, tr("Filter versions"), adds=False, actions=(self.everything, self.moment)
        )
        self.table = Table(
            theme, context.jobs, version_rows(None, "", everything=False), name=tr("Versions"),
        )  # fmt: skip
        self._lay_out()
        self._connect()
        self._begin()

    def refresh(self, changes: CaseChanges) -> None:
        """What stood may be another thing now: it is asked again."""
        if changes.areas & _TOUCHES:
            self.ask()

    def reveal(self, place: object) -> None:
        """Show what stood at a moment."""
        if isinstance(place, AsOfAt):
            self.moment.setText(place.text)
            self.ask()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the inspector show again what is selected here."""
        super().showEvent(event)
        self._choose(self.table.row())

    def acts(self) -> Mapping[str, Act]:
        """Return what this page does."""
        return {
            "finding.new": Act(self._new_finding, self._why_no_record),
            "view.graph": Act(self.show_lineage, self._why_no_thing),
            "view.as_of": Act(self.moment.setFocus),
        }

    def ask(self) -> None:
        """Ask what stood at the moment that is typed."""
        case, at = self._context.services.case, end_of(self.moment.text())
        wrong = at is None and bool(self.moment.text().strip())
        self.bar.show_error(tr(_WRONG) if wrong else "")
        if case is None or at is None or self._running:
            self._old = self._old or self._running
            return
        self._running, self._at = True, at

        def work(_progress: Progress, cancel: Cancel) -> "AsOf":
            return asking.at_moment(case, at, cancel)

        self._context.jobs.start(
            tr("Look at a moment"), work, unit=Unit.ITEMS, lane=Lane.COMPUTE, owner=self,
            on_done=self._take, on_failed=self._fail, on_cancelled=self._stop, listed=False,
        )  # fmt: skip
        self._say()

    def show_lineage(self) -> None:
        """Go to the lineage of the version, as it was recorded by then."""
        each = self._version()
        if each is not None and each.registries:
            self._context.navigation.go("lineage", AsOfAt(self.moment.text()))
            self._context.navigation.go("lineage", ThingAt(*each.registries[0].node))

    def show_events(self) -> None:
        """Go to the events that claim a time up to the moment."""
        if not self._why_no_moment():
            self._context.navigation.go("timeline", Asked(f"time<={self.moment.text().strip()}"))

    def _why_no_moment(self) -> str:
        return "" if end_of(self.moment.text()) is not None else tr("Name a moment.")

    def _take(self, state: "AsOf") -> None:
        self._state = state
        self._stop()

    def _fail(self, fault: Fault) -> None:
        self._context.notices.fail(fault)
        self._stop()

    def _stop(self) -> None:
        again, self._running, self._old = self._old, False, False
        self._show()
        if again:
            self.ask()

    def _show(self) -> None:
        everything = self.everything.isChecked()
        source = version_rows(self._state, self.bar.field.text(), everything=everything)
        self.table.show_source(source)
        if source.rows:
            self.table.reveal(0)
        self._say()

    def _say(self) -> None:
        if self._state is None:
            words = tr("Looking…") if self._running else tr("Name a moment.")
        else:
            told = facts(self._state, everything=self.everything.isChecked())
            words = f"{tr('As of {}').format(_shown(self._state.at))}: {told}"
        self.header.say(words)
        self.lineage.allow(self._why_no_thing())
        self.events.allow(self._why_no_moment())

    def _begin(self) -> None:
        """Begin at the end of the period under audit, or else at the last day of the logs."""
        standing = self._context.services.standing
        period = standing.engagement.period if standing else None
        if period is not None:
            self._start_at(f"{period.last.astimezone(UTC):%Y-%m-%d}")
        else:
            self._context.services.read(asking.last_day, owner=self, on_done=self._start_at)

    def _start_at(self, day: str) -> None:
        if not self.moment.text():
            self.moment.setText(day)
            self.ask()

    def _version(self) -> "VersionAsOf | None":
        picked = self.table.row()
        return picked.key if picked is not None else None  # type: ignore[return-value]

    def _choose(self, picked: Row | None) -> None:
        self.lineage.allow(self._why_no_thing())
        each = self._version()
        if picked is None or each is None or self._state is None or not self.isVisible():
            return
        actions = [(tr("New finding from its record"), self._new_finding)]
        found = version_inspected(self._context, each, _shown(self._state.at), actions)
        self._context.selection.select(found)

    def _open(self, _picked: Row | None) -> None:
        """Go to the record that says so."""
        found = self._record()
        if found is not None:
            place = RecordAt(found.source, found.event.locator.record or 0)
            self._context.navigation.go("timeline", place)

    def _record(self) -> IndexedEvent | None:
        each = self._version()
        return record_of(each) if each is not None else None

    def _new_finding(self) -> None:
        found = self._record()
        if found is not None:
            EventLook(self._context, found).new_finding()

    def _why_no_record(self) -> str:
        if self._version() is None:
            return tr("Select a version first.")
        return "" if self._record() else tr("No log says anything of it.")

    def _why_no_thing(self) -> str:
        each = self._version()
        if each is None:
            return tr("Select a version first.")
        return "" if each.registries else tr("No registry of this case describes it.")

    def _lay_out(self) -> None:
        theme = self._context.theme
        top = row()
        top.setContentsMargins(_MARGIN, 10, _MARGIN, 8)
        top.addWidget(self.bar)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(Line(theme))
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        hints = (tr("By claimed times; other views show all times"), tr("Another moment: T"))
        layout.addWidget(TableFooter(theme, self.table.rows, right=hints))
        self.setLayout(layout)

    def _connect(self) -> None:
        self.lineage.clicked.connect(self.show_lineage)
        self.events.clicked.connect(self.show_events)
        self.moment.textChanged.connect(lambda _text: self.events.allow(self._why_no_moment()))
        self.moment.returnPressed.connect(self.ask)
        self.everything.toggled.connect(lambda _on: self._show())
        self.bar.edited.connect(lambda _text: self._show())
        self.bar.submitted.connect(lambda _text: self._show())
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self._open)


def _shown(at: int) -> str:
    return text_of(at).replace("T", " ").replace("23:59:59.999999999Z", "end of day").rstrip("Z")


PAGE = Page(
    "as_of", "Catalog", "history", 12, Group.LOOK, AsOfPage, inspects_narrow=False,
    view="As of a moment", under="catalog",
)  # fmt: skip
