"""A lineage on the pages of a report: cut into tiles that can be read, with a map of them.

Cut between columns; an edge that goes on elsewhere ends in a mark with the number of the tile
where it does. Text is never smaller than 6.5 points.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, inf

from reportlab.graphics.shapes import Drawing, Group, Path, PolyLine, Rect

from workbench.model.lineage import LineageView, Node, Placed
from workbench.report import fonts, look
from workbench.report.lineage_picture import TINY, box, canvas_of, end, legend, line, mark, text
from workbench.report.lineage_plan import (
    BOX_HEIGHT,
    BOX_WIDTH,
    ROW,
    Piece,
    Plan,
    Point,
    Way,
    Window,
    planned,
    point_at,
    within,
)

#: What a picture is shrunk by, and the width of a column in it: three of them fill the measure.
SCALE = 0.905
COLUMN = 173.5
_COLUMNS, _ROWS = 3, 11
_MAP_HEIGHT, _MAP_SCALE = 150.0, 0.4
_PAD = 6.0
_NEAR = 1e-3
_BADGE, _BADGE_ROOM = 24.0, 9.0


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a picture: its number from 1, what of the plan it shows, and what lies in it."""

    number: int
    window: Window
    nodes: tuple[Node, ...]
    ways: tuple[tuple[Way, tuple[Piece, ...]], ...]


