"""Where each node of a lineage is drawn: layers left to right, few crossings, straight edges."""

from collections.abc import Mapping, Sequence

import numpy as np

from workbench.analysis.layering import Ints, Layered, cut, ranks
from workbench.analysis.ordering import Floats, order
from workbench.model.lineage import LineageView, NodeId, Placed
from workbench.model.progress import Cancel

STRAIGHTENING = 8


def place(view: LineageView, *, cancel: Cancel) -> Placed:
    """Return the drawing of a view: its layers are columns.

    Raises:
        Cancelled: the user stopped it.
    """
    index = {node.id: n for n, node in enumerate(view.nodes)}
    edges = [(index[edge.tail], index[edge.head]) for edge in view.edges]
    lowest = min((node.layer for node in view.nodes), default=0)
    layered = cut([node.layer - lowest for node in view.nodes], edges)
    rows = coordinates(layered, cancel=cancel)
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


def coordinates(layered: Layered, *, cancel: Cancel) -> Floats:
    """Return the row of each node and bend: one apart at least, neighbours level where they can."""
    if not len(layered.layer):
        return np.zeros(0)
    places = order(layered, cancel=cancel)
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


def _straighten(rows: Floats, layered: Layered, members: Sequence[Ints]) -> None:
    """Draw each layer towards the mean of its neighbours, in order and one row apart."""
    degree = np.bincount(
        np.concatenate((layered.tails, layered.heads)), minlength=len(rows)
    ).astype(np.float64)
    total = np.zeros(len(rows))
    np.add.at(total, layered.heads, rows[layered.tails])
    np.add.at(total, layered.tails, rows[layered.heads])
    wanted = np.where(degree > 0, total / np.maximum(degree, 1), rows)
    for nodes in members:
        rows[nodes] = _spaced(wanted[nodes])


def _spaced(wanted: Floats) -> Floats:
    """Return the places nearest to ``wanted`` that are in order and one apart.

    That is isotonic regression of what is wanted less the spacing (pool adjacent violators).
    """
    steps = np.arange(len(wanted))
    sums: list[float] = []
    counts: list[int] = []
    for value in (wanted - steps).tolist():
        total, count = value, 1
        while sums and sums[-1] / counts[-1] > total / count:
            total += sums.pop()
            count += counts.pop()
        sums.append(total)
        counts.append(count)
    means = np.asarray(sums) / np.asarray(counts) if sums else np.zeros(0)
    return np.repeat(means, counts) + steps


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
