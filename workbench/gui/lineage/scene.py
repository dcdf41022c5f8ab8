"""Where boxes and lines of a lineage lie, in pixels at a zoom of one. No colours, no widgets."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from workbench.model.lineage import Edge, LineageView, Node, NodeId, Placed

BOX_WIDTH, BOX_HEIGHT = 176, 48
_ROW = 72
LEAST_GAP, MOST_GAP = 56, 170
#: Room for a pill beside the outermost boxes.
_SIDE = 46
_PORT = 10
_PULL = 26
_TIP = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A thing, or several, and where it is drawn.

    Attributes:
        node: what it stands for.
        area: where.
        busy_left: lines end at its left.
        busy_right: lines end at its right.
    """

    node: Node
    area: QRectF
    busy_left: bool = False
    busy_right: bool = False


@dataclass(frozen=True, slots=True)
class Wire:
    """An edge and its curve.

    Attributes:
        edge: which.
        path: from box to box.
        tip: where its arrow ends.
        way: 1 where it arrives from the left, -1 from the right.
        mark: where its mark stands.
    """

    edge: Edge
    path: QPainterPath
    tip: QPointF
    way: int
    mark: QPointF

    @property
    def reach(self) -> QRectF:
        """Return the part of the drawing that it may touch; never empty, as a level line's is."""
        return self.path.controlPointRect().adjusted(-8, -8, 8, 8)


@dataclass(frozen=True, slots=True)
class Scene:
    """A drawing.

    Attributes:
        boxes: by their thing.
        wires: one for each edge drawn, in their order.
        columns: layer, and left end of its boxes.
        area: all of it.
        gap: pixels between columns.
    """

    boxes: Mapping[NodeId, Box]
    wires: tuple[Wire, ...]
    columns: tuple[tuple[int, float], ...]
    area: QRectF
    gap: float


def scene_of(view: LineageView, placed: Placed, *, room: int, unit: float) -> Scene:
    """Return where everything lies; columns spread over ``room`` as far as they can be read."""
    layers = sorted({node.layer for node in view.nodes})
    first, last = (layers[0], layers[-1]) if layers else (0, 0)
    width, height, row = (unit * each for each in (BOX_WIDTH, BOX_HEIGHT, _ROW))
    count = last - first + 1
    spare = (room - 2 * _SIDE - count * width) / max(count - 1, 1)
    gap = min(max(spare, LEAST_GAP), MOST_GAP)
    lefts = {layer: _SIDE + (layer - first) * (width + gap) for layer in range(first, last + 1)}
    heads = {edge.head for edge in view.edges}
    tails = {edge.tail for edge in view.edges}
    boxes = {
        node.id: Box(
            node,
            QRectF(lefts[node.layer], placed.rows[node.id] * row, width, height),
            node.id in heads,
            node.id in tails,
        )
        for node in view.nodes
    }
    grid = _Grid(boxes, lefts, width, height, row, unit)
    wires = grid.wires(view, placed)
    rows = [box.area.bottom() for box in boxes.values()]
    rows += [r * row + height for way in placed.bends.values() for _, r in way]
    right = lefts[last] + width + _SIDE if lefts else room
    area = QRectF(0, 0, right, max(rows, default=height))
    return Scene(boxes, wires, tuple((layer, lefts[layer]) for layer in layers), area, gap)


@dataclass(frozen=True, slots=True)
class _Grid:
    boxes: Mapping[NodeId, Box]
    lefts: Mapping[int, float]
    width: float
    height: float
    row: float
    unit: float

    def wires(self, view: LineageView, placed: Placed) -> tuple[Wire, ...]:
        """Return the curves; those that meet at a box arrive beside each other."""
        leaves, arrives = self._ports(view)
        return tuple(
            self._wire(edge, placed.bends.get(n, ()), leaves[n], arrives[n])
            for n, edge in enumerate(view.edges)
        )

    def _ports(self, view: LineageView) -> tuple[dict[int, float], dict[int, float]]:
        out: dict[NodeId, list[int]] = defaultdict(list)
        into: dict[NodeId, list[int]] = defaultdict(list)
        for number, edge in enumerate(view.edges):
            out[edge.tail].append(number)
            into[edge.head].append(number)
        ends = view.edges
        leaves = self._spread(out, {n: self._top(edge.head) for n, edge in enumerate(ends)})
        arrives = self._spread(into, {n: self._top(edge.tail) for n, edge in enumerate(ends)})
        return leaves, arrives

    def _top(self, node: NodeId) -> float:
        return self.boxes[node].area.top()

    def _spread(
        self, groups: Mapping[NodeId, list[int]], order: Mapping[int, float]
    ) -> dict[int, float]:
        """Return how far from the middle of its box each edge ends."""
        found: dict[int, float] = {}
        for numbers in groups.values():
            step = min(_PORT * self.unit, (self.height - 12) / max(len(numbers) - 1, 1))
            for place, number in enumerate(sorted(numbers, key=lambda n: (order[n], n))):
                found[number] = (place - (len(numbers) - 1) / 2) * step
        return found

    def _wire(
        self, edge: Edge, bends: tuple[tuple[int, float], ...], leaves: float, arrives: float
    ) -> Wire:
        tail, head = self.boxes[edge.tail], self.boxes[edge.head]
        forward = tail.node.layer < head.node.layer
        level = tail.node.layer == head.node.layer
        start = QPointF(tail.area.right(), tail.area.center().y() + leaves)
        tip = QPointF(head.area.left(), head.area.center().y() + arrives)
        if not forward:
            tip.setX(head.area.right())
        if not forward and not level:
            start.setX(tail.area.left())
        way = 1 if forward else -1
        path = QPainterPath(start)
        here = start
        turn = 1 if forward or level else -1
        for point in self._through(bends, forward=forward):
            _curve(path, here, point, turn, turn)
            here = point
        last = QPainterPath(here)
        end = QPointF(tip.x() - way * _TIP, tip.y())
        _curve(path, here, end, turn, way)
        _curve(last, here, end, turn, way)
        return Wire(edge, path, tip, way, last.pointAtPercent(0.5))

    def _through(self, bends: tuple[tuple[int, float], ...], *, forward: bool) -> list[QPointF]:
        points: list[QPointF] = []
        for layer, row in bends:
            y = row * self.row + self.height / 2
            left = self.lefts.get(layer, 0.0)
            points += [QPointF(left, y), QPointF(left + self.width, y)]
        return points if forward else points[::-1]


def _curve(path: QPainterPath, start: QPointF, end: QPointF, out: int, into: int) -> None:
    pull = max(abs(end.x() - start.x()) / 2, _PULL)
    path.cubicTo(
        QPointF(start.x() + out * pull, start.y()), QPointF(end.x() - into * pull, end.y()), end
    )
