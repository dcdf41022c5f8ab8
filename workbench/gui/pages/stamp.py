"""Time-stamp a report: put an answer in, ask for one by file, stamp all of it to renew it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

from workbench.gui.context import WindowContext
from workbench.gui.page import Group, Page
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.path_field import PathField, PathsField
from workbench.gui.places import ReportAt
from workbench.gui.signing.lasting import CERTIFICATES, LISTS, Lasts
from workbench.gui.signing.stamps import By, StampFields, Stamps
from workbench.gui.tasks.page import TaskPage, Told
from workbench.gui.tasks.places import first, free, no_file, no_place
from workbench.gui.text import tr
from workbench.model.progress import Cancel, Progress
from workbench.model.report_signature import Level

if TYPE_CHECKING:
    from workbench.services.reports import Further
    from workbench.store.case_store import CaseStore

_PDF = "PDF (*.pdf);;* (*)"


class How(StrEnum):
    """What is done."""

    REPLY = "reply"
    QUERY = "query"
    ARCHIVE = "archive"
    ALL = "all"


_WORDS = {
    How.REPLY: "Put the answer of an authority in (.tsr)",
    How.QUERY: "Write a query for its last signature (.tsq)",
    How.ARCHIVE: "Write a query over all of it, to renew it (.tsq)",
    How.ALL: "Stamp all of it now, to renew it",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done with a report: how, where it goes, the answer, who stamps, with what."""

    how: How
    report: Path
    out: Path
    reply: Path | None
    lasts: Lasts


def done(case: "CaseStore | None", asked: Asked) -> "Further | None":
    """Do it; None where a query was written.

    Raises:
        WorkbenchError: nothing was written.
    """
    from workbench.services import reports
    from workbench.store.handing import require_outside

    try:
        inputs = [asked.report, *asked.lasts.inputs, *filter(None, [asked.reply])]
        require_outside(case, asked.out, inputs=inputs)
        lasting = asked.lasts.opened()
        if asked.how in {How.QUERY, How.ARCHIVE}:
            archive = asked.how is How.ARCHIVE
            reports.ask(asked.report, asked.out, lasting, archive=archive)
            return None
        return reports.stamp(asked.report, asked.out, lasting, reply=asked.reply, case=case)
    finally:
        asked.lasts.stamps.forget()


