"""Restore: make a case of a backup, whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.gui.context import WindowContext
from workbench.gui.page import Group, Page
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.path_field import PathField
from workbench.gui.signing.key import Secret, SecretField
from workbench.gui.tasks.page import TaskPage
from workbench.gui.tasks.places import first, free, no_file, no_place
from workbench.gui.text import tr
from workbench.model.case import CASE_SUFFIX
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.store.backup import Backup
    from workbench.store.case_store import CaseStore


def restored(
    case: "CaseStore | None", file: Path, folder: Path, identity: Path | None, secret: Secret,
    progress: Progress, cancel: Cancel,
) -> "Backup":  # fmt: skip
    """Make a case of a backup; the passphrase is forgotten.

    Raises:
        WorkbenchError: no case was made.
    """
    from workbench.services import cases

    try:
        key = cases.Key(secret, identity)
        return cases.restore(file, folder, key=key, beside=case, progress=progress, cancel=cancel)
    finally:
        secret.forget()


class RestorePage(TaskPage):
    """The backup, what opens it, where the case goes."""

    def __init__(self, context: WindowContext) -> None:
        facts = tr("Nothing is taken that is not, byte for byte, as it was written.")
        super().__init__(
            context, tr("Restore a backup"), facts, (tr("Restore case"), "archive-restore")
        )
        theme = context.theme
        self.file = PathField(theme, tr("Backup"), saves=False)
        self.secret = SecretField(tr("Passphrase"))
        self.identity = PathField(theme, tr("Private key"), saves=False)
        self.folder = PathField(theme, tr("New case"), saves=True)
        self.file.changed.connect(self.suggest)
        self._fill()
        self.watch(self.file, self.secret, self.identity, self.folder)

    def why_not(self) -> str:
        """Return why it cannot be restored now, or ""."""
        identity = self.identity.path()
        return first(
            (
                no_file(self.file.path(), tr("Choose the backup.")),
                "" if identity is None else no_file(identity, ""),
                no_place(self._case(), tr("Say where the case goes.")),
            )
        )

    def begin(self) -> None:
        """Make the case."""
        file, folder, secret = self.file.path(), self._case(), self.secret.take()
        identity = self.identity.path()
        if file is None or folder is None:
            return
        self.do(
            tr("Restore {}").format(file.name),
            lambda case, *job: restored(case, file, folder, identity, secret, *job),
            lambda made: self._show(folder, made),
        )

    def _show(self, folder: Path, made: "Backup") -> None:
        acts = tr("{} acts, head {}").format(f"{made.entries:,}", made.head)
        lines = [(tr("Case"), str(folder)), (tr("Journal"), acts)]
        said = tr("Every digest is as listed. The index is not there yet: open the case, then "
                  "rebuild it from the evidence (menu Evidence).")  # fmt: skip
        self.tell(tr("Restored"), lines, said)
        self.open = Button(self.theme, tr("Open the case"), "folder-open")
        self.open.clicked.connect(lambda: self.context.notices.drop([folder]))
        self.result.addWidget(self.open)

    def _case(self) -> Path | None:
        folder = self.folder.path()
        if folder is None or folder.suffix == CASE_SUFFIX:
            return folder
        return folder.with_name(folder.name + CASE_SUFFIX)

    def suggest(self) -> None:
        """Name a place beside the backup."""
        file = self.file.path()
        if file is not None and file.is_file():
            name = file.name.partition(".backup")[0].partition(".")[0]
            self.propose(self.folder, free(file.with_name(f"{name} restored{CASE_SUFFIX}")))

    def _fill(self) -> None:
        form = self.form
        form.add(tr("Backup"), self.file)
        form.add(tr("Passphrase, where it has one; used once and not kept"), self.secret)
        form.add(
            tr("Private key (AGE-SECRET-KEY-1…), where it was encrypted for one"), self.identity
        )
        form.add(tr("New case"), self.folder)


PAGE = Page(
    "restore", "Restore a backup", "archive-restore", 7, Group.TASK, RestorePage, inspects=False,
    of_case=False,
)  # fmt: skip
