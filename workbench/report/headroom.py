"""No heading stands at the foot of a page without the beginning of what it heads."""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import CondPageBreak
from reportlab.platypus import PageBreak as NewPage

from workbench.report import look
from workbench.report.grid import Grid, Together
from workbench.report.listing import Listing
from workbench.report.typeset import Paragraph

#: Points up to which a flowable counts as short, and of room that a heading asks for at most.
_SHORT = 90.0
_MOST_ROOM = look.ROOM_OF_A_PAGE * 0.5


def without_lone_headings(story: Sequence[Any]) -> list[Any]:
    """Put before each heading the room that it and the beginning of what it heads must have.

    What is short, as an introduction or a few facts, counts together with what follows it.
    """
    done: list[Any] = []
    room, below = 0.0, 0
    for flowable in reversed(story):
        if isinstance(flowable, CondPageBreak):  # asks for room itself, and takes none
            done.append(flowable)
            continue
        own = _beginning(flowable)
        if heading := getattr(flowable, "heading", None):
            room, below = min(room + own, _MOST_ROOM), heading.level
            done += [flowable, CondPageBreak(room)]
            continue
        done.append(flowable)
        room, below = own + (room if _leads(flowable, own, below) else 0), 0
    return done[::-1]


def _leads(flowable: Any, height: float, below: int) -> bool:  # noqa: ANN401 - no types
    """Tell whether a flowable leads to what follows, a heading of level ``below`` or a text (0)."""
    if below:  # only an introduction leads to the parts of its own chapter
        return below > 1 and isinstance(flowable, Paragraph)
    return 0 < height < _SHORT and not isinstance(flowable, Listing)


def _beginning(flowable: Any) -> float:  # noqa: ANN401 - ReportLab ships no types
    """Return how much of a flowable must stand on the page of the heading over it."""
    if isinstance(flowable, NewPage):
        return 0.0
    if isinstance(flowable, Together):
        return sum(_height(each) for each in flowable.parts())
    height = _height(flowable)
    long = isinstance(flowable, Grid) and height >= _SHORT
    return flowable.beginning() if long else height


def _height(flowable: Any) -> float:  # noqa: ANN401 - ReportLab ships no types
    _, height = flowable.wrap(look.MEASURE, look.ROOM_OF_A_PAGE)
    return float(flowable.getSpaceBefore() + height + flowable.getSpaceAfter())
