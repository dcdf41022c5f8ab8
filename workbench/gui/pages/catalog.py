"""The catalog: every artifact, run and job that an export describes, and what it leaves unsaid."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget

from workbench.errors import QueryError
from workbench.gui.catalog import asking
from workbench.gui.catalog.asking import FACETS, Answer, Question, word_of
from workbench.gui.catalog.facet_panel import FacetPanel
from workbench.gui.catalog.rows import COLUMNS, ThingRows
from workbench.gui.commands import Act
from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.looking.names import short_names
from workbench.gui.looking.thing import ThingLook
from workbench.gui.models.cells import ListSource, Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button, IconButton
from workbench.gui.parts.chip import FilterTerm
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.header import PageHeader
from workbench.gui.places import Asked, ThingAt
from workbench.gui.saved_views import ViewsButton, rests_on_remarks
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.gui.text import action_text, tr
from workbench.model.case import CaseChanges
from workbench.model.kept import KeptThing
from workbench.model.query_fields import FIELDS, Area

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.gui.catalog.asking import Facet
    from workbench.store.case_store import CaseStore

_MARGIN = 16
_TOUCHES = {"things", "sources", "verdicts", "case"}
_WHY = (
    "No evidence of this case is an export of a catalog that is read. Add one to see its models, "
    "datasets and runs here: MLflow, OpenLineage, DataHub, OpenMetadata, bills of materials, cards…"
)


class CatalogPage(PageWidget):
    """Facets, filter, table; the inspector shows the thing that is selected."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._asked = self._taken = 0
        self._question = Question(chosen={"kind": frozenset({"artifact"})})
        self._insists = False
        self._wanted: ThingAt | None = None
        theme = context.theme
        self.lineage = Button(theme, tr("Show in lineage"), "git-fork")
        self.header = PageHeader(theme, tr("Catalog"), "", (self.lineage,))
        self.facets = FacetPanel(theme)
        columns = IconButton(theme, "columns-3", tr("Columns"))
        self.views = ViewsButton(context, Area.THINGS, lambda: self._question.query)
        self.filter = FilterBar(theme, tr("Filter things"), actions=(self.views, columns))
        nothing = ListSource(COLUMNS, noun=tr("things"))
        self.table = Table(theme, context.jobs, nothing, name=tr("Things"), margin=_MARGIN)
        missing = tr("No catalog")
        self.empty = EmptyState(
            theme, "boxes", missing, tr(_WHY), tr("Add evidence…"), action_icon="plus"
        )
        self.stack = QStackedWidget()
        self._lay_out()
        self._connect(columns)
        self._allow()
        self.ask(self._question)

    def refresh(self, changes: CaseChanges) -> None:
        """Ask again when things or verdicts changed."""
        if changes.areas & _TOUCHES or rests_on_remarks(self._question.query, changes):
            kept = self._kept()
            if kept is not None and self._wanted is None:
                self._wanted = ThingAt(kept.source, kept.thing.key)
                self._insists = False
            self.ask(self._question)

    def reveal(self, place: object) -> None:
        """Show a thing, or the things that satisfy a query."""
        match place:
            case ThingAt():
                self._wanted, self._insists = place, True
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
            "view.graph": Act(self.show_lineage, self._why_no_row),
            "finding.new": Act(self._new_finding, self._why_no_row),
        }

    def ask(self, question: Question) -> None:
        """Ask for other things; what is shown stays until the answer is here."""
        self._asked += 1
        asked = self._asked
        self._context.services.read(
            lambda case: asking.ask(case, question),
            owner=self,
            on_done=lambda answer: self._take(asked, answer),
            on_failed=lambda fault: self._fail(asked, fault),
        )

    def _fail(self, asked: int, fault: Fault) -> None:
        self._taken = max(self._taken, asked)
        self._context.notices.fail(fault)
        self._go_to_wanted()

    def show_lineage(self) -> None:
        """Go to the lineage of the thing that is selected."""
        kept = self._kept()
        if kept is not None:
            self._context.navigation.go("lineage", ThingAt(kept.source, kept.thing.key))

    def _take(self, asked: int, answer: Answer | QueryError) -> None:
        if asked != self._asked:
            return
        self._taken = asked
        if isinstance(answer, QueryError):
            self.filter.show_error(answer.message, answer.offset)
            self._go_to_wanted()
            return
        self.filter.show_error("")
        question = self._question = answer.question
        self.stack.setCurrentIndex(1 if answer.of == 0 else 0)
        self._show_terms()
        self._say_facts(answer)
        self._show_rows(answer)
        self._go_to_wanted()
        self._context.services.read(
            lambda case: asking.facets(case, question),
            owner=self,
            on_done=lambda facets: self._show_facets(asked, facets),
            on_failed=self._context.notices.fail,
        )

    def _show_rows(self, answer: Answer) -> None:
        case, standing = self._context.services.case, self._context.services.standing
        if case is None or standing is None:
            return
        names = short_names({s.id: s.display for s in standing.sources if s.tells_things})
        query = answer.question.query
        rows = ThingRows(case, query, answer.total, answer.of, standing, names)
        self.table.show_source(rows)

    def _show_facets(self, asked: int, facets: "Sequence[Facet]") -> None:
        if asked == self._asked:
            self.facets.show_facets(facets, self._question.chosen)

    def _show_terms(self) -> None:
        terms = [
            FilterTerm(
                tr(FACETS[name]).lower(),
                tr("is") if len(values) == 1 else tr("in"),
                ", ".join(sorted(word_of(name, value) for value in values)),
            )
            for name, values in self._question.chosen.items()
        ]
        self.filter.show_terms(terms)

    def _remove(self, term: FilterTerm) -> None:
        chosen = {
            name: values
            for name, values in self._question.chosen.items()
            if tr(FACETS[name]).lower() != term.key
        }
        self.ask(Question(self._question.text, chosen))

    def _choose_value(self, facet: str, value: str | None, wanted: bool) -> None:
        self.ask(self._question.choosing(facet, value, wanted=wanted))

    def _clear(self) -> None:
        self.filter.show_text("")
        self.ask(Question())

    def _edit(self, text: str) -> None:
        self.ask(Question(text, self._question.chosen))

    def _go_to_wanted(self) -> None:
        """Select the thing that was asked for; filters that hide it go.

        While other rows are on their way, it waits to be looked for among them.
        """
        wanted, source = self._wanted, self.table.rows.source
        pending = self._taken != self._asked
        if pending or wanted is None or not isinstance(source, ThingRows):
            return

        def find(case: "CaseStore") -> tuple[bool, int | None]:
            from workbench.services import investigation

            found = investigation.thing(case, wanted.source, wanted.key)
            order = source.order
            by, descending = (order.column, order.descending) if order else ("", False)
            if not found:
                return False, None
            return True, investigation.position(
                case, Area.THINGS, source.query, found[0].id, by=by, descending=descending
            )

        def show(answer: tuple[bool, int | None]) -> None:
            known, place = answer
            if wanted != self._wanted or source is not self.table.rows.source:
                return  # asked again meanwhile
            if place is not None or not known:
                self._wanted = None
            if place is not None:
                self.table.reveal(place)
            elif not self._insists:
                self._wanted = None
            elif not known:
                self._context.notices.say(tr("No catalog of this case describes that thing."))
            else:
                self._clear()

        self._context.services.read(find, owner=self, on_done=show)

    def _kept(self) -> KeptThing | None:
        row = self.table.row()
        return row.key if row is not None and isinstance(row.key, KeptThing) else None

    def _choose(self, _row: Row | None) -> None:
        self._allow()
        kept = self._kept()
        if kept is not None:
            look = ThingLook(self._context, kept.source, kept.thing)
            self._context.selection.select(look.inspected())

    def _allow(self) -> None:
        self.lineage.allow(self._why_no_row())

    def _why_no_row(self) -> str:
        return "" if self._kept() else tr("Select a thing first.")

    def _new_finding(self) -> None:
        kept = self._kept()
        if kept is not None:
            ThingLook(self._context, kept.source, kept.thing).new_finding()

    def _say_facts(self, answer: Answer) -> None:
        standing = self._context.services.standing
        sources = standing.sources if standing else ()
        told = [s.display for s in sources if s.tells_things]
        names = ", ".join(told[:2]) + (tr(" and others") if len(told) > 2 else "")
        self.header.say(tr("{} things as stated by {}").format(f"{answer.of:,}", names))

    def _offer_fields(self) -> None:
        menu = QMenu(self)
        for field in FIELDS[Area.THINGS].completions():
            act = menu.addAction(action_text(f"{field.name}   {field.title}"))
            act.triggered.connect(partial(self._add_field, field.name))
        menu.popup(self.filter.field.mapToGlobal(QPoint(0, self.filter.field.height())))

    def _add_field(self, name: str, _checked: bool = False) -> None:
        field, end = self.filter.field, "" if name.endswith(".") else ":"
        field.setText(f"{field.text().rstrip()} {name}{end}".lstrip())
        field.setFocus()

    def _show_columns(self, button: IconButton) -> None:
        menu = QMenu(self)
        self.table.fill_chooser(menu)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _lay_out(self) -> None:
        bar = column()
        bar.setContentsMargins(_MARGIN, 10, _MARGIN, 10)
        bar.addWidget(self.filter)
        right = column()
        right.addLayout(bar)
        right.addWidget(self.table, 1)
        theme = self._context.theme
        right.addWidget(
            TableFooter(
                theme, self.table.rows, right=(tr("As the exports state it"),), margin=_MARGIN
            )
        )
        body = row()
        body.addWidget(self.facets)
        body.addLayout(right, 1)
        self.stack.addWidget(boxed(body))
        self.stack.addWidget(self.empty)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(Line(theme))
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)

    def _connect(self, columns: IconButton) -> None:
        self.lineage.clicked.connect(self.show_lineage)
        self.empty.acted.connect(lambda: self._context.acts.run("evidence.add"))
        self.facets.chosen.connect(self._choose_value)
        self.facets.cleared.connect(self._clear)
        self.filter.edited.connect(self._edit)
        self.filter.submitted.connect(self._edit)
        self.filter.removed.connect(self._remove)
        self.filter.add_asked.connect(self._offer_fields)
        self.views.used.connect(lambda query: self.reveal(Asked(query)))
        columns.clicked.connect(lambda: self._show_columns(columns))
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda _row: self.show_lineage())
        self.table.rows.failed.connect(self._context.notices.fail)
        self.table.order_by("name")


PAGE = Page("catalog", "Catalog", "boxes", 1, Group.LOOK, CatalogPage, view="Things")
