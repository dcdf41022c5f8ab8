"""A field in which each record of a log seems to hold a digest of its own.

Such a log may be chained without storing its links: whether it is, only a search can show.
"""

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence

from workbench.evidence.strict_json import JsonError, JsonValue, parse

#: Records that are looked at, and how many at least show something.
MOST, _FEWEST = 20, 3
_NAME = re.compile(
    r"(?:(?:entry|record|event|row|line|log|chain|current|this|own|self)_?)?"
    r"(?:hash|digest|hmac|mac|checksum|integrity)",
    re.IGNORECASE,
)
#: Hex of 32 or 64 bytes, with what may stand before it.
_DIGEST = re.compile(r"(?:0x|sha(?:256|512):)?[0-9A-Fa-f]{64}(?:[0-9A-Fa-f]{64})?")


def own_digest(records: Sequence[Mapping[str, JsonValue]]) -> str | None:
    """Return the field in which each record has a digest, no two the same, or None."""
    if len(records) < _FEWEST:
        return None
    for name in filter(_NAME.fullmatch, records[0]):
        values = [record.get(name) for record in records]
        digests = {value for value in values if isinstance(value, str) and _DIGEST.fullmatch(value)}
        if len(digests) == len(values):
            return name
    return None


def own_digest_of_lines(lines: Iterable[bytes]) -> str | None:
    """Return that field of the first records of a log of one JSON object a line, or None."""
    records = list[Mapping[str, JsonValue]]()
    for line in lines:
        try:
            value = parse(line.removeprefix(codecs.BOM_UTF8), what="record")
        except JsonError:
            continue
        if isinstance(value, dict):
            records.append(value)
        if len(records) == MOST:
            break
    return own_digest(records)
