"""Detection rules: what each found among the events, hit by hit, and what it could not see."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter

from workbench.errors import WorkbenchError
from workbench.gui.amounts import Unit
from workbench.gui.commands import Act
from workbench.gui.context import WindowContext
from workbench.gui.detection import asking
from workbench.gui.detection.inspecting import rule_inspected
from workbench.gui.detection.rows import (
    HitEvent,
    asked_between,
    hit_rows,
    hits_in_words,
    in_words,
    rule_rows,
)
from workbench.gui.detection.stating import StatingPanel
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.jobs import Lane
from workbench.gui.looking.event import EventLook
from workbench.gui.looking.names import short_names
from workbench.gui.models.cells import Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.filter_bar import FilterBar
from workbench.gui.parts.header import PageHeader
from workbench.gui.places import RecordAt
from workbench.gui.tables.view import Table
from workbench.gui.text import ElidingLabel, tr
from workbench.model.case import CaseChanges
from workbench.model.detection import KeptRules, Rule, RuleResult
from workbench.model.progress import Cancel, Progress

_MARGIN = 16
_TOUCHES = {"events", "sources", "verdicts", "case"}


class DetectionPage(PageWidget):
    """Rules above, the events of the hits of one below; what is said is kept in the case."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._rules: Sequence[Rule] = asking.rules()
        self._rule = self._rules[0].id
        self._results: dict[str, RuleResult] = {}
        self._ran: datetime | None = None
        self._kept: KeptRules | None = None
        self._old = self._running = False
        theme = context.theme
        self.run = Button(theme, tr("Ask the rules"), "play", Look.PRIMARY)
        self.header = PageHeader(theme, tr("Checks"), "", (self.run,))
        self.stating = StatingPanel(theme)
        self.bar = FilterBar(theme, tr("Filter rules"), adds=False)
        self.rules = Table(
            theme, context.jobs, rule_rows((), {}, ""), name=tr("Rules"), margin=_MARGIN
        )
        self.finding = Button(theme, tr("New finding"), "flag")
        self.words = ElidingLabel(theme, "", Face.STRONG)
        self.hits = Table(
            theme, context.jobs, hit_rows(None, {}), name=tr("Events of hits"), margin=_MARGIN
        )
        self._lay_out()
        self._connect()
        self._show()
        self._read_kept()

    def refresh(self, changes: CaseChanges) -> None:
        """What was said before something changed is old."""
        if changes.areas & _TOUCHES and not self._running:
            self._old = self._ran is not None
            self._say()
        if changes.areas & (_TOUCHES | {"checks"}) and not self._running:
            self._read_kept()

    def reveal(self, place: object) -> None:
        """Show a rule, by its id."""
        ids = [rule.id for rule in self._rules]
        if isinstance(place, str) and place in ids:
            self._rule = place
            self.bar.field.clear()
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the inspector show again what is selected here."""
        super().showEvent(event)
        self._choose_rule(self.rules.row())

    def acts(self) -> Mapping[str, Act]:
        """Make a finding; go to the rule before or after that has hits."""
        return {
            "finding.new": Act(self._new_finding, self._why_no_finding),
            "problem.next": Act(lambda: self._problem(1), self._why_no_problem),
            "problem.previous": Act(lambda: self._problem(-1), self._why_no_problem),
        }

    def ask(self) -> None:
        """Ask every rule, as a job; what it says is put on record."""
        case = self._context.services.case
        if case is None or self._running:
            return
        try:
            rules = asking.rules(self.stating.rules_folder())
            stated = self.stating.stated()
        except WorkbenchError as error:
            self.stating.show_wrong(error)
            return
        self.stating.show_wrong(None)
        self._rules, self._running = rules, True
        title, done, failed = tr("Ask detection rules"), self._take, self._fail

        def work(progress: Progress, cancel: Cancel) -> tuple[RuleResult, ...]:
            return asking.run(case, rules, stated, progress, cancel)

        if case.writable:
            self._context.services.act(
                title, lambda _case, progress, cancel: work(progress, cancel), unit=Unit.ITEMS,
                owner=self, on_done=done, on_failed=failed, on_cancelled=self._stop,
            )  # fmt: skip
        else:
            self._context.jobs.start(
                title, work, unit=Unit.ITEMS, lane=Lane.COMPUTE,
                owner=self, on_done=done, on_failed=failed, on_cancelled=self._stop,
            )  # fmt: skip
        self._say()

    def _take(self, results: tuple[RuleResult, ...]) -> None:
        self._results = {result.rule.id: result for result in results}
        self._ran, self._kept, self._old = datetime.now(UTC), None, False
        found = [rule.id for rule in self._rules if self._results[rule.id].total]
        if found and self._rule not in found:
            self._rule = found[0]
        self._stop()

    def _fail(self, fault: Fault) -> None:
        self._context.notices.fail(fault)
        self._stop()

    def _stop(self) -> None:
        self._running = False
        self._show()

    def _read_kept(self) -> None:
        rules = self._rules
        self._context.services.read(
            lambda case: asking.kept(case, rules), owner=self, on_done=self._take_kept
        )

    def _take_kept(self, kept: KeptRules | None) -> None:
        """Show what the case has kept; of a run that goes on nothing is known yet."""
        if kept is None or self._running:
            return
        self._old = kept.oldest_stale is not None
        if self._ran is None or self._ran < kept.at[1]:
            self._kept, self._ran = kept, kept.at[1]
            self._results = {result.rule.id: result for result in kept.results}
            self._show()
        else:
            self._say()

    @property
    def _result(self) -> RuleResult | None:
        return self._results.get(self._rule)

    def _show(self) -> None:
        source = rule_rows(self._rules, self._results, self.bar.field.text())
        self.rules.show_source(source)
        shown = [line.key for line in source.rows]
        if self._rule in shown:
            self.rules.reveal(shown.index(self._rule))
        self._show_hits()
        self._say()

    def _show_hits(self) -> None:
        standing = self._context.services.standing
        names = short_names({s.id: s.display for s in standing.sources}) if standing else {}
        self.words.setText(hits_in_words(self._result))
        self.hits.show_source(hit_rows(self._result, names))
        self.finding.allow(self._why_no_finding())

    def _say(self) -> None:
        case, ran = self._context.services.case, self._ran
        if self._running:
            words = tr("Asking: what is shown is from before")
        elif ran is None:
            words = tr("Not asked yet. A hit is a lead, with its events; no hit proves nothing.")
        else:
            at = f"{ran:%Y-%m-%d %H:%M}"
            recorded = tr("recorded in the journal")
            if case is not None and not case.writable and self._kept is None:
                recorded = tr("not put on record: the case is open for reading only")
            asked = at if self._kept is None else asked_between(self._kept)
            words = f"{in_words(list(self._results.values()))} · {asked} UTC, {recorded}"
            if self._kept is not None and self._kept.others:
                others = ", ".join(rule.id for rule in self._kept.others)
                words += tr(" · not known here: {}").format(others)
            if self._old:
                stale = self._kept.oldest_stale if self._kept is not None else None
                at = f"{stale or ran:%Y-%m-%d %H:%M}"
                words = tr("Out of date: the case changed after {} UTC. Ask again.").format(at)
        self.header.say(words)
        self.run.allow(self._why_no_run())
        self.run.say(tr("Ask again") if ran else tr("Ask the rules"))

    def _why_no_run(self) -> str:
        if self._context.services.case is None:
            return tr("No case is open.")
        return tr("The rules are being asked.") if self._running else ""

    def _choose_rule(self, picked: Row | None) -> None:
        if picked is None:
            return
        self._rule = str(picked.key)
        self._show_hits()
        rule = next((each for each in self._rules if each.id == self._rule), None)
        if rule is not None and self.isVisible() and not self.hits.hasFocus():
            actions = ((tr("New finding from its hits"), self._new_finding),)
            kept = {r.result.rule.id: r for r in self._kept.rules} if self._kept else {}
            found = rule_inspected(
                self._context.theme, rule, self._result, actions, kept.get(rule.id)
            )
            self._context.selection.select(found)

    def _choose_hit(self, picked: Row | None) -> None:
        if picked is not None and isinstance(picked.key, HitEvent):
            self._context.selection.select(EventLook(self._context, picked.key.found).inspected())

    def _open_hit(self, picked: Row | None) -> None:
        """Go to the record in the timeline."""
        if picked is not None and isinstance(picked.key, HitEvent):
            found = picked.key.found
            place = RecordAt(found.source, found.event.locator.record or 0)
            self._context.navigation.go("timeline", place)

    def _go_below(self) -> None:
        self.hits.setFocus()
        self.hits.reveal(0)

    def _why_no_finding(self) -> str:
        case = self._context.services.case
        if case is None or not case.writable:
            return tr("The case cannot be written.")
        if self._result is None:
            return tr("Ask the rules first.")
        return "" if self._result.total else tr("This rule has no hits.")

    def _new_finding(self) -> None:
        if not self._why_no_finding() and self._result is not None:
            self._context.navigation.go("findings", asking.finding_of(self._result))

    def _with_hits(self) -> list[int]:
        return [
            n
            for n, rule in enumerate(self._rules)
            if rule.id in self._results and self._results[rule.id].total
        ]

    def _problem(self, by: int) -> None:
        here = [rule.id for rule in self._rules].index(self._rule)
        ahead = [n for n in self._with_hits() if (n - here) * by > 0]
        if ahead:
            self.reveal(self._rules[ahead[0] if by > 0 else ahead[-1]].id)

    def _why_no_problem(self) -> str:
        return "" if self._with_hits() else tr("No rule has hits.")

    def _lay_out(self) -> None:
        theme = self._context.theme
        top = row()
        top.setContentsMargins(_MARGIN, 10, _MARGIN, 6)
        top.addWidget(self.bar)
        above = column()
        above.addLayout(top)
        above.addWidget(self.rules, 1)
        head = row(gap=10)
        head.setContentsMargins(_MARGIN, 8, _MARGIN, 6)
        head.addWidget(self.words, 1)
        head.addWidget(self.finding)
        below = column()
        below.addWidget(Line(theme))
        below.addLayout(head)
        below.addWidget(self.hits, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        parts.addWidget(boxed(above))
        parts.addWidget(boxed(below))
        parts.setSizes([300, 340])
        middle = row()
        middle.addWidget(self.stating)
        middle.addWidget(parts, 1)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(Line(theme))
        layout.addWidget(boxed(middle), 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.run.clicked.connect(self.ask)
        self.finding.clicked.connect(self._new_finding)
        self.stating.changed.connect(lambda: self.stating.show_wrong(None))
        self.bar.edited.connect(lambda _text: self._show())
        self.bar.submitted.connect(lambda _text: self._show())
        self.rules.chosen.connect(self._choose_rule)
        self.rules.opened.connect(lambda _row: self._go_below())
        self.hits.chosen.connect(self._choose_hit)
        self.hits.opened.connect(self._open_hit)
        self.rules.rows.failed.connect(self._context.notices.fail)


PAGE = Page(
    "detection", "Checks", "scan-eye", 11, Group.JUDGE, DetectionPage, inspects_narrow=False,
    view="Detection rules", under="checks",
)  # fmt: skip
