"""A key, with the passphrase or PIN that opens it: given out once, and then nowhere any more."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import column
from workbench.gui.parts.path_field import PathField
from workbench.gui.text import PlainLabel, tr
from workbench.gui.theme import Theme

if TYPE_CHECKING:
    from workbench.sign.keys import SigningKey

_KEYS = "PKCS#12, PEM (*.p12 *.pfx *.pem *.key);;* (*)"
_SCHEME = "pkcs11:"


class Secret:
    """What was typed: whoever asks first gets it, and it is not held any longer."""

    def __init__(self, typed: bytes) -> None:
        self._typed = typed

    def __call__(self) -> bytes:
        """Give it out, once."""
        typed, self._typed = self._typed, b""
        return typed

    def forget(self) -> None:
        """Hold it no more, whether anybody asked or not."""
        self._typed = b""


class SecretField(QLineEdit):
    """A line whose letters are not shown."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(name)

    def take(self) -> Secret:
        """Return what was typed; the field is empty then, also for who would undo that."""
        typed = self.text().encode("utf-8", "surrogateescape")
        self.setText("")
        return Secret(typed)


class TypedKey:
    """A key as it was named."""

    def __init__(self, path: Path, secret: Secret) -> None:
        self.path = path
        self._secret = secret

    def opened(self) -> "SigningKey":
        """Open it, and forget what opened it.

        Raises:
            SigningError: no key, wrong passphrase or PIN, no such token, no certificate.
        """
        from workbench.services import reports

        try:
            return reports.signing_key(self.path, self._secret)
        finally:
            self._secret.forget()

    def forget(self) -> None:
        """Forget what opens it, where it was not opened."""
        self._secret.forget()


class KeyField(QWidget):
    """Key file, or the name of a token's key, and its secret; ``entered``: Enter was pressed."""

    changed = Signal()
    entered = Signal()

    def __init__(self, theme: Theme, name: str, *, tokens: bool = True) -> None:
        super().__init__()
        self._tokens = tokens
        self.file = PathField(theme, name, saves=False, kinds=_KEYS)
        if tokens:
            self.file.field.setPlaceholderText("…p12, …pem, pkcs11:token=…")
        told = tr("Passphrase or PIN") if tokens else tr("Passphrase")
        self.secret = SecretField(f"{told}: {name}")
        self.file.changed.connect(self.changed)
        self.secret.returnPressed.connect(self.entered)
        lines = column(gap=4)
        lines.addWidget(self.file)
        lines.addSpacing(2)
        kept = tr("{}, used once and not kept").format(told)
        lines.addWidget(PlainLabel(theme, kept, Face.SECONDARY, "secondary"))
        lines.addWidget(self.secret)
        self.setLayout(lines)

    def why_not(self, missing: str) -> str:
        """Return why no key can be taken, or ""; ``missing`` where none is named."""
        path = self.file.path()
        if path is None:
            return missing
        if self._tokens and means_token(path):
            return ""
        return "" if path.is_file() else tr("There is no such key file.")

    def take(self) -> TypedKey | None:
        """Return the key that was named, with its secret; the field of that is empty then."""
        secret, path = self.secret.take(), self.file.path()
        return None if path is None else TypedKey(path, secret)


def means_token(path: Path) -> bool:
    """Tell whether a key is named by the URI of a token."""
    return str(path).startswith(_SCHEME)
