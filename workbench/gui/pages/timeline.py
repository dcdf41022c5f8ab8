"""The timeline: every event of every log by its claimed time, from the quarter to the byte."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedWidget

from workbench.errors import IndexDamaged, QueryError
from workbench.gui.commands import Act
from workbench.gui.context import WindowContext, read_only
from workbench.gui.faults import Fault
from workbench.gui.jobs import Lane
from workbench.gui.looking.event import EventLook
from workbench.gui.looking.names import short_names
from workbench.gui.models.cells import Count, ListSource, Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import boxed, column
from workbench.gui.parts.buttons import Button, IconButton
from workbench.gui.parts.chip import FilterTerm
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.parts.histogram import Bins, Histogram
from workbench.gui.places import Asked, RecordAt
from workbench.gui.saved_views import ViewsButton, rests_on_remarks
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.gui.text import action_text, tr
from workbench.gui.timeline import asking, exporting
from workbench.gui.timeline.asking import Answer, Drawn, Question
from workbench.gui.timeline.axis import between
from workbench.gui.timeline.rows import COLUMNS, EventRows
from workbench.model.case import CaseChanges
from workbench.model.event import EventOrder, IndexedEvent
from workbench.model.query_fields import FIELDS, Area

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

#: From so many events on, an order is prepared so that its far end is as near as its beginning.
_WORTH_PREPARING = 20_000
#: A brush that is dragged asks at most so often.
_BRUSH_MS = 100
_TOUCHES = {"events", "sources", "verdicts", "case"}
_NO_EVENTS = (
    "No log of this case was indexed yet. Events are read while the evidence is taken in and "
    "verified; until then there is nothing to put in order."
)


class TimelinePage(PageWidget):
    """Histogram, filter, table; the inspector shows the event that is selected."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._asked = 0
        self._question = Question()
        self._answer: Answer | None = None
        self._drawn: Drawn | None = None
        self._insists = False
        self._wanted: tuple[int, int] | None = None
        self._brushing = QTimer(self, singleShot=True, interval=_BRUSH_MS)
        theme = context.theme
        self.around = Button(theme, tr("± 30 min around row"), "crosshair")
        self.finding = Button(theme, tr("New finding"), "flag")
        self.header = PageHeader(theme, tr("Timeline"), "", (self.around, self.finding))
        self.histogram = Histogram(theme, Bins())
        columns = IconButton(theme, "columns-3", tr("Columns"))
        export = IconButton(theme, "download", tr("Export"))
        hint = tr("Text, field:value, /regex/")
        self.views = ViewsButton(context, Area.EVENTS, lambda: self._question.query)
        self.filter = FilterBar(theme, hint, actions=(self.views, columns, export))
        nothing = ListSource(COLUMNS, noun=tr("events"))
        self.table = Table(theme, context.jobs, nothing, name=tr("Events"))
        why = tr(_NO_EVENTS)
        self.empty = EmptyState(theme, "clock", tr("No events"), why, tr("Verify all sources"))
        self.damaged = EmptyState(
            theme, "database", tr("The events cannot be shown"), "", tr("Rebuild the index")
        )
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect(columns, export)
        self._allow_row_acts()
        self.ask(Question())

    def refresh(self, changes: CaseChanges) -> None:
        """Ask again when events or verdicts changed."""
        if changes.areas & _TOUCHES or rests_on_remarks(self._question.query, changes):
            self._drawn = None
            found = self._event()
            if found is not None and self._wanted is None:
                self._wanted = found.source, found.event.locator.record or 0
                self._insists = False
            self.ask(self._question)

    def reveal(self, place: object) -> None:
        """Show a record, or the events that satisfy a query."""
        match place:
            case RecordAt(source, record):
                self._wanted, self._insists = (source, record), True
                self._go_to_wanted()
            case Asked(query):
                self.filter.show_text(query)
                self.ask(Question(query))
            case _:
                pass

    def showEvent(self, event: QShowEvent) -> None:
        """Let the inspector show again what is selected here."""
        super().showEvent(event)
        self._choose(self.table.row())

    def acts(self) -> Mapping[str, Act]:
        """Return what this page does."""
        return {
            "view.around": Act(self.look_around, self._why_no_time),
            "problem.next": Act(partial(self.step_to_problem, 1)),
            "problem.previous": Act(partial(self.step_to_problem, -1)),
            "finding.new": Act(self._new_finding, self._why_no_row),
            "table.export": Act(self.export),
        }

    def ask(self, question: Question) -> None:
        """Ask for other events; what is shown stays until the answer is here."""
        self._asked += 1
        asked = self._asked
        self._context.services.read(
            lambda case: asking.ask(case, question),
            owner=self,
            on_done=lambda answer: self._take(asked, question, answer),
            on_failed=self._fail,
        )

    def look_around(self) -> None:
        """Show what else happened within half an hour of the row, in all sources."""
        found = self._event()
        if found is None or found.event.time_ns is None:
            return
        self._wanted = found.source, found.event.locator.record or 0
        self.filter.show_text("")
        self.ask(Question("", asking.around(found.event.time_ns)))

    def step_to_problem(self, step: int) -> None:
        """Go to the next broken record, or the one before, in the order shown."""
        answer, order = self._answer, self._order()
        if answer is None:
            return
        here = self.table.currentIndex().row()
        text = answer.question.also("flag:broken")
        span = answer.question.span

        def find(case: "CaseStore") -> int | None:
            from workbench.services.investigation import Events

            broken = Events(case, Question(text, span).query)
            found = broken.page(first=0, count=1000, order=order)
            places = [
                answer.events.position(e.source, e.event.locator.record or 0, order) for e in found
            ]
            known = sorted(place for place in places if place is not None)
            after = [p for p in known if p > here] if step > 0 else [p for p in known if p < here]
            return (after[0] if step > 0 else after[-1]) if after else None

        self._context.services.read(find, owner=self, on_done=self._go_to_problem)

    def export(self) -> None:
        """Write all events that are shown to a CSV file, in their order."""
        if self._answer is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Export events"), "events.csv", "CSV (*.csv)"
        )
        if name:
            exporting.start(self._context, self._answer, self._order(), name)

    def _go_to_problem(self, row: int | None) -> None:
        if row is None:
            self._context.notices.say(tr("There is no further broken record in this list."))
        else:
            self.table.reveal(row)

    def _take(self, asked: int, question: Question, answer: Answer | QueryError) -> None:
        if asked != self._asked:
            return
        if isinstance(answer, QueryError):
            self.filter.show_error(answer.message, answer.offset)
            return
        self.filter.show_error("")
        self._question, self._answer = question, answer
        self.stack.setCurrentIndex(1 if answer.of == 0 else 0)
        self._say_facts(answer)
        self._show_terms()
        standing = self._context.services.standing
        logs = {s.id: s.display for s in standing.sources if s.events} if standing else {}
        rows = EventRows(answer.events, answer.of, short_names(logs), asking.BY_TIME)
        self.table.show_source(rows)
        self._go_to_wanted()
        if self._drawn is not None and self._drawn.text == question.text:
            self._show_brush(question)
            return
        self._context.services.read(
            lambda case: asking.draw(case, answer),
            owner=self,
            on_done=lambda drawn: self._draw(asked, drawn),
            on_failed=self._fail,
        )

    def _draw(self, asked: int, drawn: Drawn) -> None:
        if asked != self._asked:
            return
        self._drawn = drawn
        self.histogram.show_bins(drawn.bins)
        self._show_brush(self._question)

    def _show_brush(self, question: Question) -> None:
        """Show the span on the histogram, unless that is where it came from."""
        if self._drawn is None or self._brushing.isActive():
            return
        self.histogram.blockSignals(True)
        self.histogram.set_brush(asking.brushed(self._drawn, question.span))
        self.histogram.blockSignals(False)

    def _brush(self) -> None:
        brush = self.histogram.brush
        if self._drawn is not None:
            span = asking.span_of(self._drawn.histogram, brush) if brush else None
            self.ask(Question(self._question.text, span))

    def _edit(self, text: str) -> None:
        self.ask(Question(text, self._question.span))

    def _show_terms(self) -> None:
        span = self._question.span
        self.filter.show_terms([FilterTerm(tr("time"), tr("in"), between(span))] if span else [])

    def _remove(self, _term: FilterTerm) -> None:
        self.ask(Question(self._question.text))

    def _counted(self, count: Count) -> None:
        """Once it is known how many there are: make the far end of the order fast."""
        source = self.table.rows.source
        if isinstance(source, EventRows) and not count.more and count.rows > _WORTH_PREPARING:
            self._context.jobs.start(
                tr("Order events"),
                lambda _progress, _cancel: source.events.prepare(source.order),
                lane=Lane.COMPUTE,
                owner=self,
                listed=False,
            )

    def _go_to_wanted(self) -> None:
        """Select the record that was asked for; a filter that hides it goes."""
        wanted, answer, order = self._wanted, self._answer, self._order()
        if wanted is None or answer is None:
            return

        def show(row: int | None) -> None:
            if wanted != self._wanted or answer is not self._answer or order != self._order():
                return  # asked again meanwhile
            if row is not None:
                self._wanted = None
                self.table.reveal(row)
            elif not self._insists:
                self._wanted = None
            elif answer.question == Question():
                self._wanted = None
                self._context.notices.say(tr("That record is not in the index."))
            else:
                self.filter.show_text("")
                self.ask(Question())

        self._context.services.read(
            lambda _case: answer.events.position(*wanted, order), owner=self, on_done=show
        )

    def _order(self) -> EventOrder:
        source = self.table.rows.source
        return source.order if isinstance(source, EventRows) else asking.BY_TIME

    def _event(self) -> IndexedEvent | None:
        row = self.table.row()
        return row.key if row is not None and isinstance(row.key, IndexedEvent) else None

    def _choose(self, row: Row | None) -> None:
        self._allow_row_acts()
        if row is not None and isinstance(row.key, IndexedEvent):
            self._context.selection.select(EventLook(self._context, row.key).inspected())

    def _allow_row_acts(self) -> None:
        self.around.allow(self._why_no_time())
        self.finding.allow(read_only(self._context.services) or self._why_no_row())

    def _why_no_row(self) -> str:
        return "" if self._event() else tr("Select an event first.")

    def _why_no_time(self) -> str:
        found = self._event()
        if found is None:
            return self._why_no_row()
        return "" if found.event.time_ns is not None else tr("It claims no readable time.")

    def _new_finding(self) -> None:
        found = self._event()
        if found is not None:
            EventLook(self._context, found).new_finding()

    def _say_facts(self, answer: Answer) -> None:
        standing = self._context.services.standing
        logs = sum(1 for s in standing.sources if s.events) if standing else 0
        told = tr("Claimed times of {} {}; bounds are in the inspector.")
        self.header.say(told.format(f"{logs:,}", tr("log") if logs == 1 else tr("logs")))
        self.table.setAccessibleDescription(tr("Times are claimed by the records themselves."))

    def _fail(self, fault: Fault) -> None:
        self._context.notices.fail(fault)
        if fault.code == IndexDamaged.code:
            self.damaged.why.setText(fault.sentence)
            self.stack.setCurrentWidget(self.damaged)

    def _offer_fields(self) -> None:
        menu = QMenu(self)
        for field in FIELDS[Area.EVENTS].completions():
            act = menu.addAction(action_text(f"{field.name}   {field.title}"))
            act.triggered.connect(partial(self._add_field, field.name))
        menu.popup(self.filter.field.mapToGlobal(QPoint(0, self.filter.field.height())))

    def _add_field(self, name: str, _checked: bool = False) -> None:
        field = self.filter.field
        field.setText(f"{field.text().rstrip()} {name}:".lstrip())
        field.setFocus()

    def _show_columns(self, button: IconButton) -> None:
        menu = QMenu(self)
        self.table.fill_chooser(menu)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _lay_out(self) -> None:
        top = column(gap=8)
        top.setContentsMargins(MARGIN, 0, MARGIN, 10)
        top.addWidget(self.histogram)
        top.addWidget(self.filter)
        body = column()
        body.addLayout(top)
        body.addWidget(self.table, 1)
        hints = (tr("Next broken record: ]"), tr("What else happened then: W"))
        body.addWidget(TableFooter(self._context.theme, self.table.rows, right=hints))
        self.stack.addWidget(boxed(body))
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.damaged)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)

    def _connect(self, columns: IconButton, export: IconButton) -> None:
        self.around.clicked.connect(self.look_around)
        self.finding.clicked.connect(self._new_finding)
        self.empty.acted.connect(lambda: self._context.acts.run("case.verify_all"))
        self.damaged.acted.connect(lambda: self._context.acts.run("case.rebuild_index"))
        self.histogram.brushed.connect(lambda _brush: self._brushing.start())
        self._brushing.timeout.connect(self._brush)
        self.filter.edited.connect(self._edit)
        self.filter.submitted.connect(self._edit)
        self.filter.removed.connect(self._remove)
        self.filter.add_asked.connect(self._offer_fields)
        self.views.used.connect(lambda query: self.reveal(Asked(query)))
        columns.clicked.connect(lambda: self._show_columns(columns))
        export.clicked.connect(self.export)
        self.table.export_asked.connect(lambda _wish: self.export())
        self.table.chosen.connect(self._choose)
        self.table.rows.counted.connect(self._counted)
        self.table.rows.failed.connect(self._fail)
        self.table.order_by("time")


PAGE = Page(
    "timeline", "Timeline", "chart-no-axes-gantt", 3, Group.LOOK, TimelinePage, view="Events"
)
