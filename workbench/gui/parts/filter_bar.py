"""Where a table is filtered: a field, the filters in force, and what else can be done."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import clear, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.chip import Chip, FilterTerm
from workbench.gui.text import PlainLabel, set_tooltip, tr
from workbench.gui.theme import Theme

FIELD = 220
_PAUSE_MS = 200
#: What icon, edges and gaps of a field take.
_ROOM_BESIDE = 60


class SearchField(QLineEdit):
    """A field with an icon, and the key that leads to it; Esc empties it."""

    def __init__(self, theme: Theme, hint: str, icon: str = "search", *, key: str = "") -> None:
        super().__init__()
        self.setProperty("icon", "true")
        self._key = key
        self._theme = theme
        self._icon = icon
        self._mark = QAction(self)
        self.addAction(self._mark, QLineEdit.ActionPosition.LeadingPosition)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self._dress()
        theme.changed.connect(self._dress)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty it on Esc; an empty one lets Esc through."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the key at the right while the field is empty."""
        super().paintEvent(event)
        if self._key and not self.text() and self._has_room_for_key():
            painter = QPainter(self)
            painter.setFont(self._theme.font(Face.SMALL_HEAD))
            painter.setPen(self._theme.colour("tertiary"))
            area = self.rect().adjusted(0, 0, -10, 0)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area, int(flags), self._key)
            painter.end()

    def _has_room_for_key(self) -> bool:
        """Tell whether the hint and the key stand beside each other."""
        hint = self.fontMetrics().horizontalAdvance(self.placeholderText())
        key = self._theme.metrics(Face.SMALL_HEAD).horizontalAdvance(self._key)
        return self.width() > hint + key + self._theme.px(_ROOM_BESIDE)

    def _dress(self) -> None:
        self._mark.setIcon(self._theme.icon(self._icon))


class FilterBar(QWidget):
    """``edited`` gives the text after a short pause, ``submitted`` at once on Enter."""

    edited = Signal(str)
    submitted = Signal(str)
    removed = Signal(object)
    add_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        hint: str,
        *,
        icon: str = "search",
        actions: Sequence[QWidget] = (),
        adds: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._paused)
        self.field = SearchField(theme, hint, icon)
        self._rescale()
        theme.changed.connect(self._rescale)
        self.field.setProperty("filters", True)
        self.field.textChanged.connect(self._typed)
        self.field.returnPressed.connect(self._entered)
        self._error = PlainLabel(theme, "", Face.SECONDARY, "failed")
        self._error.hide()
        self._chips = row(gap=8)
        line = row(gap=8)
        line.addWidget(self.field)
        line.addLayout(self._chips)
        self._add = Button(theme, tr("Add filter"), look=Look.LINK)
        self._add.clicked.connect(self.add_asked)
        line.addWidget(self._add)
        line.addStretch()
        for action in actions:
            line.addWidget(action)
        outer = column(gap=4)
        outer.addLayout(line)
        outer.addWidget(self._error)
        self.setLayout(outer)
        self._add.setVisible(adds)  # only now: what has no parent would be a window of its own

    def show_text(self, text: str) -> None:
        """Show a text that was not typed; nobody is told."""
        self.field.setText(text)
        self._pause.stop()

    def show_terms(self, terms: Sequence[FilterTerm]) -> None:
        """Show the filters in force as chips."""
        clear(self._chips)
        for term in terms:
            chip = Chip(self._theme, term)
            chip.removed.connect(self.removed)
            self._chips.addWidget(chip)

    def show_error(self, words: str, position: int | None = None) -> None:
        """Say what is wrong with the text, and where; the last result stays. "" takes it away."""
        where = "" if position is None else tr("At character {}: ").format(position + 1)
        self._error.setText(f"{where}{words}" if words else "")
        self._error.setVisible(bool(words))
        self.field.setProperty("wrong", "true" if words else "false")
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)
        self.field.setAccessibleDescription(self._error.text())
        set_tooltip(self.field, self._error.text())

    def _rescale(self) -> None:
        self.field.setFixedWidth(self._theme.px(FIELD))

    def _typed(self) -> None:
        self.show_error("")
        self._pause.start()

    def _paused(self) -> None:
        self.edited.emit(self.field.text())

    def _entered(self) -> None:
        self._pause.stop()
        self.submitted.emit(self.field.text())
