"""Which part of the audit period the events of each log claim to cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QPainter

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.mark import SMALL, Mark, paint_mark
from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme

_ROW = 24
_HEAD = 22
_BAR = 8
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Covered:
    """A log over the period.

    Attributes:
        name: of the log.
        counts: events in each of equal spans of the period, in order.
        words: what is to be said of it.
        is_open: what is said must be looked at.
    """

    name: str
    counts: tuple[int, ...]
    words: str
    is_open: bool = False


class CoverageBars(Painted):
    """A bar for each log; what holds no event is empty, and hatched where it is a long silence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._first = self._last = datetime(2000, 1, 1, tzinfo=UTC)
        self._rows: tuple[Covered, ...] = ()
        self.tell()

    def show_rows(self, first: datetime, last: datetime, rows: Sequence[Covered]) -> None:
        """Show logs over a period."""
        self._first, self._last, self._rows = first, last, tuple(rows)
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw months, names, bars, words."""
        plot = self._plot()
        for x, name in self._months(plot):
            pen.fill(painter, QRect(x, 0, 1, self.height()), self.theme.colour("line"))
            area = QRect(x + 6, 0, plot.right() - x, self.theme.px(_HEAD))
            pen.write(painter, self.theme, area, name, face=Face.SMALL, colour="secondary")
        for number, each in enumerate(self._rows):
            top = self.theme.px(_HEAD) + number * self.theme.px(_ROW)
            self._draw_row(painter, plot, top, each)

    def wanted(self) -> QSize:
        """Return room for all rows."""
        return QSize(360, self.theme.px(_HEAD) + self.theme.px(_ROW) * len(self._rows))

    def said(self) -> str:
        """Return every row in words."""
        return "; ".join(f"{each.name}: {each.words}" for each in self._rows)

    def _draw_row(self, painter: QPainter, plot: QRect, top: int, each: Covered) -> None:
        height = self.theme.px(_ROW)
        name = QRect(0, top, plot.left() - 12, height)
        pen.write(painter, self.theme, name, each.name, face=Face.SECONDARY)
        bar = QRect(plot.left(), top + (height - _BAR) // 2, plot.width(), _BAR)
        ink = self.theme.colour(self.theme.tokens.level(3))
        for first, last, filled in runs(each.counts):
            left = bar.left() + bar.width() * first // len(each.counts)
            right = bar.left() + bar.width() * last // len(each.counts)
            area = QRect(left, bar.top(), max(right - left, 3), _BAR)
            if filled:
                pen.fill(painter, area, ink)
            else:
                pen.outline(painter, area, self.theme.colour("line"))
        left = plot.right() + 14
        if each.is_open:
            corner = QPointF(left, top + (height - SMALL) / 2)
            paint_mark(painter, self.theme, corner, Mark.INDETERMINATE, SMALL)
            left += SMALL + 6
        words = QRect(left, top, self.width() - left, height)
        pen.write(painter, self.theme, words, each.words, face=Face.SECONDARY)

    def _plot(self) -> QRect:
        left = round(self.width() * 0.26)
        return QRect(left, 0, max(self.width() - left - round(self.width() * 0.28), 40), 1)

    def _months(self, plot: QRect) -> list[tuple[int, str]]:
        span = (self._last - self._first).total_seconds() or 1.0
        found: list[tuple[int, str]] = []
        month = self._first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        while month <= self._last and len(found) < 240:
            at = max((month - self._first).total_seconds() / span, 0.0)
            x = plot.left() + round(plot.width() * at)
            if not found or x - found[-1][0] > 48:
                found.append((x, f"{_MONTHS[month.month - 1]} {month.year}"))
            month = (month + timedelta(days=32)).replace(day=1)
        return found


def runs(counts: Sequence[int]) -> list[tuple[int, int, bool]]:
    """Return stretches of bins with and without events: first, after the last, whether filled."""
    found: list[tuple[int, int, bool]] = []
    for at, count in enumerate(counts):
        if found and found[-1][2] == bool(count):
            found[-1] = (found[-1][0], at + 1, found[-1][2])
        else:
            found.append((at, at + 1, bool(count)))
    return found
