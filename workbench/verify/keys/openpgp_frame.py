"""What packets an OpenPGP file is made of, before a library sees them (RFC 9580 4.2, 6.2).

A detached signature, or a certificate, is made of packets that are what they are. A packet of data
is a message, and a compressed one grows a thousandfold in the memory of whoever opens it.
"""

import base64
import binascii
import re
from collections.abc import Iterator

MOST_PACKETS = 10_000
#: Compressed data, encrypted data in its three forms, literal data (RFC 9580 5).
_OF_DATA = frozenset({8, 9, 11, 18, 20})
_BEGIN = re.compile(rb"-----BEGIN PGP [A-Z ]{1,40}-----")
_END = b"-----END PGP "


def packets_alone(data: bytes) -> bytes | None:
    """Return the packets of a file without armour, or None where they are not to be opened.

    That is where one is of data, where there are too many, and where they are cut off.
    """
    binary = _unarmoured(data) if _BEGIN.match(data.lstrip()) else data
    if not binary:
        return None
    try:
        tags = [tag for tag, _ in zip(_tags(binary), range(MOST_PACKETS + 1), strict=False)]
    except ValueError:
        return None
    return None if len(tags) > MOST_PACKETS or not _OF_DATA.isdisjoint(tags) else binary


def _unarmoured(data: bytes) -> bytes | None:
    """Return what stands in the blocks of a text, one after the other."""
    found = b""
    for block in _BEGIN.split(data)[1:]:
        body, end, _ = block.partition(_END)
        lines = [line.strip() for line in body.splitlines()[1:]]
        blank = lines.index(b"") if b"" in lines else -1
        text = b"".join(line for line in lines[blank + 1 :] if not line.startswith(b"="))
        try:
            found += base64.b64decode(text, validate=True)
        except binascii.Error:
            return None
        if not end:
            return None
    return found


def _tags(data: bytes) -> Iterator[int]:
    """Yield the tag of each packet.

    Raises:
        ValueError: one has no whole header, or goes on after the end.
    """
    at = 0
    while at < len(data):
        first = data[at]
        if not first & 0x80:
            raise ValueError("no packet begins here")
        tag, start, length = _new(data, at) if first & 0x40 else _old(data, at)
        yield tag
        at = start + length
        if at > len(data):
            raise ValueError("a packet goes on after the end")


def _new(data: bytes, at: int) -> tuple[int, int, int]:
    """Return tag, start and length of a packet in the present format (4.2.1)."""
    tag, size = data[at] & 0x3F, data[at + 1 : at + 2]
    if not size or 224 <= size[0] < 255:  # in parts, as only data may be
        return 8, at, len(data)
    if size[0] < 192:
        return tag, at + 2, size[0]
    if size[0] < 224:
        second = int.from_bytes(data[at + 2 : at + 3])
        return tag, at + 3, (size[0] - 192 << 8) + second + 192
    return tag, at + 6, int.from_bytes(data[at + 2 : at + 6])


def _old(data: bytes, at: int) -> tuple[int, int, int]:
    """Return tag, start and length of a packet in the former format (4.2.2)."""
    tag, kind = data[at] >> 2 & 0x0F, data[at] & 0x03
    if kind == 3:  # to the end, as only data may be
        return 8, at, len(data)
    size = 1 << kind
    return tag, at + 1 + size, int.from_bytes(data[at + 1 : at + 1 + size])
