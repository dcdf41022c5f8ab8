"""Which lines of a lineage have room for their mark, and which for a word beside it.

A line says by its own shape what it is, and the list below has every edge: a mark that would lie
on a box or on another mark is left out, and so is a word.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from workbench.gui.lineage.scene import Wire
from workbench.gui.parts.mark import SMALL
from workbench.model.lineage import EdgeStatus

#: A gap between columns that is narrower has no room for words.
WORDS_FROM = 100
WORD_TOP, WORD_HEIGHT = 8, 14
_HALF = SMALL / 2 + 2
_CELL = 48
#: Those that are not as they should be find room first.
_FIRST = (EdgeStatus.BROKEN, EdgeStatus.MISSING, EdgeStatus.VERIFIED, EdgeStatus.CLAIMED)

Rect = tuple[float, float, float, float]


@dataclass(slots=True)
class Taken:
    """What is drawn already, found again by where it is."""

    _cells: dict[tuple[int, int], list[Rect]] = field(default_factory=lambda: defaultdict(list))

    def add(self, rect: Rect) -> None:
        """Take a place."""
        for cell in _cells_of(rect):
            self._cells[cell].append(rect)

    def is_free(self, rect: Rect) -> bool:
        """Tell whether nothing is there."""
        return not any(
            _meet(rect, other) for cell in _cells_of(rect) for other in self._cells.get(cell, ())
        )


def labels_of(
    wires: Sequence[Wire],
    near: Iterable[int],
    boxes: Iterable[Rect],
    *,
    gap: float,
    first: frozenset[int],
    width_of: Callable[[str], float],
) -> list[tuple[int, str]]:
    """Return the lines that get a mark, each with the words that get room, or ""."""
    taken, found = Taken(), []
    for box in boxes:
        taken.add(box)
    order = sorted(near, key=lambda n: (n not in first, _FIRST.index(wires[n].edge.status), n))
    for number in order:
        at = wires[number].mark
        mark = (at.x() - _HALF, at.y() - _HALF, at.x() + _HALF, at.y() + _HALF)
        if number in first or taken.is_free(mark):
            taken.add(mark)
            found.append(number)
    return [(n, _words(wires[n], taken, gap, width_of)) for n in found]


def _words(wire: Wire, taken: Taken, gap: float, width_of: Callable[[str], float]) -> str:
    words = wire.edge.kind.value if gap >= WORDS_FROM else ""
    words = f"{words} ×{wire.edge.count:,}".strip() if wire.edge.count > 1 else words
    if not words:
        return ""
    half, at = width_of(words) / 2, wire.mark
    top = at.y() + WORD_TOP
    rect = (at.x() - half, top, at.x() + half, top + WORD_HEIGHT)
    if not taken.is_free(rect):
        return ""
    taken.add(rect)
    return words


def _cells_of(rect: Rect) -> Iterable[tuple[int, int]]:
    left, top, right, bottom = (int(edge // _CELL) for edge in rect)
    return ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))


def _meet(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
