"""Findings: a list, five parts with their question, evidence, response and retest."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget

from workbench.gui.commands import Act
from workbench.gui.context import WindowContext, read_only
from workbench.gui.faults import Fault
from workbench.gui.findings import asking
from workbench.gui.findings.editor import FindingEditor
from workbench.gui.findings.keeping import Keeper, Kept
from workbench.gui.findings.listing import cards, facts, matching
from workbench.gui.findings.side import FindingSide
from workbench.gui.page import Badge, Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, Panel, boxed, column, row, scrolled
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.cards import CardList
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.filter_bar import SearchField
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.places import Asked, FindingAt, FindingDraft
from workbench.gui.text import tr
from workbench.model.case import CaseChanges, Finding
from workbench.model.case_source import Presence

LIST, SIDE, NARROW_SIDE = 264, 372, 312
_NARROW = 1366
UNTITLED = "Untitled finding"
_WHAT = (
    "A finding says what should be, what is, why, what follows and what to do, and rests on "
    "evidence frozen by its digest. Start one from an exception of a check, from a diagnosis, "
    "or here."
)
_EMPTY, _FORM, _READING = range(3)


class FindingsPage(PageWidget):
    """The page."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        theme = context.theme
        self._found: Sequence[Finding] | None = None
        self._shown: Finding | None = None
        self._wanted = ""
        self._is_new = False
        self._presence: Mapping[str, Presence] = {}
        self._made: dict[int, tuple[object, str]] = {}
        self.new = Button(theme, tr("New finding"), "plus", Look.PRIMARY)
        self.new.clicked.connect(self._new)
        self.header = PageHeader(theme, tr("Findings"), "", (self.new,))
        self.filter = SearchField(theme, tr("Filter findings"))
        self.filter.setProperty("filters", True)
        self.filter.textChanged.connect(self._filter)
        self.list = CardList(theme, tr("Findings"))
        self.list.chosen.connect(self._choose)
        self.editor = FindingEditor(theme)
        self.side = FindingSide(context)
        self.keeper = Keeper(context, self._written)
        self.keeper.told.connect(self._tell)
        for part in (self.editor, self.side.details):
            part.edited.connect(self._edited)
            part.left.connect(self.keeper.save)
        self.editor.evidence.opened.connect(self.side.open_bytes)
        self.side.judged.connect(self.editor.evidence.judge)
        self._lay_out()
        self._read()

    def refresh(self, changes: CaseChanges) -> None:
        """Read the findings again, and whether their evidence is there."""
        if changes.areas & {"findings", "sources", "case"}:
            self._read()
        self.side.refresh()

    def reveal(self, place: object) -> None:
        """Show a finding, or those that are asked for; a draft becomes a finding once."""
        match place:
            case FindingAt(number):
                self._want(number)
            case FindingDraft() | Finding():
                self._add(place)
            case Asked(text):
                self.filter.setText(text)
            case _:
                pass

    def acts(self) -> Mapping[str, Act]:
        """Write a new finding."""
        return {"finding.new": Act(self._new, self._why_locked)}

    def keep_typed(self) -> str:
        """Write what is left: the window closes."""
        return self.keeper.finish()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the side less room in a narrow window."""
        super().resizeEvent(event)
        narrow = self.window().width() < _NARROW
        self.side.setFixedWidth(self._context.theme.px(NARROW_SIDE if narrow else SIDE))

    def _lay_out(self) -> None:
        theme = self._context.theme
        left = column()
        search = column()
        search.setContentsMargins(MARGIN, 10, 12, 10)
        search.addWidget(self.filter)
        left.addLayout(search)
        left.addWidget(Line(theme))
        left.addWidget(self.list, 1)
        listing = Panel(theme, edges="e")
        listing.setLayout(left)
        listing.setFixedWidth(theme.px(LIST))
        form = row()
        form.addWidget(listing)
        form.addWidget(scrolled(self.editor), 1)
        form.addWidget(self.side)
        self.stack = QStackedWidget()
        empty = EmptyState(
            theme, "flag", tr("No findings yet"), tr(_WHAT), tr("New finding"), action_icon="plus"
        )
        empty.acted.connect(self._new)
        for widget in (empty, boxed(form), boxed(column())):
            self.stack.addWidget(widget)
        self.stack.setCurrentIndex(_READING)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(Line(theme))
        layout.addWidget(self.stack, 1)
        self.setLayout(layout)

    def _why_locked(self) -> str:
        return read_only(self._context.services)

    def _read(self) -> None:
        self._context.services.read(
            asking.every,
            owner=self,
            on_done=self._show,
            on_failed=self._context.notices.fail,
        )

    def _show(self, found: Sequence[Finding]) -> None:
        self._presence = presence(self._context)
        self._found = [self.keeper.newest(finding) for finding in found]
        self.header.say(facts(self._found, now=_now()))
        self.new.allow(self._why_locked())
        self.stack.setCurrentIndex(_FORM if found else _EMPTY)
        self.new.setVisible(bool(found))
        locked = bool(self._why_locked())
        self.editor.lock(locked=locked)
        self.side.details.lock(locked=locked)
        self._fill()
        at = self._find(self._wanted or (self._shown.id if self._shown else ""))
        self._open(at or (self._found[0] if self._found else None))

    def _fill(self) -> None:
        matched = matching(self._found or (), self.filter.text())
        self.list.show_cards(cards(matched, now=_now()), self._shown.id if self._shown else "")

    def _filter(self) -> None:
        self._fill()

    def _find(self, number: str) -> Finding | None:
        return next((f for f in self._found or () if f.id == number), None)

    def _want(self, number: str) -> None:
        """Show a finding, now or as soon as it is read."""
        self._wanted = number
        if (finding := self._find(number)) is not None:
            self._open(finding)

    def _choose(self, number: str) -> None:
        self._wanted = number
        self._open(self._find(number))

    def _open(self, finding: Finding | None) -> None:
        """Show a finding; what is being written is never put back to what was kept before."""
        if finding is None:
            return
        another = self._shown is None or self._shown.id != finding.id
        if another:
            self.keeper.save()
            finding = self.keeper.newest(finding)
        if another or self.keeper.is_clean:
            self._shown = finding
            self.keeper.take(finding)
            self.editor.show_finding(finding)
            self.side.details.show_finding(finding)
            if another:
                self.side.details.saved.setText("")
        self.editor.evidence.show_refs(finding.evidence, self._presence)
        self.side.show_number(finding.id)
        self.list.choose(finding.id)
        if self._is_new and finding.id == self._wanted:
            self._is_new = False
            QTimer.singleShot(0, self.editor.title, self._begin)
        self._wanted = ""

    def _begin(self) -> None:
        """Begin with the title of a new finding."""
        self.editor.title.setFocus()
        self.editor.title.selectAll()

    def _written(self) -> Finding | None:
        if self._shown is None:
            return None
        return self.editor.written(self.side.details.written(self._shown))

    def _edited(self) -> None:
        self.keeper.note_edit()
        written = self._written()
        if written is not None:
            self.side.details.show_facts(written)

    def _tell(self, state: Kept, why: str) -> None:
        saved = self.side.details.saved
        match state:
            case Kept.KEPT:
                saved.setText(tr("saved {} UTC").format(f"{_now():%H:%M:%S}"))
            case Kept.WAITING:
                saved.setText(tr("not saved yet"))
            case Kept.FAILED:
                saved.setText(tr("not saved"))
                self.header.say(tr("Not saved, tried again at the next key: {}").format(why))
        saved.recolour("failed" if state is Kept.FAILED else "secondary")

    def _new(self) -> None:
        self._add(Finding("", tr(UNTITLED)))

    def _add(self, draft: Finding | FindingDraft) -> None:
        """Keep a new finding and show it; going back to the same draft shows the same finding."""
        if (known := self._made.get(id(draft))) is not None:
            self._want(known[1])
            return
        if why := self._why_locked():
            self._context.notices.say(why)
            return
        self._made[id(draft)] = (draft, "")
        self._context.services.act(
            tr("New finding"),
            lambda case, _progress, _cancel: asking.add(case, finding_of(draft)),
            listed=False,
            owner=self,
            on_done=lambda kept: self._added(draft, kept),
            on_failed=lambda fault: self._not_added(draft, fault),
        )

    def _not_added(self, draft: Finding | FindingDraft, fault: Fault) -> None:
        del self._made[id(draft)]
        self._context.notices.fail(fault)

    def _added(self, draft: Finding | FindingDraft, kept: Finding) -> None:
        self._made[id(draft)] = (draft, kept.id)
        self._is_new = True
        self.filter.clear()
        self._wanted = kept.id
        self._read()


def finding_of(draft: Finding | FindingDraft) -> Finding:
    """Return a draft as a finding without a number."""
    if isinstance(draft, Finding):
        return draft
    return Finding(id="", **{field.name: getattr(draft, field.name) for field in fields(draft)})


def presence(context: WindowContext) -> Mapping[str, Presence]:
    """Return whether the bytes with each digest are where they were; one place here is enough."""
    standing = context.services.standing
    known: dict[str, Presence] = {}
    if standing is None:
        return known
    for source in (*standing.superseded, *standing.sources):
        if known.get(source.sha256) is not Presence.HERE:
            known[source.sha256] = standing.presence[source.id]
    return known


def _now() -> datetime:
    return datetime.now(UTC)


def _badge(context: WindowContext) -> Badge | None:
    case = context.services.case
    if case is None:
        return None
    live = asking.count_live(case)
    return Badge(f"{live:,}", said=tr("{} open").format(live)) if live else None


PAGE = Page(
    "findings", "Findings", "flag", 2, Group.JUDGE, FindingsPage, badge=_badge, inspects=False
)