@dataclass(frozen=True)
class Tiling:
    """A plan and where it is cut."""

    plan: Plan
    across: int
    down: int

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        """Return the tiles with anything in them, row by row."""
        found: list[Tile] = []
        near = [_reach(way) for way in self.plan.ways]
        for place in range(self.across * self.down):
            window = self._window(place % self.across, place // self.across)
            nodes = tuple(n for n in self.plan.view.nodes if window.holds(self._middle(n)))
            passing = (w for w, at in zip(self.plan.ways, near, strict=True) if _meet(at, window))
            ways = tuple((way, inside) for way in passing if (inside := _pieces(way, window)))
            if nodes or ways:
                found.append(Tile(len(found) + 1, window, nodes, ways))
        return tuple(found)

    def tile_at(self, point: Point) -> Tile | None:
        """Return the tile that a point lies in."""
        return next((tile for tile in self.tiles if tile.window.holds(point)), None)

    def extent(self, window: Window) -> Window:
        """Return a window without what lies beyond the plan."""
        plan = self.plan
        return Window(
            max(window.left, 0.0),
            max(window.bottom, 0.0),
            min(window.right, plan.width),
            min(window.top, plan.height),
        )

    def _window(self, column: int, row: int) -> Window:
        """Return the window at a place; those at the rim have no end."""
        plan = self.plan
        wide, tall = ceil(plan.columns / self.across) * plan.column, plan.height / self.down
        return Window(
            -inf if column == 0 else column * wide,
            -inf if row == self.down - 1 else plan.height - (row + 1) * tall,
            inf if column == self.across - 1 else (column + 1) * wide,
            inf if row == 0 else plan.height - row * tall,
        )

    def _middle(self, node: Node) -> Point:
        x, y = self.plan.boxes[node.id]
        return x + BOX_WIDTH / 2, y + BOX_HEIGHT / 2


def tiling(view: LineageView, placed: Placed) -> Tiling:
    """Return how a view is cut so that each tile has room on a page."""
    plan = planned(view, placed, column=COLUMN)
    return Tiling(plan, ceil(plan.columns / _COLUMNS), ceil(plan.rows / _ROWS))


def drawn(cut: Tiling, tile: Tile) -> Drawing:
    """Return one tile, as large as it is printed."""
    extent = _cropped(cut, tile)
    tall = BOX_HEIGHT / 2 if cut.down > 1 else 0.0  # a box on a cut is drawn whole
    wide = _BADGE if cut.across > 1 else 0.0
    width, height = extent.right - extent.left + 2 * wide, extent.top - extent.bottom + 2 * tall
    drawing = canvas_of(width * SCALE, height * SCALE + 2 * _PAD)
    left, bottom = (wide - extent.left) * SCALE, (tall - extent.bottom) * SCALE + _PAD
    group = Group(transform=(SCALE, 0, 0, SCALE, left, bottom))
    for shape in (*_edges(tile), *_badges(cut, tile)):
        group.add(shape)
    for node in tile.nodes:
        group.add(box(node, cut.plan.boxes[node.id], is_focus=node.id == cut.plan.view.focus))
    drawing.add(group)
    return drawing


def _cropped(cut: Tiling, tile: Tile) -> Window:
    """Return the extent of a tile without the empty rows above and below what it shows."""
    extent = cut.extent(tile.window)
    heights = [y for node in tile.nodes for y in _heights(cut.plan.boxes[node.id])]
    pieces = (piece for _, found in tile.ways for piece in found)
    heights += [point[1] for piece in pieces for point in (piece.curve[0], piece.curve[3])]
    low, high = min(heights) - _PAD, max(heights) + _PAD
    return replace(extent, bottom=max(extent.bottom, low), top=min(extent.top, high))


def _heights(corner: Point) -> tuple[float, float]:
    return corner[1], corner[1] + BOX_HEIGHT


def _edges(tile: Tile) -> Iterator[Path | PolyLine | Group]:
    """Yield what of each edge lies in a tile; one that is cut has its mark on both sides."""
    for way, pieces in tile.ways:
        yield line(way, [piece.curve for piece in pieces])
        arrow, _ = end(way)
        if not pieces[-1].goes:
            yield arrow
        is_cut = any(piece.goes or piece.comes for piece in pieces)
        yield mark(way, point_at(pieces[-1].curve, 0.5) if is_cut else way.middle)


def overview(cut: Tiling, *, height: float = _MAP_HEIGHT) -> Drawing:
    """Return a map of all tiles, at most so tall: where each lies, each box as a dot."""
    plan = cut.plan
    scale = min(look.MEASURE / plan.width, height / plan.height, _MAP_SCALE)
    drawing = canvas_of(plan.width * scale, plan.height * scale)
    group = Group(transform=(scale, 0, 0, scale, 0, 0))
    for way in plan.ways:
        for curve in way.curves:
            ends = (*curve[0], *curve[-1])
            group.add(PolyLine(ends, strokeColor=look.EDGE, strokeWidth=0.4 / scale))
    for node in plan.view.nodes:
        ink = look.ACCENT if node.id == plan.view.focus else look.EDGE
        corner = plan.boxes[node.id]
        group.add(Rect(*corner, BOX_WIDTH, BOX_HEIGHT, fillColor=ink, strokeColor=None))
    drawing.add(group)
    for tile in cut.tiles:
        for shape in _on_map(cut.extent(tile.window), tile.number, scale):
            drawing.add(shape)
    return drawing


def key() -> Drawing:
    """Return what the lines and marks of all tiles mean."""
    drawing = canvas_of(look.MEASURE, 34)
    for shape in legend(2, 25):
        drawing.add(shape)
    return drawing


def _on_map(extent: Window, number: int, scale: float) -> Iterator[Rect | Group]:
    left, bottom = extent.left * scale, extent.bottom * scale
    width, height = (extent.right - extent.left) * scale, (extent.top - extent.bottom) * scale
    yield Rect(left, bottom, width, height, fillColor=None, strokeColor=look.TEXT, strokeWidth=0.8)
    yield _badge(str(number), (left + 9, bottom + height - 9))


def _badge(words: str, at: Point) -> Group:
    x, y = at
    group = Group()
    wide = 6 + fonts.width_of(words, fonts.BOLD, TINY)
    group.add(
        Rect(
            x - wide / 2, y - 5, wide, 10, rx=2, ry=2,
            fillColor=look.CANVAS, strokeColor=look.TEXT, strokeWidth=0.6,
        )
    )  # fmt: skip
    group.add(text(words, (x, y - 2.6), TINY, fonts.BOLD, look.TEXT, anchor="middle"))
    return group


def _reach(way: Way) -> Window:
    """Return a window that an edge does not leave: no curve leaves the points that pull it."""
    xs, ys = zip(*(point for curve in way.curves for point in curve), strict=True)
    return Window(min(xs), min(ys), max(xs), max(ys))


def _meet(one: Window, other: Window) -> bool:
    across = one.left < other.right and other.left <= one.right
    return across and one.bottom < other.top and other.bottom <= one.top


def _pieces(way: Way, window: Window) -> tuple[Piece, ...]:
    return tuple(piece for curve in way.curves for piece in within(curve, window))


def _badges(cut: Tiling, tile: Tile) -> Iterator[Group]:
    """Yield where edges come from another tile or go on in one, each place once."""
    known = set()
    for _, pieces in tile.ways:
        for piece in pieces:
            for goes in [False] * piece.comes + [True] * piece.goes:
                at = piece.curve[3] if goes else piece.curve[0]
                side = _side(tile.window, at)
                beyond = cut.tile_at((at[0] + side[0] * _NEAR, at[1] + side[1] * _NEAR))
                along = round((at[1] if side[0] else at[0]) / _BADGE_ROOM)
                if beyond is None or (beyond.number, goes, side, along) in known:
                    continue
                known.add((beyond.number, goes, side, along))
                words = f"→ {beyond.number}" if goes else f"{beyond.number} →"
                yield _badge(words, (at[0] + side[0] * _BADGE / 2, at[1] + side[1] * 6))


def _side(window: Window, at: Point) -> tuple[int, int]:
    """Return the direction in which a point at the edge of a window leaves it."""
    sides = {
        (1, 0): window.right - at[0],
        (-1, 0): at[0] - window.left,
        (0, 1): window.top - at[1],
        (0, -1): at[1] - window.bottom,
    }
    return min(sides, key=lambda side: sides[side])


#: Smallest size of text on these pages, in points.
SMALLEST = TINY * SCALE
#: Tallest tile: what is left of a page has room for its title.
TALLEST = (_ROWS * ROW + BOX_HEIGHT) * SCALE + 2 * _PAD
