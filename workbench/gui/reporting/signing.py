"""Sign the report: who, at which level, stamped by whom, where to write it; and what came of it."""

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Panel, clear, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.digest import HashLabel
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.form import Form
from workbench.gui.parts.path_field import PathField
from workbench.gui.signing.key import KeyField
from workbench.gui.signing.lasting import LastingFields, Signs
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.report.phrases import moment

if TYPE_CHECKING:
    from workbench.services.reports import Written


class SignPanel(QWidget):
    """The form. ``asked`` says that a signature is wanted, ``saved`` that a draft is.

    ``stamping`` gives a report whose time stamp is awaited by file.
    """

    asked = Signal()
    saved = Signal()
    stamping = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._blocked = tr("Reading the case.")
        self._busy = ""
        self.signer = KeyField(theme, tr("Signing key"))
        self.key, self.secret = self.signer.file, self.signer.secret
        self.meaning = QLineEdit()
        self.lasting = LastingFields(theme)
        self.out = PathField(theme, tr("Write it to"), saves=True, kinds="PDF (*.pdf)")
        self.sign = Button(theme, tr("Sign report"), "signature", Look.PRIMARY)
        self.save = Button(theme, tr("Save draft"), "download")
        self.why = Paragraph(theme, "", Face.SECONDARY, "secondary")
        #: The acts, and why they cannot be done; the page keeps them in sight.
        self.foot = Panel(theme, edges="n")
        #: What was handed over; the page puts it where it is seen first.
        self.result = column(gap=8)
        self.sign.clicked.connect(self._ask)
        self.save.clicked.connect(self.saved)
        self.signer.entered.connect(self._ask)
        for field in (self.signer, self.out, self.lasting):
            field.changed.connect(self._check)
        self._lay_out(theme)
        self._check()

    def block(self, why: str) -> None:
        """Say why no report can be made; "" where it can.

        Where that is as it was, what was said of the last try stays.
        """
        if why != self._blocked:
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

    def take(self) -> Signs | None:
        """Return who signs, and how; the fields of secrets are empty then."""
        lasts, key = self.lasting.take(self._query()), self.signer.take()
        return None if key is None else Signs(key, lasts, self.meaning.text().strip())

    def show_written(self, written: "Written") -> None:
        """Show what was handed over, and what a reader needs to check it."""
        clear(self.result)
        theme = self._theme
        title = tr("Signed") if written.signed_by else tr("Draft saved, not signed")
        self.result.addWidget(PlainLabel(theme, title, Face.SECTION))
        self.result.addWidget(self._facts(written))
        said = tr("Tell your reader the root's SHA-256 by another way than this file.")
        unsigned = tr("Whoever gets it cannot tell that it is yours.")
        self.result.addWidget(
            Paragraph(theme, said if written.signed_by else unsigned, Face.SECONDARY, "secondary")
        )
        if written.signed_by:
            self._add_next(written)

    def why_not(self) -> str:
        """Return why it cannot be signed now, or ""."""
        return (
            self._busy
            or self._blocked
            or self.signer.why_not(tr("Choose the key file to sign with."))
            or self.lasting.why_not()
            or self._no_place()
        )

    def _facts(self, written: "Written") -> Fields:
        fields = Fields(self._theme)
        fields.add(tr("File"), str(written.path))
        fields.add("SHA-256", HashLabel(self._theme, written.sha256, head=12))
        fields.add(tr("Unsigned"), HashLabel(self._theme, written.unsigned_sha256, head=12))
        if written.said is not None:
            fields.add(tr("Signer"), written.said.name)
            fields.add(tr("Time"), moment(written.said.at))
            fields.add(tr("Meaning"), written.said.meaning)
            fields.add(tr("Level"), f"PAdES {written.level}")
            if written.query is not None:
                fields.add(tr("To be stamped"), str(written.query))
            for server in written.network:
                fields.add(tr("Network"), tr("{} was asked for a time stamp").format(server))
            fields.add(tr("Root"), HashLabel(self._theme, written.root, head=12))
        return fields

    def _add_next(self, written: "Written") -> None:
        """Offer what is done with a signed report."""
        self.copy = Button(self._theme, tr("Copy the command to check it"), "copy")
        command = f"workbench verify-report {quote(str(written.path))} --trust ROOT.pem"
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(command))
        self.result.addWidget(self.copy)
        if written.query is not None:
            self.put_in = Button(self._theme, tr("Put the answer in (.tsr)…"), "stamp")
            self.put_in.clicked.connect(lambda: self.stamping.emit(written.path))
            self.result.addWidget(self.put_in)

    def _query(self) -> Path | None:
        """Return where a query for a time stamp is to go: beside the report."""
        out = self.out.path()
        return None if out is None else out.with_suffix(".tsq")

    def _no_place(self) -> str:
        out = self.out.path()
        if out is None:
            return tr("Say where to write the report.")
        if not out.parent.is_dir():
            return tr("The folder of the report does not exist.")
        query = self._query() if self.lasting.by_file else None
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
        from workbench.services.reports import REASON

        self.meaning.setPlaceholderText(REASON)
        form = Form(theme, quiet=True, gap=8)
        form.add(tr("Key file, PKCS#12 or PEM, or pkcs11:… of a token"), self.signer)
        form.add(
            tr("What your signature means"),
            self.meaning,
            tr("It stands in the signature and on the sign-off page, with the name in the "
               "certificate and the time of signing (21 CFR 11.50). Left empty it is: {}").format(
                REASON
            ),
        )  # fmt: skip
        form.add("", self.lasting)
        form.add(tr("Write it to"), self.out)
        outer = column(gap=8)
        outer.addWidget(PlainLabel(theme, tr("Sign"), Face.SECTION))
        outer.addWidget(form)
        self.setLayout(outer)
        line = row(gap=8)
        line.addWidget(self.save)
        line.addStretch()
        line.addWidget(self.sign)
        foot = column(gap=8)
        foot.setContentsMargins(16, 10, 16, 10)
        foot.addLayout(line)
        foot.addWidget(self.why)
        self.foot.setLayout(foot)
