"""Write DER (X.690), an element at a time: for what we put together from parts that are signed."""

from collections.abc import Iterable
from datetime import UTC, datetime

INTEGER, OCTET_STRING, NULL, OID, SEQUENCE, SET = 0x02, 0x04, 0x05, 0x06, 0x30, 0x31
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
CONTEXT_0, CONTEXT_1 = 0xA0, 0xA1


def element(tag: int, *parts: bytes) -> bytes:
    """Return an element, its length in the fewest octets (10.1)."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def set_of(parts: Iterable[bytes], tag: int = SET) -> bytes:
    """Return a SET OF, its elements in ascending order (11.6)."""
    return element(tag, *sorted(set(parts)))


def integer(number: int) -> bytes:
    """Return an INTEGER that is not negative."""
    return element(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER (8.19)."""
    first, second, *rest = map(int, dotted.split("."))
    content = b""
    for number in (40 * first + second, *rest):
        octets = [number & 0x7F]
        while number := number >> 7:
            octets.insert(0, 0x80 | number & 0x7F)
        content += bytes(octets)
    return element(OID, content)


def utc_time(at: datetime) -> bytes:
    """Return a time to the second, as GeneralizedTime from 2050 on (RFC 5280 4.1.2.5)."""
    moment = at.astimezone(UTC)
    if 1950 <= moment.year < 2050:
        return element(UTC_TIME, f"{moment:%y%m%d%H%M%SZ}".encode())
    return element(GENERALIZED_TIME, f"{moment:%Y%m%d%H%M%SZ}".encode())


def null() -> bytes:
    """Return a NULL."""
    return element(NULL)
