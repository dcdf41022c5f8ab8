"""The time axis: labels at round moments, breaks in their bins, where no anchor reaches."""

import pytest

from workbench.gui.timeline.asking import Question, around, brushed, span_of
from workbench.gui.timeline.axis import between, bins_of, ticks
from workbench.model.event import Histogram
from workbench.model.moment import DAY, FIRST, LAST, SECOND, moment_of
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area

APRIL = moment_of("2026-04-01T00:00:00Z") or 0


def histogram(width: int, counts=(1,) * 160, first: int = APRIL) -> Histogram:
    return Histogram(first, width, tuple(counts))


@pytest.mark.parametrize(
    ("width", "some"),
    [
        (SECOND // 100, "00:00:00"),
        (60 * SECOND, "00:00"),
        (DAY // 4, "9 Apr"),
        (3 * DAY, "Jul 2026"),
        (400 * DAY, "Jan 2050"),
        (1, "00:00:00"),
    ],
)
def test_labels_are_few_and_stand_at_round_moments(width, some):
    found = list(ticks(histogram(width)))
    assert 1 <= len(found) <= 10
    assert all(0 <= number < 160 for number, _ in found)
    assert len({label for _, label in found}) == len(found)
    assert any(some in label for _, label in found), found


@pytest.mark.parametrize("first", [FIRST, 0, LAST - 1000])
def test_the_ends_of_time_are_no_trouble(first):
    width = max((LAST - first) // 160, 1)
    bins = bins_of(histogram(width, first=first), histogram(width, first=first), [first])
    assert bins.breaks == (0,)


def test_the_stretch_that_no_anchor_reaches_begins_after_the_last_one():
    counts = (1, 1, 0, 1, 1)
    bins = bins_of(histogram(DAY, counts), histogram(DAY, (1, 1, 0, 0, 0)), [])
    assert bins.unanchored_from == 2
    assert bins_of(histogram(DAY, counts), histogram(DAY, counts), []).unanchored_from is None
    assert bins_of(histogram(DAY, counts), histogram(DAY, (0,) * 5), []).unanchored_from == 0
    assert bins_of(histogram(DAY, (0,) * 5), histogram(DAY, (0,) * 5), []).counts == ()


def test_a_question_of_text_and_time_is_one_that_the_index_understands():
    question = Question("actor:a OR actor:b", (APRIL, APRIL + 5))
    assert question.query.startswith('(actor:a OR actor:b) time:["2026-04-01T00:00:00Z".."')
    parse(question.query, FIELDS[Area.EVENTS])
    parse(Question("", around(FIRST)).query, FIELDS[Area.EVENTS])
    parse(Question("", around(LAST)).query, FIELDS[Area.EVENTS])
    assert Question("  ").query.strip() == ""


def test_a_brush_becomes_a_span_and_the_span_the_same_brush():
    from workbench.gui.timeline.asking import Drawn

    found = histogram(DAY)
    drawn = Drawn("", found, bins_of(found, found, []))
    for brush in ((0, 0), (3, 9), (159, 159)):
        assert brushed(drawn, span_of(found, brush)) == brush
    assert brushed(drawn, (0, 1)) is None


@pytest.mark.parametrize(
    ("length", "says"),
    [
        (3600 * SECOND, "1 Apr 2026 00:00:00 – 01:00:00"),
        (9 * DAY, "1 Apr 2026 – 10 Apr 2026"),
    ],
)
def test_a_span_is_said_in_few_words(length, says):
    assert between((APRIL, APRIL + length)) == says
