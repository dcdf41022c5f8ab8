"""What is asked of the events in time, as the user typed it, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import QueryError, UsageError
from workbench.gui.text import tr
from workbench.model.progress import Cancel, Progress
from workbench.model.timeline import Pace, Part, PartName, Spot, WorkingHours, hours_of, span_of

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

#: The parts, in the order of their list.
PARTS = (
    PartName.GAPS,
    PartName.BURSTS,
    PartName.REGRESSIONS,
    PartName.OFF_HOURS,
    PartName.AROUND,
    PartName.SEEN,
    PartName.PIVOTS,
    PartName.SESSIONS,
    PartName.REPEATS,
    PartName.SOURCES,
)
#: Rows of a part that are shown; all of them are counted.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Said:
    """What the user states; every text as it was typed.

    Attributes:
        query: which events (VERDICTS section 9).
        times: so many times the usual is unusual.
        burst: records of a burst.
        quiet: pause that ends a session.
        tolerance: by which a clock may go back.
        hours: working hours, or "": nobody stated them.
        days: working days.
        zone: by whose clock.
        within: how far around a record.
        near: that record, or None.
    """

    query: str = ""
    times: str = "10"
    burst: str = "20"
    quiet: str = "30m"
    tolerance: str = "0s"
    hours: str = ""
    days: str = "mon-fri"
    zone: str = ""
    within: str = "5m"
    near: Spot | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the events say in time.

    Attributes:
        said: what was asked.
        parts: each part that could be asked.
        lacking: why another could not, in a sentence.
    """

    said: Said
    parts: Mapping[PartName, Part]
    lacking: Mapping[PartName, str]


Refused = QueryError | UsageError


def ask(case: "CaseStore", said: Said, progress: Progress, cancel: Cancel) -> Answer | Refused:
    """Return every part, or what is wrong with what was typed: that is no failure."""
    from workbench.services.timeline import CaseTimeline, Near, Wish

    try:
        pace = _pace(said)
        near = Near(f"{said.near[0]}:{said.near[1]}", span_of(said.within)) if said.near else None
        wish = Wish(stated_hours(said.hours, said.days, said.zone), near)
        timeline = CaseTimeline(case, said.query, pace=pace, most=MOST)
    except (QueryError, UsageError) as error:
        return error
    parts: dict[PartName, Part] = {}
    lacking: dict[PartName, str] = {}
    for number, name in enumerate(PARTS):
        cancel.check()
        progress.advance(number, len(PARTS), name.value)
        lacking[name] = _lack(name, wish.hours, said.near)
        if lacking[name]:
            continue
        try:
            parts[name] = timeline.part(name, wish)
        except UsageError as error:  # the record claims no time
            lacking[name] = error.message
    return Answer(said, parts, {name: why for name, why in lacking.items() if why})


def stated_hours(hours: str, days: str, zone: str) -> WorkingHours | None:
    """Return when people work, or None: nobody stated it. A zone is never guessed.

    Raises:
        UsageError: it cannot be understood, or only half of it was stated.
    """
    if not hours.strip():
        return None
    if not zone.strip():
        raise UsageError("State the time zone of the working hours, as Europe/Berlin or +02:00.")
    return hours_of(hours.strip(), days.strip(), zone.strip())


def _lack(name: PartName, hours: WorkingHours | None, near: Spot | None) -> str:
    if name is PartName.OFF_HOURS and hours is None:
        return tr("State when people work, and by whose clock: nothing is guessed.")
    if name is PartName.AROUND and near is None:
        return tr("Select a row of another list, or an event of the timeline, then press W.")
    return ""


def _pace(said: Said) -> Pace:
    return Pace(
        _number(said.times, 2, 1_000_000),
        _number(said.burst, 2, 100_000),
        span_of(said.quiet.strip()),
        span_of(said.tolerance.strip()),
    )


def _number(text: str, least: int, most: int) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and least <= int(digits[:9]) <= most):
        raise UsageError(f"{text} is not a number from {least:,} to {most:,}.")
    return int(digits)
