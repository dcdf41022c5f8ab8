"""What verification found about the records of a source: a level for each, and where it broke."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workbench.model.event import EventFlag
from workbench.model.verdict import AssuranceRange, DiagnosisClass

#: Stands for the last record of a log whose length nobody needs to know.
ENDLESS = 2**62
_SIGNED = 2
#: These name a record that is itself as it was written.
_INTACT = frozenset(
    {
        DiagnosisClass.CLOCK_REGRESSION,
        DiagnosisClass.RECIPE_DOWNGRADED,
        DiagnosisClass.SEQUENCE_ANOMALY,
        DiagnosisClass.HEAD_TRUNCATED,
        DiagnosisClass.TAIL_TRUNCATED,
    }
)

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """Levels and breaks of one source.

    Attributes:
        starts: first record of each stretch of one level; the first is 1.
        levels: its level.
        broken: numbers of records that diagnoses name, sorted.
        judged: whether there is a verdict at all.
    """

    starts: tuple[int, ...] = (1,)
    levels: tuple[int, ...] = (0,)
    broken: tuple[int, ...] = ()
    judged: bool = False

    def level(self, record: int) -> int:
        """Return the assurance level of a record."""
        return self.levels[bisect_right(self.starts, record) - 1]

    def flags(self, record: int) -> set[EventFlag]:
        """Return what was found about a record."""
        at = bisect_right(self.broken, record)
        found = {EventFlag.BROKEN} if at and self.broken[at - 1] == record else set()
        if self.judged and self.level(record) < _SIGNED:
            found.add(EventFlag.UNANCHORED)
        return found

    def with_level(self, wanted: Callable[[int], bool]) -> list[Range]:
        """Return the ranges of records whose level is wanted, joined where they meet."""
        ends = (*(start - 1 for start in self.starts[1:]), ENDLESS)
        ranges: list[Range] = []
        for start, end, level in zip(self.starts, ends, self.levels, strict=True):
            if wanted(level) and ranges and ranges[-1][1] == start - 1:
                ranges[-1] = ranges[-1][0], end
            elif wanted(level):
                ranges.append((start, end))
        return ranges

    def with_flag(self, flag: EventFlag) -> list[Range]:
        """Return the ranges of records that carry a flag of verification."""
        if flag is EventFlag.BROKEN:
            return [(record, record) for record in self.broken]
        if flag is EventFlag.UNANCHORED and self.judged:
            return self.with_level(lambda level: level < _SIGNED)
        return []


NOT_JUDGED = Marks()


def broken_records(found: Iterable[tuple[DiagnosisClass, int | None]]) -> list[int]:
    """Return the records, of diagnoses, whose own bytes or links disagree with their protection."""
    return [record for kind, record in found if record is not None and kind not in _INTACT]


def marks_of(assurance: Iterable[AssuranceRange], broken: Iterable[int]) -> Marks:
    """Return the marks of a source that was judged."""
    starts, levels, after = [1], [0], 1
    for part in sorted(assurance, key=lambda part: part.first):
        if part.first > after:
            _put(starts, levels, after, 0)
        _put(starts, levels, max(part.first, after), part.level)
        after = max(after, part.last + 1)
    _put(starts, levels, after, 0)
    return Marks(tuple(starts), tuple(levels), tuple(sorted(set(broken))), judged=True)


def _put(starts: list[int], levels: list[int], start: int, level: int) -> None:
    if starts[-1] == start:
        levels[-1] = level
    elif levels[-1] != level:
        starts.append(start)
        levels.append(level)
