"""Verification: which source is how far proven, where something broke, and how to see it."""

from collections.abc import Mapping

from PySide6.QtWidgets import QStackedWidget

from workbench.gui.commands import Act
from workbench.gui.context import WindowContext, read_only
from workbench.gui.judged import Judged, subjects
from workbench.gui.page import Badge, Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.empty import EmptyState
from workbench.gui.parts.header import PageHeader
from workbench.gui.parts.inspector import Inspected
from workbench.gui.places import DiagnosisAt, FindingDraft, Kept, SourceAt
from workbench.gui.text import tr
from workbench.gui.verification.detail import Detail
from workbench.gui.verification.drafts import draft_of
from workbench.gui.verification.inspecting import BYTES, inspected
from workbench.gui.verification.source_list import SourceList
from workbench.model.case import CaseChanges
from workbench.model.verdict import Dimension
from workbench.report.phrases import moment, plural


class VerificationPage(PageWidget):
    """The page."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._each: Judged | None = None
        self._wanted: tuple[int, int] | None = None
        theme = context.theme
        self.again = Button(theme, tr("Verify again"), "rotate-cw")
        self.again.clicked.connect(lambda: context.acts.run("case.verify_all"))
        keys = Button(theme, tr("Keys and certificates"), "key-round")
        keys.clicked.connect(lambda: context.navigation.go("trust"))
        self.header = PageHeader(theme, tr("Verification"), "", (keys, self.again))
        self.list = SourceList(context)
        self.detail = Detail(context)
        self.list.chosen.connect(self._choose)
        self.detail.record_chosen.connect(lambda record: self._inspect(record))
        self.detail.diagnosis_chosen.connect(lambda _number: self._inspect())
        self.detail.bytes_asked.connect(self.show_bytes)
        self.detail.finding_asked.connect(lambda _number: self.new_finding())
        self._empty = EmptyState(
            theme,
            "shield-check",
            tr("No verdict yet"),
            tr("Until the evidence is verified, nothing says whether its bytes agree with "
               "their own protection data."),
            tr("Verify all sources"),
            action_icon="play",
        )  # fmt: skip
        self._empty.acted.connect(lambda: context.acts.run("case.verify_all"))
        self._lay_out()
        self.refresh(CaseChanges(frozenset({"verdicts"})))

    def refresh(self, changes: CaseChanges) -> None:
        """List the subjects again, and show the one that was shown."""
        if not changes.areas & {"verdicts", "sources", "trust", "events", "findings"}:
            return
        self.again.allow(read_only(self._context.services))
        standing = self._context.services.standing
        verification = standing.verification if standing else None
        self._stack.setCurrentIndex(1 if verification else 0)
        if standing is None or verification is None:
            self.header.say("")
            return
        found = subjects(standing)
        unjudged = len(standing.unjudged)
        rest = tr(", {} not verified yet").format(f"{unjudged:,}") if unjudged else ""
        checked = plural(len(found) - unjudged, "subject")
        when = tr("trust as of {}").format(moment(verification.at))
        late = tr(" · out of date: {}").format(standing.stale) if standing.stale else ""
        self.header.say(f"{checked} {tr('verified')}{rest} · {when}{late}")
        chosen = self._each.source.id if self._each else None
        number = self.detail.number
        self.list.show_sources(found)
        if chosen is None or not self._reveal_source(chosen, number):
            self.list.table.reveal(0)

    def reveal(self, place: object) -> None:
        """Show a source, a diagnosis of it, or what decides a dimension."""
        match place:
            case DiagnosisAt(source=source, number=number):
                self._reveal_source(source, number)
            case SourceAt(source=source):
                self._reveal_source(source, 0)
            case Kept():
                self.list.keep(place)
                self.list.table.reveal(0)
            case Dimension():
                found = self.list.first_with(place)
                if found is not None:
                    self._reveal_source(found.source.id, 0)
            case _:
                pass

    def acts(self) -> Mapping[str, Act]:
        """Step through problems, write a finding."""
        return {
            "problem.next": Act(lambda: self.detail.step(1), self._no_problem),
            "problem.previous": Act(lambda: self.detail.step(-1), self._no_problem),
            "finding.new": Act(self.new_finding, self._no_source),
        }

    def show_bytes(self, _number: int = 0) -> None:
        """Show the bytes of the broken record in the inspector."""
        if self._each is not None:
            self._context.selection.show(self._inspected(self._each, turn_to=tr(BYTES)))

    def new_finding(self) -> None:
        """Write a finding about what is shown."""
        if self._each is not None:
            draft: FindingDraft = draft_of(self._each, self.detail.diagnosis)
            self._context.navigation.go("findings", draft)

    def _reveal_source(self, source: int, number: int) -> bool:
        self._wanted = (source, number)
        return self.list.select(source)

    def _choose(self, each: Judged) -> None:
        number = 0
        if self._wanted is not None:
            number = self._wanted[1] if self._wanted[0] == each.source.id else 0
            self._wanted = None
        self._each = each
        most = len(each.verdict.diagnoses) if each.verdict else 0
        self.detail.show_source(each, number if number < most else 0)
        self._inspect()

    def _inspect(self, record: int | None = None) -> None:
        if self._each is not None:
            self._context.selection.select(self._inspected(self._each, record))

    def _inspected(self, each: Judged, record: int | None = None, turn_to: str = "") -> Inspected:
        found = self.detail.diagnosis
        at = record if record is not None else (found.record if found else None)
        return inspected(self._context, each, record=at, diagnosis=found, turn_to=turn_to)

    def _no_problem(self) -> str:
        return "" if self.detail.diagnosis else tr("Nothing is broken in this source.")

    def _no_source(self) -> str:
        return "" if self._each else tr("Select a source first.")

    def _lay_out(self) -> None:
        middle = row()
        middle.addWidget(self.list)
        middle.addWidget(self.detail, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(boxed(middle))
        outer = column()
        outer.addWidget(self.header)
        outer.addWidget(Line(self._context.theme))
        outer.addWidget(self._stack, 1)
        self.setLayout(outer)


def badge(context: WindowContext) -> Badge | None:
    """Return how many diagnoses there are."""
    standing = context.services.standing
    verification = standing.verification if standing else None
    count = (
        sum(len(s.verdict.diagnoses) for s in verification.subjects if s.verdict)
        if verification
        else 0
    )
    said = tr("1 diagnosis") if count == 1 else tr("{} diagnoses").format(count)
    return Badge(f"{count:,}", is_bad=True, said=said) if count else None


PAGE = Page(
    "verification",
    "Verification",
    "shield-check",
    3,
    Group.CASE,
    VerificationPage,
    badge=badge,
)
