"""One event of a plain log as it was read, and what is doubtful about such logs."""

from enum import StrEnum
from typing import NamedTuple

from workbench.model.event import Outcome


class LogProblem(StrEnum):
    """What is doubtful about events that were read."""

    DUPLICATE_EVENT = "DUPLICATE_EVENT"
    TIME_GOES_BACK = "TIME_GOES_BACK"
    TIME_OUTSIDE = "TIME_OUTSIDE"
    NO_EVENT_TIME = "NO_EVENT_TIME"
    UNKNOWN_VERSION = "UNKNOWN_VERSION"
    EVENTS_LOST = "EVENTS_LOST"
    LOGGING_CHANGED = "LOGGING_CHANGED"


#: What is doubtful about events and hides none of them.
READ_ALL_THE_SAME = frozenset(
    {LogProblem.DUPLICATE_EVENT, LogProblem.TIME_GOES_BACK, LogProblem.TIME_OUTSIDE}
)


class LogEvent(NamedTuple):
    """An event.

    Attributes:
        file: which file of its source it lies in, from 0.
        number: which record of that file it is, from 1.
        offset: where its bytes begin in that file.
        length: how many they are.
        time_ns: when, as claimed, or None.
        time_text: that, as it is written, or "".
        actor: who, or None.
        action: what was done, or None.
        object: to what, or None.
        outcome: whether it was done.
        key: what no two events share, or "".
        is_malformed: it could not be read.
    """

    file: int
    number: int
    offset: int
    length: int
    time_ns: int | None = None
    time_text: str = ""
    actor: str | None = None
    action: str | None = None
    object: str | None = None
    outcome: Outcome = Outcome.UNKNOWN
    key: str = ""
    is_malformed: bool = False
