"""Order the nodes of each layer so that few edges cross (barycentre sweeps, then switching).

Vectorised: a sweep costs a few numpy passes over the edges, whatever the shape of the graph.
"""

import itertools
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.analysis.layering import Ints, Layered
from workbench.model.progress import Cancel

Floats = NDArray[np.float64]

TURNS = 12
FEW_TURNS = 5
SWITCHES = 12
#: Beyond so many pieces of edges a turn more costs more than it brings.
MANY = 10_000
#: Pairs of edges that one switching pass may compare at once.
MOST_PAIRS = 4_000_000


@dataclass(frozen=True, slots=True)
class _Side:
    """The pieces of edges on one side of each layer.

    Attributes:
        near: the node in the layer that is being ordered.
        far: the node in the layer that is already ordered.
        slices: where the pieces of each layer stand in the two.
    """

    near: Ints
    far: Ints
    slices: list[slice]

    def of(self, layer: int) -> tuple[Ints, Ints]:
        """Return the pieces of one layer."""
        part = self.slices[layer]
        return self.near[part], self.far[part]


def order(layered: Layered, *, cancel: Cancel) -> Ints:
    """Return the place of each node in its layer, from 0.

    A small graph is ordered from several beginnings, and the one with the fewest crossings kept.

    Raises:
        Cancelled: the user stopped it.
    """
    depth = int(layered.layer.max()) + 1 if len(layered.layer) else 0
    members = _members(layered.layer, depth)
    down = _side(layered.heads, layered.tails, layered.layer, depth)
    up = _side(layered.tails, layered.heads, layered.layer, depth)
    many = len(layered.tails) > MANY
    found = []
    for wide_first in (False,) if many else (False, True):
        for backwards in (False,) if many else (False, True):
            place = _start(layered, members, wide_first=wide_first, backwards=backwards)
            turns = FEW_TURNS if many else TURNS
            place = _swept(place, layered, (down, up), members, turns=turns, cancel=cancel)
            _switch_all(place, (down, up), members, cancel=cancel)
            found.append(place)
    return min(found, key=lambda place: crossings(layered, place))


def _swept(
    place: Ints,
    layered: Layered,
    sides: tuple[_Side, _Side],
    members: list[Ints],
    *,
    turns: int,
    cancel: Cancel,
) -> Ints:
    """Go down and up through the layers, and return the best order seen."""
    down, up = sides
    best, fewest = place.copy(), crossings(layered, place)
    for _ in range(turns):
        cancel.check()
        for layer in range(1, len(members)):
            _by_barycentre(down, layer, place, members[layer])
        for layer in range(len(members) - 2, -1, -1):
            _by_barycentre(up, layer, place, members[layer])
        count = crossings(layered, place)
        if count < fewest:
            best, fewest = place.copy(), count
    return best


def crossings(layered: Layered, place: Ints) -> int:
    """Return how many pairs of pieces of edges cross."""
    total = 0
    layer_of = layered.layer[layered.tails]
    by_layer = np.argsort(layer_of, kind="stable")
    bounds = np.searchsorted(layer_of[by_layer], np.arange(int(layer_of.max(initial=0)) + 2))
    for first, last in itertools.pairwise(bounds):
        part = by_layer[first:last]
        tails, heads = place[layered.tails[part]], place[layered.heads[part]]
        total += _inversions(heads[np.lexsort((heads, tails))])
    return total


