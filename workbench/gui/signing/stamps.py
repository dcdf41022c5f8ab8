"""Who stamps: nobody, a key of one's own, a server that the user allows, or somebody by file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import column
from workbench.gui.parts.form import Form
from workbench.gui.signing.key import KeyField, TypedKey
from workbench.gui.text import Paragraph, tr
from workbench.gui.theme import Theme

if TYPE_CHECKING:
    from workbench.sign.time_stamp import Stamper


class By(StrEnum):
    """Who stamps."""

    NOBODY = "nobody"
    OWN = "own"
    SERVER = "server"
    FILE = "file"


_WORDS = {
    By.NOBODY: ("No time stamp", "Only the clock of this machine says when it was signed."),
    By.OWN: (
        "By a key of your own: order only",
        (
            "It proves in which order things were signed, and no time: you hold its clock. "
            "Whoever checks it is told so."
        ),
    ),
    By.SERVER: (
        "By a server: uses the network",
        "A SHA-256 is sent to that server and nothing else. The window says so from then on.",
    ),
    By.FILE: (
        "By file: no network",
        (
            "A query (.tsq) is written beside it. Have it answered on another machine, then put "
            "the answer (.tsr) in."
        ),
    ),
}


def _to_nobody(_server: str) -> None:
    """Tell nobody: no server is asked."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """Who stamps, as it was chosen; ``told`` is told of a server before it is asked."""

    by: By = By.NOBODY
    own: TypedKey | None = None
    server: str = ""
    network: bool = False
    told: Callable[[str], None] = _to_nobody

    def stamper(self) -> "Stamper | None":
        """Return who stamps what is no report, or None.

        Raises:
            SigningError: the time-stamping key cannot be opened.
            UsageError: the network is needed and was not allowed.
        """
        from workbench.sign.stampers import stamper_of

        own = None if self.own is None else self.own.opened()
        clock = lambda: datetime.now(UTC)  # noqa: E731 - the clock is an argument
        return stamper_of(own, self.server, network=self.network, clock=clock, told=self.told)

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Return the files that are read."""
        return () if self.own is None else (self.own.path,)

    def forget(self) -> None:
        """Forget what opens the key."""
        if self.own is not None:
            self.own.forget()


class StampFields(QWidget):
    """The choice, and what each needs."""

    changed = Signal()

    def __init__(self, theme: Theme, ways: Sequence[By]) -> None:
        super().__init__()
        #: Told of a server before it is asked; the page says who.
        self.on_asked: Callable[[str], None] = _to_nobody
        self.way = QComboBox()
        for by in ways:
            self.way.addItem(tr(_WORDS[by][0]), by.value)
        self.told = Paragraph(theme, "", Face.SECONDARY, "secondary")
        self.own = KeyField(theme, tr("Time-stamping key"))
        self.server = QLineEdit()
        self.server.setPlaceholderText("https://…")
        self.network = QCheckBox(tr("Allow the network for that server, once"))
        self._form = Form(theme, quiet=True)
        self._lay_out()
        self.way.currentIndexChanged.connect(self._turn)
        self.own.changed.connect(self.changed)
        self.server.textChanged.connect(self._retyped)
        self.network.toggled.connect(lambda _on: self.changed.emit())
        self._turn()

    @property
    def by(self) -> By:
        """Who stamps."""
        return By(self.way.currentData())

    def choose(self, by: By) -> None:
        """Choose who stamps."""
        self.way.setCurrentIndex(self.way.findData(by.value))

    def why_not(self) -> str:
        """Return why nobody can stamp so, or ""."""
        if self.by is By.OWN:
            return self.own.why_not(tr("Choose the time-stamping key."))
        if self.by is not By.SERVER:
            return ""
        url = self.server.text().strip()
        if not url.startswith(("http://", "https://")):
            return tr("Name the server that stamps: https://…")
        return "" if self.network.isChecked() else tr("Asking a server uses the network: allow it.")

    def take(self) -> Stamps:
        """Return the choice; the network has to be allowed anew the next time."""
        by, allowed = self.by, self.network.isChecked()
        self.network.setChecked(False)
        own = self.own.take()
        if by is By.SERVER:
            return Stamps(by, None, self.server.text().strip(), allowed, self.on_asked)
        return Stamps(by, own if by is By.OWN else None)

    def _retyped(self) -> None:
        """What was allowed was allowed for the server that was named."""
        self.network.setChecked(False)
        self.changed.emit()

    def _turn(self) -> None:
        self.told.setText(tr(_WORDS[self.by][1]))
        self._form.show_field(self.own, shown=self.by is By.OWN)
        for field in (self.server, self.network):
            self._form.show_field(field, shown=self.by is By.SERVER)
        self.changed.emit()

    def _lay_out(self) -> None:
        self.way.setAccessibleName(tr("Time stamp"))
        self._form.add("", self.told)
        self._form.add(tr("Time-stamping key, PKCS#12, PEM or pkcs11:…"), self.own)
        self._form.add(tr("Server (RFC 3161)"), self.server)
        self._form.add("", self.network)
        lines = column(gap=4)
        lines.addWidget(self.way)
        lines.addWidget(self._form)
        self.setLayout(lines)
