"""The bytes of a record: offset, hex, text. What is marked is tinted and bold."""

from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.painted import report_fault
from workbench.gui.theme import Theme

NARROWEST, NARROW, WIDE = 4, 8, 16
_LINE = 18
_MOST_LINES = 16
_GAP = 8
#: Between four bytes and the next four.
_BETWEEN = 4
_LEAST_DIGITS = 6
Marks = tuple[tuple[int, int], ...]


class HexView(QAbstractScrollArea):
    """Bytes, 8 a row; 16 where there is room for them, 4 where there is not even for 8.

    Only the rows on screen are drawn.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._data = b""
        self._offset = 0
        self._marks: Marks = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self._measure)

    def show_bytes(
        self, data: bytes, *, offset: int = 0, marks: Iterable[tuple[int, int]] = ()
    ) -> None:
        """Show ``data``, which lies at ``offset``; ``marks`` are (start, end) within it."""
        self._data = data
        self._offset = offset
        self._marks = tuple(marks)
        self._measure()
        self.setAccessibleName(f"{len(data):,} bytes at offset {offset:,}")
        self.setAccessibleDescription("\n".join(self.lines(0, _MOST_LINES)))

    @property
    def per_row(self) -> int:
        """How many bytes stand in a row."""
        room = self.viewport().width()
        fit = [n for n in (WIDE, NARROW) if room >= self._width_of(n)]
        return fit[0] if fit else NARROWEST

    def lines(self, first: int, count: int) -> list[str]:
        """Return rows as text: offset, hex, characters."""
        size = self.per_row
        rows = range(first, min(first + count, self._rows()))
        return [
            f"{self._offset + row * size:08x}  {part.hex(' ')}  {_characters(part)}"
            for row in rows
            for part in (self._data[row * size : (row + 1) * size],)
        ]

    def sizeHint(self) -> QSize:
        """Return room for its rows, up to sixteen."""
        rows = min(max(self._rows(), 1), _MOST_LINES)
        return QSize(self._width_of(NARROW), rows * self._theme.px(_LINE) + 2)

    def minimumSizeHint(self) -> QSize:
        """Return room for what it wants: bytes that are half seen mislead."""
        height = min(self.sizeHint().height(), self._theme.px(_LINE) * 4)
        return QSize(self._width_of(NARROWEST), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many bytes in a row as there is room for."""
        super().resizeEvent(event)
        self._measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy on Ctrl+C; else scroll."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText("\n".join(self.lines(0, self._rows())))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows on screen."""
        painter = QPainter(self.viewport())
        try:
            self._draw(painter)
        except Exception:  # noqa: BLE001 - an error here would end the process
            report_fault()
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        height = self._theme.px(_LINE)
        first = self.verticalScrollBar().value()
        shown = self.viewport().height() // height + 1
        for line, row in enumerate(range(first, min(first + shown, self._rows()))):
            self._draw_row(painter, row, QRect(0, line * height, self.viewport().width(), height))

    def _draw_row(self, painter: QPainter, row: int, area: QRect) -> None:
        start, char = row * self.per_row, self._char()
        self._write(painter, area, 0, f"{self._offset + start:0{self._digits}x}", "tertiary")
        part = self._data[start : start + self.per_row]
        text = self._text_from(self.per_row)
        for column, byte in enumerate(part):
            x = (self._digits + 1) * char + column * self._pitch(self.per_row)
            x += column // (NARROW // 2) * _BETWEEN
            marked = any(a <= start + column < b for a, b in self._marks)
            self._draw_byte(painter, area, x, f"{byte:02x}", marked=marked)
            glyph = _characters(bytes([byte]))
            self._draw_byte(painter, area, text + column * char, glyph, marked=marked, quiet=True)

    def _draw_byte(
        self,
        painter: QPainter,
        area: QRect,
        x: int,
        text: str,
        *,
        marked: bool,
        quiet: bool = False,
    ) -> None:
        if not marked:
            self._write(painter, area, x, text, "tertiary" if quiet else "text")
            return
        box = QRect(x - 2, area.top() + 1, len(text) * self._char() + 4, area.height() - 2)
        pen.fill(painter, box, self._theme.colour("failed_tint"))
        self._write(painter, area, x, text, "failed", Face.MONO_STRONG)

    def _write(
        self, painter: QPainter, area: QRect, x: int, text: str, colour: str, face: Face = Face.MONO
    ) -> None:
        painter.setFont(self._theme.font(face))
        painter.setPen(self._theme.colour(colour))
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(area.adjusted(x, 0, 0, 0), flags, text)

    def _text_from(self, per_row: int) -> int:
        """Return where the characters begin."""
        between = (per_row // (NARROW // 2) - 1) * _BETWEEN
        bytes_from = (self._digits + 1) * self._char()
        return bytes_from + per_row * self._pitch(per_row) + between + _GAP // 2

    def _pitch(self, per_row: int) -> int:
        """Return from one byte to the next: in a narrow view half a space stands between."""
        return self._char() * 3 if per_row == WIDE else self._char() * 5 // 2

    def _width_of(self, per_row: int) -> int:
        return self._text_from(per_row) + per_row * self._char() + 4

    @property
    def _digits(self) -> int:
        """How many digits every offset has: more would take room from the bytes."""
        return max(len(f"{self._offset + len(self._data):x}"), _LEAST_DIGITS)

    def _char(self) -> int:
        return self._theme.metrics(Face.MONO).horizontalAdvance("0")

    def _rows(self) -> int:
        return -(-len(self._data) // self.per_row)

    def _measure(self) -> None:
        lines = self.viewport().height() // self._theme.px(_LINE)
        self.verticalScrollBar().setRange(0, max(self._rows() - lines, 0))
        self.verticalScrollBar().setPageStep(max(lines, 1))
        self.updateGeometry()
        self.viewport().update()


def _characters(data: bytes) -> str:
    """Return ASCII as it is, and a dot for everything else."""
    return "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in data)
