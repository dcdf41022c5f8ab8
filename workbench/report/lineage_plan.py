"""Where everything of a lineage lies on paper, and what of it lies within a window.

Points, from the lower left corner. Each box stands in the middle of a cell of a column and a row,
so that a drawing can be cut between columns without cutting a box.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.model.lineage import Edge, LineageView, NodeId, Placed

BOX_WIDTH, BOX_HEIGHT = 132.0, 36.0
COLUMN, ROW = 200.0, 52.0
_ARROW = 5.0
_STEPS, _HALVINGS = 32, 24

Point = tuple[float, float]
#: A cubic curve: start, two points that pull it, end.
Curve = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a drawing."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, point: Point) -> bool:
        """Tell whether a point lies in it; its lower left edges are of it, its others are not."""
        return self.left <= point[0] < self.right and self.bottom <= point[1] < self.top


@dataclass(frozen=True, slots=True)
class Way:
    """An edge as curves, from box to box."""

    edge: Edge
    curves: tuple[Curve, ...]

    @property
    def middle(self) -> Point:
        """Return where its mark stands: within its last curve."""
        start, _, _, end = self.curves[-1]
        return (start[0] + end[0] + _ARROW) / 2, (start[1] + end[1]) / 2


@dataclass(frozen=True, slots=True)
class Plan:
    """A drawing without its shapes.

    Attributes:
        view: what is drawn.
        columns: how many there are.
        rows: the height in rows; a box may stand between two.
        column: width of a column.
        boxes: lower left corner of each box.
        ways: each edge of the view, in its order.
    """

    view: LineageView
    columns: int
    rows: float
    column: float
    boxes: Mapping[NodeId, Point]
    ways: tuple[Way, ...]

    @property
    def width(self) -> float:
        """Return how wide it is."""
        return self.columns * self.column

    @property
    def height(self) -> float:
        """Return how tall it is."""
        return self.rows * ROW


def planned(view: LineageView, placed: Placed, *, column: float = COLUMN) -> Plan:
    """Return where boxes and edges of a view lie, with columns as wide as wanted."""
    layers = [node.layer for node in view.nodes]
    first = min(layers, default=0)
    bent = [row for way in placed.bends.values() for _, row in way]
    rows = max([*placed.rows.values(), *bent], default=0.0) + 1

    def corner(layer: int, row: float) -> Point:
        x = (layer - first) * column + (column - BOX_WIDTH) / 2
        return x, (rows - row) * ROW - (ROW + BOX_HEIGHT) / 2

    boxes = {node.id: corner(node.layer, placed.rows[node.id]) for node in view.nodes}
    ways = tuple(
        _way(edge, boxes, [corner(*bend) for bend in placed.bends.get(number, ())])
        for number, edge in enumerate(view.edges)
    )
    return Plan(view, max(layers, default=0) - first + 1, rows, column, boxes, ways)


def _way(edge: Edge, boxes: Mapping[NodeId, Point], bends: list[Point]) -> Way:
    """Return curves from the right of a box to the left of another, level where it has bends."""
    middle = BOX_HEIGHT / 2
    tail, head = boxes[edge.tail], boxes[edge.head]
    here, end = (tail[0] + BOX_WIDTH, tail[1] + middle), (head[0], head[1] + middle)
    if here[0] > end[0]:  # against the flow, or within a layer
        bends = bends[::-1]
    through = [point for x, y in bends for point in ((x, y + middle), (x + BOX_WIDTH, y + middle))]
    curves = []
    for there in (*through, (end[0] - _ARROW, end[1])):
        pull = max(abs(there[0] - here[0]) * 0.5, 14)
        curves.append((here, (here[0] + pull, here[1]), (there[0] - pull, there[1]), there))
        here = there
    return Way(edge, tuple(curves))


@dataclass(frozen=True, slots=True)
class Piece:
    """What of a curve lies in a window: whether it comes from outside, and goes on there."""

    curve: Curve
    comes: bool
    goes: bool


def within(curve: Curve, window: Window) -> Iterator[Piece]:
    """Yield the pieces of a curve that lie in a window."""
    times = [step / _STEPS for step in range(_STEPS + 1)]
    inside = [window.holds(point_at(curve, time)) for time in times]
    start = 0.0
    for at in range(_STEPS):
        if inside[at] == inside[at + 1]:
            continue
        edge = _crossing(curve, window, times[at], times[at + 1])
        if inside[at]:
            yield Piece(_part(curve, start, edge), start > 0, goes=True)
        start = edge
    if inside[-1]:
        yield Piece(_part(curve, start, 1.0), start > 0, goes=False)


def point_at(curve: Curve, time: float) -> Point:
    """Return the point of a curve at a time from 0 to 1."""
    rest = 1 - time
    weights = (rest**3, 3 * rest**2 * time, 3 * rest * time**2, time**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, curve, strict=True)) for axis in (0, 1))
    return x, y


def _crossing(curve: Curve, window: Window, early: float, late: float) -> float:
    before = window.holds(point_at(curve, early))
    for _ in range(_HALVINGS):
        half = (early + late) / 2
        if window.holds(point_at(curve, half)) == before:
            early = half
        else:
            late = half
    return early if before else late


def _part(curve: Curve, start: float, end: float) -> Curve:
    """Return a part of a curve (de Casteljau)."""
    if start > 0:
        curve = _halves(curve, start)[1]
        end = (end - start) / (1 - start)
    return _halves(curve, end)[0] if end < 1 else curve


def _halves(curve: Curve, time: float) -> tuple[Curve, Curve]:
    def between(one: Point, other: Point) -> Point:
        return one[0] + (other[0] - one[0]) * time, one[1] + (other[1] - one[1]) * time

    a, b, c, d = curve
    ab, bc, cd = between(a, b), between(b, c), between(c, d)
    abc, bcd = between(ab, bc), between(bc, cd)
    middle = between(abc, bcd)
    return (a, ab, abc, middle), (middle, bcd, cd, d)
