"""Overview: the four answers, how far records are protected, what to look at first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QMenu, QVBoxLayout, QWidget

from workbench.gui.case_services import CaseServices
from workbench.gui.context import WindowContext, read_only
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.judged import Judged, read_map, subjects
from workbench.gui.overview.answers import answers
from workbench.gui.overview.blocks import IndicatorBlock, MatterRow
from workbench.gui.overview.coverage import Coverage, read_coverage
from workbench.gui.overview.first import matters
from workbench.gui.overview.indicators import Counted, indicators, read_counts
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.assurance import AssuranceBar
from workbench.gui.parts.boxes import Line, boxed, clear, column, row, scrolled
from workbench.gui.parts.buttons import Button, DropButton, Look
from workbench.gui.parts.coverage import CoverageBars
from workbench.gui.parts.dimension import DimensionBlock
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.parts.log_map import LogMap
from workbench.gui.parts.mark import SMALL, Mark
from workbench.gui.parts.pips import LevelPips, level_name
from workbench.gui.parts.word import VerdictWord
from workbench.gui.places import Asked
from workbench.gui.text import Paragraph, PlainLabel, action_text, tr
from workbench.model.case import CaseChanges
from workbench.model.query import quoted
from workbench.model.verdict import Dimension
from workbench.report.phrases import moment, plural

if TYPE_CHECKING:
    from workbench.services.cases import Standing
    from workbench.store.case_store import CaseStore


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of the case off the thread of the window."""

    log: LogMap | None
    coverage: Coverage | None
    counted: Counted


