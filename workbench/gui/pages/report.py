"""Report: the pages as they will be handed over, what stands in the way, and the signature."""

import re
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from workbench.gui.amounts import Unit
from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.jobs import Lane
from workbench.gui.models.cells import Cell, CellKind, Column, ListSource, Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Panel, column, row, scrolled
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.header import PageHeader
from workbench.gui.places import ReportAt
from workbench.gui.reporting import drafting
from workbench.gui.reporting.drafting import Draft
from workbench.gui.reporting.preview import Preview
from workbench.gui.reporting.ready import Ready
from workbench.gui.reporting.signing import SignPanel
from workbench.gui.reporting.wishes import Wishes
from workbench.gui.signing.lasting import Signs
from workbench.gui.signing.words import windowed
from workbench.gui.tables.view import Table
from workbench.gui.text import tr
from workbench.gui.theme import Theme
from workbench.model.case import CaseChanges
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.services.reports import Note, Written
    from workbench.store.case_store import CaseStore

_LEFT, _RIGHT = 248, 352
_COLUMNS = (
    Column("section", "Section", least=80, stretch=True, rank=0),
    Column("page", "Page", CellKind.NUMBER, width=52, least=40),
)
#: Areas of the case that stand in the report; an act on another one changes only the journal.
_PRINTED = frozenset({
    "case", "verdicts", "findings", "trust", "sources", "engagement", "checks", "alternates",
    "handed_over",
})  # fmt: skip


