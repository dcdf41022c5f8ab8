"""Public keys as ``aws cloudtrail list-public-keys`` prints them.

AWS CLI reference, ``list-public-keys``: ``Value`` is the DER of the key in base64, which is a
PKCS #1 RSAPublicKey; ``Fingerprint`` is an id of 32 hex digits, no digest that can be recomputed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from workbench.errors import SourceError
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.moment import claimed_ns, time_of
from workbench.verify.keys.vkey import decode_base64

_LIST = b'"PublicKeyList"'
MOST_KEYS = 4096


@dataclass(frozen=True, slots=True)
class ListedKey:
    """One key of a list.

    Attributes:
        der: its DER as it stands there; b"" where that cannot be read.
        key_id: what digests call it.
        valid_from: start of its life, aware UTC, or None.
        valid_to: end of its life, aware UTC, or None.
    """

    der: bytes
    key_id: str
    valid_from: datetime | None
    valid_to: datetime | None


def listed_keys(data: bytes) -> tuple[ListedKey, ...] | None:
    """Return the keys of a list, or None where ``data`` is no such list."""
    if _LIST not in data:
        return None
    try:
        value = parse(data, what="the list of public keys")
    except SourceError:
        return None
    keys = value.get("PublicKeyList") if isinstance(value, dict) else None
    if not isinstance(keys, list) or len(keys) > MOST_KEYS:
        return None
    return tuple(_keys(keys))


def _keys(listed: list[JsonValue]) -> Iterator[ListedKey]:
    for item in listed:
        entry = item if isinstance(item, dict) else {}
        value, name = entry.get("Value"), entry.get("Fingerprint")
        der = decode_base64(value) if isinstance(value, str) else None
        yield ListedKey(
            der or b"",
            name.lower() if isinstance(name, str) else "",
            _moment(entry.get("ValidityStartTime")),
            _moment(entry.get("ValidityEndTime")),
        )


def _moment(value: JsonValue) -> datetime | None:
    """Return a time: ISO 8601 as version 2 of the CLI prints it, or seconds as version 1 does."""
    nanoseconds = claimed_ns(value)
    return None if nanoseconds is None else time_of(nanoseconds)
