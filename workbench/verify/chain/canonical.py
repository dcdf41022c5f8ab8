"""What is surely canonical: ``orjson`` writes the very bytes that it read, members sorted."""

import orjson

from workbench.evidence.limits import LIMITS

SORTED = orjson.OPT_SORT_KEYS
MOST_NUMBER = 10**18
#: A shorter line cannot be nested deeper than the limit.
SHALLOW = 2 * LIMITS.json_depth


def is_shallow(record: bytes) -> bool:
    """Tell whether a record is surely not nested deeper than the limit."""
    return record.count(b"{") + record.count(b"[") <= LIMITS.json_depth


def canonical_record(line: bytes) -> dict[str, object] | None:
    """Return the record in a line that is surely canonical; None where it may not be."""
    try:
        record = orjson.loads(line)
        written = orjson.dumps(record, option=SORTED)
    except (ValueError, TypeError):
        return None
    surely = written == line and isinstance(record, dict) and is_shallow(line)
    return record if surely else None
