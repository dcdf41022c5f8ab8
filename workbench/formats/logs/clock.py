"""Read the times of a log as its mapping says they are written: nanoseconds, in UTC."""

import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from workbench.errors import ProfileError
from workbench.evidence.strict_json import JsonValue
from workbench.model.event_mapping import TimeRule
from workbench.model.moment import FIRST, LAST, SECOND, claimed_ns, nanoseconds
from workbench.model.zone import EXAMPLES, zone_called

_SCALES = {"s": SECOND, "ms": 1_000_000, "us": 1_000, "ns": 1}
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,12})?")
_HAS_ZONE = re.compile(r"(?:[Zz]|[+-]\d\d(?::?\d\d)?)$")
#: ``2026-01-01 10:00:00 -0800``, as many tools write it.
_SPACED = re.compile(r"(?<=\d) ([+-]\d\d:?\d\d)$")
_FRACTION = re.compile(r"(:\d\d)[.,](\d{1,9})\d*")


class Moment(NamedTuple):
    """A time that was read.

    Attributes:
        ns: nanoseconds since 1970 in UTC, or None.
        is_naive: it states no zone; that of the rule was taken.
        is_odd: in that zone the time is there twice, or never: clocks were changed.
    """

    ns: int | None
    is_naive: bool = False
    is_odd: bool = False


_NOTHING = Moment(None)


class Clock:
    """A rule, made ready."""

    def __init__(self, rule: TimeRule, *, what: str) -> None:
        """Take a rule.

        Raises:
            ProfileError: its zone is none.
        """
        self._rule = rule
        self._zone = _zone(rule.zone, what=what)

    def read(self, value: JsonValue) -> Moment:
        """Return the moment that a value says."""
        if value is None:
            return _NOTHING
        rule = self._rule
        if rule.style in _SCALES:
            return Moment(_counted(str(value), _SCALES[rule.style]))
        text = value if isinstance(value, str) else None
        if rule.style == "auto" and (text is None or _NUMBER.fullmatch(text)):
            return Moment(_guessed(value))
        if text is None:
            return _NOTHING
        if rule.style in {"auto", "iso"}:
            text = _SPACED.sub(r"\1", text.replace(" UTC", "Z"))
            if _HAS_ZONE.search(text[10:]):
                return Moment(claimed_ns(text))
            return self._without_zone(_iso(text), _finer(text))
        if rule.style == "bsd":
            return self._bsd(text)
        return self._by_pattern(text)

    def _bsd(self, text: str) -> Moment:
        if self._rule.year is None:
            return _NOTHING
        try:
            read = datetime.strptime(f"{self._rule.year} {text}", "%Y %b %d %H:%M:%S")  # noqa: DTZ007 - the zone comes after
        except ValueError:
            return _NOTHING
        return self._without_zone(read, 0)

    def _by_pattern(self, text: str) -> Moment:
        try:
            read = datetime.strptime(text, self._rule.style)  # noqa: DTZ007 - the zone comes after
        except (ValueError, OverflowError, re.error):
            return _NOTHING
        if read.tzinfo is None:
            return self._without_zone(read, 0)
        return Moment(_bounded(nanoseconds(read)))

    def _without_zone(self, read: datetime | None, finer: int) -> Moment:
        if read is None:
            return _NOTHING
        try:
            early, late = (read.replace(tzinfo=self._zone, fold=fold) for fold in (0, 1))
            odd = early.utcoffset() != late.utcoffset()
            return Moment(_bounded(nanoseconds(early.astimezone(UTC)) + finer), True, odd)
        except (ValueError, OverflowError):
            return _NOTHING


def _zone(name: str, *, what: str) -> tzinfo:
    """Return a zone by its name or offset.

    Raises:
        ProfileError: there is none of that name.
    """
    zone = zone_called(name)
    if zone is None:
        message = f"{what}: {name} is no zone; write {EXAMPLES}."
        raise ProfileError(message, path=what, place="time.zone")
    return zone


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _finer(text: str) -> int:
    """Return the nanoseconds below a microsecond that a text states."""
    fraction = _FRACTION.search(text)
    return int(fraction[2][6:9].ljust(3, "0")) if fraction and len(fraction[2]) > 6 else 0


def _guessed(value: JsonValue) -> int | None:
    """Return a number since 1970, by its size in seconds, milli-, micro- or nanoseconds."""
    text = str(value)
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        return None
    whole = abs(int(text.partition(".")[0]))
    for scale in (SECOND, 1_000_000, 1_000, 1):
        if whole < 10**11 * (SECOND // scale):
            return _counted(text, scale)
    return None


def _counted(text: str, scale: int) -> int | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return _bounded(int(Decimal(text) * scale))
    except (InvalidOperation, ValueError):
        return None


def _bounded(ns: int) -> int | None:
    return ns if FIRST <= ns <= LAST else None
