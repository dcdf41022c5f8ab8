"""The question that the timeline asks of the index, and the answers to it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import QueryError
from workbench.gui.parts.histogram import Bins
from workbench.gui.timeline.axis import bins_of
from workbench.model.event import EventOrder, EventSort, Histogram
from workbench.model.moment import FIRST, LAST, SECOND, text_of
from workbench.model.query import parse
from workbench.model.query_fields import FIELDS, Area

if TYPE_CHECKING:
    from workbench.services.investigation import Events
    from workbench.store.case_store import CaseStore

#: Either side of a row, in nanoseconds.
AROUND = 30 * 60 * SECOND
BINS = 160
_MOST_BREAKS = 500
_SIGNED = "level>=2"
_BROKEN = "flag:broken"
BY_TIME = EventOrder(EventSort.TIME)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        text: what the user wrote (VERDICTS section 9).
        span: first and last nanosecond of claimed time, or None: all of it.
    """

    text: str = ""
    span: tuple[int, int] | None = None

    @property
    def query(self) -> str:
        """Return the whole question in the language of the index."""
        return self.also(_within(self.span) if self.span else "")

    def also(self, term: str) -> str:
        """Return what the user wrote together with another term."""
        text = self.text.strip()
        return f"({text}) {term}" if text and term else text or term


@dataclass(frozen=True, slots=True)
class Answer:
    """The events that were asked for.

    Attributes:
        question: what was asked.
        events: those that satisfy it.
        whole: those that satisfy its text, whatever their time.
        of: how many events the case has.
    """

    question: Question
    events: "Events"
    whole: "Events"
    of: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the histogram shows of an answer.

    Attributes:
        text: of the question.
        histogram: counts of all that satisfy the text.
        bins: the same, with labels and marks.
    """

    text: str
    histogram: Histogram
    bins: Bins


def ask(case: "CaseStore", question: Question) -> Answer | QueryError:
    """Return the answer, or what is wrong with the text: that is no failure."""
    from workbench.services.investigation import Events

    try:
        parse(question.text, FIELDS[Area.EVENTS])  # alone: its brackets must close within it
        whole = Events(case, question.text)
        events = Events(case, question.query) if question.span else whole
    except QueryError as error:
        return error
    return Answer(question, events, whole, Events(case).count())


def draw(case: "CaseStore", answer: Answer) -> Drawn:
    """Return the histogram over an answer, with its breaks and where anchors end."""
    from workbench.services.investigation import Events

    asked = answer.question
    found = answer.whole.histogram(bins=BINS)
    span = found.first, min(found.first + found.width * BINS - 1, LAST)
    anchored = Events(case, asked.also(_SIGNED)).histogram(bins=BINS, span=span)
    broken = Events(case, asked.also(_BROKEN)).page(first=0, count=_MOST_BREAKS, order=BY_TIME)
    times = [e.event.time_ns for e in broken if e.event.time_ns is not None]
    return Drawn(asked.text, found, bins_of(found, anchored, times))


def around(ns: int) -> tuple[int, int]:
    """Return the span around a moment."""
    return max(ns - AROUND, FIRST), min(ns + AROUND, LAST)


def brushed(drawn: Drawn, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return the bins that a span touches, or None where none is."""
    histogram = drawn.histogram
    if span is None or not drawn.bins.counts:
        return None
    first, last = ((ns - histogram.first) // histogram.width for ns in span)
    if last < 0 or first >= len(histogram.counts):
        return None
    return max(first, 0), min(last, len(histogram.counts) - 1)


def span_of(histogram: Histogram, brush: tuple[int, int]) -> tuple[int, int]:
    """Return first and last nanosecond of some bins."""
    start, end = brush
    last = histogram.first + (end + 1) * histogram.width - 1
    return histogram.first + start * histogram.width, min(last, LAST)


def _within(span: tuple[int, int]) -> str:
    return f'time:["{text_of(span[0])}".."{text_of(span[1])}"]'
