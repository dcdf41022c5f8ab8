"""Time zones as somebody states them: UTC, an offset, or a name of the IANA database."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

#: What to say where there is none.
EXAMPLES = "UTC, +02:00, or a name as Europe/Berlin"
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)


def zone_called(name: str) -> tzinfo | None:
    """Return a zone by its name or offset, or None if there is none of that name here."""
    if name in {"UTC", "Z"}:
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        hours, minutes = int(offset[2]), int(offset[3])
        if hours < 24 and minutes < 60:
            span = timedelta(hours=hours, minutes=minutes)
            return timezone(span if offset[1] == "+" else -span)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None
