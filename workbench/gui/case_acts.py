"""What is done with whole cases: make, open, close, keep; add evidence and verify it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from workbench.gui import recent
from workbench.gui.amounts import Unit
from workbench.gui.case_services import CaseServices
from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.new_case import NewCase
from workbench.gui.settings import data_folder
from workbench.gui.text import tr
from workbench.model.case import CaseChanges, Engagement
from workbench.services.case_place import is_case

if TYPE_CHECKING:
    from workbench.gui.main_window import MainWindow

_CASE = ".case"
#: The page that checks a report somebody handed over.
SIGNED_REPORT = "signed_report"
#: Commands that lead to the page of a task, with a case or without one.
_TASKS_OF_CASE = {"case.package": "package", "case.subset": "subset", "case.backup": "backup"}
_TASKS = {
    "report.countersign": "countersign",
    "report.stamp": "stamp",
    "folder.seal": "seal",
    "case.restore": "restore",
}


class CaseActs(QObject):
    """Offers the acts on cases, and takes what is dropped on the window."""

    def __init__(
        self, window: "MainWindow", context: WindowContext, services: CaseServices
    ) -> None:
        super().__init__(window)
        self._window = window
        services.before_leaving = window.stack.keep_typed
        self._context = context
        self._services = services
        offer = context.acts.offer
        offer("case.new", self._ask_new, self._busy)
        offer("case.open", self._ask_open, self._busy)
        offer("case.sample", services.open_sample, self._busy)
        offer("case.close", services.leave, self._no_case_or_busy)
        offer("case.keep", self._ask_keep, self._nothing_to_keep)
        offer("evidence.add", self._ask_evidence, self._no_writing)
        offer("evidence.add_folder", self._ask_folder, self._no_writing)
        offer("evidence.secret", self._ask_secret, self._no_case)
        offer("case.rebuild_index", self.rebuild_index, self._nothing_to_index)
        offer("report.check", self._ask_report)
        offer("case.verify_all", self.verify, self._nothing_to_verify)
        for command, page in _TASKS.items():
            offer(command, partial(context.navigation.go, page))
        for command, page in _TASKS_OF_CASE.items():
            offer(command, partial(context.navigation.go, page), self._no_case)
        context.notices.dropped.connect(self.take)
        context.jobs.case_changed.connect(self._remember)

    def take(self, paths: Sequence[Path]) -> None:
        """Open the case that was dropped, or add evidence: to the open case, or to a new one."""
        cases = [path for path in paths if is_case(path)]
        if cases:
            self._open(cases[0])
        elif self._services.case is None:
            name = paths[0].resolve().name or tr("Evidence")
            engagement = Engagement(title=tr("Quick look at {}").format(name))
            self._services.create(quick_place(name), engagement, then=lambda: self.add(paths))
        elif why := self._no_writing():
            self._context.notices.fail(Fault(why))
        else:
            self.add(paths)

    def add(self, paths: Sequence[Path]) -> None:
        """Add evidence, then verify the case; either can be stopped on its own."""
        say = self._context.notices.say
        self._services.add_evidence(
            paths,
            on_done=lambda _added: self.verify(),
            on_cancelled=lambda: say(tr("Nothing was taken in: the case is as it was.")),
        )

    def verify(self) -> None:
        """Verify everything; stopped, say what that leaves unverified."""
        self._services.verify(on_cancelled=self._say_unverified)

    def rebuild_index(self) -> None:
        """Make the index of events anew from the evidence."""
        from workbench.services import cases

        self._services.act(
            tr("Rebuild the index"),
            lambda case, progress, cancel: cases.rebuild_index(
                case, progress=progress, cancel=cancel
            ),
            unit=Unit.BYTES,
            on_failed=self._context.notices.fail,
        )

    def _say_unverified(self) -> None:
        standing = self._services.standing
        unjudged = len(standing.unjudged) if standing else 0
        if unjudged:
            stays = tr("1 subject stays") if unjudged == 1 else tr("{} subjects stay")
            said = stays.format(f"{unjudged:,}") + tr(" unverified; what was taken in is kept.")
        else:
            said = tr("The verdicts of the verification before stay as they are.")
        self._context.notices.say(f"{tr('Verification was stopped.')} {said}")

    def _open(self, folder: Path) -> None:
        if why := self._busy():
            self._context.notices.fail(Fault(why))
        else:
            self._services.open(folder)

    def _ask_new(self) -> None:
        asked = NewCase(self._context.theme, self._window, who=self._services.who)
        asked.wanted.connect(self._make)
        asked.open()

    def _make(self, folder: Path, engagement: Engagement, who: str) -> None:
        self._context.settings.choose("who", who)
        self._services.create(folder, engagement)

    def _ask_open(self) -> None:
        self._ask(tr("Open case"), QFileDialog.FileMode.Directory, lambda p: self._open(p[0]))

    def _ask_evidence(self) -> None:
        self._ask(tr("Add evidence"), QFileDialog.FileMode.ExistingFiles, self.take)

    def _ask_folder(self) -> None:
        self._ask(tr("Add a folder"), QFileDialog.FileMode.Directory, self.take)

    def _ask_secret(self) -> None:
        """Ask for the file of a secret: it opens the digests of a log that is keyed with it."""
        self._ask(tr("Give a shared secret"), QFileDialog.FileMode.ExistingFile, self.take_secret)

    def _ask_report(self) -> None:
        """Ask for a signed report, and show what a stranger should conclude from it."""
        mode, go = QFileDialog.FileMode.ExistingFile, self._context.navigation.go
        self._ask(tr("Check a signed report"), mode, lambda paths: go(SIGNED_REPORT, paths[0]))

    def take_secret(self, paths: Sequence[Path]) -> None:
        """Use secrets until the case is closed; only their places are held, nothing is kept."""
        means = self._services.means
        given = (*means.secrets, *(str(path) for path in paths))
        self._services.means = replace(means, secrets=tuple(dict.fromkeys(given)))
        told = tr("The secret is used from the next verification on, until the case is closed.")
        self._context.notices.say(told)

    def _ask_keep(self) -> None:
        def keep(paths: Sequence[Path]) -> None:
            self._services.keep(paths[0])

        self._ask(tr("Keep the case as"), QFileDialog.FileMode.AnyFile, keep, saves=True)

    def _ask(
        self,
        title: str,
        mode: QFileDialog.FileMode,
        then: Callable[[Sequence[Path]], None],
        *,
        saves: bool = False,
    ) -> None:
        """Ask for paths, without holding up the window."""
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(mode)
        if saves:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(_CASE)
        dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _busy(self) -> str:
        running = self._context.jobs.running
        return tr("Work is running: wait for it, or stop it first.") if running else ""

    def _no_case(self) -> str:
        return "" if self._services.case else tr("No case is open.")

    def _no_case_or_busy(self) -> str:
        return self._no_case() or self._busy()

    def _no_writing(self) -> str:
        header = self._services.header()
        return header.read_only if header else ""

    def _nothing_to_verify(self) -> str:
        standing = self._services.standing
        if standing is None:
            return tr("No case is open.")
        if not standing.sources:
            return tr("There is no evidence to verify.")
        return self._no_writing()

    def _nothing_to_index(self) -> str:
        return self._no_case() or self._no_writing() or self._busy()

    def _nothing_to_keep(self) -> str:
        if not self._services.is_quick:
            return self._no_case() or tr("This case has a place of its own.")
        return self._busy()

    def _remember(self, _changes: CaseChanges) -> None:
        case, header = self._services.case, self._services.header()
        if case is not None and header is not None:
            settings = self._context.settings
            recent.remember(settings, case.folder, header, at=datetime.now(UTC))


def quick_place(name: str) -> Path:
    """Return where a case lies until the user says where to keep it."""
    folder = data_folder() / "quick"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    return folder / f"{Path(name).stem[:40]}-{stamp}{_CASE}"
