"""The tamper map: every record of a log on one strip, and a close look at one place.

One tampering, one flag: flags that would cover each other merge into ``7 breaks``.
"""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen, tamper_paint
from workbench.gui.parts.log_map import LogMap, flags_of
from workbench.gui.parts.painted import Painted
from workbench.gui.parts.pips import level_name
from workbench.gui.parts.scale import Scale, range_at
from workbench.gui.text import set_tooltip
from workbench.gui.theme import Theme

STRIP = 22
_CELL = 24
_LEAST_CELL = 34
_LEAST_SHOWN = 20


class TamperMap(Painted):
    """The map. ``[`` and ``]`` go from break to break; a click or an arrow key to a record."""

    record_chosen = Signal(int)

    def __init__(self, theme: Theme, log: LogMap, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_log(log)

    @property
    def focused(self) -> int | None:
        """The record looked at closely."""
        return self._focus

    @property
    def shown(self) -> tuple[int, int]:
        """First and last record on the strip."""
        return self._view

    def show_log(self, log: LogMap) -> None:
        """Show another log, and its first break."""
        self._log = log
        self._focus = next(iter(log.breaks), None)
        self._view = (1, max(log.records, 1))
        self.tell()

    def look_at(self, record: int) -> None:
        """Look closely at a record."""
        self._focus = min(max(record, 1), max(self._log.records, 1))
        first, last = self._view
        if not first <= self._focus <= last:
            self._set_view(self._focus - (last - first) // 2, last - first + 1)
        self.tell()
        self.record_chosen.emit(self._focus)

    def step(self, by: int) -> None:
        """Go to the next break (1) or the one before (-1)."""
        breaks = list(self._log.breaks)
        here = self._focus or 0
        ahead = [b for b in breaks if (b > here if by > 0 else b < here)]
        if breaks:
            self.look_at((ahead or breaks)[0 if by > 0 else -1])

    def zoom(self, factor: float) -> None:
        """Show fewer records (above 1) or more, around the one looked at."""
        first, last = self._view
        middle = self._focus if self._focus is not None else (first + last) // 2
        shown = max(round((last - first + 1) / factor), _LEAST_SHOWN)
        self._set_view(middle - shown // 2, shown)
        self.tell()

    def fit(self) -> None:
        """Show all records."""
        self._view = (1, max(self._log.records, 1))
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw flags, strip, checkpoints and the close look."""
        scale, strip = self._scale(), self._strip()
        paint = tamper_paint.TamperPaint(painter, self.theme, self._log)
        paint.strip(scale, strip)
        paint.checkpoints(scale, strip.bottom() + 8)
        paint.flags(scale, strip, QRect(0, 0, self.width(), strip.top() - 4))
        cells = self._cells()
        if cells is not None:
            place = (scale.x(cells.first), scale.x(cells.last + 1))
            paint.fan(place, strip.bottom() + 16, self._cell_row())
            paint.cells(cells, self._cell_row())

    def wanted(self) -> QSize:
        """Return room for what is drawn."""
        flags = self.theme.px(20)
        if self._focus is None:
            return QSize(480, flags + STRIP + 16)
        return QSize(480, flags + STRIP + 40 + _CELL + self.theme.px(18))

    def said(self) -> str:
        """Return how many breaks there are, and where."""
        breaks = list(self._log.breaks)
        named = ", ".join(self._log.flag(record) for record in breaks[:20])
        more = f" and {len(breaks) - 20:,} more" if len(breaks) > 20 else ""
        found = f"{len(breaks):,} broken: {named}{more}" if breaks else "nothing broken"
        return f"Tamper map of {self._log.records:,} records, {found}."

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Look at what was clicked."""
        record = self._record_at(event.position().toPoint().x(), event.position().toPoint().y())
        if record is not None and event.button() is Qt.MouseButton.LeftButton:
            self.look_at(record)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step and zoom."""
        match event.text() or Qt.Key(event.key()):
            case "[":
                self.step(-1)
            case "]":
                self.step(1)
            case "+":
                self.zoom(2)
            case "-":
                self.zoom(0.5)
            case "0":
                self.fit()
            case Qt.Key.Key_Left:
                self.look_at((self._focus or 2) - 1)
            case Qt.Key.Key_Right:
                self.look_at((self._focus or 0) + 1)
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what lies under the pointer."""
        if isinstance(event, QHelpEvent):
            record = self._record_at(event.pos().x(), event.pos().y())
            set_tooltip(self, "" if record is None else self._tip(record))
        return super().event(event)

    def _set_view(self, first: int, shown: int) -> None:
        records = max(self._log.records, 1)
        shown = min(shown, records)
        first = min(max(first, 1), records - shown + 1)
        self._view = (first, first + shown - 1)

    def _scale(self) -> Scale:
        return Scale(self._view[0], self._view[1], 0, self.width())

    def _strip(self) -> QRect:
        return QRect(0, self.theme.px(20), self.width(), STRIP)

    def _cell_row(self) -> QRect:
        return QRect(0, self._strip().bottom() + 41, self.width(), _CELL)

    def _cells(self) -> Scale | None:
        """Return the records of the close look: an odd number, the looked-at in the middle."""
        if self._focus is None:
            return None
        number = pen.width_of(self.theme, f"{self._log.records:,}", Face.SMALL_STRONG)
        count = min(max(self.width() // max(_LEAST_CELL, number // 2), 1), self._log.records)
        count -= 1 - count % 2
        first = min(max(self._focus - count // 2, 1), self._log.records - count + 1)
        return Scale(first, first + count - 1, 0, self.width())

    def _record_at(self, x: int, y: int) -> int | None:
        cells = self._cells()
        if cells is not None and y >= self._cell_row().top() - 4:
            return cells.record(x)
        if y > self._strip().bottom() + 4:
            return None
        scale = self._scale()
        near = [b for b in self._log.breaks if abs(scale.middle(b) - x) <= 5]
        return near[0] if near else scale.record(x)

    def _tip(self, record: int) -> str:
        part = range_at(self._log.ranges, record)
        word = self._log.breaks.get(record, "")
        head = f"Record {record:,} {word}".strip()
        if part is None:
            return head
        level = f"level {part.level}, {level_name(part.level)}: {flags_of(part)}"
        return f"{head}\nRecords {part.first:,} – {part.last:,}, {level}"
