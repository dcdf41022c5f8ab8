"""How far each record of a log is protected: record number against level of assurance."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.log_map import (
    LogMap,
    flags_of,
    paint_break,
    paint_level,
    paint_somewhere,
    table_of,
)
from workbench.gui.parts.mark import SMALL, Mark, paint_mark
from workbench.gui.parts.painted import Painted
from workbench.gui.parts.pips import level_name
from workbench.gui.parts.scale import Label, Scale, free_from, merged, placed, range_at
from workbench.gui.text import set_tooltip
from workbench.gui.theme import Theme
from workbench.model.verdict import AssuranceRange

HEIGHT = 130
_LEFT = 28
_TOP = 20
_AXIS = 34
_NAMED_FROM = 90


class AssuranceBar(Painted):
    """The bar. A click, or Enter on what the arrow keys chose, gives its range of records."""

    range_chosen = Signal(int, int)

    def __init__(
        self,
        theme: Theme,
        log: LogMap,
        *,
        height: int = HEIGHT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._height = height
        self._chosen = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_log(log)

    def show_log(self, log: LogMap) -> None:
        """Show another log."""
        self._shown = log
        self._chosen = -1
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw levels, breaks, names, axis."""
        scale, plot = self._scale(), self._plot()
        self._draw_levels(painter, plot)
        for part in self._shown.unbroken:
            self._draw_range(painter, scale, plot, part)
        pen.fill(
            painter,
            QRect(plot.left(), plot.bottom() + 1, plot.width(), 1),
            self.theme.colour("ctl"),
        )
        for first, last in self._shown.somewhere.items():
            left, right = scale.x(first), scale.x(last + 1)
            base = QRect(left, plot.bottom() - 7, max(right - left, 3), 8)
            paint_somewhere(painter, self.theme, base)
        self._draw_names(painter, scale, plot)
        self._draw_axis(painter, scale, plot)
        self._draw_breaks(painter, scale, plot)
        if self._chosen >= 0 and self.hasFocus():
            self._draw_chosen(painter, scale, plot, self._shown.ranges[self._chosen])

    def wanted(self) -> QSize:
        """Return room for four levels and the axis."""
        return QSize(480, self.theme.px(self._height))

    def said(self) -> str:
        """Return the ranges in words."""
        rows = "; ".join(f"records {where}: {level}" for where, level, _ in table_of(self._shown))
        breaks = list(self._shown.breaks)
        broken = ", ".join(self._shown.flag(record) for record in breaks[:20])
        more = f" and {len(breaks) - 20:,} more" if len(breaks) > 20 else ""
        return f"Assurance. {rows}." + (f" Broken: {broken}{more}." if broken else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the range under the pointer."""
        found = range_at(self._shown.ranges, self._scale().record(event.position().x()))
        if found and event.button() is Qt.MouseButton.LeftButton:
            self.range_chosen.emit(found.first, found.last)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from range to range, and choose one."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        ranges = self._shown.ranges
        if event.key() in steps and ranges:
            self._chosen = (self._chosen + steps[Qt.Key(event.key())]) % len(ranges)
            set_tooltip(self, self._tip(ranges[self._chosen]))
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._chosen >= 0:
            part = ranges[self._chosen]
            self.range_chosen.emit(part.first, part.last)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what lies under the pointer."""
        if isinstance(event, QHelpEvent):
            found = range_at(self._shown.ranges, self._scale().record(event.pos().x()))
            set_tooltip(self, self._tip(found) if found else "")
        return super().event(event)

    def _plot(self) -> QRect:
        return self.rect().adjusted(self.theme.px(_LEFT), _TOP, -1, -self.theme.px(_AXIS))

    def _scale(self) -> Scale:
        plot = self._plot()
        return Scale(1, max(self._shown.records, 1), plot.left(), plot.width())

    def _y(self, plot: QRect, level: int) -> int:
        return plot.bottom() + 1 - round(plot.height() * level / 4)

    def _draw_levels(self, painter: QPainter, plot: QRect) -> None:
        for level in range(5):
            y = self._y(plot, level)
            area = QRect(0, y - 8, plot.left() - 9, 16)
            pen.write(
                painter,
                self.theme,
                area,
                str(level),
                face=Face.SMALL_STRONG,
                colour="tertiary",
                align=pen.RIGHT,
            )
            if level:
                pen.fill(painter, QRect(plot.left(), y, plot.width(), 1), self.theme.colour("line"))

    def _draw_range(
        self, painter: QPainter, scale: Scale, plot: QRect, part: AssuranceRange
    ) -> None:
        left, right = scale.x(part.first), scale.x(part.last + 1)
        top = self._y(plot, part.level)
        area = QRect(left, top, max(right - left, 1), plot.bottom() + 1 - top)
        paint_level(painter, self.theme, area, part.level)

    def _draw_names(self, painter: QPainter, scale: Scale, plot: QRect) -> None:
        """Write the level over each step; over the next part of the same step not again."""
        breaks = [scale.middle(record) for record in self._shown.breaks]
        before = -1
        for part in self._shown.unbroken:
            same, before = part.level == before, part.level
            right = scale.x(part.last + 1)
            if same or right - scale.x(part.first) < _NAMED_FROM:
                continue
            name = f"{part.level} {level_name(part.level)}"
            wide = pen.width_of(self.theme, name, Face.WORD)
            left = free_from(scale.x(part.first) + 6, wide, right, breaks)
            if left is None:
                continue
            area = QRect(left, self._y(plot, part.level) - 18, wide + 1, 16)
            pen.fill(painter, area.adjusted(-2, 1, 2, 0), self.theme.colour("canvas"))
            pen.write(painter, self.theme, area, name, face=Face.WORD)

    def _draw_breaks(self, painter: QPainter, scale: Scale, plot: QRect) -> None:
        """Draw a line at each break, and one mark where they lie close."""
        exact = self._shown.breaks.keys() - self._shown.somewhere.keys()
        places = sorted({scale.middle(record) for record in exact})
        for x in places:
            paint_break(painter, self.theme, x, plot.top(), plot.height() + 1)
        for group in merged(places, SMALL + 2):
            middle = (places[group[0]] + places[group[-1]]) / 2
            corner = QPointF(middle - SMALL / 2, plot.top() - SMALL - 5)
            paint_mark(painter, self.theme, corner, Mark.FAILED, SMALL)

    def _draw_chosen(
        self, painter: QPainter, scale: Scale, plot: QRect, part: AssuranceRange
    ) -> None:
        left, right = scale.x(part.first), scale.x(part.last + 1)
        area = QRect(left, plot.top(), max(right - left, 3), plot.height() + 1)
        pen.outline(painter, area, self.theme.colour("accent"), 2)

    def _draw_axis(self, painter: QPainter, scale: Scale, plot: QRect) -> None:
        found = {record: (x, rank) for record, x, rank in _marks(self._shown, scale)}
        labels = [
            Label(x, self._width_of(record), str(record), rank)
            for record, (x, rank) in found.items()
        ]
        for label in placed(labels, plot.left(), plot.right() + 1, gap=10):
            record = int(label.text)
            tick = min(found[record][0], plot.right())
            pen.fill(painter, QRect(tick, plot.bottom() + 1, 1, 4), self.theme.colour("ctl"))
            self._draw_number(painter, label, plot, record)

    def _width_of(self, record: int) -> int:
        day = self._shown.days.get(record, "")
        number = pen.width_of(self.theme, f"{record:,}", Face.SMALL_STRONG)
        return max(number, pen.width_of(self.theme, day, Face.SMALL))

    def _draw_number(self, painter: QPainter, label: Label, plot: QRect, record: int) -> None:
        colour = "failed" if record in self._shown.breaks else "text"
        line = self.theme.px(14)
        align = pen.CENTRE
        if label.x - label.width // 2 <= plot.left():
            align = pen.LEFT
        elif label.x + (label.width + 1) // 2 >= plot.right():
            align = pen.RIGHT
        for row, (text, face, ink) in enumerate(
            (
                (f"{record:,}", Face.SMALL_STRONG, colour),
                (self._shown.days.get(record, ""), Face.SMALL, "secondary"),
            )
        ):
            top = plot.bottom() + 5 + row * line
            area = QRect(label.x - label.width // 2, top, label.width + 1, line)
            pen.write(painter, self.theme, area, text, face=face, colour=ink, align=align)

    def _tip(self, part: AssuranceRange) -> str:
        name = f"level {part.level}, {level_name(part.level)}"
        return f"Records {part.first:,} – {part.last:,}\n{name}: {flags_of(part)}"


def _marks(log: LogMap, scale: Scale) -> Iterator[tuple[int, int, int]]:
    """Yield record, place and rank of what the axis may name."""
    yield 1, scale.x(1), 0
    yield log.records, scale.x(log.records + 1), 0
    for record in log.breaks:
        yield record, scale.middle(record), 0
    for part in log.unbroken[1:]:
        if part.first - 1 not in log.breaks:
            yield part.first - 1, scale.x(part.first), 1