class OverviewPage(PageWidget):
    """The page."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._theme = context.theme
        self._log: Judged | None = None
        self._read_only = ""
        theme, run = context.theme, context.acts.run
        self.again = Button(theme, tr("Verify again"), "rotate-cw")
        self.again.clicked.connect(lambda: run("case.verify_all"))
        report = Button(theme, tr("Draft report"), "file-text", Look.PRIMARY)
        report.clicked.connect(lambda: context.navigation.go("report"))
        self.keep_case = Button(theme, tr("Keep this case as…"), "save")
        self.keep_case.clicked.connect(lambda: run("case.keep"))
        self.header = PageHeader(theme, tr("Overview"), "", (self.keep_case, self.again, report))
        self._body = column(gap=0)
        self._body.setContentsMargins(MARGIN, 8, MARGIN, MARGIN)
        outer = column()
        outer.addWidget(self.header)
        outer.addWidget(scrolled(boxed(self._body)), 1)
        self.setLayout(outer)
        context.jobs.started.connect(self._job_changed)
        context.jobs.ended.connect(self._job_changed)
        self.refresh(CaseChanges())

    def refresh(self, _changes: CaseChanges) -> None:
        """Show how the case stands."""
        clear(self._body)
        standing = self._context.services.standing
        services = self._context.services
        quick = isinstance(services, CaseServices) and services.is_quick
        self.keep_case.setVisible(quick)
        if standing is None:
            return
        verified = standing.verification is not None and bool(standing.verification.subjects)
        self.again.setVisible(verified)
        self.again.allow(read_only(services))
        header = services.header()
        self._read_only = f"{header.read_only} " if header and header.read_only else ""
        if not verified:
            self.header.say(self._read_only + tr("Not verified yet"))
            self._body.addWidget(self._empty(standing))
            self._body.addStretch()
            return
        self._show(standing)

    def _empty(self, standing: "Standing") -> QWidget:
        count = len(standing.sources)
        if self._context.jobs.running:
            missing, action, command = tr("Being taken in and verified"), "", ""
            why = tr("How far that is stands below, with the jobs. No verdict is shown before "
                     "all of it is done.")  # fmt: skip
        elif not count:
            missing, action, command = tr("No evidence yet"), tr("Add evidence…"), "evidence.add"
            why = tr("Drop files, a folder or a ZIP anywhere in the window. They stay where they "
                     "are and are opened read-only.")  # fmt: skip
        else:
            missing, command = tr("No verdict yet"), "case.verify_all"
            action = tr("Verify {}").format(plural(count, tr("source")))
            why = tr("Until it is verified, nothing says whether the evidence agrees with its "
                     "own protection data.")  # fmt: skip
        made = EmptyState(self._theme, "shield-check", missing, why, action, action_icon="play")
        made.acted.connect(lambda: self._context.acts.run(command))
        return made

    def _job_changed(self, _job: object) -> None:
        """Say that work goes on, as long as there is no verdict to show instead."""
        standing = self._context.services.standing
        if standing is not None and standing.verification is None:
            self.refresh(CaseChanges())

    def _show(self, standing: "Standing") -> None:
        verification = standing.verification
        if verification is None:
            return
        found = subjects(standing)
        rest = tr(" {} not verified yet.").format(plural(len(standing.unjudged), "subject"))
        self.header.say(
            self._read_only
            + tr("Worst result of {}; counts are of subjects. Trust as of {}.").format(
                plural(len(verification.subjects), "subject"), moment(verification.at)
            )
            + (rest if standing.unjudged else "")
            + (tr(" Out of date: {}").format(standing.stale) if standing.stale else "")
        )
        self._body.addWidget(self._answers(found))
        self._lower = column(gap=0)
        holder = boxed(self._lower)
        self._body.addWidget(holder)
        self._body.addStretch()
        logs = [each for each in found if each.is_log]
        chosen = next((e for e in logs if self._log and e.source.id == self._log.source.id), None)
        self._log = chosen or (logs[0] if logs else None)
        self._context.services.read(
            lambda case: self._ask(case, standing, found),
            owner=holder,
            on_done=lambda asked: self._show_lower(standing, logs, asked),
            on_failed=self._show_fault,
        )

    def _show_fault(self, fault: Fault) -> None:
        """Say why the lower part is not there."""
        self._context.notices.fail(fault)
        told = tr("Assurance, coverage and indicators cannot be shown. {}").format(fault.sentence)
        clear(self._lower)
        self._lower.addWidget(Line(self._theme))
        self._lower.addSpacing(10)
        self._lower.addWidget(Paragraph(self._theme, told, Face.BODY, "secondary"))

    def _ask(self, case: "CaseStore", standing: "Standing", found: Sequence[Judged]) -> _Asked:
        """Ask what the index and the case file have to be asked; runs on a reader thread."""
        events = [each for each in found if each.source.events]
        return _Asked(
            log=read_map(case, self._log) if self._log else None,
            coverage=read_coverage(case, events, standing.engagement.period),
            counted=read_counts(case),
        )

    def _answers(self, found: Sequence[Judged]) -> QWidget:
        line = row(gap=0)
        line.setContentsMargins(0, 4, 0, 14)
        header = self._context.services.header()
        for answer in answers(header.dimensions if header else {}, found):
            if answer.dimension is not Dimension.INTEGRITY:
                line.addWidget(Line(self._theme, upright=True))
                line.addSpacing(20)
            block = DimensionBlock(self._theme, answer)
            line.addWidget(block, 1)
            line.addSpacing(20 if answer.dimension is not Dimension.TIME else 0)
        return boxed(line)

    def _show_lower(self, standing: "Standing", logs: Sequence[Judged], asked: _Asked) -> None:
        if self._log is not None and asked.log is not None:
            self._lower.addWidget(Line(self._theme))
            self._lower.addSpacing(10)
            self._lower.addLayout(self._assurance_head(logs, asked.log))
            bar = AssuranceBar(self._theme, asked.log)
            bar.range_chosen.connect(self._to_records)
            self._lower.addWidget(bar)
            self._lower.addSpacing(14)
        columns = row(gap=0)
        columns.addWidget(self._left(standing, asked), 3)
        columns.addSpacing(24)
        columns.addWidget(Line(self._theme, upright=True))
        columns.addSpacing(24)
        columns.addWidget(self._right(standing, asked), 2)
        self._lower.addLayout(columns)

    def _assurance_head(self, logs: Sequence[Judged], log: LogMap) -> QVBoxLayout:
        outer = column()
        line = row(gap=12)
        name = self._log.name if self._log else ""
        title = tr("Assurance over {}").format(name)
        if len(logs) > 1:
            pick = DropButton(self._theme, title, quiet=True)
            pick.clicked.connect(lambda: self._pick(pick, logs))
            line.addWidget(pick)
        else:
            line.addWidget(PlainLabel(self._theme, title, Face.STRONG))
        line.addStretch()
        for level, share in shares_of(log):
            line.addWidget(LevelPips(self._theme, level, word=f"{level_name(level)} {share}"))
        if log.breaks:
            word = tr("Broken, {}").format(plural(len(log.breaks), "record"))
            line.addWidget(VerdictWord(self._theme, Mark.FAILED, word, size=SMALL, face=Face.WORD))
        outer.addLayout(line)
        outer.addSpacing(4)
        return outer

    def _pick(self, button: QWidget, logs: Sequence[Judged]) -> None:
        menu = QMenu(self)
        for each in logs:
            menu.addAction(action_text(each.name), partial(self._turn_to, each))
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _turn_to(self, log: Judged) -> None:
        self._log = log
        self.refresh(CaseChanges())

    def _to_records(self, first: int, last: int) -> None:
        if self._log is not None:
            query = f"source={quoted(self._log.source.display)} record:[{first}..{last}]"
            self._context.navigation.go("timeline", Asked(query))

    def _left(self, standing: "Standing", asked: _Asked) -> QWidget:
        stack = column(gap=0)
        stack.addWidget(PlainLabel(self._theme, tr("What to look at first"), Face.STRONG))
        stack.addSpacing(6)
        found = matters(standing, asked.counted.findings)
        for number, matter in enumerate(found, 1):
            stack.addWidget(Line(self._theme))
            made = MatterRow(self._theme, number, matter)
            made.acted.connect(
                lambda matter=matter: self._context.navigation.go(matter.page, matter.place)
            )
            stack.addWidget(made)
        if not found:
            told = tr("Nothing is broken, open or missing in what was verified.")
            stack.addWidget(Paragraph(self._theme, told, Face.BODY, "secondary"))
        stack.addWidget(Line(self._theme))
        if asked.coverage is not None:
            stack.addSpacing(14)
            stack.addWidget(self._coverage(asked.coverage))
        stack.addStretch()
        return boxed(stack)

    def _coverage(self, coverage: Coverage) -> QWidget:
        stack = column(gap=6)
        head = row(gap=8)
        title = tr("Coverage of the audit period") if coverage.is_stated else tr("Time covered")
        head.addWidget(PlainLabel(self._theme, title, Face.STRONG))
        head.addWidget(PlainLabel(self._theme, tr("by claimed time"), Face.SECONDARY, "secondary"))
        head.addStretch()
        stack.addLayout(head)
        stack.addWidget(Line(self._theme))
        bars = CoverageBars(self._theme)
        bars.show_rows(coverage.first, coverage.last, coverage.rows)
        stack.addWidget(bars)
        return boxed(stack)

    def _right(self, standing: "Standing", asked: _Asked) -> QWidget:
        stack = column(gap=0)
        stack.addWidget(PlainLabel(self._theme, tr("Indicators"), Face.STRONG))
        stack.addSpacing(6)
        stack.addWidget(Line(self._theme))
        stack.addSpacing(10)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(16)
        for number, indicator in enumerate(indicators(standing, asked.counted)):
            made = IndicatorBlock(self._theme, indicator)
            made.acted.connect(lambda i=indicator: self._context.navigation.go(i.page, i.place))
            grid.addWidget(made, number // 2, number % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        stack.addLayout(grid)
        stack.addStretch()
        return boxed(stack)


def shares_of(log: LogMap) -> list[tuple[int, str]]:
    """Return the levels of a log with their share of its records, the highest first."""
    counts: dict[int, int] = {}
    for part in log.unbroken:
        counts[part.level] = counts.get(part.level, 0) + part.last - part.first + 1
    whole = max(log.records, 1)
    return [
        (level, f"{100 * counts[level] / whole:.0f} %") for level in sorted(counts, reverse=True)
    ]


PAGE = Page("overview", "Overview", "layout-dashboard", 1, Group.CASE, OverviewPage, inspects=False)
