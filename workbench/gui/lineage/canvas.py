"""The picture of a lineage: drawn anew for each frame, boxes and lines that are on screen only.

Everything it shows is also in the list below it. Keys: arrows go along the lines and through a
column, Enter puts a thing in the middle, Shift with an arrow shows what is hidden on that side,
Space begins and ends a path, + - 0 zoom, Esc takes the path away.
"""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QWidget

from workbench.gui.lineage import walking
from workbench.gui.lineage.asking import Shown
from workbench.gui.lineage.frame import Frame, StandsOut
from workbench.gui.lineage.lens import Lens, centred, fitting
from workbench.gui.lineage.minimap import draw_map, map_area, place_on_map
from workbench.gui.lineage.paint import pill_area, reach_of
from workbench.gui.lineage.scene import Box
from workbench.gui.parts import pen
from workbench.gui.parts.painted import Painted
from workbench.gui.text import action_text, tr
from workbench.gui.theme import Theme
from workbench.model.lineage import NodeId

_HEAD = 30
_PAN = 60


class LineageCanvas(Painted):
    """Shows a part of the lineage."""

    node_chosen = Signal(object)
    edge_chosen = Signal(int)
    focus_asked = Signal(object)
    expand_asked = Signal(object, bool)
    path_asked = Signal(object)
    path_cleared = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._shown: Shown | None = None
        self._lens = Lens()
        self._node: NodeId | None = None
        self._wire: int | None = None
        self._start: NodeId | None = None
        self._broken: Callable[[NodeId], bool] = lambda _node: False
        self._pressed: QPointF | None = None
        self._dragged = False
        super().__init__(theme, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setProperty("letters", True)
        self.setMinimumSize(200, 160)
        self.tell()

    @property
    def shown(self) -> Shown | None:
        """What it shows."""
        return self._shown

    @property
    def lens(self) -> Lens:
        """Which part is on screen."""
        return self._lens

    @property
    def chosen(self) -> NodeId | int | None:
        """The thing or the line that is chosen, or None."""
        return self._wire if self._wire is not None else self._node

    def show_part(self, shown: Shown, broken: Callable[[NodeId], bool]) -> None:
        """Show a part; a thing that was chosen stays so, and where it is."""
        before = self._shown
        self._shown, self._broken = shown, broken
        self._wire = None
        if self._node not in shown.scene.boxes:
            self._node = None
        same = before is not None and before.wish.focus == shown.wish.focus
        if not (same and self._keep_place(before)):
            self.fit(whole=False)
        self.tell()

    def mark_start(self, node: NodeId | None) -> None:
        """Draw a thing as the one from which a path is looked for."""
        self._start = node
        self.tell()

    def choose_node(self, node: NodeId) -> None:
        """Choose a thing, and bring it on screen."""
        box = self._box(node)
        if box is not None:
            self._node, self._wire = node, None
            self._bring(box.area.adjusted(-40, -_HEAD - 8, 40, 16))
            self.tell()

    def choose_wire(self, wire: int) -> None:
        """Choose a line, and bring its mark on screen."""
        if self._shown is None or wire == self._wire:
            return
        self._node, self._wire = None, wire
        mark = self._shown.scene.wires[wire].mark
        self._bring(QRectF(mark.x() - 60, mark.y() - 40, 120, 80))
        self.tell()

    def fit(self, *, whole: bool = True) -> None:
        """Show all of it; if it could not be read then, show the middle."""
        if self._shown is None:
            return
        scene, view = self._shown.scene, QSizeF(self.size())
        found = fitting(scene.area, view, top=_HEAD, whole=whole)
        if found is None:
            focus = self._box(self._shown.drawn.focus)
            middle = focus.area.center() if focus else scene.area.center()
            found = centred(middle, view)
        self._look(found)

    def zoom(self, steps: float, at: QPointF | None = None) -> None:
        """Come nearer, or go back."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        self._look(self._lens.zoomed(steps, at or middle))

    def draw(self, painter: QPainter) -> None:
        """Draw what is on screen."""
        pen.fill(painter, self.rect(), self.theme.colour("canvas"))
        if self._shown is None:
            return
        stands_out = StandsOut(self._node, self._wire, self._start, self._broken)
        frame = Frame(self.theme, self._shown, self._lens, self.size(), stands_out)
        frame.draw(painter)
        frame.draw_head(painter, self.theme.px(_HEAD))
        if self._has_map():
            draw_map(painter, self.theme, self._shown.scene, self._lens, self.size())

    def wanted(self) -> QSize:
        """Return a size in which a small part fits."""
        return QSize(720, 420)

    def said(self) -> str:
        """Return what is shown, in words."""
        if self._shown is None:
            return tr("No lineage is shown")
        view, drawn = self._shown.view, self._shown.drawn
        focus = next((n for n in drawn.nodes if n.id == drawn.focus), None)
        told = ", ".join(f"{n:,} {status.value}" for status, n in view.by_status().items() if n)
        said = tr("Lineage of {}: {} things, {} edges: {}. The list below has each edge.").format(
            focus.title if focus else "", f"{view.things:,}", f"{view.relations:,}", told
        )
        box = self._box(self._node) if self._node else None
        return f"{said} {tr('Selected')}: {box.node.title}, {box.node.detail}" if box else said

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show all of it in the new size, if it was all shown."""
        super().resizeEvent(event)
        if self._shown is not None and event.oldSize() != event.size():
            self.fit(whole=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is pressed, or take hold of the drawing."""
        if event.button() is not Qt.MouseButton.LeftButton or self._shown is None:
            return
        self._pressed, self._dragged = event.position(), False
        if self._has_map() and map_area(self._shown.scene, self.size()).contains(event.position()):
            self._go_on_map(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the drawing, or show what can be pressed."""
        if self._shown is None:
            return
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            way = event.position() - self._pressed
            if self._dragged or way.manhattanLength() >= QApplication.startDragDistance():
                self._dragged = True
                self._pressed = event.position()
                self._look(self._lens.moved(way))
            return
        hit = self._pill_at(event.position()) or self._box_at(event.position())
        shape = Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what was pressed; with Ctrl, end a path there."""
        pressed, self._pressed = self._pressed, None
        if pressed is None or self._dragged or self._shown is None:
            return
        pill, box = self._pill_at(event.position()), self._box_at(event.position())
        if pill is not None:
            self.expand_asked.emit(pill[0].node.id, pill[1])
        elif box is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.path_asked.emit(box.node.id)
        elif box is not None:
            self._pick(box.node.id)
        elif (wire := self._wire_at(event.position())) is not None:
            self._node, self._wire = None, wire
            self.tell()
            self.edge_chosen.emit(wire)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Put a thing in the middle."""
        box = self._box_at(event.position())
        if box is not None and not box.node.members:
            self.focus_asked.emit(box.node.id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, else move."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(event.angleDelta().y() / 120, event.position())
        else:
            by = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
            self._look(self._lens.moved(QPointF(by)))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the lines; see the words at the top of this file."""
        if self._shown is None or not self._act_on(event):
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a thing."""
        box = self._box_at(QPointF(event.pos()))
        if box is None:
            return
        self._pick(box.node.id)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, act in self._offers(box.node.id):
            menu.addAction(action_text(title), act)
        menu.popup(event.globalPos())

    def _offers(self, node: NodeId) -> list[tuple[str, Callable[[], None]]]:
        ends = tr("End the path here") if self._start else tr("Begin a path here")
        return [
            (tr("Put in the middle"), lambda: self.focus_asked.emit(node)),
            (tr("Show what is upstream"), lambda: self.expand_asked.emit(node, False)),
            (tr("Show what is downstream"), lambda: self.expand_asked.emit(node, True)),
            (ends, lambda: self.path_asked.emit(node)),
        ]

    def _act_on(self, event: QKeyEvent) -> bool:
        key, shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ways = {
            Qt.Key.Key_Left: QPoint(-1, 0),
            Qt.Key.Key_Right: QPoint(1, 0),
            Qt.Key.Key_Up: QPoint(0, -1),
            Qt.Key.Key_Down: QPoint(0, 1),
        }
        way = ways.get(Qt.Key(key))
        if way is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return False
        if way is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._look(self._lens.moved(QPointF(-_PAN * way.x(), -_PAN * way.y())))
        elif way is not None and shift and way.x() and self._node:
            self.expand_asked.emit(self._node, way.x() > 0)
        elif way is not None:
            self._walk(way)
        else:
            return self._act_on_letter(key)
        return True

    def _act_on_letter(self, key: int) -> bool:
        zooms = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
        if key in zooms:
            self.zoom(zooms[Qt.Key(key)])
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._node:
            self.focus_asked.emit(self._node)
        elif key == Qt.Key.Key_Space and self._node:
            self.path_asked.emit(self._node)
        elif key == Qt.Key.Key_Escape and (self._start or (self._shown and self._shown.path)):
            self.path_cleared.emit()
        else:
            return False
        return True

    def _walk(self, way: QPoint) -> None:
        if self._shown is None:
            return
        here = self._node or self._shown.drawn.focus
        if self._node is None:
            self._pick(here)
            return
        self._pick(walking.next_to(self._shown.scene, here, way.x(), way.y()) or here)

    def _pick(self, node: NodeId) -> None:
        self.choose_node(node)
        self.node_chosen.emit(node)

    def _box(self, node: NodeId) -> Box | None:
        return self._shown.scene.boxes.get(node) if self._shown else None

    def _keep_place(self, before: Shown | None) -> bool:
        """Keep what is in the middle where it is on screen; return whether it is there."""
        if before is None or self._shown is None:
            return False
        anchor = self._node or self._shown.drawn.focus
        old, new = before.scene.boxes.get(anchor), self._shown.scene.boxes.get(anchor)
        if old is None or new is None:
            return False
        corner = self._lens.corner + new.area.center() - old.area.center()
        moved = Lens(self._lens.zoom, corner)
        whole = fitting(self._shown.scene.area, QSizeF(self.size()), top=_HEAD)
        self._lens = whole or moved
        return True

    def _look(self, lens: Lens) -> None:
        self._lens = lens
        self.update()

    def _bring(self, area: QRectF) -> None:
        view = QSizeF(self.size())
        if not self._lens.seen(view).contains(area):
            self._lens = self._lens.showing(area, view)

    def _has_map(self) -> bool:
        if self._shown is None:
            return False
        seen = self._lens.seen(QSizeF(self.size()))
        return not seen.contains(self._shown.scene.area)

    def _go_on_map(self, at: QPointF) -> None:
        if self._shown is not None:
            place = place_on_map(self._shown.scene, self.size(), at)
            self._look(centred(place, QSizeF(self.size()), self._lens.zoom))

    def _box_at(self, at: QPointF) -> Box | None:
        if self._shown is None:
            return None
        place = self._lens.to_drawing(at)
        boxes = self._shown.scene.boxes.values()
        return next((box for box in boxes if box.area.contains(place)), None)

    def _pill_at(self, at: QPointF) -> tuple[Box, bool] | None:
        if self._shown is None:
            return None
        place = self._lens.to_drawing(at)
        for box in self._shown.scene.boxes.values():
            for downstream in (False, True):
                area = pill_area(self.theme, box, downstream=downstream)
                if not area.isEmpty() and area.adjusted(-2, -2, 2, 2).contains(place):
                    return box, downstream
        return None

    def _wire_at(self, at: QPointF) -> int | None:
        if self._shown is None:
            return None
        place = self._lens.to_drawing(at)
        near = [
            number
            for number, wire in enumerate(self._shown.scene.wires)
            if wire.reach.contains(place)
        ]
        wires = self._shown.scene.wires
        return next((n for n in near if reach_of(wires[n]).contains(place)), None)
