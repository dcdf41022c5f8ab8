"""A drawing keeps every node apart, every edge forward, and few edges crossing."""

import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.analysis.layering import cut, ranks
from workbench.analysis.layout import coordinates, place_all
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
