"""What a new case is asked: its name, and where it is kept; the rest can follow."""

from datetime import UTC, date, datetime, time
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.case import Engagement
from workbench.model.expectation import Period

_WIDTH = 520
_SAFE = " .-_()"


class NewCase(QDialog):
    """The form. ``wanted`` gives folder, engagement and name of who works on it."""

    wanted = Signal(object, object, str)

    def __init__(self, theme: Theme, parent: QWidget, *, who: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New case"))
        self.setMinimumWidth(theme.px(_WIDTH))
        self._theme = theme
        self.title = QLineEdit()
        self.number, self.client = QLineEdit(), QLineEdit()
        self.first, self.last = QLineEdit(), QLineEdit()
        self.who = QLineEdit(who)
        self.folder = QLineEdit(_documents())
        for field, hint in ((self.first, "2026-04-01"), (self.last, "2026-06-30")):
            field.setPlaceholderText(hint)
        self.why = PlainLabel(theme, "", Face.SECONDARY, "secondary")
        self.make = Button(theme, tr("Make case"), "file-plus", Look.PRIMARY)
        self.make.clicked.connect(self._done)
        self.make.setDefault(True)
        self._lay_out()
        for field in (self.title, self.first, self.last, self.folder):
            field.textChanged.connect(self._check)
        self._check()

    def period(self) -> Period | None:
        """Return the period that was typed; None where there is none.

        Raises:
            ValueError: it is none.
        """
        texts = self.first.text().strip(), self.last.text().strip()
        if not any(texts):
            return None
        first, last = (date.fromisoformat(text) for text in texts)
        begin = datetime.combine(first, time.min, UTC)
        end = datetime.combine(last, time.max, UTC)
        if end < begin:
            raise ValueError
        return Period(begin, end)

    def _why_not(self) -> str:
        if not self.title.text().strip():
            return tr("A case needs a name.")
        try:
            self.period()
        except ValueError:
            return tr("The period needs two days like 2026-04-01, the first one first.")
        if self._place().exists():
            return tr("There is a case of this name in that folder already.")
        return ""

    def _check(self) -> None:
        why = self._why_not()
        self.make.allow(why)
        self.why.setText(why or tr("Evidence stays where it is; the case refers to it."))

    def _place(self) -> Path:
        name = "".join(c if c.isalnum() or c in _SAFE else "-" for c in self.title.text().strip())
        return Path(self.folder.text().strip()).expanduser() / f"{name[:80]}.case"

    def _done(self) -> None:
        if self._why_not():
            return
        engagement = Engagement(
            title=self.title.text().strip(),
            number=self.number.text().strip(),
            client=self.client.text().strip(),
            period=self.period(),
            team=(self.who.text().strip(),) if self.who.text().strip() else (),
        )
        self.wanted.emit(self._place(), engagement, self.who.text().strip())
        self.accept()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        period = row(gap=8)
        period.addWidget(self.first)
        period.addWidget(PlainLabel(self._theme, "–"))
        period.addWidget(self.last)
        for label, field in (
            (tr("Name"), self.title),
            (tr("Number"), self.number),
            (tr("Client"), self.client),
            (tr("Period, UTC"), period),
            (tr("Your name"), self.who),
            (tr("Folder"), self.folder),
        ):
            form.addRow(PlainLabel(self._theme, label, Face.SECONDARY, "secondary"), field)
        buttons = row(gap=8)
        cancel = Button(self._theme, tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self.make)
        outer = column(margin=24, gap=12)
        outer.addWidget(PlainLabel(self._theme, tr("New case"), Face.TITLE))
        what = tr("Only the name is needed; everything else can be filled in later.")
        outer.addWidget(Paragraph(self._theme, what, Face.BODY, "secondary"))
        outer.addLayout(form)
        outer.addWidget(self.why)
        outer.addLayout(buttons)
        self.setLayout(outer)


def _documents() -> str:
    place = QStandardPaths.StandardLocation.DocumentsLocation
    return QStandardPaths.writableLocation(place)
