"""Back the case up into one file, encrypted where it travels."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

from workbench.gui.context import WindowContext
from workbench.gui.page import Group, Page
from workbench.gui.parts.path_field import PathField
from workbench.gui.signing.key import Secret, SecretField
from workbench.gui.tasks.page import TaskPage, Told
from workbench.gui.tasks.places import beside, first, no_file, no_place
from workbench.gui.text import tr
from workbench.model.progress import Cancel

if TYPE_CHECKING:
    from workbench.store.backup import Backup
    from workbench.store.case_store import CaseStore


class How(StrEnum):
    """How a backup is kept from others."""

    PHRASE = "phrase"
    KEYS = "keys"
    OPEN = "open"


_WORDS = {
    How.PHRASE: "Encrypted with a passphrase",
    How.KEYS: "Encrypted for the keys of those who may open it",
    How.OPEN: "Not encrypted: anybody who has the file can read it",
}


def backed_up(
    case: "CaseStore", out: Path, how: How, keys: Path | None, secret: Secret, cancel: Cancel
) -> "Backup":
    """Write the backup; the passphrase is forgotten.

    Raises:
        WorkbenchError: nothing was written.
    """
    from workbench.services import cases

    try:
        lock = None
        if how is How.PHRASE:
            lock = cases.Lock(passphrase=secret)
        elif how is How.KEYS and keys is not None:
            lock = cases.Lock(recipients=cases.recipients_in(keys))
        return cases.back_up(case, out, lock=lock, cancel=cancel)
    finally:
        secret.forget()


class BackupPage(TaskPage):
    """How it is encrypted, and where it goes."""

    def __init__(self, context: WindowContext) -> None:
        facts = tr("What people made in the case. Evidence is not in it, nor the index.")
        super().__init__(
            context, tr("Back up the case"), facts, (tr("Write backup"), "hard-drive"), label=180
        )
        theme = context.theme
        self.how = QComboBox()
        for how, words in _WORDS.items():
            self.how.addItem(tr(words), how.value)
        self.secret, self.again = SecretField(tr("Passphrase")), SecretField(tr("Again"))
        self.keys = PathField(theme, tr("Public keys"), saves=False)
        self.out = PathField(theme, tr("Write it to"), saves=True)
        self.how.currentIndexChanged.connect(self._turn)
        self._fill()
        self._turn()
        self.watch(self.secret, self.again, self.keys, self.out)

    def why_not(self) -> str:
        """Return why it cannot be backed up now, or ""."""
        if self.context.services.case is None:
            return tr("No case is open.")
        how = How(self.how.currentData())
        keys = no_file(self.keys.path(), tr("Choose the file of public keys."))
        return first(
            (
                self._no_passphrase() if how is How.PHRASE else "",
                keys if how is How.KEYS else "",
                no_place(self.out.path(), tr("Say where to write it.")),
            )
        )

    def begin(self) -> None:
        """Write it."""
        out, how, keys = self.out.path(), How(self.how.currentData()), self.keys.path()
        secret = self.secret.take()
        self.again.setText("")
        if out is None:
            return
        self.change(
            tr("Back up to {}").format(out.name),
            lambda case, _progress, cancel: backed_up(case, out, how, keys, secret, cancel),
            lambda made: self._show(out, how, made),
        )

    def _show(self, out: Path, how: How, made: "Backup") -> None:
        acts = tr("{} acts, head {}").format(f"{made.entries:,}", made.head)
        lines: list[Told] = [(tr("File"), str(out)), (tr("Journal"), acts)]
        lines += list(made.files.items())
        lines.append((tr("Encrypted"), tr(_WORDS[how]) if how is not How.OPEN else tr("No")))
        said = tr("Keep the head of the journal elsewhere: it shows whether the end is missing.")
        self.tell(tr("Backup written"), lines, said)

    def _no_passphrase(self) -> str:
        if not self.secret.text():
            return tr("Type a passphrase, a long one.")
        same = self.secret.text() == self.again.text()
        return "" if same else tr("The two passphrases differ.")

    def _turn(self, *_changed: object) -> None:
        how = How(self.how.currentData())
        for field in (self.secret, self.again):
            self.form.show_field(field, shown=how is How.PHRASE)
        self.form.show_field(self.keys, shown=how is How.KEYS)
        self.suggest()
        self.check()

    def suggest(self) -> None:
        """Name a place beside the case."""
        case, how = self.context.services.case, How(self.how.currentData())
        if case is not None:
            self.propose(
                self.out, beside(case, ".backup.zip" if how is How.OPEN else ".backup.age")
            )

    def _fill(self) -> None:
        form = self.form
        form.add(tr("Who can open it"), self.how)
        form.add(
            tr("Passphrase"),
            self.secret,
            tr("Who has the file can guess as long as they like. It is not kept: without it the "
               "backup is lost."),
        )  # fmt: skip
        form.add(tr("The passphrase again"), self.again)
        form.add(
            tr("Public keys (age1…), one a line"),
            self.keys,
            tr("Each of them opens it; workbench case key makes one."),
        )
        form.add(tr("Write it to"), self.out)


PAGE = Page("backup", "Back up the case", "hard-drive", 6, Group.TASK, BackupPage, inspects=False)
