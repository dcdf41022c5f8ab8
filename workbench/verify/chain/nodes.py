"""Stretches whose links hold, in a row: what a diagnosis puts in order."""

import sys
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workbench.verify.chain.facts import ALTERED, MALFORMED, Stretch


@dataclass(slots=True)
class Node:
    """Records in file order, each pointing at the one before; or records that cannot be parsed.

    Attributes:
        stretches: what it is made of, good ones and altered ones.
        index: its position among the nodes of the file.
    """

    stretches: list[Stretch]
    index: int = 0

    @property
    def first(self) -> int:
        """Return the number of its first record."""
        return self.stretches[0].first

    @property
    def last(self) -> int:
        """Return the number of its last record."""
        return self.stretches[-1].last

    @property
    def count(self) -> int:
        """Return how many records it has."""
        return self.last - self.first + 1

    @property
    def hole(self) -> bool:
        """Tell whether its records cannot be parsed."""
        return self.stretches[0].problem == MALFORMED

    @property
    def altered_head(self) -> bool:
        """Tell whether its first record is not reproduced."""
        return self.stretches[0].problem == ALTERED

    @property
    def previous(self) -> str | None:
        """Return what its first record points at."""
        return self.stretches[0].head.previous

    @property
    def own(self) -> str | None:
        """Return the stored digest of its first record."""
        return self.stretches[0].head.own

    @property
    def ends(self) -> frozenset[str]:
        """Return the digests at which a successor may point."""
        return ends_of(self.stretches[-1])

    @property
    def first_skew(self) -> int | None:
        """Return the first good number minus its record number, or None."""
        return next((s for s in map(_head_skew, self.stretches) if s is not None), None)

    @property
    def last_skew(self) -> int | None:
        """Return the last good number minus its record number, or None."""
        return next((s for s in map(_tail_skew, reversed(self.stretches)) if s is not None), None)


def ends_of(stretch: Stretch) -> frozenset[str]:
    """Return the stored digest of the last record, and the recomputed one where it differs."""
    tail = stretch.tail
    return frozenset(digest for digest in (tail.own, tail.recomputed) if digest is not None)


def _head_skew(stretch: Stretch) -> int | None:
    number = stretch.head.sequence
    return None if stretch.problem or number is None else number - stretch.first


def _tail_skew(stretch: Stretch) -> int | None:
    number = stretch.tail.sequence
    return None if stretch.problem or number is None else number - stretch.last


def nodes_of(stretches: Iterable[Stretch]) -> list[Node]:
    """Return the nodes of a log, in file order."""
    nodes: list[Node] = []
    for stretch in stretches:
        if nodes and _belongs(nodes[-1], stretch):
            nodes[-1].stretches.append(stretch)
        else:
            nodes.append(Node([stretch], len(nodes)))
    return nodes


def _belongs(node: Node, stretch: Stretch) -> bool:
    if node.hole or stretch.problem == MALFORMED:
        return node.hole and stretch.problem == MALFORMED
    return stretch.head.previous in node.ends


def last_below(numbers: Sequence[int], limit: int) -> int | None:
    """Return the greatest of sorted ``numbers`` below ``limit``, or None."""
    at = bisect_left(numbers, limit)
    return numbers[at - 1] if at else None


def first_above(numbers: Sequence[int], limit: int) -> int | None:
    """Return the smallest of sorted ``numbers`` above ``limit``, or None."""
    at = bisect_right(numbers, limit)
    return numbers[at] if at < len(numbers) else None


def newest_first(nodes: Sequence[Node]) -> bool:
    """Tell whether each record points at the one that comes after it."""
    single = len(nodes) > 1 and all(node.count == 1 for node in nodes)
    return single and all(left.previous in right.ends for left, right in pairwise(nodes))


def neighbours(nodes: list[Node]) -> Iterator[tuple[Stretch, Stretch]]:
    """Yield good stretches that follow each other and are linked."""
    for node in nodes:
        for left, right in zip(node.stretches, node.stretches[1:], strict=False):
            if not (left.problem or right.problem):
                yield left, right


def groups(left: Iterable[Node]) -> Iterator[list[Node]]:
    """Yield nodes that go together: each points at the end of the one before."""
    group: list[Node] = []
    for node in left:
        if group and node.previous not in group[-1].ends:
            yield group
            group = []
        group.append(node)
    if group:
        yield group


@dataclass(slots=True)
class Tail:
    """Where the chain stands: the last record accepted, and what may follow it.

    Attributes:
        ends: digests at which the next record may point; None for a genesis without digest.
        record: number of the last record accepted, 0 before the first.
        node: the last node accepted, or None.
        holes: records after it that could not be parsed.
    """

    ends: frozenset[str | None]
    record: int = 0
    node: Node | None = None
    holes: int = 0

    @property
    def blind(self) -> bool:
        """Tell whether its last record stores no digest, so that no link to it can be checked."""
        return self.node is not None and self.node.stretches[-1].tail.own is None


@dataclass(slots=True)
class Pool:
    """Nodes that were passed over: they may fit later.

    Attributes:
        episodes: for each node ever passed over, by index, where that passing over began.
    """

    episodes: dict[int, int] = field(default_factory=dict)
    _kept: dict[int, Node] = field(default_factory=dict)
    _by_previous: dict[str | None, deque[Node]] = field(default_factory=dict)
    _edges: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        """Return what is kept, in file order."""
        return [node for _, node in sorted(self._kept.items())]

    def add(self, node: Node, *, episode: int) -> None:
        """Keep a node for later."""
        self._kept[node.index] = node
        self.episodes[node.index] = episode
        self._edges.append((node.first, node.last, node.index))
        if not node.hole:
            self._by_previous.setdefault(node.previous, deque()).append(node)

    def holds(self, record: int) -> bool:
        """Tell whether a record is among what was passed over and is still kept."""
        at = bisect_right(self._edges, (record, sys.maxsize, 0)) - 1
        if at < 0:
            return False
        first, last, index = self._edges[at]
        return first <= record <= last and index in self._kept

    def take(self, ends: frozenset[str | None]) -> Node | None:
        """Return, and forget, a node that follows ``ends``."""
        for end in ends:
            if found := self._by_previous.get(end):
                node = found.popleft()
                del self._kept[node.index]
                return node
        return None
