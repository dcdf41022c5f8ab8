"""Where a record lies on a strip of pixels, and which labels there is room for."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from workbench.model.verdict import AssuranceRange


@dataclass(frozen=True, slots=True)
class Scale:
    """Records ``first`` to ``last`` spread over the pixels from ``left``, ``width`` wide."""

    first: int
    last: int
    left: int
    width: int

    @property
    def records(self) -> int:
        """How many records are shown."""
        return max(self.last - self.first + 1, 1)

    def x(self, record: float) -> int:
        """Return where a record begins; the one after the last gives the right end."""
        # Upwards, as ``record`` goes down: each pixel of a record leads back to it.
        at = ceil((record - self.first) * self.width / self.records)
        return self.left + min(max(at, 0), self.width)

    def middle(self, record: int) -> int:
        """Return the middle of a record."""
        return (self.x(record) + self.x(record + 1)) // 2

    def record(self, x: float) -> int:
        """Return the record at a pixel."""
        at = self.first + int((x - self.left) * self.records / max(self.width, 1))
        return min(max(at, self.first), self.last)

    def shows(self, record: int) -> bool:
        """Tell whether a record is on the strip."""
        return self.first <= record <= self.last


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a place; ``rank`` 0 is placed first."""

    x: int
    width: int
    text: str
    rank: int = 1


def placed(labels: Iterable[Label], left: int, right: int, gap: int = 8) -> list[Label]:
    """Return the labels there is room for, moved inside the ends; none covers another."""
    kept: list[Label] = []
    for label in sorted(labels, key=lambda each: each.rank):
        x = min(max(label.x, left + label.width // 2), right - (label.width + 1) // 2)
        moved = Label(x, label.width, label.text, label.rank)
        if all(abs(x - k.x) >= (label.width + k.width) / 2 + gap for k in kept):
            kept.append(moved)
    return sorted(kept, key=lambda each: each.x)


def free_from(left: int, width: int, right: int, taken: Iterable[int], gap: int = 8) -> int | None:
    """Return where a text can start so that no place in ``taken`` is under it, or None."""
    for place in sorted(taken):
        if left - gap < place < left + width + gap:
            left = place + gap
    return left if left + width <= right else None


def merged(places: Sequence[int], room: int) -> list[list[int]]:
    """Group indices of ascending ``places`` that lie closer than ``room``: one flag each."""
    groups: list[list[int]] = []
    for index, place in enumerate(places):
        if groups and place - places[groups[-1][0]] < room:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def range_at(ranges: Sequence[AssuranceRange], record: int) -> AssuranceRange | None:
    """Return the range that a record lies in; ``ranges`` ascend."""
    index = bisect_right([part.first for part in ranges], record) - 1
    if index < 0 or record > ranges[index].last:
        return None
    return ranges[index]


def level_at(ranges: Sequence[AssuranceRange], record: int) -> int:
    """Return the level of a record; where nothing is said, none."""
    found = range_at(ranges, record)
    return found.level if found else 0
