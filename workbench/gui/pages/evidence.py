"""Evidence: everything that was handed over, with digest, totals, custody and verdict."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QStackedWidget

from workbench.errors import QueryError
from workbench.gui.amounts import size
from workbench.gui.commands import Act
from workbench.gui.context import WindowContext, read_only
from workbench.gui.evidence.inspecting import inspected
from workbench.gui.evidence.rows import source_rows
from workbench.gui.faults import Fault
from workbench.gui.judged import Judged, judged, records_of, total_of
from workbench.gui.models.cells import Row
from workbench.gui.page import Badge, Group, Page, PageWidget
from workbench.gui.parts.boxes import boxed, column
from workbench.gui.parts.buttons import Button, IconButton, Look
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.places import Asked, FindingDraft, SourceAt
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.gui.text import tr
from workbench.model.case import CaseChanges, EvidenceRef
from workbench.model.case_source import CaseSource, Presence
from workbench.model.locator import Locator
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area
from workbench.report.phrases import plural

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

_MOST = 1_000_000


class EvidencePage(PageWidget):
    """The page."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._all: tuple[Judged, ...] = ()
        self._chosen: Judged | None = None
        self._wanted: int | None = None
        self._query = ""
        theme, run = context.theme, context.acts.run
        folder = Button(theme, tr("Add folder…"), "folder-open")
        folder.allow(read_only(context.services))
        folder.clicked.connect(lambda: run("evidence.add_folder"))
        self.add = Button(theme, tr("Add evidence…"), "plus", Look.PRIMARY)
        self.add.allow(read_only(context.services))
        self.add.clicked.connect(lambda: run("evidence.add"))
        self.header = PageHeader(theme, tr("Evidence"), "", (folder, self.add))
        self.columns = IconButton(theme, "columns-3", tr("Columns"))
        self.columns.clicked.connect(self._choose_columns)
        hint = tr("Text, role:anchor, size>1000")
        self.bar = FilterBar(theme, hint, icon="funnel", actions=(self.columns,), adds=False)
        self.bar.edited.connect(self.filter)
        self.bar.submitted.connect(self.filter)
        self.table = Table(theme, context.jobs, source_rows(()), name=tr("Sources"))
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self._open)
        self._footer = TableFooter(theme, self.table.rows)
        self._empty = EmptyState(
            theme,
            "archive",
            tr("No evidence yet"),
            tr("Drop files, a folder or a ZIP anywhere in the window, or press Ctrl+O. Evidence "
               "stays where it is and is opened read-only."),
            tr("Add evidence…"),
            action_icon="plus",
        )  # fmt: skip
        self._empty.acted.connect(lambda: run("evidence.add"))
        self._lay_out()
        self.refresh(CaseChanges(frozenset({"sources"})))

    def refresh(self, changes: CaseChanges) -> None:
        """List the sources again."""
        if not changes.areas & {"sources", "verdicts", "events", "things"}:
            return
        standing = self._context.services.standing
        self._all = judged(standing) if standing else ()
        self._stack.setCurrentIndex(1 if self._all else 0)
        self._say()
        if self._wanted is None:
            first = next((each for each in self._all if each.is_subject), None)
            shown = self._chosen or first
            self._wanted = shown.source.id if shown else None
        self.filter(self._query)

    def reveal(self, place: object) -> None:
        """Select a source, or show those that satisfy a query."""
        match place:
            case SourceAt(source):
                self._wanted = source
                self.bar.field.clear()
                self.filter("")
            case Asked(query):
                self.bar.show_text(query)
                self.filter(query)
            case _:
                pass

    def acts(self) -> Mapping[str, Act]:
        """Write a finding about the selected source."""
        return {"finding.new": Act(self._new_finding, self._no_source)}

    def filter(self, query: str) -> None:
        """Show the sources that satisfy a query; a bad one leaves the last result."""
        try:
            parse(query, FIELDS[Area.SOURCES])
        except QueryError as error:
            self.bar.show_error(error.message, error.offset)
            return
        self.bar.show_error("")
        self._query = query
        if not query.strip():
            self._show(None)
            return
        self._context.services.read(
            lambda case: _satisfying(case, query),
            owner=self,
            on_done=lambda chosen: self._take(query, chosen),
            on_failed=self._fail,
        )

    def _take(self, query: str, chosen: frozenset[int]) -> None:
        """Show what satisfies a query, unless another one was given meanwhile."""
        if query == self._query:
            self._show(chosen)

    def _show(self, chosen: frozenset[int] | None) -> None:
        self.table.show_source(source_rows(self._all, chosen))
        shown = [e for e in self._all if chosen is None or e.source.id in chosen]
        self._tell_totals(shown)
        wanted, self._wanted = self._wanted, None
        numbers = [n for n, each in enumerate(shown) if each.source.id == wanted]
        if numbers:
            self.table.reveal(numbers[0])

    def _fail(self, fault: Fault) -> None:
        self.bar.show_error(fault.sentence)

    def _say(self) -> None:
        gone = sum(each.presence is not Presence.HERE for each in self._all)
        told = tr("Opened read-only, never changed. Drop more anywhere in the window.")
        if gone:
            told = tr("{} not as at intake. ").format(plural(gone, tr("source"))) + told
        self.header.say(told)

    def _tell_totals(self, shown: list[Judged]) -> None:
        whole = size(sum(each.source.size for each in shown))
        records = total_of(records_of(each) for each in shown if each.unit == "record")
        problems = sum(len(each.source.problems) for each in shown)
        facts = [whole, plural(records, tr("record"))]
        right = [plural(problems, tr("problem")) if problems else tr("No problem on intake")]
        self._footer.say(facts, right)

    def _choose(self, found: Row | None) -> None:
        if found is None or not isinstance(found.key, Judged):
            return
        self._chosen = found.key
        standing = self._context.services.standing
        deliveries = {d.id: d for d in standing.deliveries} if standing else {}
        delivery = deliveries.get(found.key.source.delivery)
        self._context.selection.select(inspected(self._context, found.key, delivery))

    def _open(self, found: Row | None) -> None:
        if found is not None and isinstance(found.key, Judged) and found.key.verdict is not None:
            self._context.navigation.go("verification", SourceAt(found.key.source.id))

    def _new_finding(self) -> None:
        if self._chosen is None:
            return
        source = self._chosen.source
        place = EvidenceRef(source.sha256, Locator(source.path, source.member))
        condition = " ".join(problem.message for problem in source.problems[:5])
        draft = FindingDraft(source.display, condition=condition, evidence=(place,))
        self._context.navigation.go("findings", draft)

    def _no_source(self) -> str:
        return "" if self._chosen else tr("Select a source first.")

    def _choose_columns(self) -> None:
        menu = QMenu(self)
        self.table.fill_chooser(menu)
        menu.popup(self.columns.mapToGlobal(self.columns.rect().bottomLeft()))

    def _lay_out(self) -> None:
        bar = column()
        bar.setContentsMargins(MARGIN, 0, MARGIN, 10)
        bar.addWidget(self.bar)
        listed = column()
        listed.addLayout(bar)
        listed.addWidget(self.table, 1)
        listed.addWidget(self._footer)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(boxed(listed))
        outer = column()
        outer.addWidget(self.header)
        outer.addWidget(self._stack, 1)
        self.setLayout(outer)


def _satisfying(case: "CaseStore", query: str) -> frozenset[int]:
    from workbench.services import investigation

    page = investigation.listed(case, Area.SOURCES, query, count=_MOST)
    return frozenset(row.id for row in page.rows if isinstance(row, CaseSource))


def badge(context: WindowContext) -> Badge | None:
    """Return how many sources there are."""
    standing = context.services.standing
    count = len(standing.sources) if standing else 0
    return Badge(f"{count:,}", said=plural(count, tr("source"))) if count else None


PAGE = Page(
    "evidence", "Evidence", "archive", 2, Group.CASE, EvidencePage, badge=badge, view="Sources"
)
