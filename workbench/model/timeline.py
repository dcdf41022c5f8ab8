"""What a timeline is asked for, and what it says: parts, each a table of plain cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from enum import StrEnum

from workbench.errors import UsageError
from workbench.model.kept import Cell
from workbench.model.moment import DAY, SECOND, time_of
from workbench.model.zone import EXAMPLES, zone_called

MINUTE = 60 * SECOND
_UNITS = {"s": SECOND, "m": MINUTE, "h": 60 * MINUTE, "d": DAY}
_SPAN = re.compile(r"([0-9]{1,6})(s|m|h|d)", re.ASCII)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]|24):([0-5][0-9])", re.ASCII)


class PartName(StrEnum):
    """A part of a timeline."""

    SOURCES = "sources"
    HISTOGRAM = "histogram"
    GAPS = "gaps"
    BURSTS = "bursts"
    REGRESSIONS = "regressions"
    EVENTS = "events"
    REPEATS = "repeats"
    SEEN = "seen"
    PIVOTS = "pivots"
    SESSIONS = "sessions"
    OFF_HOURS = "off-hours"
    AROUND = "around"


@dataclass(frozen=True, slots=True)
class Pace:
    """What is unusual.

    Attributes:
        times: a gap is longer than so many times the usual spacing; a burst is so much quicker.
        burst: records that make a burst, at least.
        quiet: nanoseconds without a record that end a session.
        tolerance: nanoseconds by which a clock may go back.
    """

    times: int = 10
    burst: int = 20
    quiet: int = 30 * MINUTE
    tolerance: int = 0


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When people work, as the auditor states it.

    Attributes:
        first: minute of the day at which work begins.
        last: minute of the day before which it ends.
        days: days of the week, Monday is 0.
        zone: by whose clock.
        zone_name: what it is called.
    """

    first: int
    last: int
    days: frozenset[int]
    zone: tzinfo
    zone_name: str

    def offsets(self, first: int, last: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return since when (nanoseconds) which offset from UTC holds, over a span of time."""
        starts, offsets = [first], [self._offset(first)]
        for at in range(first, last, DAY):
            end = min(at + DAY, last)
            if self._offset(end) != offsets[-1]:
                starts.append(self._change(at, end, offsets[-1]))
                offsets.append(self._offset(end))
        return tuple(starts), tuple(offsets)

    def _change(self, low: int, high: int, offset: int) -> int:
        """Return the first whole second in a span at which ``offset`` no longer holds."""
        low, high = low // SECOND, -(-high // SECOND)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._offset(middle * SECOND) == offset else (low, middle)
        return high * SECOND

    def _offset(self, ns: int) -> int:
        offset = time_of(ns).astimezone(self.zone).utcoffset() or timedelta()
        return offset // timedelta(seconds=1) * SECOND

    def holds(self, ns: int) -> bool:
        """Tell whether a moment lies within them."""
        local = ns + self._offset(ns)
        day, rest = divmod(local, DAY)
        return (day + 3) % 7 in self.days and self.first <= rest // MINUTE < self.last


#: A record: its source, and its number in it.
Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a timeline.

    Attributes:
        name: which.
        total: how many rows there are.
        rows: those that are shown; each a name and a plain value a column.
        notes: what must be known to read them, in sentences.
        spots: of each row the records that it rests on: the first one, then the last; none of a
            row that rests on no single record.
    """

    name: PartName
    total: int
    rows: tuple[Mapping[str, Cell], ...]
    notes: tuple[str, ...] = ()
    spots: tuple[tuple[Spot, ...], ...] = ()


def span_of(text: str) -> int:
    """Return the nanoseconds of ``90s``, ``5m``, ``2h`` or ``1d``.

    Raises:
        UsageError: it is none of them.
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        raise UsageError(f"{text} is not a span of time like 90s, 5m, 2h or 1d.")
    return int(found[1]) * _UNITS[found[2]]


def said_span(ns: int) -> str:
    """Return nanoseconds in words: the two greatest units."""
    whole, left = [], abs(ns)
    for unit, size in reversed(_UNITS.items()):
        count, left = divmod(left, size)
        if count:
            whole.append(f"{count} {'min' if unit == 'm' else unit}")
    if not whole:
        return f"{abs(ns) / SECOND:.3g} s" if ns else "0 s"
    return " ".join(whole[:2])


def hours_of(hours: str, days: str, zone: str) -> WorkingHours:
    """Return working hours from what was typed: ``08:00-18:00``, ``mon-fri``, ``Europe/Berlin``.

    Raises:
        UsageError: it cannot be understood.
    """
    found = _CLOCK.fullmatch(hours)
    first, last = (0, 0) if found is None else (_minute(found, 1), _minute(found, 3))
    if not first < last <= 24 * 60:
        raise UsageError(f"{hours} are no working hours like 08:00-18:00.")
    return WorkingHours(first, last, _days(days), _zone(zone), zone)


def _zone(name: str) -> tzinfo:
    zone = zone_called(name)
    if zone is None:
        raise UsageError(f"There is no time zone {name}; write {EXAMPLES}.")
    return zone


def _minute(found: "re.Match[str]", group: int) -> int:
    return int(found[group]) * 60 + int(found[group + 1])


def _days(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = part.strip().partition("-")
        if first not in _DAYS or (dash and last not in _DAYS):
            raise UsageError(f"{text} are no days like mon-fri or mon,wed,sat.")
        start, end = _DAYS.index(first), _DAYS.index(last if dash else first)
        days |= {(start + n) % 7 for n in range((end - start) % 7 + 1)}
    return frozenset(days)
