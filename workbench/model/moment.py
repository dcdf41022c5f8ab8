"""Moments as integer nanoseconds since 1970-01-01 UTC: what a log claims, and what a query asks.

``claimed_ns`` reads whatever a log may hold for a time; ``moment_of`` reads RFC 3339 and nothing
else. A time without zone that a log claims counts as UTC.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
#: What a signed 64-bit integer holds: the years 1677 to 2262.
FIRST, LAST = -(2**63), 2**63 - 1
_FIRST_SECOND, _LAST_SECOND = -(2**33), 2**33

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRACTION = re.compile(r"[.,](\d+)")
_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SECONDS = len("2026-01-01T00:00:00Z")
_LAST_OF = itemgetter(-1)
_WHOLE = len("2026-01-01T00:00:00+00:00")
_MICROSECOND = timedelta(microseconds=1)


def nanoseconds(time: datetime) -> int:
    """Return an aware time as nanoseconds."""
    return (time - _EPOCH) // _MICROSECOND * 1000


def time_of(ns: int) -> datetime:
    """Return nanoseconds as an aware UTC time, cut to microseconds."""
    return _EPOCH + timedelta(microseconds=ns // 1000)


def text_of(ns: int) -> str:
    """Return nanoseconds as RFC 3339 in UTC, with as many digits of a second as it takes."""
    text = time_of(ns).replace(tzinfo=None).isoformat(timespec="seconds")  # %Y is not "0800"
    fraction = f"{ns % SECOND:09d}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"


def claimed_ns(value: object) -> int | None:
    """Return the moment that a log's ``value`` claims, or None if it is none.

    ISO 8601 text, or a number since the epoch: beyond the year 5138 in seconds it is taken for
    milli-, micro- or nanoseconds.
    """
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _of_number(value)


def claimed_each(values: Sequence[Any]) -> list[int | None]:
    """Return ``claimed_ns`` of each value; quick where all are whole seconds in UTC."""
    with suppress(TypeError, ValueError, OverflowError):
        if {*map(len, values)} == {_SECONDS} and {*map(_LAST_OF, values)} == {"Z"}:
            stamps = list(map(datetime.timestamp, map(datetime.fromisoformat, values)))
            near = is_near(min(stamps)) and is_near(max(stamps))
            if near and all(map(float.is_integer, stamps)):
                return [int(stamp) * SECOND for stamp in stamps]
    return [claimed_ns(value) for value in values]


def is_near(second: float) -> bool:
    """Tell whether nanoseconds surely hold a second, and a float its whole number."""
    return _FIRST_SECOND <= second <= _LAST_SECOND


def _of_text(text: str) -> int | None:
    try:
        time = datetime.fromisoformat(text)
        time = time if time.tzinfo else time.replace(tzinfo=UTC)
        if not time.microsecond and len(text) <= _WHOLE:  # by far the most: twice as fast
            return _within(int(time.timestamp()) * SECOND)
        ns = nanoseconds(time)
    except (ValueError, OverflowError):
        return None
    fraction = _FRACTION.search(text, 19) if len(text) > len("2026-01-01T00:00:00.123456") else None
    finer = int(fraction[1][6:9].ljust(3, "0")) if fraction and len(fraction[1]) > 6 else 0
    return _within(ns + finer)


def _of_number(value: float) -> int | None:
    for scale in (1, 1_000, 1_000_000, SECOND):
        if 0 <= value < 1e11 * scale:
            if isinstance(value, int):
                return _within(value * (SECOND // scale))
            return _within(round(value * 1_000_000 / scale) * 1000)
    return None


def moment_of(text: str) -> int | None:
    """Return the moment of an RFC 3339 text (date, time and zone), or None if it is none."""
    found = _RFC3339.fullmatch(text)
    if found is None:
        return None
    date, time, fraction, zone = found.groups()
    try:
        # In UTC it may lie before the year 1 or after 9999: then it is no moment of a calendar.
        whole = datetime.fromisoformat(f"{date}T{time}{zone.upper()}").astimezone(UTC)
        return nanoseconds(whole) + int((fraction or "").ljust(9, "0"))
    except (ValueError, OverflowError):
        return None


def day_of(text: str) -> tuple[int, int] | None:
    """Return first and last nanosecond of the UTC day ``YYYY-MM-DD``, or None if it is none."""
    if not _DATE.fullmatch(text):
        return None
    try:
        first = nanoseconds(datetime.fromisoformat(f"{text}T00:00:00+00:00"))
    except ValueError:
        return None
    return first, first + DAY - 1


def _within(ns: int) -> int | None:
    return ns if FIRST <= ns <= LAST else None
