"""Read DER (X.690) one element at a time, and refuse every other way to write the same."""

from dataclasses import dataclass

SEQUENCE, SET, INTEGER, BIT_STRING, OCTET_STRING, OID = 0x30, 0x31, 0x02, 0x03, 0x04, 0x06
CONTEXT_0, CONTEXT_1 = 0xA0, 0xA1
NULL = b"\x05\x00"


class DerError(ValueError):
    """The bytes are not the DER that they should be."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag octet, its content octets, and all its octets."""

    tag: int
    content: bytes
    whole: bytes


def first(data: bytes, tag: int) -> tuple[Element, bytes]:
    """Return the element at the start of ``data``, which must have ``tag``, and what follows it.

    Raises:
        DerError: another tag, a length not in its shortest form, or too few bytes.
    """
    if len(data) < 2 or data[0] != tag:
        raise DerError(f"expected an element with tag 0x{tag:02x}")
    length, start = data[1], 2
    if length >= 0x80:  # X.690 10.1: the definite form, in the fewest octets
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
        if length < 0x80 or data[2] == 0 or start > 6:
            raise DerError("a length is not in its shortest form")
    end = start + length
    if end > len(data):
        raise DerError("an element ends after its bytes")
    return Element(data[0], data[start:end], data[:end]), data[end:]


def elements(data: bytes) -> tuple[Element, ...]:
    """Return the elements that follow each other in ``data``, whatever their tags."""
    found: list[Element] = []
    while data:
        element, data = first(data, data[0])
        found.append(element)
    return tuple(found)


def only(data: bytes, tag: int) -> bytes:
    """Return the content of the one element that ``data`` is, which must have ``tag``."""
    element, rest = first(data, tag)
    if rest:
        raise DerError("bytes follow where none may")
    return element.content


def require(condition: bool, otherwise: str) -> None:
    """Refuse bytes that are not as they should be."""
    if not condition:
        raise DerError(otherwise)


def exactly(data: bytes, *tags: int) -> tuple[Element, ...]:
    """Return the elements of ``data`` when they have exactly these tags, in this order."""
    found = elements(data)
    if tuple(element.tag for element in found) != tags:
        raise DerError("elements are missing, added or out of order")
    return found
