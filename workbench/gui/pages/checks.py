"""Checks: packs, what each check says, its exceptions and undecided rows down to the bytes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from workbench.gui.amounts import Unit
from workbench.gui.checks import asking
from workbench.gui.checks.asking import Results
from workbench.gui.checks.inspecting import check_inspected, entry_inspected
from workbench.gui.checks.packs import PackList
from workbench.gui.checks.rows import check_rows, entry_rows, in_words
from workbench.gui.checks.tables import EntryTable, ResultTable
from workbench.gui.commands import Act
from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.findings import asking as findings
from workbench.gui.models.cells import Row
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.header import PageHeader
from workbench.gui.places import RecordAt, SourceAt
from workbench.gui.text import tr
from workbench.model.case import CaseChanges, Finding
from workbench.model.policy import Check, CheckResult, KeptRun, Undecided
from workbench.model.policy import Row as PolicyRow

#: What changes nothing that a check looks at.
_HARMLESS = {"findings", "journal", "tags", "notes", "checks", "reports"}


class ChecksPage(PageWidget):
    """The page. Results are kept in the case: one that changed since makes them old."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        theme = context.theme
        self._packs = asking.packs()
        self._pack = self._packs[0]
        self._found: dict[str, dict[str, CheckResult]] = {}
        self._ran: dict[str, datetime] = {}
        self._old: set[str] = set()
        self._findings: Mapping[object, str] = {}
        self._check: Check = self._pack.checks[0]
        self._running = False
        self.run = Button(theme, tr("Run checks"), "play", Look.PRIMARY)
        self.run.clicked.connect(self._run)
        self.header = PageHeader(theme, tr("Checks"), "", (self.run,))
        self.packs = PackList(theme, asking.frameworks())
        self.packs.list.chosen.connect(self._choose_pack)
        self.results = ResultTable(context, check_rows(self._pack, {}, ""))
        self.results.filtered.connect(lambda _text: self._show_checks())
        self.results.table.chosen.connect(self._choose_check)
        self.below = EntryTable(context, entry_rows(None, {}))
        self.below.table.chosen.connect(self._choose_entry)
        self.below.table.opened.connect(self._open_entry)
        self.below.table.selectionModel().selectionChanged.connect(lambda *_: self._allow())
        self.results.table.opened.connect(lambda _row: self._go_below())
        self.below.finding.clicked.connect(self._new_finding)
        self._lay_out()
        self._show()
        self._read_findings()
        self._read_kept()

    def refresh(self, changes: CaseChanges) -> None:
        """Results of before something changed are old; findings are read again."""
        if changes.areas - _HARMLESS and not self._running:
            self._old = set(self._found)
            self._say()
            self._read_kept()
        if "findings" in changes.areas:
            self._read_findings()

    def reveal(self, place: object) -> None:
        """Show a check, by its id."""
        ids = [check.id for check in self._pack.checks]
        if isinstance(place, str) and place in ids:
            self.results.field.clear()
            self.results.table.reveal(ids.index(place))

    def acts(self) -> Mapping[str, Act]:
        """Make a finding; go to the check before or after that is not satisfied."""
        return {
            "finding.new": Act(self._new_finding, self._why_no_finding),
            "problem.next": Act(lambda: self._problem(1), self._why_no_problem),
            "problem.previous": Act(lambda: self._problem(-1), self._why_no_problem),
        }

    def _lay_out(self) -> None:
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.results)
        parts.addWidget(self.below)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setSizes([480, 250])
        middle = row()
        middle.addWidget(self.packs)
        middle.addWidget(parts, 1)
        layout = column()
        layout.addWidget(self.header)
        layout.addWidget(Line(self._context.theme))
        layout.addWidget(boxed(middle), 1)
        self.setLayout(layout)

    def _go_below(self) -> None:
        """Go from a check to the first row behind it."""
        self.below.table.setFocus()
        self.below.table.reveal(0)

    @property
    def _results(self) -> Mapping[str, CheckResult]:
        return self._found.get(self._pack.id, {})

    @property
    def _result(self) -> CheckResult | None:
        return self._results.get(self._check.id)

    def _show(self) -> None:
        self.packs.show_packs(self._packs, self._found, self._pack.id)
        self._show_checks()
        self._say()

    def _show_checks(self) -> None:
        number = [check.id for check in self._pack.checks].index(self._check.id)
        source = check_rows(self._pack, self._results, self.results.field.text())
        self.results.table.show_source(source)
        if len(source.rows) == len(self._pack.checks):
            self.results.table.reveal(number)
        self._show_entries()

    def _show_entries(self) -> None:
        self.below.show_entries(self._check, self._result, self._findings)
        self._allow()

    def _say(self) -> None:
        ran = self._ran.get(self._pack.id)
        if self._running:
            words = tr("Running: what is shown is from before")
        elif ran is None:
            words = tr("Not run yet. Same evidence and pack give the same result.")
        elif self._pack.id in self._old:
            words = tr("Out of date: the case changed after this run on {} UTC. Run again.").format(
                f"{ran:%Y-%m-%d %H:%M}"
            )
        else:
            said, when = in_words(list(self._results.values())), f"{ran:%Y-%m-%d %H:%M}"
            words = tr("{} · run {} UTC, recorded in the journal").format(said, when)
        self.header.say(words)
        self.run.allow(self._why_no_run())
        self.run.say(tr("Run again") if ran else tr("Run checks"))

    def _why_no_run(self) -> str:
        case = self._context.services.case
        if case is None:
            return tr("No case is open.")
        if not case.writable:
            return tr("The case is open for reading only: the run could not be recorded.")
        return tr("The checks are running.") if self._running else ""

    def _run(self) -> None:
        pack = self._pack.id
        self._running = True
        self._context.services.act(
            tr("Run {}").format(self._pack.title),
            lambda case, progress, cancel: asking.run(case, pack, progress=progress, cancel=cancel),
            unit=Unit.CHECKS,
            owner=self,
            on_done=self._done,
            on_failed=self._failed,
            on_cancelled=self._stopped,
        )
        self._say()

    def _done(self, found: Results) -> None:
        pack, results = found
        self._found[pack.id] = {result.check.id: result for result in results}
        self._ran[pack.id] = datetime.now(UTC)
        self._old.discard(pack.id)
        self._stopped()

    def _read_kept(self) -> None:
        self._context.services.read(asking.kept, owner=self, on_done=self._take_kept)

    def _take_kept(self, kept: Mapping[str, KeptRun]) -> None:
        """Show what the case has kept; of a run that goes on nothing is known yet."""
        if self._running:
            return
        newer = {n: run for n, run in kept.items() if n not in self._ran or self._ran[n] < run.at}
        for pack, run in newer.items():
            self._found[pack] = {result.check.id: result for result in run.results}
            self._ran[pack] = run.at
        self._old = {pack for pack, run in kept.items() if run.is_stale} | (self._old - kept.keys())
        if newer:  # what is selected stays selected where nothing is new
            self._show()
        else:
            self._say()

    def _failed(self, fault: Fault) -> None:
        self._context.notices.fail(fault)
        self._stopped()

    def _stopped(self) -> None:
        self._running = False
        self._show()

    def _choose_pack(self, pack: str) -> None:
        self._pack = next(p for p in self._packs if p.id == pack)
        self._check = self._pack.checks[0]
        self._show()

    def _choose_check(self, chosen: Row | None) -> None:
        if chosen is None:
            return
        self._check = next(c for c in self._pack.checks if c.id == chosen.key)
        self._show_entries()
        if not self.below.table.hasFocus():
            self._context.selection.select(
                check_inspected(
                    self._context.theme,
                    self._pack,
                    self._check,
                    self._result,
                    asking.frameworks(),
                )
            )

    def _choose_entry(self, chosen: Row | None) -> None:
        if chosen is None or not isinstance(chosen.key, PolicyRow | Undecided):
            return
        actions = ((tr("Open the record"), lambda: self._open_entry(chosen)),)
        self._context.selection.select(entry_inspected(self._context, chosen.key, actions))

    def _open_entry(self, chosen: Row | None) -> None:
        """Go where the row is: its finding, its record in the log, its source."""
        if chosen is None or not isinstance(chosen.key, PolicyRow | Undecided):
            return
        entry = chosen.key.row if isinstance(chosen.key, Undecided) else chosen.key
        standing = self._context.services.standing
        if not entry.evidence or standing is None:
            self._context.notices.say(tr("This row was read from no one place."))
            return
        place = entry.evidence[0]
        source = next((s for s in standing.sources if s.sha256 == place.sha256), None)
        if source is None:
            self._context.notices.say(tr("Its source is not in this case any more."))
        elif place.locator.record is not None and source.events is not None:
            self._context.navigation.go("timeline", RecordAt(source.id, place.locator.record))
        else:
            self._context.navigation.go("verification", SourceAt(source.id))

    def _chosen_rows(self) -> list[PolicyRow]:
        """Return the exceptions that are selected; none selected: all of the check."""
        result = self._result
        picked = [e for e in self.below.selected() if isinstance(e, PolicyRow)]
        return picked or list(result.exceptions if result else ())

    def _why_no_finding(self) -> str:
        case = self._context.services.case
        if case is None or not case.writable:
            return tr("The case cannot be written.")
        if self._result is None:
            return tr("Run the checks first.")
        return "" if self._result.exceptions else tr("This check has no exceptions.")

    def _new_finding(self) -> None:
        if self._why_no_finding() or self._result is None:
            return
        draft = asking.finding_of(self._result, self._chosen_rows())
        self._context.navigation.go("findings", draft)

    def _allow(self) -> None:
        self.below.allow(self._why_no_finding(), len(self._chosen_rows()))

    def _read_findings(self) -> None:
        self._context.services.read(findings.every, owner=self, on_done=self._note_findings)

    def _note_findings(self, found: Sequence[Finding]) -> None:
        self._findings = {
            (ref.sha256, ref.locator): finding.id
            for finding in reversed(found)
            for ref in finding.evidence
            if finding.origin.startswith("check ")
        }
        self._show_entries()

    def _problem(self, by: int) -> None:
        bad = [n for n, c in enumerate(self._pack.checks) if self._has_problem(c)]
        here = [c.id for c in self._pack.checks].index(self._check.id)
        ahead = [n for n in bad if (n - here) * by > 0]
        if ahead:
            self.results.table.reveal(ahead[0] if by > 0 else ahead[-1])

    def _has_problem(self, check: Check) -> bool:
        result = self._results.get(check.id)
        return result is not None and bool(result.exceptions or result.undecided)

    def _why_no_problem(self) -> str:
        some = any(self._has_problem(check) for check in self._pack.checks)
        return "" if some else tr("No check has an exception or an undecided row.")


PAGE = Page(
    "checks", "Checks", "list-checks", 1, Group.JUDGE, ChecksPage, inspects_narrow=False,
    view="Packs of checks",
)  # fmt: skip