def _inversions(values: Ints) -> int:
    """Return how many pairs stand in the wrong order, by merging blocks of doubling width."""
    count = len(values)
    if count < 2:
        return 0
    spread = int(values.max()) + 1
    index, total, width = np.arange(count), 0, 1
    while width < count:
        block = index // (2 * width)
        left = (index // width) % 2 == 0
        keys = block * spread + values
        greater = np.searchsorted(block[left], block[~left], side="right") - np.searchsorted(
            keys[left], keys[~left], side="right"
        )
        total += int(greater.sum())
        values = np.sort(keys) - block * spread
        width *= 2
    return total


def _members(layer: Ints, depth: int) -> list[Ints]:
    by_layer = np.argsort(layer, kind="stable")
    bounds = np.searchsorted(layer[by_layer], np.arange(depth + 1))
    return [by_layer[a:b] for a, b in itertools.pairwise(bounds)]


def _side(near: Ints, far: Ints, layer: Ints, depth: int) -> _Side:
    by_layer = np.argsort(layer[near], kind="stable")
    bounds = np.searchsorted(layer[near][by_layer], np.arange(depth + 1))
    slices = [slice(int(a), int(b)) for a, b in itertools.pairwise(bounds)]
    return _Side(near[by_layer], far[by_layer], slices)


def _start(layered: Layered, members: list[Ints], *, wide_first: bool, backwards: bool) -> Ints:
    """Return a first order in which things that hang together lie together."""
    rank = np.asarray(_walk(layered, wide_first=wide_first), dtype=np.int64)
    if backwards:
        rank = -rank
    place = np.zeros(len(rank), dtype=np.int64)
    for nodes in members:
        place[nodes[np.argsort(rank[nodes], kind="stable")]] = np.arange(len(nodes))
    return place


def _walk(layered: Layered, *, wide_first: bool) -> list[int]:
    """Return the turn in which a walk along the edges, either way, meets each node."""
    beside: list[list[int]] = [[] for _ in range(len(layered.layer))]
    for tail, head in zip(layered.tails.tolist(), layered.heads.tolist(), strict=True):
        beside[tail].append(head)
        beside[head].append(tail)
    turn = [-1] * len(beside)
    met = 0
    for root in range(len(beside)):
        waiting = deque((root,))
        while waiting:
            node = waiting.popleft() if wide_first else waiting.pop()
            if turn[node] < 0:
                turn[node], met = met, met + 1
                waiting.extend(other for other in beside[node] if turn[other] < 0)
    return turn


def _by_barycentre(side: _Side, layer: int, place: Ints, nodes: Ints) -> None:
    """Order one layer by the mean place of neighbours; a node without any keeps its place."""
    near, far = side.of(layer)
    if not len(near):
        return
    local = np.searchsorted(nodes, near)
    degree = np.bincount(local, minlength=len(nodes))
    total = np.bincount(local, weights=place[far], minlength=len(nodes))
    # A far layer of another width has places of another scale.
    scale = len(nodes) / (int(place[far].max()) + 1)
    wanted = np.where(degree > 0, total / np.maximum(degree, 1) * scale, place[nodes])
    place[nodes[np.lexsort((place[nodes], wanted))]] = np.arange(len(nodes))


def _switch_all(
    place: Ints, sides: tuple[_Side, _Side], members: list[Ints], *, cancel: Cancel
) -> None:
    """Exchange neighbours in a layer while that helps: each exchange leaves fewer crossings."""
    still = 0
    for turn in range(SWITCHES):
        cancel.check()
        moved = 0
        for layer, nodes in enumerate(members):
            pieces = [side.of(layer) for side in sides]
            moved += _switch(place, pieces, nodes, turn % 2)
        still = 0 if moved else still + 1
        if still == 2:  # neither the even nor the odd pairs have anything to gain
            break


def _switch(place: Ints, pieces: list[tuple[Ints, Ints]], nodes: Ints, odd: int) -> int:
    """Exchange pairs (0, 1), (2, 3)… or (1, 2), (3, 4)… of one layer where that helps."""
    ordered = nodes[np.argsort(place[nodes])]
    pairs = (len(ordered) - odd) // 2
    if pairs < 1:
        return 0
    gain = np.zeros(pairs, dtype=np.int64)
    for near, far in pieces:
        gain += _gain(place[near] - odd, place[far], pairs)
    left = odd + 2 * np.flatnonzero(gain > 0)
    place[ordered[left]], place[ordered[left + 1]] = left + 1, left
    return len(left)


def _gain(at: Ints, far: Ints, pairs: int) -> Ints:
    """Return by how much each exchange of neighbours lowers the crossings on one side."""
    inside = (at >= 0) & (at < 2 * pairs)
    at, far = at[inside], far[inside]
    by_place = np.argsort(at, kind="stable")
    at, far = at[by_place], far[by_place]
    bounds = np.searchsorted(at, np.arange(2 * pairs + 1))
    degree = np.diff(bounds)
    left, right = degree[0::2], degree[1::2]
    count = left * right
    if not count.sum() or count.sum() > MOST_PAIRS:
        return np.zeros(pairs, dtype=np.int64)
    pair = np.repeat(np.arange(pairs), count)
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    a = far[bounds[0:-1:2][pair] + within // right[pair]]
    b = far[bounds[1::2][pair] + within % right[pair]]
    return np.bincount(pair, weights=np.sign(a - b), minlength=pairs).astype(np.int64)
