"""Times as logs claim them: read for comparison, rendered for hashing."""

from datetime import UTC, datetime

from workbench.evidence.strict_json import Number
from workbench.model.recipe import TimeStyle

#: Between date and time; what else ``datetime`` takes there would be covered by nothing.
_BETWEEN = frozenset({"T", " "})
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def moment(value: object) -> float | None:
    """Return seconds since the epoch of an ISO 8601 text or an epoch number; None if it is none.

    A time without zone counts as UTC. Numbers beyond the year 5138 in seconds are taken for
    milli-, micro- or nanoseconds.
    """
    if isinstance(value, Number):
        value = float(value)
    if isinstance(value, str):
        try:
            return _aware(datetime.fromisoformat(value)).timestamp()
        except (ValueError, OverflowError):
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _epoch(value)


def _epoch(value: float) -> float | None:
    for scale in (1, 1_000, 1_000_000, 1_000_000_000):
        if 0 <= value < 1e11 * scale:
            return value / scale
    return None


def _aware(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def later_text(earlier: object, later: object) -> bool:
    """Tell, without parsing, that two ISO texts of one shape and zone do not go back."""
    return (
        type(earlier) is str
        and type(later) is str
        and len(earlier) == len(later)
        and earlier[-6:-2] + earlier[-1:] == later[-6:-2] + later[-1:]
        and earlier[-1] == "Z"
        and earlier <= later
    )


def rendered(value: object, style: TimeStyle) -> str | None:
    """Return a time in another style; None where ``value`` is no ISO time."""
    if not isinstance(value, str) or value[10:11] not in _BETWEEN:
        return None
    try:
        if style.unit == "python":
            return datetime.fromisoformat(value).isoformat()
        time = _aware(datetime.fromisoformat(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if style.unit == "python-utc":
        return time.isoformat()
    whole = int(time.replace(microsecond=0).timestamp())
    if style.unit == "decimal":
        return f"{whole}.{time.microsecond:06d}"[: len(str(whole)) + 1 + style.digits]
    if style.unit in _PER_SECOND:
        scale = _PER_SECOND[style.unit]
        return str(whole * scale + time.microsecond * scale // 1_000_000)
    text = time.strftime(f"%Y-%m-%d{style.separator}%H:%M:%S")
    digits = f"{time.microsecond:06d}".ljust(9, "0")[: style.digits]
    return text + (f".{digits}" if digits else "") + style.zone
