"""How a tamper map is painted, part by part."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPen, QPolygon

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.log_map import LogMap, paint_break, paint_level, paint_somewhere
from workbench.gui.parts.mark import SMALL, Mark, paint_mark
from workbench.gui.parts.pips import level_name
from workbench.gui.parts.scale import Label, Scale, free_from, level_at, merged, placed
from workbench.gui.theme import Theme
from workbench.model.verdict import AssuranceRange

_NEAR = 110
_TICK = 6
_GAP = 2
_WIDE_GAP = 12
_LEAST_SPAN = 3


@dataclass(frozen=True, slots=True)
class TamperPaint:
    """A painter, and what it paints."""

    painter: QPainter
    theme: Theme
    log: LogMap

    def strip(self, scale: Scale, area: QRect) -> None:
        """Draw the ranges by level with their names, and a line at each break."""
        places = [scale.middle(record) for record in self.log.breaks if scale.shows(record)]
        for part in self.log.unbroken:
            if part.last < scale.first or part.first > scale.last:
                continue
            left, right = scale.x(part.first), scale.x(part.last + 1)
            box = QRect(left, area.top(), max(right - left, 1), area.height())
            paint_level(self.painter, self.theme, box, part.level)
            self._name(box, part, places)
        self._spans(scale, area)
        exact = [b for b in self.log.breaks if scale.shows(b) and b not in self.log.somewhere]
        for x in dict.fromkeys(scale.middle(b) for b in exact):
            paint_break(self.painter, self.theme, x, area.top() - 4, area.height() + 8)

    def flags(self, scale: Scale, strip: QRect, area: QRect) -> None:
        """Draw one flag for each group of breaks; what no anchor reaches is named at the end."""
        breaks = [record for record in self.log.breaks if scale.shows(record)]
        places = [scale.middle(record) for record in breaks]
        for group in merged(places, _NEAR):
            self._flag(area, places[group[0]], [breaks[i] for i in group])
        self._unanchored(scale, strip, area, places)

    def checkpoints(self, scale: Scale, top: int) -> None:
        """Draw a tick where each anchor ends, thinned where they would touch."""
        last = -3
        for record in self.log.checkpoints:
            x = scale.x(record + 1) - 1
            if scale.shows(record) and x - last >= 3:
                pen.fill(self.painter, QRect(x, top, 1, _TICK), self.theme.colour("ctl"))
                last = x

    def fan(self, place: tuple[int, int], top: int, cells: QRect) -> None:
        """Draw where on the strip the close look lies."""
        left, right = place[0], max(place[1], place[0] + 2)
        points = [(left, top), (right, top), (cells.right() + 1, cells.top()), (0, cells.top())]
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.theme.colour("chrome"))
        self.painter.drawPolygon(QPolygon([QPoint(x, y) for x, y in points]))

    def cells(self, scale: Scale, row: QRect) -> None:
        """Draw one cell a record, linked by bars; a link that does not hold is a gap with ×."""
        for record in range(scale.first, scale.last + 1):
            left, right = scale.x(record), scale.x(record + 1)
            box = QRect(left, row.top(), right - left, row.height())
            gap = _WIDE_GAP if record in self.log.gaps else _GAP
            gap = 0 if record == scale.first else gap
            self._cell(box.adjusted(gap, 0, 0, 0), record)
            if gap:
                self._link(QRect(left, row.top(), gap, row.height()), record)
        self._numbers(scale, row.bottom() + 3)

    def _name(self, box: QRect, part: AssuranceRange, places: list[int]) -> None:
        word = level_name(part.level).lower()
        if part.level < 2:
            return
        for text in (f"{part.first:,} – {part.last:,}  {word}", word):
            width = pen.width_of(self.theme, text, Face.WORD)
            left = free_from(box.left() + 8, width, box.right() - 4, places)
            if left is not None:
                ink = self.theme.tokens.on_level(part.level)
                area = QRect(left, box.top(), width + 1, box.height())
                pen.write(self.painter, self.theme, area, text, face=Face.WORD, colour=ink)
                return

    def _flag(self, area: QRect, x: int, records: list[int]) -> None:
        """Draw a mark over the line, and its words beside it."""
        alone = len(records) == 1
        text = self.log.flag(records[0]) if alone else f"{len(records):,} breaks"
        width = pen.width_of(self.theme, text, Face.WORD)
        top = area.center().y() - SMALL // 2 + 1
        corner = min(max(x - SMALL // 2, 0), area.right() - SMALL)
        paint_mark(self.painter, self.theme, QPointF(corner, top), Mark.FAILED, SMALL)
        left = corner + SMALL + 6
        if left + width > area.right():
            left = corner - 6 - width
        box = QRect(left, area.top(), width + 2, area.height())
        pen.write(self.painter, self.theme, box, text, face=Face.WORD, colour="failed")

    def _spans(self, scale: Scale, area: QRect) -> None:
        for first, last in self.log.somewhere.items():
            left, right = scale.x(first), scale.x(last + 1)
            if last >= scale.first and first <= scale.last:
                box = QRect(left, area.top(), max(right - left, _LEAST_SPAN), area.height())
                paint_somewhere(self.painter, self.theme, box)

    def _unanchored(self, scale: Scale, strip: QRect, area: QRect, places: list[int]) -> None:
        count = self.log.unanchored
        first = self.log.records - count + 1
        if not count or not self.log.checkpoints or not scale.shows(max(first, scale.first)):
            return
        text = f"{count:,} without anchor"
        width = pen.width_of(self.theme, text, Face.WORD)
        if scale.last == self.log.records and all(
            place < area.right() - width - 2 * _NEAR for place in places
        ):
            box = QRect(area.right() - width, area.top(), width + 1, strip.top() - area.top() - 4)
            pen.write(self.painter, self.theme, box, text, face=Face.WORD)

    def _cell(self, box: QRect, record: int) -> None:
        if self.log.may_be_broken(record):
            paint_somewhere(self.painter, self.theme, box)
        elif record in self.log.breaks:
            pen.fill(self.painter, box, self.theme.colour("failed_tint"))
            pen.outline(self.painter, box, self.theme.colour("failed"), 2)
            corner = QPointF(box.center().x() - SMALL / 2 + 1, box.center().y() - SMALL / 2 + 1)
            paint_mark(self.painter, self.theme, corner, Mark.FAILED, SMALL)
        else:
            paint_level(self.painter, self.theme, box, level_at(self.log.ranges, record))

    def _link(self, gap: QRect, record: int) -> None:
        middle = gap.center()
        if record not in self.log.gaps:
            bar = QRect(gap.left() - 2, middle.y(), gap.width() + 4, 2)
            pen.fill(self.painter, bar, self.theme.colour("level_4"))
            return
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self.painter.setPen(QPen(self.theme.colour("failed"), 1.5))
        for rise in (-3, 3):
            start = QPointF(middle.x() - 3, middle.y() - rise)
            self.painter.drawLine(start, QPointF(middle.x() + 3, middle.y() + rise))

    def _numbers(self, scale: Scale, top: int) -> None:
        shown = [record for record in self.log.breaks if scale.shows(record)]
        wanted = [(record, 0) for record in shown] + [(scale.first, 1), (scale.last, 1)]
        labels = [
            Label(
                scale.middle(record),
                pen.width_of(self.theme, f"{record:,}", Face.SMALL_STRONG),
                str(record),
                rank,
            )
            for record, rank in dict(reversed(wanted)).items()
        ]
        for label in placed(labels, 0, scale.width):
            broken = int(label.text) in self.log.breaks
            face = Face.SMALL_STRONG if broken else Face.SMALL_HEAD
            box = QRect(label.x - label.width, top, 2 * label.width, self.theme.px(15))
            colour = "failed" if broken else "tertiary"
            text = f"{int(label.text):,}"
            pen.write(
                self.painter, self.theme, box, text, face=face, colour=colour, align=pen.CENTRE
            )
