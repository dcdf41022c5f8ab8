"""A drawing keeps every node apart, every edge forward, and few edges crossing."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lineages import K, lineage_of, states, thing
from workbench.analysis.layering import cut, ranks
from workbench.analysis.layout import _spaced, coordinates, place, place_all
from workbench.analysis.ordering import crossings, order
from workbench.errors import Cancelled
from workbench.model.progress import Cancel

edges_of = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40)


@settings(deadline=None)
@given(edges_of)
def test_edges_run_forward_unless_they_close_a_circle(edges: list[tuple[int, int]]) -> None:
    layer = ranks(12, edges)
    assert min(layer) == 0
    forward = [(a, b) for a, b in edges if layer[a] < layer[b]]
    backward = [(a, b) for a, b in edges if layer[a] > layer[b]]
    assert len(forward) + len(backward) + sum(a == b for a, b in edges) == len(edges)
    assert ranks(12, forward) is not None
    if not _has_circle(edges):
        assert not backward


def _has_circle(edges: list[tuple[int, int]]) -> bool:
    left = {(a, b) for a, b in edges if a != b}
    nodes = set(range(12))
    while sources := {n for n in nodes if all(b != n for _, b in left)}:
        nodes -= sources
        left = {(a, b) for a, b in left if a in nodes}
    return bool(nodes)


@settings(deadline=None)
@given(edges_of)
def test_no_two_nodes_of_a_layer_overlap(edges: list[tuple[int, int]]) -> None:
    layered = cut(ranks(12, edges), edges)
    rows = coordinates(layered, cancel=Cancel())
    for layer in range(int(layered.layer.max()) + 1):
        at = np.sort(rows[layered.layer == layer])
        assert all(b - a >= 1 - 1e-9 for a, b in pairwise(at.tolist()))


@settings(deadline=None)
@given(edges_of)
def test_crossings_are_counted_as_by_hand(edges: list[tuple[int, int]]) -> None:
    layered = cut(ranks(12, edges), edges)
    place = order(layered, cancel=Cancel())
    pieces = list(zip(layered.tails.tolist(), layered.heads.tolist(), strict=True))
    by_hand = sum(
        1
        for n, (a, b) in enumerate(pieces)
        for c, d in pieces[:n]
        if layered.layer[a] == layered.layer[c]
        and (place[a] - place[c]) * (place[b] - place[d]) < 0
    )
    assert crossings(layered, place) == by_hand


def test_a_tangle_that_can_be_undone_is_undone() -> None:
    edges = [(n, 10 + (7 * n) % 10) for n in range(10)]
    layered = cut(ranks(20, edges), edges)
    assert crossings(layered, order(layered, cancel=Cancel())) == 0


def test_the_same_graph_gives_the_same_drawing() -> None:
    rng = random.Random(4)
    nodes = [(1, str(n)) for n in range(200)]
    edges = [(nodes[rng.randrange(n)], nodes[n]) for n in range(1, 200)]
    first, second = (place_all(nodes, edges, cancel=Cancel()) for _ in range(2))
    assert first == second


def test_an_empty_graph_has_an_empty_drawing() -> None:
    assert place_all([], [], cancel=Cancel()).rows == {}


def test_layout_stops_when_asked() -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        place_all([(1, "a"), (1, "b")], [((1, "a"), (1, "b"))], cancel=cancel)


wide = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=5, max_size=45)


@settings(deadline=None, max_examples=40)
@given(wide, st.integers(0, 14), st.integers(0, 14), st.booleans())
def test_what_is_on_screen_keeps_column_and_order_when_a_thing_is_expanded(
    edges: list[tuple[int, int]], focus: int, opened: int, downstream: bool
) -> None:
    lineage = lineage_of(
        [thing(str(n)) for n in range(15)],
        [states(str(b), K.DERIVED_FROM, str(a)) for a, b in edges],
    )
    view = lineage.view((1, str(focus)))
    node = view.nodes[opened % len(view.nodes)].id
    before = place(view, cancel=Cancel())
    wider = lineage.expanded(view, node, downstream=downstream)
    after = place(wider, before=before, cancel=Cancel())
    for layer in {n.layer for n in view.nodes}:
        column = [n.id for n in view.nodes if n.layer == layer]
        assert sorted(column, key=before.rows.__getitem__) == sorted(
            column, key=after.rows.__getitem__
        )
        assert {after.columns[n] for n in column} == {layer}
    for layer in {n.layer for n in wider.nodes}:
        rows = sorted(after.rows[n.id] for n in wider.nodes if n.layer == layer)
        assert all(b - a >= 1 - 1e-9 for a, b in pairwise(rows))


@given(st.lists(st.floats(-50, 50), max_size=40))
def test_places_are_the_nearest_that_are_in_order_and_one_apart(wanted: list[float]) -> None:
    found = _spaced(np.asarray(wanted, dtype=np.float64))
    assert found.tolist() == pytest.approx(_one_by_one(wanted), abs=1e-6)


def _one_by_one(wanted: list[float]) -> list[float]:
    """Return the same by the textbook: pool a value with those before it while they are greater."""
    pools: list[list[float]] = []
    for number, value in enumerate(wanted):
        pools.append([value - number])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    flat = [_mean(pool) for pool in pools for _ in pool]
    return [value + number for number, value in enumerate(flat)]


def _mean(pool: list[float]) -> float:
    return sum(pool) / len(pool)