class StampPage(TaskPage):
    """What is to be done, and what that needs."""

    def __init__(self, context: WindowContext) -> None:
        facts = tr("The report stays as it is on disk; another file is written.")
        act = (tr("Stamp report"), "stamp")
        super().__init__(context, tr("Time-stamp or renew a report"), facts, act)
        theme = context.theme
        self.report = PathField(theme, tr("Signed report"), saves=False, kinds=_PDF)
        self.how = QComboBox()
        for how, words in _WORDS.items():
            self.how.addItem(tr(words), how.value)
        self.reply = PathField(theme, tr("Answer"), saves=False, kinds=tr("Answers (*.tsr);;* (*)"))
        self.stamps = StampFields(theme, (By.OWN, By.SERVER))
        self.stamps.on_asked = context.notices.use_network
        self.lists = PathsField(theme, tr("Revocation lists"), kinds=LISTS)
        self.root = PathField(theme, tr("Root you trust"), saves=False, kinds=CERTIFICATES)
        self.tsa = PathField(theme, tr("Root of the authority"), saves=False, kinds=CERTIFICATES)
        self.out = PathField(theme, tr("Write it to"), saves=True)
        self._fill()
        for changed in (self.report.changed, self.how.currentIndexChanged):
            changed.connect(self._turn)
        self._turn()
        self.watch(self.report, self.reply, self.stamps, self.lists, self.root, self.tsa, self.out)

    def reveal(self, place: object) -> None:
        """Stamp a report that was checked, or signed a moment ago."""
        if isinstance(place, ReportAt):
            self.report.show_path(place.path)
            if place.root is not None:
                self.root.show_path(place.root)

    def why_not(self) -> str:
        """Return why it cannot be stamped now, or ""."""
        how = How(self.how.currentData())
        trusted = (path for path in (self.root.path(), self.tsa.path()) if path is not None)
        return first(
            (
                no_file(self.report.path(), tr("Choose the signed report.")),
                no_file(self.reply.path(), tr("Choose the answer.")) if how is How.REPLY else "",
                self.stamps.why_not() if how is How.ALL else "",
                self.lists.missing(),
                *(no_file(path, "") for path in trusted),
                no_place(self.out.path(), tr("Say where to write it.")),
            )
        )

    def begin(self) -> None:
        """Do it."""
        how, report, out = How(self.how.currentData()), self.report.path(), self.out.path()
        if report is None or out is None:
            return
        root, tsa = self.root.path(), self.tsa.path()
        trust = (*((str(root),) if root else ()), *((f"tsa={tsa}",) if tsa else ()))
        stamps = self.stamps.take()
        alone = how is How.ALL
        lasts = Lasts(
            Level.LTA if alone else Level.B,
            stamps if alone else Stamps(),
            None,
            self.lists.paths(),
            trust,
        )
        asked = Asked(how, report, out, self.reply.path() if how is How.REPLY else None, lasts)

        def work(
            case: "CaseStore | None", _progress: Progress, _cancel: Cancel
        ) -> "Further | None":
            return done(case, asked)

        self.do(tr("Stamp {}").format(report.name), work, lambda made: self._show(asked, made))

    def _show(self, asked: Asked, made: "Further | None") -> None:
        if made is None:
            again = tr("Have it answered by any RFC 3161 authority, then put the answer in here.")
            lists = tr(
                "Give the same revocation lists again then: they are part of what is stamped."
            )
            more = f" {lists}" if asked.how is How.ARCHIVE and asked.lasts.lists else ""
            self.tell(tr("Query written"), [(tr("File"), str(asked.out))], again + more)
            return
        level = f"PAdES {made.signed.level}" if made.signed.level else ""
        unknown = tr("not known: name whom you trust")
        lines: list[Told] = [
            (tr("File"), str(made.path)),
            ("SHA-256", HashLabel(self.theme, made.sha256, head=12)),
            (tr("Level"), level or unknown),
        ]
        told = tr("{} was asked for a time stamp")
        lines += [(tr("Network"), told.format(server)) for server in made.signed.network]
        said = " ".join(made.signed.remarks)
        self.tell(tr("Stamped"), lines, said)

    def _turn(self, *_changed: object) -> None:
        """Show what the choice needs, and name a place."""
        how = How(self.how.currentData())
        self.form.show_field(self.reply, shown=how is How.REPLY)
        self.form.show_field(self.stamps, shown=how is How.ALL)
        writes = how in {How.QUERY, How.ARCHIVE}
        self.act.say(tr("Write query") if writes else tr("Stamp report"))
        for field in (self.root, self.tsa):
            self.form.show_field(field, shown=not writes)
        self.form.show_field(self.lists, shown=how is not How.QUERY)
        self.suggest()
        self.check()

    def suggest(self) -> None:
        """Name a place beside the report."""
        how, report = How(self.how.currentData()), self.report.path()
        if report is not None and report.is_file():
            writes = how in {How.QUERY, How.ARCHIVE}
            name = f"{report.stem}.tsq" if writes else f"{report.stem} stamped.pdf"
            self.propose(self.out, free(report.with_name(name)))

    def _fill(self) -> None:
        form = self.form
        form.add(tr("Signed report"), self.report)
        form.add(tr("What is to be done"), self.how)
        form.add(tr("Answer of the authority (.tsr)"), self.reply)
        form.add(tr("Who stamps"), self.stamps)
        form.add(
            tr("Revocation lists, OCSP responses, certificates"),
            self.lists,
            tr("Fresh ones: a time stamp over all of it vouches for them too."),
        )
        form.add(tr("Root or certificate you trust"), self.root)
        form.add(tr("Root of the time-stamping authority"), self.tsa)
        form.add(tr("Write it to"), self.out)


PAGE = Page(
    "stamp", "Time-stamp a report", "stamp", 3, Group.TASK, StampPage, inspects=False,
    of_case=False,
)  # fmt: skip
