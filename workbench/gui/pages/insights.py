"""What is odd in time: gaps, bursts, clocks, newcomers, pivots, and what else happened then."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget

from workbench.errors import QueryError
from workbench.gui.amounts import Unit
from workbench.gui.commands import Act
from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.insights import asking
from workbench.gui.insights.asking import Answer, Refused, Said
from workbench.gui.insights.knobs import Knobs
from workbench.gui.insights.rows import TITLES, Line, cards, notes, part_rows, query_of
from workbench.gui.jobs import Lane
from workbench.gui.looking.event import EventLook
from workbench.gui.looking.names import short_names
from workbench.gui.models.cells import Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Line as Rule
from workbench.gui.parts.boxes import boxed, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.cards import CardList
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.header import PageHeader
from workbench.gui.places import Asked, RecordAt
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.gui.text import Paragraph, tr
from workbench.model.case import CaseChanges
from workbench.model.event import IndexedEvent
from workbench.model.progress import Cancel, Progress
from workbench.model.timeline import PartName, Spot

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

_SIDE, _MARGIN = 236, 16
#: Events from which on a look is listed among the jobs.
_LONG = 200_000
_TOUCHES = {"events", "sources", "verdicts", "case"}


class InsightsPage(PageWidget):
    """A list of parts, the rows of one; the inspector shows the record that a row begins with."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._said = Said()
        self._answer: Answer | None = None
        self._part = PartName.GAPS
        self._running = self._again = self._old = False
        theme = context.theme
        self.run = Button(theme, tr("Look again"), "rotate-cw")
        self.events = Button(theme, tr("Show its events"), "chart-no-axes-gantt")
        self.header = PageHeader(theme, tr("Timeline"), "", (self.run, self.events))
        self.parts = CardList(theme, tr("What is odd in time"))
        self.knobs = Knobs(theme)
        self.bar = FilterBar(
            theme, tr("Text, field:value, /regex/"), adds=False, actions=(self.knobs,)
        )
        self.notes = Paragraph(theme, "", Face.SECONDARY, "secondary")
        self.table = Table(
            theme, context.jobs, part_rows(self._part, None), name=tr("Rows"), margin=_MARGIN
        )
        self.empty = EmptyState(
            theme, "clock", tr("No events"),
            tr("No log of this case was indexed yet, so nothing can be odd in time."),
            tr("Verify all sources"),
        )  # fmt: skip
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show()
        self.ask(self._said)

    def refresh(self, changes: CaseChanges) -> None:
        """What was found before something changed is old."""
        if changes.areas & _TOUCHES:
            self._old = self._answer is not None
            if self._answer is None:
                self.ask(self._said)
            self._show()

    def reveal(self, place: object) -> None:
        """Show what else happened around a record, or what a query finds."""
        match place:
            case RecordAt(source, record):
                self._part = PartName.AROUND
                self.ask(replace(self._said, near=(source, record)))
            case Asked(query):
                self.bar.show_text(query)
                self.ask(replace(self._said, query=query))
            case _:
                pass

    def showEvent(self, event: QShowEvent) -> None:
        """Let the inspector show again what is selected here."""
        super().showEvent(event)
        self._choose(self.table.row())

    def acts(self) -> Mapping[str, Act]:
        """Return what this page does."""
        return {
            "view.around": Act(self.look_around, self._why_no_record),
            "finding.new": Act(self._new_finding, self._why_no_record),
        }

    def ask(self, said: Said) -> None:
        """Ask for every part; while that runs, what was asked last is asked after it."""
        case = self._context.services.case
        self._said = said
        if case is None or self._running:
            self._again = self._running
            return
        self._running = True

        def work(progress: Progress, cancel: Cancel) -> Answer | Refused:
            return asking.ask(case, said, progress, cancel)

        self._context.jobs.start(
            tr("Look into the times"), work, lane=Lane.COMPUTE, owner=self,
            on_done=self._take, on_failed=self._fail, on_cancelled=self._stop,
            unit=Unit.ITEMS, listed=self._is_long(),
        )  # fmt: skip
        self._say()

    def _is_long(self) -> bool:
        """Tell whether it takes so long that one wants to see it, and to stop it."""
        standing = self._context.services.standing
        sources = standing.sources if standing else ()
        return sum(source.events or 0 for source in sources) > _LONG

    def look_around(self) -> None:
        """Show what else happened around the record of the row."""
        line = self._line()
        if line is not None and line.spots:
            self.reveal(RecordAt(*line.spots[0]))

    def show_events(self) -> None:
        """Go to the timeline of the events of the row."""
        line = self._line()
        query = query_of(line, self._said.query) if line is not None else ""
        if query:
            self._context.navigation.go("timeline", Asked(query))

    def _take(self, answer: Answer | Refused) -> None:
        if isinstance(answer, Answer):
            self._answer, self._old = answer, False
            self.bar.show_error("")
        else:
            offset = answer.offset if isinstance(answer, QueryError) else None
            self.bar.show_error(answer.message, offset)
        self._stop()

    def _fail(self, fault: Fault) -> None:
        self._context.notices.fail(fault)
        self._stop()

    def _stop(self) -> None:
        again, self._running, self._again = self._again, False, False
        self._show()
        if again:
            self.ask(self._said)

    def _show(self) -> None:
        self.parts.show_cards(cards(self._answer), self._part.value)
        self.knobs.show_part(self._part)
        part = self._answer.parts.get(self._part) if self._answer else None
        told = notes(self._part, self._answer) if self._answer else []
        self.notes.setText(" ".join(told))
        self.table.setAccessibleName(tr(TITLES[self._part]))
        standing = self._context.services.standing
        logs = [source for source in standing.sources if source.events] if standing else []
        some, names = bool(logs), short_names({log.id: log.display for log in logs})
        short = {log.display: names[log.id] for log in logs}
        self.table.show_source(part_rows(self._part, part, short))
        if part is not None and part.rows:
            self.table.reveal(0)
        self.stack.setCurrentIndex(0 if some else 1)
        self._say()

    def _say(self) -> None:
        told = tr("{} · by the times that records claim").format(tr(TITLES[self._part]))
        if self._running:
            told = tr("Looking…")
        elif self._old:
            told = tr("Out of date: the case changed after this look. Look again.")
        self.header.say(told)
        self.run.allow(tr("It is running.") if self._running else "")
        self.events.allow(self._why_no_events())

    def _choose_part(self, key: str) -> None:
        self._part = PartName(key)
        self._show()

    def _edit(self, text: str) -> None:
        if text != self._said.query:
            self.ask(replace(self._said, query=text))

    def _turn(self) -> None:
        self.ask(self.knobs.said(self._said))

    def _line(self) -> Line | None:
        picked = self.table.row()
        return picked.key if picked is not None and isinstance(picked.key, Line) else None

    def _choose(self, picked: Row | None) -> None:
        self.events.allow(self._why_no_events())
        if picked is None or not isinstance(picked.key, Line) or not picked.key.spots:
            return
        spot = picked.key.spots[0]
        self._context.services.read(
            partial(_event_at, spot=spot),
            owner=self,
            on_done=partial(self._inspect, picked.key),
            on_failed=self._context.notices.fail,
        )

    def _inspect(self, line: Line, found: IndexedEvent | None) -> None:
        if found is None or line != self._line() or not self.isVisible():
            return
        look = EventLook(self._context, found).inspected()
        last = line.spots[-1]
        more = []
        if last != line.spots[0]:
            go = partial(self._context.navigation.go, "timeline", RecordAt(*last))
            more.append((tr("Go to the other record"), go))
        self._context.selection.select(replace(look, actions=(*look.actions, *more)))

    def _open(self, picked: Row | None) -> None:
        """Go to the record that a row begins with."""
        if picked is None or not isinstance(picked.key, Line):
            return
        if picked.key.spots:
            self._context.navigation.go("timeline", RecordAt(*picked.key.spots[0]))
        else:
            self._context.notices.say(tr("This row rests on no one record."))

    def _new_finding(self) -> None:
        line = self._line()
        if line is not None and line.spots:
            self._context.services.read(
                partial(_event_at, spot=line.spots[0]), owner=self, on_done=self._write
            )

    def _write(self, found: IndexedEvent | None) -> None:
        if found is not None:
            EventLook(self._context, found).new_finding()

    def _why_no_record(self) -> str:
        line = self._line()
        if line is None:
            return tr("Select a row first.")
        return "" if line.spots else tr("This row rests on no one record.")

    def _why_no_events(self) -> str:
        line = self._line()
        if line is None:
            return tr("Select a row first.")
        some = query_of(line, self._said.query)
        return "" if some else tr("No query tells the events of this row from others.")

    def _lay_out(self) -> None:
        theme = self._context.theme
        self.parts.setFixedWidth(theme.px(_SIDE))
        top = column(gap=8)
        top.setContentsMargins(_MARGIN, 10, _MARGIN, 8)
        top.addWidget(self.bar)
        top.addWidget(self.notes)
        right = column()
        right.addLayout(top)
        right.addWidget(self.table, 1)
        hints = (tr("Open its record: Enter"), tr("What else happened then: W"))
        right.addWidget(TableFooter(theme, self.table.rows, right=hints, margin=_MARGIN))
        middle = row()
        middle.addWidget(self.parts)
        middle.addWidget(Rule(theme, upright=True))
        middle.addLayout(right, 1)
        self.stack.addWidget(boxed(middle))
        self.stack.addWidget(self.empty)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(Rule(theme))
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.run.clicked.connect(lambda: self.ask(self._said))
        self.events.clicked.connect(self.show_events)
        self.parts.chosen.connect(self._choose_part)
        self.knobs.changed.connect(self._turn)
        self.bar.edited.connect(self._edit)
        self.bar.submitted.connect(self._edit)
        self.empty.acted.connect(lambda: self._context.acts.run("case.verify_all"))
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self._open)


def _event_at(case: "CaseStore", spot: Spot) -> IndexedEvent | None:
    from workbench.services.investigation import Events

    return Events(case).at(*spot)


PAGE = Page(
    "insights", "Timeline", "clock", 31, Group.LOOK, InsightsPage, inspects_narrow=False,
    view="Insights", under="timeline",
)  # fmt: skip
