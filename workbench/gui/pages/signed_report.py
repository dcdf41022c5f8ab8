"""A signed report, or a package of one, that somebody handed over: what a stranger concludes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts.boxes import Line, boxed, clear, column, row, scrolled
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.parts.path_field import PathField
from workbench.gui.places import ReportAt
from workbench.gui.reporting.checked import shown_verdict
from workbench.gui.reporting.checked_package import shown_package
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.model.progress import Cancel, Progress
from workbench.model.request import VerifyRequest

if TYPE_CHECKING:
    from workbench.model.verification import Verification
    from workbench.verify.report import ReportVerdict

_WIDEST = 880
#: How an ASiC-E container is called (ETSI EN 319 162-1 4.4.3.2).
_PACKAGES = frozenset({".asice", ".sce", ".zip"})
_KEYS = "PEM, DER (*.pem *.crt *.cer *.der);;* (*)"


def judged(
    report: Path, root: Path | None, signer: Path | None, evidence: Path | None
) -> "ReportVerdict":
    """Return what the report is worth to somebody who trusts a root and expects signers."""
    from workbench.services import reports

    at = datetime.now(UTC).replace(microsecond=0)
    expected = reports.signers_in(signer, at=at) if signer else ()
    trust = [str(root)] if root else []
    at_hand = [evidence] if evidence else []
    return reports.check(
        report, trust=trust, confirm=(), expected=expected, at=at, evidence=at_hand
    )


def packaged(file: Path, root: Path | None, progress: Progress, cancel: Cancel) -> "Verification":
    """Return what a package is worth to somebody who trusts a root."""
    from workbench.services import verification

    at = datetime.now(UTC).replace(microsecond=0)
    request = VerifyRequest((file,), at, trust=(str(root),) if root else ())
    return verification.verify(request, progress=progress, cancel=cancel)


class SignedReportPage(PageWidget):
    """The report, whom one trusts, whom one expects; below them the verdict."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        theme = context.theme
        kinds = "PDF, ASiC (*.pdf *.asice);;* (*)"
        self.report = PathField(theme, tr("Signed report or package"), saves=False, kinds=kinds)
        self.root = PathField(theme, tr("Root or certificate you trust"), saves=False, kinds=_KEYS)
        self.signer = PathField(theme, tr("Signer's certificate"), saves=False, kinds=_KEYS)
        self.evidence = PathField(theme, tr("Evidence at hand"), saves=False, folder=True)
        self.check = Button(theme, tr("Check it"), "badge-check", Look.PRIMARY)
        self.countersign = Button(theme, tr("Countersign it…"), "signature")
        self.stamp = Button(theme, tr("Time-stamp or renew it…"), "stamp")
        self.back = Button(theme, tr("Back"), "chevron-left")
        self.why = Paragraph(theme, "", Face.SECONDARY, "secondary")
        self.result = column(gap=8)
        self.check.clicked.connect(self._ask)
        self.back.clicked.connect(lambda: context.acts.run("go.back"))
        self.countersign.clicked.connect(lambda: self._go("countersign"))
        self.stamp.clicked.connect(lambda: self._go("stamp"))
        for field in (self.report, self.root, self.signer, self.evidence):
            field.changed.connect(self._allow)
            field.field.returnPressed.connect(self._ask)
        self._lay_out()
        self._allow()

    def reveal(self, place: object) -> None:
        """Check another report."""
        if isinstance(place, Path):
            self.report.field.setText(str(place))
            self._ask()

    def _allow(self) -> None:
        """What was found belongs to what was given: it goes when that changes."""
        clear(self.result)
        path = self.report.path()
        missing = tr("Choose a report.") if path is None else tr("There is no such file.")
        why = "" if path is not None and path.is_file() else missing
        self.check.allow(why)
        self.why.setText(why)
        for button in (self.countersign, self.stamp):
            button.allow(why or (tr("That is a package.") if _is_package(path) else ""))

    def _go(self, page: str) -> None:
        """Do more with the report, with the root that it is checked with."""
        if (path := self.report.path()) is not None:
            self._context.navigation.go(page, ReportAt(path, self.root.path()))

    def _ask(self) -> None:
        fields = (self.report, self.root, self.signer, self.evidence)
        report, root, signer, evidence = (field.path() for field in fields)
        self._allow()
        if report is None or not self.check.isEnabled():
            return
        self.check.allow(tr("It is being checked."))
        if _is_package(report):
            self._context.jobs.start(
                tr("Check {}").format(report.name),
                lambda progress, cancel: packaged(report, root, progress, cancel),
                owner=self,
                on_done=self._show_package,
                on_failed=self._fail,
                on_cancelled=self._allow,
            )
            return
        self._context.jobs.read(
            lambda: judged(report, root, signer, evidence),
            owner=self,
            on_done=self._show,
            on_failed=self._fail,
        )

    def _show(self, found: "ReportVerdict") -> None:
        self._allow()
        self.result.addWidget(shown_verdict(self._context.theme, found))

    def _show_package(self, found: "Verification") -> None:
        self._allow()
        self.result.addWidget(shown_package(self._context.theme, found))

    def _fail(self, fault: Fault) -> None:
        self._allow()
        self.result.addWidget(Paragraph(self._context.theme, fault.sentence, Face.BODY, "failed"))

    def _lay_out(self) -> None:
        theme = self._context.theme
        form = column(gap=4)
        form.setContentsMargins(MARGIN, 8, MARGIN, MARGIN)
        for name, told, field in (
            (tr("Signed report or package"), "", self.report),
            (
                tr("Root or certificate you trust"),
                tr("Get it from the signer by another way than the report. Without it nothing "
                   "says who signed. The root of a time-stamping authority can stand in the same "
                   "file."),
                self.root,
            ),
            (
                tr("Signer's certificate"),
                tr("Optional: then nobody else may have signed. A reviewer's stands in the same "
                   "file."),
                self.signer,
            ),
            (
                tr("Evidence at hand"),
                tr("Optional: it is hashed and held against what the report states."),
                self.evidence,
            ),
        ):  # fmt: skip
            form.addWidget(PlainLabel(theme, name, Face.BUTTON))
            form.addWidget(field)
            if told:
                form.addWidget(Paragraph(theme, told, Face.SECONDARY, "secondary"))
            form.addSpacing(10)
        self._add_answer(form)
        body = boxed(form)
        body.setMaximumWidth(theme.px(_WIDEST))
        outer = column()
        facts = tr("Nothing of it is changed, sent or kept.")
        outer.addWidget(
            PageHeader(theme, tr("Check a signed report or package"), facts, (self.back,))
        )
        outer.addWidget(scrolled(body), 1)
        self.setLayout(outer)

    def _add_answer(self, form: QVBoxLayout) -> None:
        line = row(gap=8)
        for button in (self.check, self.countersign, self.stamp):
            line.addWidget(button)
        line.addStretch()
        form.addLayout(line)
        form.addWidget(self.why)
        form.addSpacing(16)
        form.addWidget(Line(self._context.theme))
        form.addSpacing(12)
        form.addLayout(self.result)
        form.addStretch()


def _is_package(path: Path | None) -> bool:
    """Tell whether a file is called as packages are."""
    return path is not None and path.suffix.lower() in _PACKAGES


PAGE = Page(
    "signed_report", "Check a signed report", "badge-check", 1, Group.TASK, SignedReportPage,
    inspects=False, of_case=False,
)  # fmt: skip
