"""Sign the report: key file, passphrase, where to write it; and what was handed over."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import clear, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.path_field import PathField
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme

if TYPE_CHECKING:
    from workbench.services.reports import Written

_KEYS = "PKCS#12, PEM (*.p12 *.pfx *.pem *.key);;* (*)"


class SignPanel(QWidget):
    """The form. ``asked`` says that a signature is wanted, ``saved`` that a draft is."""

    asked = Signal()
    saved = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._blocked = tr("Reading the case.")
        self._busy = ""
        self.key = PathField(theme, tr("Key file"), saves=False, kinds=_KEYS)
        self.secret = QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setAccessibleName(tr("Passphrase"))
        self.out = PathField(theme, tr("Write it to"), saves=True, kinds="PDF (*.pdf)")
        self.query = QCheckBox(tr("Write a query for a time stamp beside it (.tsq)"))
        self.sign = Button(theme, tr("Sign report"), "signature", Look.PRIMARY)
        self.save = Button(theme, tr("Save draft"), "download")
        self.why = Paragraph(theme, "", Face.SECONDARY, "failed")
        #: What was handed over; the page puts it where it is seen first.
        self.result = column(gap=8)
        self.sign.clicked.connect(self._ask)
        self.save.clicked.connect(self.saved)
        self.secret.returnPressed.connect(self._ask)
        self.key.changed.connect(self._check)
        self.out.changed.connect(self._check)
        self.query.toggled.connect(lambda _checked: self._check())
        self._lay_out(theme)
        self._check()

    def block(self, why: str) -> None:
        """Say why no report can be made; "" where it can."""
        self._blocked = why
        self._check()

    def be_busy(self, what: str) -> None:
        """Say what is going on; "" where nothing is."""
        self._busy = what
        self._check()

    def fail(self, sentence: str) -> None:
        """Say why it was not signed."""
        self._busy = ""
        self._check()
        self.why.setText(sentence)
        self.why.recolour("failed")

    def take_secret(self) -> bytes:
        """Return the passphrase, and forget it."""
        secret = self.secret.text().encode("utf-8", "surrogateescape")
        self.secret.clear()
        return secret

    def wanted_query(self) -> Path | None:
        """Return where a query for a time stamp is to go, or None."""
        out = self.out.path()
        return out.with_suffix(".tsq") if out is not None and self.query.isChecked() else None

    def show_written(self, written: "Written") -> None:
        """Show what was handed over, and what a reader needs to check it."""
        clear(self.result)
        theme = self._theme
        title = tr("Signed") if written.signed_by else tr("Draft saved, not signed")
        self.result.addWidget(PlainLabel(theme, title, Face.SECTION))
        fields = Fields(theme)
        fields.add(tr("File"), str(written.path))
        fields.add("SHA-256", HashLabel(theme, written.sha256, head=12))
        fields.add(tr("Unsigned"), HashLabel(theme, written.unsigned_sha256, head=12))
        if written.signed_by:
            fields.add(tr("Signer"), written.signed_by)
            fields.add(tr("Level"), f"PAdES {written.level}")
            if written.query is not None:
                fields.add(tr("To be stamped"), str(written.query))
            fields.add(tr("Root"), HashLabel(theme, written.root, head=12))
        self.result.addWidget(fields)
        said = tr("Tell your reader the root's SHA-256 by another way than this file.")
        unsigned = tr("Whoever gets it cannot tell that it is yours.")
        self.result.addWidget(
            Paragraph(theme, said if written.signed_by else unsigned, Face.SECONDARY, "secondary")
        )
        if written.signed_by:
            self.copy = Button(theme, tr("Copy the command to check it"), "copy")
            command = f"workbench verify-report {quote(str(written.path))} --trust ROOT.pem"
            self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(command))
            self.result.addWidget(self.copy)

    def why_not(self) -> str:
        """Return why it cannot be signed now, or ""."""
        key = self.key.path()
        if self._busy or self._blocked:
            return self._busy or self._blocked
        if key is None:
            return tr("Choose the key file to sign with.")
        if not _is_token(key) and not key.is_file():
            return tr("There is no such key file.")
        return self._no_place()

    def _no_place(self) -> str:
        out = self.out.path()
        if out is None:
            return tr("Say where to write the report.")
        if not out.parent.is_dir():
            return tr("The folder of the report does not exist.")
        query = self.wanted_query()
        taken = out.exists() or (query is not None and query.exists())
        return tr("There is a file of that name already.") if taken else ""

    def _ask(self) -> None:
        if not self.why_not():
            self.asked.emit()

    def _check(self) -> None:
        why = self.why_not()
        self.sign.allow(why)
        self.save.allow(self._busy or self._blocked or self._no_place())
        self.why.setText(tr("Signing is off. {}").format(why) if why else "")
        self.why.recolour("failed" if self._blocked and not self._busy else "secondary")

    def _lay_out(self, theme: Theme) -> None:
        outer = column(gap=4)
        outer.addWidget(PlainLabel(theme, tr("Sign"), Face.SECTION))
        outer.addSpacing(6)
        for label, field in (
            (tr("Key file, PKCS#12 or PEM, or pkcs11:… of a token"), self.key),
            (tr("Passphrase or PIN, used once and not kept"), self.secret),
            (tr("Write it to"), self.out),
        ):
            name = PlainLabel(theme, label, Face.SECONDARY, "secondary")
            outer.addWidget(name)
            outer.addWidget(field)
            outer.addSpacing(8)
        outer.addWidget(self.query)
        outer.addSpacing(8)
        line = row(gap=8)
        line.addWidget(self.save)
        line.addStretch()
        line.addWidget(self.sign)
        outer.addLayout(line)
        outer.addWidget(self.why)
        self.setLayout(outer)


def _is_token(key: Path) -> bool:
    """Tell whether a key is named by the URI of a token."""
    return str(key).startswith("pkcs11:")
