"""How many events when, and which of them are looked at: a histogram with a brush."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.log_map import paint_break
from workbench.gui.parts.mark import SMALL, Mark, paint_mark
from workbench.gui.parts.painted import Painted
from workbench.gui.parts.scale import Label, placed
from workbench.gui.theme import Theme

HEIGHT = 88
_GRIP = 5
_MARKS = 18
_AXIS = 20


@dataclass(frozen=True, slots=True)
class Bins:
    """What is drawn.

    Attributes:
        counts: events of each bin.
        ticks: number of a bin with the label at its left end.
        breaks: bins with a broken record.
        unanchored_from: first bin that no anchor reaches, or None.
        spans: what each bin covers, in words, or ().
    """

    counts: tuple[int, ...] = ()
    ticks: tuple[tuple[int, str], ...] = ()
    breaks: tuple[int, ...] = ()
    unanchored_from: int | None = None
    spans: tuple[str, ...] = ()


class Histogram(Painted):
    """Drag a brush; arrows move it by a bin, with Shift its end; Esc takes it away."""

    brushed = Signal(object)

    def __init__(self, theme: Theme, bins: Bins, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._brush: tuple[int, int] | None = None
        self._drag = _Drag()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.show_bins(bins)

    @property
    def brush(self) -> tuple[int, int] | None:
        """First and last bin of the brush, or None."""
        return self._brush

    def show_bins(self, bins: Bins) -> None:
        """Show other counts; the brush goes if it no longer fits."""
        self._bins = bins
        if self._brush and self._brush[1] >= len(bins.counts):
            self._brush = None
        self.tell()

    def set_brush(self, brush: tuple[int, int] | None) -> None:
        """Brush bins, and say so."""
        last = len(self._bins.counts) - 1
        if brush is not None and last >= 0:
            start, end = sorted(min(max(each, 0), last) for each in brush)
            brush = (start, end)
        if brush != self._brush:
            self._brush = brush
            self.tell()
            self.brushed.emit(brush)

    def draw(self, painter: QPainter) -> None:
        """Draw brush, bars, marks, axis."""
        plot = self._plot()
        if self._brush:
            pen.fill(painter, self._brushed(plot, self._brush), self.theme.colour("selection"))
        self._draw_bars(painter, plot)
        if self._brush:
            self._draw_edges(painter, self._brushed(plot, self._brush))
        base = QRect(plot.left(), plot.bottom() + 1, plot.width(), 1)
        pen.fill(painter, base, self.theme.colour("ctl"))
        self._draw_unanchored(painter, plot)
        for number in self._bins.breaks:
            middle = (self._x(plot, number) + self._x(plot, number + 1)) // 2
            paint_break(painter, self.theme, middle, plot.top() + 2, plot.height() - 2)
            corner = QPointF(middle - SMALL / 2, plot.top() - SMALL - 2)
            paint_mark(painter, self.theme, corner, Mark.FAILED, SMALL)
        self._draw_ticks(painter, plot)

    def wanted(self) -> QSize:
        """Return its height."""
        return QSize(480, self.theme.px(HEIGHT))

    def said(self) -> str:
        """Return count and brush in words."""
        counts = self._bins.counts
        said = f"{sum(counts):,} events in {len(counts):,} bins"
        if self._brush:
            start, end = self._brush
            inside = sum(counts[start : end + 1])
            said += f"; brushed {self._span(start)} to {self._span(end)}, {inside:,} events"
        return said + (f"; {len(self._bins.breaks)} broken" if self._bins.breaks else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of an edge, of the whole brush, or begin a new one."""
        if event.button() is Qt.MouseButton.LeftButton and self._bins.counts:
            number = self._bin(event.position().toPoint())
            self._drag = _grasp(self._brush, number, self._edge(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or show what could be taken hold of."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._drag.held:
            self.set_brush(self._drag.to(self._bin(event.position().toPoint())))
            return
        edge = self._edge(event.position().x())
        shape = Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.CrossCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; a click without a drag brushes one bin."""
        if event.button() is Qt.MouseButton.LeftButton and self._drag.held:
            self.set_brush(self._drag.to(self._bin(event.position().toPoint())))
        self._drag = _Drag()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the brush, or its end, by a bin."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self._bins.counts:
            start, end = self._brush or (0, 0)
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.set_brush((start, max(end + step, start)))
            elif start + step >= 0 and end + step < len(self._bins.counts):
                self.set_brush((start + step, end + step))
        elif event.key() == Qt.Key.Key_Escape and self._brush:
            self.set_brush(None)
        else:
            super().keyPressEvent(event)

    def _plot(self) -> QRect:
        return self.rect().adjusted(0, _MARKS, 0, -self.theme.px(_AXIS))

    def _x(self, plot: QRect, number: int) -> int:
        return plot.left() + round(plot.width() * number / max(len(self._bins.counts), 1))

    def _bin(self, at: QPoint) -> int:
        plot = self._plot()
        number = (at.x() - plot.left()) * len(self._bins.counts) // max(plot.width(), 1)
        return min(max(number, 0), len(self._bins.counts) - 1)

    def _edge(self, x: float) -> int:
        """Return -1 at the left edge of the brush, 1 at the right one, else 0."""
        if self._brush is None:
            return 0
        plot = self._plot()
        left, right = self._x(plot, self._brush[0]), self._x(plot, self._brush[1] + 1)
        if abs(x - right) <= _GRIP:
            return 1
        return -1 if abs(x - left) <= _GRIP else 0

    def _span(self, number: int) -> str:
        return self._bins.spans[number] if self._bins.spans else f"bin {number + 1}"

    def _brushed(self, plot: QRect, brush: tuple[int, int]) -> QRect:
        left, right = self._x(plot, brush[0]), self._x(plot, brush[1] + 1)
        return QRect(left, plot.top() - 8, right - left, plot.height() + 8)

    def _draw_edges(self, painter: QPainter, area: QRect) -> None:
        accent = self.theme.colour("accent")
        for x in (area.left(), area.right()):
            pen.fill(painter, QRect(x, area.top(), 1, area.height()), accent)
            pen.fill(painter, QRect(x - 1, area.center().y() - 8, 3, 18), accent)

    def _draw_bars(self, painter: QPainter, plot: QRect) -> None:
        most = max(self._bins.counts, default=0)
        outside, inside = self.theme.colour("level_1"), self.theme.colour("level_4")
        for number, count in enumerate(self._bins.counts):
            if not count:
                continue
            left, right = self._x(plot, number), self._x(plot, number + 1)
            height = max(round((plot.height() - 6) * count / most), 2)
            gap = 1 if right - left > 2 else 0
            bar = QRect(left, plot.bottom() + 1 - height, max(right - left - gap, 1), height)
            brushed = self._brush and self._brush[0] <= number <= self._brush[1]
            pen.fill(painter, bar, inside if brushed else outside)

    def _draw_unanchored(self, painter: QPainter, plot: QRect) -> None:
        first = self._bins.unanchored_from
        if first is None:
            return
        left = self._x(plot, first)
        strip = QRect(left, plot.bottom() - 4, plot.right() + 1 - left, 5)
        ink = self.theme.colour("indeterminate")
        ground = self.theme.colour("indeterminate_tint")
        pen.hatch(painter, strip, ground=ground, ink=ink, width=1.5, step=4)
        text = "no anchor after"
        width = pen.width_of(self.theme, text, Face.WORD)
        start = min(max(left - 20, 0), plot.right() - width - SMALL - 6)
        top = plot.top() - _MARKS + 2
        paint_mark(painter, self.theme, QPointF(start, top + 1), Mark.INDETERMINATE, SMALL)
        box = QRect(start + SMALL + 6, top - 1, width + 2, 16)
        pen.write(painter, self.theme, box, text, face=Face.WORD, colour="indeterminate")

    def _draw_ticks(self, painter: QPainter, plot: QRect) -> None:
        labels = [
            Label(
                self._x(plot, number) + pen.width_of(self.theme, text, Face.SMALL_HEAD) // 2,
                pen.width_of(self.theme, text, Face.SMALL_HEAD),
                text,
            )
            for number, text in self._bins.ticks
        ]
        for label in placed(labels, plot.left(), plot.right() + 1, gap=12):
            box = QRect(label.x - label.width, plot.bottom() + 3, 2 * label.width, 16)
            pen.write(
                painter,
                self.theme,
                box,
                label.text,
                face=Face.SMALL_HEAD,
                colour="secondary",
                align=pen.CENTRE,
            )


@dataclass(frozen=True, slots=True)
class _Drag:
    """What is held: the end that stays, or the bin that a whole brush is held by."""

    held: bool = False
    stays: int = 0
    whole: tuple[int, int] | None = None

    def to(self, number: int) -> tuple[int, int]:
        if self.whole is None:
            return (self.stays, number)
        by = number - self.stays
        return (self.whole[0] + by, self.whole[1] + by)


def _grasp(brush: tuple[int, int] | None, number: int, edge: int) -> _Drag:
    if brush is None or (not edge and not brush[0] <= number <= brush[1]):
        return _Drag(held=True, stays=number)
    if edge:
        return _Drag(held=True, stays=brush[0] if edge > 0 else brush[1])
    return _Drag(held=True, stays=number, whole=brush)
