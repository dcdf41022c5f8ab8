"""Where each node of a lineage is drawn: layers left to right, few crossings, straight edges."""

from collections.abc import Mapping, Sequence

import numpy as np

from workbench.analysis.layering import Ints, Layered, cut, ranks
from workbench.analysis.ordering import Floats, order
from workbench.model.lineage import LineageView, NodeId, Placed
from workbench.model.progress import Cancel

STRAIGHTENING = 8


def place(view: LineageView, *, before: Placed | None = None, cancel: Cancel) -> Placed:
    """Return the drawing of a view: its layers are columns.

    Args:
        view: what is drawn.
        before: a drawing of a part of it: what that shows keeps its order in each column.
        cancel: the user may not want to wait.

    Raises:
        Cancelled: the user stopped it.
    """
    index = {node.id: n for n, node in enumerate(view.nodes)}
    edges = [(index[edge.tail], index[edge.head]) for edge in view.edges]
    lowest = min((node.layer for node in view.nodes), default=0)
    layered = cut([node.layer - lowest for node in view.nodes], edges)
    old = {} if before is None else before.rows
    known = [old.get(node.id, np.nan) for node in view.nodes]
    rows = coordinates(layered, known=np.asarray(known), cancel=cancel)
    columns = {node.id: node.layer for node in view.nodes}
    return _placed(index, columns, layered, rows, lowest)


def place_all(
    nodes: Sequence[NodeId], edges: Sequence[tuple[NodeId, NodeId]], *, cancel: Cancel
) -> Placed:
    """Return a drawing of a whole graph; layers are found so that edges run one way."""
    index = {node: n for n, node in enumerate(nodes)}
    pairs = [(index[tail], index[head]) for tail, head in edges]
    layer = ranks(len(nodes), pairs)
    layered = cut(layer, pairs)
    rows = coordinates(layered, cancel=cancel)
    return _placed(index, dict(zip(nodes, layer, strict=True)), layered, rows, 0)


def coordinates(layered: Layered, *, known: Floats | None = None, cancel: Cancel) -> Floats:
    """Return the row of each node and bend: one apart at least, neighbours level where they can.

    Nodes with a ``known`` row (others have none, NaN) keep the order that these have in a layer.
    """
    if not len(layered.layer):
        return np.zeros(0)
    places = order(layered, cancel=cancel)
    if known is not None:
        _keep_order(places, layered.layer[: layered.real], known)
    members = [
        nodes[np.argsort(places[nodes])]
        for nodes in (
            np.flatnonzero(layered.layer == d) for d in range(int(layered.layer.max()) + 1)
        )
    ]
    rows = places.astype(np.float64)
    tallest = max(len(nodes) for nodes in members)
    for nodes in members:
        rows[nodes] += (tallest - len(nodes)) / 2
    for turn in range(STRAIGHTENING):
        cancel.check()
        _straighten(rows, layered, members if turn % 2 == 0 else members[::-1])
    lowest: float = rows.min()
    return np.asarray(rows - lowest)


def _keep_order(places: Ints, layer: Ints, known: Floats) -> None:
    """Let the known nodes of each layer change places so that their order is the known one."""
    nodes = np.flatnonzero(~np.isnan(known))
    by_place = nodes[np.lexsort((places[nodes], layer[nodes]))]
    by_row = nodes[np.lexsort((places[nodes], known[nodes], layer[nodes]))]
    places[by_row] = places[by_place]


def _straighten(rows: Floats, layered: Layered, members: Sequence[Ints]) -> None:
    """Draw each layer towards the mean of its neighbours, in order and one row apart."""
    tails, heads, count = layered.tails, layered.heads, len(rows)
    degree = np.bincount(heads, minlength=count) + np.bincount(tails, minlength=count)
    total = np.bincount(heads, weights=rows[tails], minlength=count)
    total += np.bincount(tails, weights=rows[heads], minlength=count)
    wanted = np.where(degree > 0, total / np.maximum(degree, 1), rows)
    for nodes in members:
        rows[nodes] = _spaced(wanted[nodes])


def _spaced(wanted: Floats) -> Floats:
    """Return the places nearest to ``wanted`` that are in order and one apart.

    That is isotonic regression of what is wanted less the spacing: what falls is pooled, a whole
    run of falling pools at once, until nothing falls (pool adjacent violators: any order will do).
    """
    if not len(wanted):
        return wanted
    steps = np.arange(len(wanted))
    sums, counts = wanted - steps, np.ones(len(wanted))
    while True:
        means = sums / counts
        starts = np.flatnonzero(np.concatenate(([True], means[1:] >= means[:-1])))
        if len(starts) == len(means):
            return np.asarray(np.repeat(means, counts.astype(np.int64)) + steps)
        sums, counts = np.add.reduceat(sums, starts), np.add.reduceat(counts, starts)


def _placed(
    index: Mapping[NodeId, int],
    columns: Mapping[NodeId, int],
    layered: Layered,
    rows: Floats,
    first: int,
) -> Placed:
    bends = {
        edge: tuple((int(layered.layer[b]) + first, float(rows[b])) for b in way)
        for edge, way in layered.bends.items()
    }
    return Placed(columns, {node: float(rows[n]) for node, n in index.items()}, bends)
