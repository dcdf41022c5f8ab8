"""Give each node of a graph a layer so that edges run one way (Sugiyama's first two steps)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layered:
    """A graph cut into layers, every edge between neighbouring ones.

    Attributes:
        layer: layer of each node; the first ``real`` are nodes, the rest bends of long edges.
        real: how many nodes the graph has.
        tails: for each piece of an edge, the node in the layer before.
        heads: for each piece of an edge, the node in the layer after.
        bends: for each long edge, by its index, its bends in the order of their layers.
    """

    layer: Ints
    real: int
    tails: Ints
    heads: Ints
    bends: dict[int, tuple[int, ...]]


def ranks(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return a layer for each of ``count`` nodes: edges run down, and are short where they can.

    An edge that closes a circle runs up: it is turned while the layers are found.
    """
    forward = _without_circles(count, edges)
    after: list[list[int]] = [[] for _ in range(count)]
    before: list[list[int]] = [[] for _ in range(count)]
    for tail, head in forward:
        after[tail].append(head)
        before[head].append(tail)
    order = _topological(after, before)
    layer = [0] * count
    for node in order:
        layer[node] = max((layer[b] + 1 for b in before[node]), default=0)
    for _ in range(4):
        longer = layer.copy()
        _shorten(layer, order, after, before)
        if layer == longer:
            break
    lowest = min(layer, default=0)
    return [value - lowest for value in layer]


def cut(layer: Sequence[int], edges: Sequence[tuple[int, int]]) -> Layered:
    """Put a bend into every layer that a long edge passes; edges within a layer have no piece."""
    layers, tails, heads = list(layer), [], []
    bends: dict[int, tuple[int, ...]] = {}
    for index, (tail, head) in enumerate(edges):
        top, bottom = (tail, head) if layer[tail] <= layer[head] else (head, tail)
        span = layer[bottom] - layer[top]
        if span == 0:
            continue
        way = [top, *range(len(layers), len(layers) + span - 1), bottom]
        layers += [layer[top] + step for step in range(1, span)]
        if span > 1:
            bends[index] = tuple(way[1:-1])
        tails += way[:-1]
        heads += way[1:]
    return Layered(
        np.asarray(layers, dtype=np.int64),
        len(layer),
        np.asarray(tails, dtype=np.int64),
        np.asarray(heads, dtype=np.int64),
        bends,
    )


def _without_circles(count: int, edges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Turn each edge that leads back to a node on the way to it (depth first); drop loops."""
    after: list[list[int]] = [[] for _ in range(count)]
    for tail, head in edges:
        if tail != head:
            after[tail].append(head)
    back = _back_edges(after)
    unique = dict.fromkeys(edge for edge in edges if edge[0] != edge[1])
    return [(head, tail) if (tail, head) in back else (tail, head) for tail, head in unique]


def _back_edges(after: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    unseen, open_, done = 0, 1, 2
    state = [unseen] * len(after)
    back: set[tuple[int, int]] = set()
    for root in range(len(after)):
        if state[root] != unseen:
            continue
        state[root] = open_
        way = [(root, iter(after[root]))]
        while way:
            node, rest = way[-1]
            for head in rest:
                if state[head] == open_:
                    back.add((node, head))
                elif state[head] == unseen:
                    state[head] = open_
                    way.append((head, iter(after[head])))
                    break
            else:
                state[node] = done
                way.pop()
    return back


def _topological(after: Sequence[Sequence[int]], before: Sequence[Sequence[int]]) -> list[int]:
    waiting = [len(nodes) for nodes in before]
    order = [node for node, count in enumerate(waiting) if not count]
    for node in order:  # grows while it is read
        for head in after[node]:
            waiting[head] -= 1
            if not waiting[head]:
                order.append(head)
    return order


def _shorten(
    layer: list[int],
    order: Sequence[int],
    after: Sequence[Sequence[int]],
    before: Sequence[Sequence[int]],
) -> None:
    """Move each node to the end of its free range where more of its edges are."""
    at = layer.__getitem__
    for node in reversed(order):
        if after[node] and len(after[node]) >= len(before[node]):
            layer[node] = min(map(at, after[node])) - 1
    for node in order:
        if before[node] and len(before[node]) > len(after[node]):
            layer[node] = max(map(at, before[node])) + 1
