"""Lineage on paper: every thing once, every edge whole, text that can be read, cut or not."""

from collections import Counter
from collections.abc import Iterator

import pytest
from reportlab.graphics.shapes import Group, String

from workbench.analysis.folding import folded
from workbench.analysis.layout import place
from workbench.analysis.lineage import Lineage, Placement
from workbench.model.catalog import Relation, RelationKind, Thing, ThingKind
from workbench.model.lineage import EdgeStatus, LineageOf, LineageView
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.report import look
from workbench.report.lineage_picture import _DASHES, _mark
from workbench.report.lineage_plan import point_at, within
from workbench.report.lineage_tiles import SCALE, SMALLEST, TALLEST, Tiling, drawn, key, overview
from workbench.report.lineage_tiles import tiling as cut_up

STATUSES = tuple(EdgeStatus)


def lineage_of(*, runs: int, uses: int = 1, name: str = "data") -> LineageOf:
    """Return data -> runs -> model -> deployment -> use; each edge has a status of its own."""
    names = ["data", *(f"run{n}" for n in range(runs)), "model"]
    names += [f"{kind}{n}" for n in range(uses) for kind in ("out", "use")]
    things = {
        (1, key): Thing(ThingKind.ARTIFACT, "dataset", key, name if key == "data" else key,
                        Locator("x.db"))
        for key in names
    }  # fmt: skip
    pairs = [(f"run{n}", RelationKind.USED, "data") for n in range(runs)]
    pairs += [(f"run{n}", RelationKind.GENERATED, "model") for n in range(runs)]
    pairs += [(f"out{n}", RelationKind.USED, "model") for n in range(uses)]
    pairs += [(f"use{n}", RelationKind.USED, f"out{n}") for n in range(uses)]
    relations = [
        Placement(1, Relation(kind, one, other, Locator("x.db", record=number)))
        for number, (one, kind, other) in enumerate(pairs)
    ]
    graph = Lineage(
        things, relations, judge=lambda p: STATUSES[(p.relation.locator.record or 0) % 4]
    )
    whole = graph.view((1, "model"), up=3, down=2)
    shown = folded(whole, in_layer=22, in_all=90)
    return LineageOf("model", ("F-0001",), whole, shown, place(shown, cancel=Cancel()))


def tiles_of(of: LineageOf) -> Tiling:
    return cut_up(of.shown, of.placed)


def strings(group: Group) -> Iterator[String]:
    for shape in group.contents:
        if isinstance(shape, Group):
            yield from strings(shape)
        elif isinstance(shape, String):
            yield shape


def names_in(of: LineageOf, cut: Tiling) -> Counter[str]:
    titles = {node.title for node in of.shown.nodes}
    found = (s.text for tile in cut.tiles for s in strings(drawn(cut, tile)))
    return Counter(text for text in found if text in titles)


def test_what_fits_on_a_page_is_one_tile():
    of = lineage_of(runs=3, uses=0)
    assert len(tiles_of(of).tiles) == 1


@pytest.mark.parametrize(("runs", "uses"), [(1, 1), (14, 3), (20, 20)])
def test_every_thing_is_on_one_tile_and_no_more(runs, uses):
    of = lineage_of(runs=runs, uses=uses)
    cut = tiles_of(of)
    assert len(cut.tiles) > 1
    assert names_in(of, cut) == Counter(node.title for node in of.shown.nodes)


@pytest.mark.parametrize(("runs", "uses"), [(1, 1), (20, 20)])
def test_the_tiles_together_show_every_edge_from_end_to_end(runs, uses):
    cut = tiles_of(lineage_of(runs=runs, uses=uses))
    for way in cut.plan.ways:
        for curve in way.curves:
            for step in range(101):
                at = point_at(curve, step / 100)
                assert sum(tile.window.holds(at) for tile in cut.tiles) == 1
            pieces = [p for tile in cut.tiles for p in within(curve, tile.window)]
            assert sum(piece.comes for piece in pieces) == sum(piece.goes for piece in pieces)


def test_an_edge_that_is_cut_names_the_tile_on_each_side():
    of = lineage_of(runs=1, uses=1)
    cut = tiles_of(of)
    said = [{s.text for s in strings(drawn(cut, tile))} for tile in cut.tiles]
    assert "→ 2" in said[0]
    assert "1 →" in said[1]


def test_every_tile_is_as_wide_and_tall_as_a_page_has_room_and_its_text_can_be_read():
    cut = tiles_of(lineage_of(runs=20, uses=20))
    assert SMALLEST >= 6.5
    for tile in cut.tiles:
        drawing = drawn(cut, tile)
        assert drawing.height <= TALLEST <= look.ROOM_OF_A_PAGE
        assert drawing.width <= look.WIDTH - 24
        assert all(text.fontSize * SCALE >= 6.5 for text in strings(drawing))
    for drawing in (overview(cut), key()):
        assert all(text.fontSize >= 6.5 for text in strings(drawing))


def test_the_map_numbers_every_tile():
    cut = tiles_of(lineage_of(runs=20, uses=20))
    numbers = {str(tile.number) for tile in cut.tiles}
    assert {text.text for text in strings(overview(cut))} == numbers


def test_each_status_has_a_line_and_a_mark_of_its_own():
    assert len({str(dashes) for dashes in _DASHES.values()}) == len(EdgeStatus)
    shapes = {
        tuple((type(shape).__name__, getattr(shape, "fillColor", None) == look.CANVAS)
              for shape in _mark(status, 0, 0).contents if not isinstance(shape, String))
        for status in EdgeStatus
    }  # fmt: skip
    assert len(shapes) == len(EdgeStatus)


def test_an_empty_view_is_drawn():
    view = LineageView((1, "x"), (), ())
    assert cut_up(view, place(view, cancel=Cancel())).tiles == ()
