"""Each record has one level, whatever ranges a verdict gave; breaks stand by themselves."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.event import EventFlag
from workbench.model.verdict import AssuranceFlag, AssuranceRange, Diagnosis, DiagnosisClass
from workbench.store.marks import ENDLESS, NOT_JUDGED, broken_records, marks_of

FLAGS = list(AssuranceFlag)


def at_level(first: int, last: int, level: int) -> AssuranceRange:
    return AssuranceRange(first, last, frozenset(FLAGS[:level]))


RANGES = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9), st.integers(0, 4)), max_size=6)


def apart(drawn: list[tuple[int, int, int]]) -> list[AssuranceRange]:
    """Return ranges that do not overlap, as verdicts give them."""
    ranges, after = [], 1
    for gap, length, level in drawn:
        first = after + gap - 1
        ranges.append(at_level(first, first + length, level))
        after = first + length + 1
    return ranges


@given(RANGES, st.integers(1, 400))
def test_level_of_a_record_is_that_of_its_range(drawn: list[tuple[int, int, int]], n: int) -> None:
    ranges = apart(drawn)
    inside = [part.level for part in ranges if part.first <= n <= part.last]
    assert marks_of(ranges, []).level(n) == (inside[0] if inside else 0)


@given(RANGES)
def test_ranges_of_levels_cover_every_record_once(drawn: list[tuple[int, int, int]]) -> None:
    marks = marks_of(apart(drawn), [])
    low, high = marks.with_level(lambda n: n < 2), marks.with_level(lambda n: n >= 2)
    every = sorted([*low, *high])
    assert every[0][0] == 1
    assert every[-1][1] == ENDLESS
    assert all(a[1] + 1 == b[0] for a, b in pairwise(every))


def test_broken_record_is_marked_alone() -> None:
    marks = marks_of([at_level(1, 9, 2)], [4, 4, 7])
    assert [n for n in range(1, 10) if EventFlag.BROKEN in marks.flags(n)] == [4, 7]
    assert marks.with_flag(EventFlag.BROKEN) == [(4, 4), (7, 7)]
    assert marks.flags(10) == {EventFlag.UNANCHORED}


def test_what_was_not_judged_has_no_level_and_no_flag() -> None:
    assert (NOT_JUDGED.level(5), NOT_JUDGED.flags(5)) == (0, set())
    assert NOT_JUDGED.with_flag(EventFlag.UNANCHORED) == []


@pytest.mark.parametrize("kind", DiagnosisClass)
def test_a_record_is_broken_only_where_its_own_bytes_or_links_disagree(
    kind: DiagnosisClass,
) -> None:
    """A clock that went back, a gap in numbers, an older recipe: the named record is intact."""
    found = [Diagnosis(kind, record=4)]
    intact = {
        DiagnosisClass.CLOCK_REGRESSION,
        DiagnosisClass.RECIPE_DOWNGRADED,
        DiagnosisClass.SEQUENCE_ANOMALY,
        DiagnosisClass.HEAD_TRUNCATED,
        DiagnosisClass.TAIL_TRUNCATED,
    }
    assert broken_records((each.kind, each.record) for each in found) == (
        [] if kind in intact else [4]
    )
