"""Where a record lies, which labels there is room for, which flags merge."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workbench.gui.parts.proportion import shares
from workbench.gui.parts.scale import (
    Label,
    Scale,
    free_from,
    level_at,
    merged,
    placed,
    range_at,
)
from workbench.model.verdict import AssuranceFlag, AssuranceRange

labels = st.lists(
    st.builds(
        Label,
        x=st.integers(-50, 1050),
        width=st.integers(1, 200),
        text=st.just("1"),
        rank=st.integers(0, 2),
    ),
    max_size=30,
)


@given(st.integers(1, 10**12), st.integers(20, 3000), st.data())
def test_a_record_is_found_where_it_is_drawn(records, width, data):
    scale = Scale(1, records, 0, width)
    record = data.draw(st.integers(1, records))
    at = scale.x(record)
    assert 0 <= at <= width
    if records <= width:
        assert {scale.record(x) for x in range(at, scale.x(record + 1))} == {record}
        assert scale.record(scale.middle(record)) == record
    else:
        assert abs(scale.record(at) - record) <= records / width + 1


@given(labels)
def test_no_label_covers_another_and_none_leaves_the_strip(given_labels):
    kept = placed(given_labels, 0, 1000, gap=8)
    for label in kept:
        assert label.x - label.width // 2 >= 0
        assert label.x + (label.width + 1) // 2 <= 1000
    for left, right in pairwise(kept):
        assert right.x - left.x >= (left.width + right.width) / 2 + 8


@given(labels)
def test_the_label_that_matters_most_is_placed(given_labels):
    if given_labels:
        kept = placed(given_labels, 0, 1000)
        assert min(label.rank for label in given_labels) in {label.rank for label in kept}


@given(st.lists(st.integers(0, 1000), max_size=50).map(sorted), st.integers(1, 200))
def test_flags_that_would_touch_merge_and_none_is_lost(places, room):
    groups = merged(places, room)
    assert [n for group in groups for n in group] == list(range(len(places)))
    firsts = [places[group[0]] for group in groups]
    assert all(b - a >= room for a, b in pairwise(firsts))


@given(st.integers(0, 500), st.integers(1, 200), st.lists(st.integers(0, 800), max_size=8))
def test_text_is_put_where_it_covers_no_break(left, width, taken):
    start = free_from(left, width, 800, taken)
    if start is not None:
        assert start >= left
        assert start + width <= 800
        assert not [place for place in taken if start < place < start + width]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6), st.integers(30, 2000))
def test_what_is_there_is_seen_and_the_bar_is_full(counts, width):
    widths = shares(counts, width)
    if any(counts):
        assert sum(widths) == width
    for count, drawn in zip(counts, widths, strict=True):
        assert (drawn >= 3) == (count > 0) or not any(counts)


def test_a_record_outside_all_ranges_has_no_level():
    ranges = (AssuranceRange(5, 9, frozenset({AssuranceFlag.CONSISTENT})),)
    assert range_at(ranges, 4) is None
    assert range_at(ranges, 10) is None
    assert (level_at(ranges, 4), level_at(ranges, 5)) == (0, 1)
