"""One frame of the picture: what of a drawing is on screen, through a lens."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QPainter

from workbench.gui.fonts import Face
from workbench.gui.lineage.asking import Shown
from workbench.gui.lineage.labels import labels_of
from workbench.gui.lineage.lens import Lens
from workbench.gui.lineage.paint import (
    MARKED,
    READABLE,
    Stress,
    draw_box,
    draw_halo,
    draw_line,
    draw_mark,
    draw_pill,
    pill_area,
)
from workbench.gui.lineage.scene import BOX_WIDTH, Box
from workbench.gui.parts import pen
from workbench.gui.text import tr
from workbench.gui.theme import Theme
from workbench.model.lineage import NodeId

#: More lines than these on screen are drawn without their marks.
_MOST_MARKS = 600


@dataclass(frozen=True, slots=True)
class StandsOut:
    """What is drawn so that it is seen first.

    Attributes:
        node: the thing that is chosen, or None.
        wire: the line that is chosen, or None.
        start: where a path begins, or None.
        broken: tells whether the record of a thing is broken.
    """

    node: NodeId | None
    wire: int | None
    start: NodeId | None
    broken: Callable[[NodeId], bool]


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame."""

    theme: Theme
    shown: Shown
    lens: Lens
    size: QSize
    stands_out: StandsOut

    def draw(self, painter: QPainter) -> None:
        """Draw lines and boxes."""
        painter.save()
        painter.setTransform(self.lens.transform, combine=True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        seen = self.lens.seen(QSizeF(self.size))
        self._draw_lines(painter, seen)
        self._draw_boxes(painter, seen)
        painter.restore()

    def draw_head(self, painter: QPainter, height: int) -> None:
        """Name the columns; the names stay at the top."""
        pen.fill(painter, QRect(0, 0, self.size.width(), height), self.theme.colour("canvas"))
        for layer, left in self.shown.scene.columns:
            x = round((left - self.lens.corner.x()) * self.lens.zoom)
            room = round((self.shown.scene.gap + BOX_WIDTH - 8) * self.lens.zoom)
            text = tr("In focus")
            if layer:
                word = tr("Upstream {}") if layer < 0 else tr("Downstream {}")
                text = word.format(f"{abs(layer):,}")
            area = QRect(x, 0, room, height)
            pen.write(painter, self.theme, area, text, face=Face.SMALL, colour="secondary")

    def _draw_lines(self, painter: QPainter, seen: QRectF) -> None:
        wires = self.shown.scene.wires
        near = [n for n, wire in enumerate(wires) if wire.reach.intersects(seen)]
        path = set(self.shown.wires[: self.shown.on_path])
        for number in near:
            if number in path:
                draw_halo(painter, self.theme, wires[number])
        for number in near:
            stress = Stress(number == self.stands_out.wire, on_path=number in path)
            draw_line(painter, self.theme, wires[number], stress)
        if self.lens.zoom >= MARKED and len(near) <= _MOST_MARKS:
            for number, words in self._labels(near, path, seen):
                draw_mark(painter, self.theme, wires[number], words)

    def _labels(self, near: list[int], path: set[int], seen: QRectF) -> list[tuple[int, str]]:
        """Return the marks and words that lie on no box and on no other."""
        areas = (box.area for box in self.shown.scene.boxes.values() if box.area.intersects(seen))
        chosen = self.stands_out.wire
        return labels_of(
            self.shown.scene.wires,
            near,
            [(a.left(), a.top(), a.right(), a.bottom()) for a in areas],
            gap=self.shown.scene.gap if self.lens.zoom >= READABLE else 0,
            first=frozenset(path if chosen is None else {*path, chosen}),
            width_of=lambda words: pen.width_of(self.theme, words, Face.SMALL),
        )

    def _draw_boxes(self, painter: QPainter, seen: QRectF) -> None:
        readable = self.lens.zoom >= READABLE
        wide = seen.adjusted(-80, -40, 80, 40)
        for box in self.shown.scene.boxes.values():
            if box.area.intersects(wide):
                stress = self._stress(box.node.id)
                draw_box(painter, self.theme, box, stress, readable=readable)
                if readable:
                    self._draw_pills(painter, box)

    def _stress(self, node: NodeId) -> Stress:
        return Stress(
            is_chosen=node == self.stands_out.node,
            on_path=node in self.shown.path or node == self.stands_out.start,
            is_focus=node == self.shown.drawn.focus,
            is_broken=self.stands_out.broken(node),
        )

    def _draw_pills(self, painter: QPainter, box: Box) -> None:
        for downstream, count in (
            (False, box.node.hidden_upstream),
            (True, box.node.hidden_downstream),
        ):
            area = pill_area(self.theme, box, downstream=downstream)
            if not area.isEmpty():
                draw_pill(painter, self.theme, area, count)
