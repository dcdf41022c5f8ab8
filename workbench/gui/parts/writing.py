"""Where the auditor writes: plain text that grows with what is in it, choices, dates.

What somebody else wrote may hold characters that cannot be seen: they are shown as marks, and the
text stays as it was until the auditor himself changes it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from workbench.evidence.text import visible
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import boxed, column
from workbench.gui.text import PlainLabel, set_tooltip, tr
from workbench.gui.theme import Theme

_ROOM = 10
_MOST_LINES = 14


def _shown(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))


class TextEdit(QPlainTextEdit):
    """Text over several lines. ``edited`` at each change by the user, ``left`` when he goes on."""

    edited = Signal()
    left = Signal()

    def __init__(self, theme: Theme, name: str, hint: str = "", *, lines: int = 2) -> None:
        super().__init__()
        self._theme = theme
        self._least = lines
        self._given = ""
        self._loading = False
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._changed)
        self._dress()
        theme.changed.connect(self._dress)

    def show_text(self, text: str) -> None:
        """Show ``text``; what is on screen already keeps its cursor."""
        if self.value() != text:
            self._loading = True
            self.setPlainText(_shown(text))
            self._loading = False
        self._given = text
        self.document().setModified(False)
        self._fit()

    def value(self) -> str:
        """Return what is written; what the user did not touch, as it was given."""
        return self.toPlainText() if self.document().isModified() else self._given

    def sizeHint(self) -> QSize:
        """Return room for its lines."""
        line = self.fontMetrics().lineSpacing()
        lines = min(max(self._lines(), self._least), _MOST_LINES)
        return QSize(240, lines * line + 2 * _ROOM)

    def minimumSizeHint(self) -> QSize:
        """Return the same height: it is not squeezed."""
        return QSize(80, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grow where a narrower one takes more lines."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll while all of the text is in sight."""
        if self.verticalScrollBar().maximum() == 0:
            event.ignore()
        else:
            super().wheelEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that the user goes on."""
        super().focusOutEvent(event)
        self.left.emit()

    def _lines(self) -> int:
        return int(self.document().size().height())

    def _fit(self) -> None:
        height = self.sizeHint().height()
        if self.height() != height:
            self.setFixedHeight(height)

    def _changed(self) -> None:
        self._fit()
        if not self._loading:
            self.edited.emit()

    def _dress(self) -> None:
        self.setFont(self._theme.font(Face.BODY))
        self._fit()


class LineEdit(QLineEdit):
    """Text in one line; the same promises as ``TextEdit``."""

    edited = Signal()
    left = Signal()

    def __init__(self, theme: Theme, name: str, hint: str = "", face: Face = Face.BODY) -> None:
        super().__init__()
        self._theme = theme
        self._face = face
        self._given = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.textEdited.connect(lambda _text: self.edited.emit())
        self._dress()
        theme.changed.connect(self._dress)

    def show_text(self, text: str) -> None:
        """Show ``text``; what is on screen already keeps its cursor."""
        if self.value() != text:
            self.setText(visible(text))
            self.setCursorPosition(0)
        self._given = text
        self.setModified(False)

    def value(self) -> str:
        """Return what is written; what the user did not touch, as it was given."""
        return self.text() if self.isModified() else self._given

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that the user goes on."""
        super().focusOutEvent(event)
        self.left.emit()

    def _dress(self) -> None:
        self.setFont(self._theme.font(self._face))


class DayEdit(LineEdit):
    """A day, as 2026-11-30; what is no day is said, and not kept."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name, tr("YYYY-MM-DD"), Face.MONO)
        self._day: datetime | None = None
        self.textEdited.connect(lambda _text: self._judge())

    def show_day(self, day: datetime | None) -> None:
        """Show a day, or none."""
        self._day = day
        self.show_text("" if day is None else f"{day.astimezone(UTC):%Y-%m-%d}")
        self._judge()

    def day(self) -> datetime | None:
        """Return the day that stands there; while none does, the last one that did."""
        if not self.isModified():
            return self._day
        text = self.text().strip()
        if not text:
            return None
        try:
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            return self._day

    def wrong(self) -> str:
        """Return what is wrong with the text, or ""."""
        text = self.text().strip()
        try:
            datetime.strptime(text or "2026-01-01", "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            return tr("{} is no day like 2026-11-30; the day before stays.").format(visible(text))
        return ""

    def _judge(self) -> None:
        wrong = self.wrong()
        self.setProperty("wrong", "true" if wrong else "false")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleDescription(wrong)
        set_tooltip(self, wrong)


class Choice(QComboBox):
    """One of a closed set of words; ``edited`` when the user chose another."""

    edited = Signal()

    def __init__(self, theme: Theme, name: str, words: Sequence[StrEnum]) -> None:
        super().__init__()
        self._theme = theme
        self._words = tuple(words)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for word in self._words:
            self.addItem(tr(word.value.capitalize()))
        self.activated.connect(lambda _at: self.edited.emit())
        self._dress()
        theme.changed.connect(self._dress)

    def show_word(self, word: StrEnum) -> None:
        """Show one of them."""
        self.setCurrentIndex(self._words.index(word))

    def word(self) -> StrEnum:
        """Return the one that is chosen."""
        return self._words[self.currentIndex()]

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Never change by scrolling past."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Say so when a key chose another one."""
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.edited.emit()

    def _dress(self) -> None:
        self.setFont(self._theme.font(Face.BODY))


def labelled(theme: Theme, label: str, field: QWidget) -> QWidget:
    """Return a field under its label."""
    box = column(gap=4)
    box.addWidget(PlainLabel(theme, label, Face.SECONDARY, "secondary"))
    box.addWidget(field)
    return boxed(box)
