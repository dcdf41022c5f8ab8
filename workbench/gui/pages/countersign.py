"""Countersign: the reviewer checks a signed report, and signs after the auditor."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from workbench.gui.context import WindowContext
from workbench.gui.page import Group, Page
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.path_field import PathField
from workbench.gui.places import ReportAt
from workbench.gui.signing.key import KeyField
from workbench.gui.signing.lasting import CERTIFICATES, LastingFields, Signs
from workbench.gui.tasks.page import TaskPage, Told
from workbench.gui.tasks.places import first, free, no_file, no_place
from workbench.gui.text import tr
from workbench.model.progress import Cancel, Progress
from workbench.report.phrases import moment

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.services.reports import Further
    from workbench.store.case_store import CaseStore

_PDF = "PDF (*.pdf);;* (*)"


def countersigned(case: "CaseStore | None", report: "Path", out: "Path", signs: Signs) -> "Further":
    """Check a report and write it countersigned; what opens the keys is forgotten.

    Raises:
        WorkbenchError: nothing was written.
    """
    from workbench.services import reports
    from workbench.store.handing import require_outside

    try:
        require_outside(case, out, signs.lasts.query, inputs=[report, *signs.inputs])
        key, lasting = signs.key.opened(), signs.lasts.opened()
        return reports.countersign(
            report, out, key, lasting, reason=signs.meaning, location=signs.location or None,
            case=case,
        )  # fmt: skip
    finally:
        signs.forget()


class CountersignPage(TaskPage):
    """Report, whom one trusts, the reviewer's key; it is not signed where it does not verify."""

    def __init__(self, context: WindowContext) -> None:
        facts = tr("It is checked first, and not signed where it does not verify.")
        act = (tr("Countersign report"), "signature")
        super().__init__(context, tr("Countersign a report"), facts, act)
        theme = context.theme
        self.report = PathField(theme, tr("Signed report"), saves=False, kinds=_PDF)
        self.root = PathField(theme, tr("Root you trust"), saves=False, kinds=CERTIFICATES)
        self.signer = KeyField(theme, tr("Your key"))
        self.meaning, self.location = QLineEdit(), QLineEdit()
        self.lasting = LastingFields(theme)
        self.lasting.stamps.on_asked = context.notices.use_network
        self.out = PathField(theme, tr("Write it to"), saves=True, kinds="PDF (*.pdf)")
        self.signer.entered.connect(self.ask)
        self._fill()
        self.report.changed.connect(self.suggest)
        self.watch(
            self.report, self.root, self.signer, self.meaning, self.location, self.lasting, self.out
        )

    def reveal(self, place: object) -> None:
        """Countersign a report that was checked."""
        if isinstance(place, ReportAt):
            self.report.show_path(place.path)
            if place.root is not None:
                self.root.show_path(place.root)

    def why_not(self) -> str:
        """Return why it cannot be countersigned now, or ""."""
        return first(
            (
                no_file(self.report.path(), tr("Choose the signed report.")),
                (self.root.path() and no_file(self.root.path(), "")) or "",
                self.signer.why_not(tr("Choose your key.")),
                self.lasting.why_not(),
                no_place(self.out.path(), tr("Say where to write it.")),
            )
        )

    def begin(self) -> None:
        """Check it, and sign it."""
        report, out, root = self.report.path(), self.out.path(), self.root.path()
        trust = () if root is None else (str(root),)
        lasts = self.lasting.take(out and out.with_suffix(".tsq"), trust)
        key = self.signer.take()
        if report is None or out is None or key is None:
            return
        signs = Signs(key, lasts, self.meaning.text().strip(), self.location.text().strip())

        def work(case: "CaseStore | None", _progress: Progress, _cancel: Cancel) -> "Further":
            return countersigned(case, report, out, signs)

        self.do(tr("Countersign {}").format(report.name), work, self._show)

    def _show(self, made: "Further") -> None:
        lines: list[Told] = [(tr("File"), str(made.path))]
        lines.append(("SHA-256", HashLabel(self.theme, made.sha256, head=12)))
        if (said := made.signed.said) is not None:
            lines += [
                (tr("Countersigned by"), said.name),
                (tr("Time"), moment(said.at)),
                (tr("Meaning"), said.meaning),
            ]
        lines.append((tr("Level"), f"PAdES {made.signed.level}"))
        if made.signed.query:
            lines.append((tr("To be stamped"), str(made.path.with_suffix(".tsq"))))
        if made.signed.note:
            lines.append((tr("Note"), tr(made.signed.note)))
        told = tr("{} was asked for a time stamp")
        lines += [(tr("Network"), told.format(server)) for server in made.signed.network]
        self.tell(tr("Countersigned"), lines, tr("The report before it is as it was."))

    def suggest(self) -> None:
        """Name a place beside what it is made of."""
        report = self.report.path()
        if report is not None and report.is_file():
            self.propose(self.out, free(report.with_name(f"{report.stem} reviewed.pdf")))

    def _fill(self) -> None:
        from workbench.services.reports import REVIEWED

        self.meaning.setPlaceholderText(REVIEWED)
        form = self.form
        form.add(tr("Signed report"), self.report)
        form.add(
            tr("Root or certificate you trust"),
            self.root,
            tr("Of the auditor, got by another way than the report. What lies beside your own key "
               "is trusted too."),
        )  # fmt: skip
        form.add(tr("Your key, PKCS#12 or PEM, or pkcs11:… of a token"), self.signer)
        form.add(
            tr("What your signature means"),
            self.meaning,
            tr("It stands in the signature and on the sign-off page, with the name in your "
               "certificate and the time of signing (21 CFR 11.50)."),
        )  # fmt: skip
        form.add(tr("Where you sign (may be empty)"), self.location)
        form.add("", self.lasting)
        form.add(tr("Write it to"), self.out)


PAGE = Page(
    "countersign", "Countersign a report", "signature", 2, Group.TASK, CountersignPage,
    inspects=False, of_case=False,
)  # fmt: skip
