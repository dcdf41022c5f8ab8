"""How many of a whole passed, could not be decided, failed: a bar, and its counts in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.mark import SMALL, Mark, paint_mark
from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme

HEIGHT = 6
_LEAST = 3
_GAP = 2


@dataclass(frozen=True, slots=True)
class Counts:
    """How many parts got which verdict; ``none`` are those to which the question is not put."""

    passed: int = 0
    failed: int = 0
    indeterminate: int = 0
    none: int = 0

    def parts(self) -> Iterator[tuple[Mark, int]]:
        """Yield each mark with its count, those that are there."""
        pairs = (
            (Mark.PASSED, self.passed),
            (Mark.FAILED, self.failed),
            (Mark.INDETERMINATE, self.indeterminate),
            (Mark.NONE, self.none),
        )
        return ((mark, count) for mark, count in pairs if count)

    def __str__(self) -> str:
        """Return the counts in words."""
        return ", ".join(f"{count:,} {mark.value}" for mark, count in self.parts()) or "none"


def shares(counts: list[int], width: int, *, least: int = _LEAST) -> list[int]:
    """Divide ``width`` pixels by count; what is there is at least ``least`` wide."""
    there = sum(1 for count in counts if count)
    if not there or width <= 0:
        return [0] * len(counts)
    least = min(least, width // there)
    large = {n for n, count in enumerate(counts) if count}
    while True:
        rest = sum(counts[n] for n in large)
        room = width - least * (there - len(large))
        under = {n for n in large if room * counts[n] < least * rest}
        if not under or under == large:
            break
        large -= under
    widths = [least if count else 0 for count in counts]
    for n in large:
        widths[n] = max(room * counts[n] // rest, least)
    widths[counts.index(max(counts))] += width - sum(widths)
    return widths


def paint_bar(painter: QPainter, theme: Theme, area: QRect, counts: Counts) -> None:
    """Draw the bar: solid, red, hatched; nothing at all is an empty track."""
    parts = list(counts.parts())
    room = area.width() - _GAP * max(len(parts) - 1, 0)
    left = area.left()
    if not parts:
        pen.fill(painter, area, theme.colour("hover"))
    for (mark, _), width in zip(parts, shares([n for _, n in parts], room), strict=True):
        _part(painter, theme, QRect(left, area.top(), width, area.height()), mark)
        left += width + _GAP


def _part(painter: QPainter, theme: Theme, area: QRect, mark: Mark) -> None:
    if mark is Mark.INDETERMINATE:
        ink = theme.colour("indeterminate")
        ground = theme.colour("indeterminate_tint")
        pen.hatch(painter, area, ground=ground, ink=ink, width=1.5, step=4)
    elif mark is Mark.NONE:
        pen.fill(painter, area, theme.colour("line"))
    else:
        pen.fill(painter, area, theme.colour("passed" if mark is Mark.PASSED else "failed"))


class ProportionBar(Painted):
    """The bar, and below it the counts with their marks."""

    def __init__(
        self,
        theme: Theme,
        counts: Counts,
        *,
        numbers: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._numbers = numbers
        self.show_counts(counts)

    def show_counts(self, counts: Counts) -> None:
        """Show other counts."""
        self._counts = counts
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw bar and counts."""
        paint_bar(painter, self.theme, QRect(0, 0, self.width(), HEIGHT), self._counts)
        left = 0
        line = QRect(0, HEIGHT + 4, self.width(), self.height() - HEIGHT - 4)
        for mark, count in self._counts.parts() if self._numbers else ():
            top = line.center().y() - SMALL / 2 + 1
            paint_mark(painter, self.theme, QPointF(left, top), mark, SMALL)
            area = line.adjusted(left + SMALL + 6, 0, 0, 0)
            width = pen.write(painter, self.theme, area, f"{count:,}", face=Face.NUMBER)
            left += SMALL + 6 + width + 12

    def wanted(self) -> QSize:
        """Return room for the bar and a line."""
        line = self.theme.metrics(Face.BODY).height() + 4 if self._numbers else 0
        return QSize(160, HEIGHT + line)

    def said(self) -> str:
        """Return the counts in words."""
        return str(self._counts)
