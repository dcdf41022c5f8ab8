"""Measure the drawing of a whole lineage beside graphviz ``dot``: edges that cross, and time.

Both drawings are judged alike: an edge is the straight line between the places of its two things,
and seconds are of processor time, so that a busy machine says the same as a quiet one.
Where ``dot`` has no drawing in time, the time and crossings of ours are printed alone.
"""

import argparse
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from workbench.analysis.layout import place_all  # noqa: E402
from workbench.model.progress import Cancel  # noqa: E402

if TYPE_CHECKING:
    from workbench.model.lineage import NodeId

LAYERS = 12
SEED = 1
#: Above so many edges the crossings are not counted: each is compared with each.
MOST_COUNTED = 25_000
Edges = Sequence[tuple[int, int]]
Drawing = Mapping[int, tuple[float, float]]


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--patience", type=float, default=60)
    options = parser.parse_args()
    dot = shutil.which("dot") or sys.exit("graphviz is needed (apt-get install graphviz)")
    for count in options.nodes:
        edges = lineage(count)
        ours, seconds = drawn_by_us(count, edges)
        theirs, their_seconds = drawn_by_dot(dot, count, edges, options.patience)
        print(f"lineage    {count:,} things, {len(edges):,} edges")
        print(f"workbench  {seconds:.2f} s, {_told(mine := crossings(edges, ours))}")
        if theirs is None:
            print(f"dot        no drawing in {options.patience:.0f} s", flush=True)
            continue
        print(f"dot        {their_seconds:.2f} s, {_told(peer := crossings(edges, theirs))}")
        if mine is not None and peer:
            times = f"{seconds / their_seconds:.2f} x its time"
            print(f"ratio      {mine / peer:.2f} x the crossings of dot, {times}", flush=True)


def lineage(count: int) -> Edges:
    """Return a lineage as pipelines make it: mostly near, one to three sources for each thing."""
    chance, edges = random.Random(SEED), set()  # noqa: S311
    layer = [chance.randrange(LAYERS) for _ in range(count)]
    members: list[list[int]] = [[] for _ in range(LAYERS)]
    for node, at in enumerate(layer):
        members[at].append(node)
    for node, at in enumerate(layer):
        for _ in range(chance.choice([1, 2, 2, 3]) if at else 0):
            above = members[max(0, at - chance.choice([1, 1, 1, 2, 3]))]
            near = int(len(above) * (node / count) + chance.gauss(0, len(above) * 0.05))
            edges.add((above[min(max(near, 0), len(above) - 1)], node))
    return sorted(edges)


def drawn_by_us(count: int, edges: Edges) -> tuple[Drawing, float]:
    """Return our drawing, and how long it took."""
    nodes: list[NodeId] = [(1, str(number)) for number in range(count)]
    pairs = [(nodes[tail], nodes[head]) for tail, head in edges]
    began = time.process_time()
    placed = place_all(nodes, pairs, cancel=Cancel())
    took = time.process_time() - began
    return {n: (float(placed.columns[i]), placed.rows[i]) for n, i in enumerate(nodes)}, took


def drawn_by_dot(
    dot: str, count: int, edges: Edges, patience: float
) -> tuple[Drawing | None, float]:
    """Return the drawing of ``dot``, or None where it takes too long; whole process."""
    lines = [f"{node};" for node in range(count)] + [f"{tail}->{head};" for tail, head in edges]
    asked = "digraph{rankdir=LR;" + "".join(lines) + "}"
    began = _of_children()
    try:
        done = subprocess.run(
            [dot, "-Tplain"], input=asked, capture_output=True, text=True, check=True,
            timeout=patience,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, patience
    took = _of_children() - began
    found = re.finditer(r"^node (\d+) (\S+) (\S+)", done.stdout, re.MULTILINE)
    return {int(each[1]): (float(each[2]), float(each[3])) for each in found}, took


def _of_children() -> float:
    """Return the processor time of all programs that were run and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def crossings(edges: Edges, drawing: Drawing) -> int | None:
    """Return how many pairs of edges cross, or None where they are too many to compare."""
    if len(edges) > MOST_COUNTED:
        return None
    ends = np.array([(*drawing[tail], *drawing[head]) for tail, head in edges])
    return sum(_crossed(ends[n], ends[n + 1 :]) for n in range(len(ends)))


def _crossed(edge: np.ndarray, others: np.ndarray) -> int:
    """Return how many of the others an edge crosses; one that only touches does not cross."""
    start, end, starts, ends = edge[:2], edge[2:], others[:, :2], others[:, 2:]
    apart = _side(start, end, starts) * _side(start, end, ends) < 0
    return int((apart & (_side(starts, ends, start) * _side(starts, ends, end) < 0)).sum())


def _side(start: np.ndarray, end: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return on which side of a line a place lies; as good as on it counts as on it."""
    along, to = end - start, place - start
    area = along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0]
    return np.where(np.abs(area) < 1e-9, 0.0, area)


def _told(count: int | None) -> str:
    return "crossings not counted" if count is None else f"{count:,} crossings"


if __name__ == "__main__":
    main()