class ReportPage(PageWidget):
    """Sections at the left, the pages, and at the right what it takes to sign them."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._draft: Draft | None = None
        self._drafting = 0
        theme = context.theme
        self._header = PageHeader(theme, tr("Report"))
        self.sections = Table(
            theme, context.jobs, ListSource(_COLUMNS), name=tr("Sections"), margin=16
        )
        self.preview = Preview(context)
        self.wishes = Wishes(theme)
        self.ready, self.panel = Ready(theme), SignPanel(theme)
        self.panel.lasting.stamps.on_asked = context.notices.use_network
        self._middle = QStackedWidget()
        self._empty = EmptyState(
            theme,
            "file-text",
            tr("No pages yet"),
            tr("A report is about a verification of everything in the case."),
            tr("Verify all sources"),
            action_icon="rotate-cw",
        )
        self._making = EmptyState(
            theme,
            "file-text",
            tr("Making the pages…"),
            tr("They are laid out here as they will be signed."),
        )
        self._connect()
        self._lay_out(theme)
        self._suggest_place()
        self.refresh(CaseChanges(frozenset({"case"})))

    def refresh(self, changes: CaseChanges) -> None:
        """Look again at what stands in the way; make the pages anew where they changed."""
        self._read_notes()
        if changes.areas & _PRINTED:
            self._make_draft()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again whether the evidence is there: nothing tells when it is taken away."""
        super().showEvent(event)
        self._read_notes()

    def _read_notes(self) -> None:
        services = self._context.services
        services.read(drafting.notes, owner=self, on_done=self._show_notes, on_failed=self._say)

    def _make_draft(self) -> None:
        case, wish = self._context.services.case, self.wishes.wish()
        if case is None:
            return
        self._context.jobs.drop(self._drafting)
        self._header.say(tr("Making the pages…"))
        if self._draft is None:
            self._middle.setCurrentWidget(self._making)
        self._drafting = self._context.jobs.start(
            tr("Make the pages of the report"),
            lambda progress, cancel: drafting.drafted(case, wish, progress, cancel),
            unit=Unit.CHECKS,
            lane=Lane.READ,
            owner=self,
            on_done=self._show_draft,
            on_failed=self._show_none,
            listed=False,
        )

    def _show_draft(self, draft: Draft) -> None:
        self._drafting = 0
        self._draft = draft
        rows = tuple(Row((Cell(h.title), Cell(f"{h.page + 1:,}")), h.page) for h in draft.outline)
        self.sections.show_source(ListSource(_COLUMNS, rows, tr("sections")))
        self._middle.setCurrentWidget(self.preview)
        self.preview.show_draft(draft)
        pages = tr("{} pages").format(f"{len(draft.pages):,}")
        same = tr("the same case and date give the same bytes before the signature")
        self._header.say(f"{draft.number} · {pages} · {same}")

    def _show_none(self, fault: Fault) -> None:
        self._drafting = 0
        self._draft = None
        self._header.say(fault.sentence)
        self.sections.show_source(ListSource(_COLUMNS))
        self._middle.setCurrentWidget(self._empty)

    def _show_notes(self, notes: "tuple[Note, ...]") -> None:
        self.ready.show_notes(notes)
        case = self._context.services.case
        blocking = [f"{note.what} {note.detail}" for note in notes if note.weight == "blocks"]
        read_only = case.why_read_only if case is not None else tr("No case is open.")
        self.panel.block(next(iter([*blocking, read_only]), ""))

    def _sign(self) -> None:
        if (signs := self.panel.take()) is not None:
            self._hand_over(tr("Sign the report"), signs)

    def _save(self) -> None:
        self._hand_over(tr("Save a draft of the report"), None)

    def _hand_over(self, title: str, signs: Signs | None) -> None:
        out, wish = self.panel.out.path(), self.wishes.wish()
        #: What was asked for pages that are being made anew is not what the case says now.
        draft = None if self._drafting else self._draft
        if out is None:
            return

        def work(case: "CaseStore", progress: Progress, cancel: Cancel) -> "Written":
            return drafting.handed_over(
                case, out, wish, draft, signs, progress=progress, cancel=cancel
            )

        self.panel.be_busy(tr("The evidence is hashed again and the report is written."))
        self._context.services.act(
            title,
            work,
            unit=Unit.BYTES,
            owner=self,
            on_done=self._show_written,
            on_failed=lambda fault: self.panel.fail(windowed(fault.sentence)),
            on_cancelled=lambda: self.panel.fail(tr("Stopped: nothing was written.")),
        )

    def _show_written(self, written: "Written") -> None:
        self.panel.show_written(written)
        self._right.verticalScrollBar().setValue(0)
        self.panel.be_busy("")
        self._suggest_place()
        self._context.notices.say(tr("{} was written.").format(written.path.name))

    def _say(self, fault: Fault) -> None:
        self.panel.block(fault.sentence)

    def _suggest_place(self) -> None:
        """Name a file in the case's own folder of reports that is not there yet."""
        case, standing = self._context.services.case, self._context.services.standing
        if case is None or standing is None:
            return
        asked = standing.engagement
        stem = re.sub(r"[^\w .-]+", "-", asked.number or asked.title).strip()[:80] or "report"
        folder = case.folder / "reports"
        names = (f"{stem}{'' if n == 1 else f' {n}'}.pdf" for n in range(1, 1000))
        free = (folder / name for name in names if not (folder / name).exists())
        self.panel.out.field.setText(str(next(free, folder)))

    def _connect(self) -> None:
        context = self._context
        self.sections.chosen.connect(self._turn)
        self.ready.went.connect(context.navigation.go)
        self._empty.acted.connect(lambda: context.acts.run("case.verify_all"))
        self.panel.asked.connect(self._sign)
        self.panel.saved.connect(self._save)
        self.panel.stamping.connect(lambda path: context.navigation.go("stamp", ReportAt(path)))
        self.wishes.changed.connect(self._make_draft)

    def _turn(self, chosen: Row | None) -> None:
        if chosen is not None and isinstance(chosen.key, int):
            self.preview.turn(chosen.key)

    def _rescale(self) -> None:
        for side, width in self._sides:
            side.setFixedWidth(self._context.theme.px(width))

    def _lay_out(self, theme: Theme) -> None:
        left, right = Panel(theme, edges="en"), Panel(theme, edges="wn")
        self._sides = ((left, _LEFT), (right, _RIGHT))
        self._rescale()
        theme.changed.connect(self._rescale)
        inner = column()
        inner.addWidget(self.sections, 1)
        self._name_who_answers()
        inner.addWidget(scrolled(self.wishes))
        left.setLayout(inner)
        panel = column(margin=16, gap=24)
        panel.addLayout(self.panel.result)
        panel.addWidget(self.ready)
        panel.addWidget(self.panel)
        panel.addStretch()
        body = QWidget()
        body.setLayout(panel)
        held = column()
        held.setContentsMargins(1, 1, 0, 0)
        self._right = scrolled(body)
        held.addWidget(self._right, 1)
        held.addWidget(self.panel.foot)
        right.setLayout(held)
        self._middle.addWidget(self._empty)
        self._middle.addWidget(self._making)
        self._middle.addWidget(self.preview)
        line = row()
        line.addWidget(left)
        line.addWidget(self._middle, 1)
        line.addWidget(right)
        outer = column()
        outer.addWidget(self._header)
        outer.addLayout(line, 1)
        self.setLayout(outer)

    def _name_who_answers(self) -> None:
        """Show who answers for the report where nobody is typed."""
        standing, case = self._context.services.standing, self._context.services.case
        team = ", ".join(standing.engagement.team) if standing else ""
        self.wishes.auditor.setPlaceholderText(team or (case.who if case else ""))


PAGE = Page("report", "Report", "file-text", 3, Group.JUDGE, ReportPage, inspects=False)
