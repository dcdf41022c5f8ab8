"""Times as sources claim them, read into aware UTC; what is no time is None."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_milliseconds(value: object) -> datetime | None:
    """Return a count of milliseconds since 1970-01-01 UTC as a time."""
    if type(value) is not int:
        return None
    try:
        return EPOCH + timedelta(milliseconds=value)
    except OverflowError:
        return None


def from_iso(value: object) -> datetime | None:
    """Return an ISO 8601 text as a time; without an offset from UTC it says no instant."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
        return time.astimezone(UTC) if time.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
