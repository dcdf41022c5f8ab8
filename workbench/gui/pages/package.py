"""Package: a signed report and chosen evidence of the case in one signed container (ASiC-E)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.gui.context import WindowContext, read_only
from workbench.gui.page import Group, Page
from workbench.gui.parts.boxes import boxed, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.path_field import PathField
from workbench.gui.signing.key import KeyField, TypedKey
from workbench.gui.signing.stamps import By, StampFields, Stamps
from workbench.gui.tasks.choosing import Choosing
from workbench.gui.tasks.page import TaskPage, Told
from workbench.gui.tasks.places import beside, first, no_file, no_place
from workbench.gui.text import tr
from workbench.model.case import CaseChanges
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.services.packaging import Package
    from workbench.store.case_store import CaseStore

_MOST_TOLD = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What goes into a package, who signs it and who stamps it."""

    out: Path
    key: TypedKey
    report: Path | None
    evidence: tuple[str, ...]
    stamps: Stamps


def names(case: "CaseStore") -> tuple[str, ...]:
    """Return what of the evidence can be put in."""
    from workbench.services import packaging

    return packaging.names(case)


def packaged(case: "CaseStore", asked: Asked, progress: Progress, cancel: Cancel) -> "Package":
    """Write the package; what opens the keys is forgotten.

    Raises:
        WorkbenchError: nothing was written, and the journal is as it was.
    """
    from workbench.services import packaging
    from workbench.store.handing import require_outside

    try:
        inputs = [asked.key.path, *asked.stamps.inputs, *filter(None, [asked.report])]
        require_outside(case, asked.out, inputs=inputs)
        wanted = packaging.Asked(
            key=asked.key.opened(),
            at=datetime.now(UTC).replace(microsecond=0),
            report=asked.report,
            evidence=asked.evidence,
            stamper=asked.stamps.stamper(),
            server=asked.stamps.server,
        )
        return packaging.write(case, asked.out, wanted, progress=progress, cancel=cancel)
    finally:
        asked.key.forget()
        asked.stamps.forget()


class PackagePage(TaskPage):
    """Report, evidence, key, who stamps, where it goes."""

    def __init__(self, context: WindowContext) -> None:
        facts = tr("Each file is hashed again: what is not as at intake does not go in.")
        act = (tr("Write package"), "package")
        super().__init__(context, tr("Package report and evidence"), facts, act)
        theme = context.theme
        self.report = PathField(theme, tr("Signed report"), saves=False, kinds="PDF (*.pdf)")
        self.report.field.setPlaceholderText(tr("The newest report in the case"))
        self.evidence = Choosing(theme)
        self.every = Button(theme, tr("Choose all"), "list-checks")
        self.none = Button(theme, tr("Choose none"))
        self.signer = KeyField(theme, tr("Your key"))
        self.stamps = StampFields(theme, (By.NOBODY, By.OWN, By.SERVER))
        self.stamps.on_asked = context.notices.use_network
        kinds = tr("Containers (*.asice)")
        self.out = PathField(theme, tr("Write it to"), saves=True, kinds=kinds)
        self.every.clicked.connect(lambda: self.evidence.choose(every=True))
        self.none.clicked.connect(lambda: self.evidence.choose(every=False))
        self.signer.entered.connect(self.ask)
        self._fill()
        self.suggest()
        self.refresh(CaseChanges())
        self.watch(self.report, self.evidence, self.signer, self.stamps, self.out)

    def refresh(self, changes: CaseChanges) -> None:
        """List the evidence again."""
        super().refresh(changes)
        read = self.context.services.read
        read(names, owner=self, on_done=self.evidence.show_names, on_failed=self.fail)

    def why_not(self) -> str:
        """Return why no package can be written now, or ""."""
        report = self.report.path()
        return first(
            (
                read_only(self.context.services),
                "" if report is None else no_file(report, ""),
                self.signer.why_not(tr("Choose the key to sign with.")),
                self.stamps.why_not(),
                no_place(self.out.path(), tr("Say where to write it.")),
            )
        )

    def begin(self) -> None:
        """Write it."""
        out, key, stamps = self.out.path(), self.signer.take(), self.stamps.take()
        if out is None or key is None:
            return
        asked = Asked(out, key, self.report.path(), self.evidence.chosen(), stamps)
        self.change(
            tr("Write {}").format(out.name),
            lambda case, progress, cancel: packaged(case, asked, progress, cancel),
            lambda made: self._show(asked, made),
        )

    def _show(self, asked: Asked, made: "Package") -> None:
        lines: list[Told] = [(tr("File"), str(asked.out))]
        lines += [(tr("In it"), name) for name in list(made.files)[:_MOST_TOLD]]
        if (more := len(made.files) - _MOST_TOLD) > 0:
            lines.append((tr("and"), tr("{} more").format(f"{more:,}")))
        left = tr("{} files of the evidence").format(f"{made.left_out:,}")
        lines.append((tr("Not in it"), left if made.left_out else tr("Nothing of the evidence")))
        told = tr("{} was asked for a time stamp")
        lines += [(tr("Network"), told.format(server)) for server in made.network]
        said = tr("Whoever gets it checks it here (Check a signed report or package), or with "
                  "workbench verify, by the root of your key.")  # fmt: skip
        self.tell(tr("Package written"), lines, said)
        check = Button(self.theme, tr("Check this package…"), "badge-check")
        go = self.context.navigation.go
        check.clicked.connect(lambda: go("signed_report", asked.out))
        self.result.addWidget(check)

    def suggest(self) -> None:
        """Name a place beside the case."""
        if (case := self.context.services.case) is not None:
            self.propose(self.out, beside(case, ".asice"))

    def _fill(self) -> None:
        line, chosen = row(gap=8), column(gap=6)
        line.addWidget(self.every)
        line.addWidget(self.none)
        line.addStretch()
        chosen.addWidget(self.evidence)
        chosen.addLayout(line)
        self.evidence.setAccessibleName(tr("Evidence to put in"))
        form = self.form
        form.add(tr("Signed report"), self.report)
        form.add(
            tr("Evidence to put in"),
            boxed(chosen),
            tr("What is left out is counted in the package."),
        )
        form.add(tr("Your key, PKCS#12 or PEM, or pkcs11:… of a token"), self.signer)
        form.add(tr("Time stamp"), self.stamps)
        form.add(tr("Write it to"), self.out)


PAGE = Page(
    "package", "Package report and evidence", "package", 4, Group.TASK, PackagePage, inspects=False
)
