"""What of a file is protected, by the standard of its format; read without the product.

A shape is what has to stay as it is. White space between members, members that nobody signs, lines
for people: all that is left out is listed here, by format, and nowhere else.
"""

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from tests.mutation.reading import Number, strict_json

Shape = Callable[[bytes], object]


def whole(data: bytes) -> object:
    """Return every byte."""
    return data


def nothing(data: bytes) -> object:
    """Return what stays the same whatever the bytes are."""
    return None


def document(*loose: str, kept: Sequence[str] = ("*",)) -> Shape:
    """Return the members of a JSON document that match ``kept``, and none of ``loose``."""

    def shape(data: bytes) -> object:
        try:
            value = strict_json(data)
        except (ValueError, RecursionError):
            return data
        found = {(path, _meaning(leaf)) for path, leaf in _leaves(value, "")}
        return frozenset(
            (path, leaf) for path, leaf in found if _under(path, kept) and not _under(path, loose)
        )

    return shape


def with_optional(shape: Shape, original: bytes, *optional: str) -> Shape:
    """Return a shape of a document in which members may be missing; those that are there count.

    One that is called by another name is missing, and nobody knows the other name.
    """
    kept = shape(original)

    def lenient(data: bytes) -> object:
        found = shape(data)
        if not isinstance(kept, frozenset) or not isinstance(found, frozenset):
            return found
        if any(_under(path, optional) for path, _ in found):
            return found
        needed = {(path, leaf) for path, leaf in kept if not _under(path, optional)}
        return kept if needed <= found and not _altered(found - kept, kept) else found

    return lenient


def _altered(others: Iterable[tuple[str, object]], kept: Iterable[tuple[str, object]]) -> bool:
    """Tell whether other leaves stand where known ones did."""
    known = {path for path, _ in kept}
    return any(path in known for path, _ in others)


def _under(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(path, one) or fnmatchcase(path, f"{one}/*") for one in patterns)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}/{name}")
    elif isinstance(value, list) and value:
        for at, inner in enumerate(value):
            yield from _leaves(inner, f"{path}/{at}")
    else:
        yield path, value


def _meaning(leaf: Any) -> object:
    """Return the bytes that a text of base64 or hex stands for; other values as they are."""
    if isinstance(leaf, Number):
        return float(leaf.text)
    if not isinstance(leaf, str):
        return repr(leaf)
    if re.fullmatch(r"([0-9a-fA-F]{2}){8,}", leaf):
        return bytes.fromhex(leaf)
    if len(leaf) >= 16 and re.fullmatch(r"[A-Za-z0-9+/_-]+={0,2}", leaf):
        return base64_bytes(leaf) or leaf
    return leaf


def base64_bytes(text: str) -> bytes | None:
    """Return the bytes of base64 in either alphabet, or None."""
    try:
        plain = text.replace("-", "+").replace("_", "/")
        return base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        return None


def compressed(data: bytes) -> object:
    """Return what a gzip member holds: its header says only when and where it was made."""
    try:
        reader = zlib.decompressobj(wbits=31)
        found = reader.decompress(data) + reader.flush()
    except zlib.error:
        return data
    return found if reader.eof and not reader.unused_data else data


def record_lines(data: bytes) -> object:
    """Return lines without their ends."""
    return tuple(line.removesuffix(b"\r") for line in data.split(b"\n") if line.strip())


def note(*names: str) -> Shape:
    """Return the text of a signed note, and the signatures by some names."""

    def shape(data: bytes) -> object:
        text, _, signatures = data.rpartition(b"\n\n")
        found = []
        for line in signatures.splitlines():
            mark, _, rest = line.partition(b" ")
            name, _, value = rest.partition(b" ")
            if mark == "—".encode() and name.decode(errors="replace") in names:
                found.append((name, base64_bytes(value.decode(errors="replace")) or value))
        return text, frozenset(found)

    return shape


def armoured(data: bytes) -> object:
    """Return the bytes within PEM-like armour."""
    found = _body(data)
    return data if found is None else found


def _body(data: bytes) -> bytes | None:
    # Where the end begins is what counts; how it goes on, and on which line, says nothing.
    before, end, _ = data.partition(b"-----END ")
    data = before.removesuffix(b"\n") + b"\n" + end + b"PGP" if end else data
    lines = [line.strip() for line in data.splitlines()]
    ends = (b"BEGIN ", b"END ")  # whatever stands around them
    marks = [n for n, line in enumerate(lines) if line.strip(b"-").startswith(ends)]
    if len(marks) != 2 or any(lines[: marks[0]]) or any(lines[marks[1] + 1 :]):
        return None
    inner = lines[marks[0] + 1 : marks[1]]
    if b"" in inner:  # header lines of OpenPGP end with an empty one
        inner = inner[inner.index(b"") + 1 :]
    text = b"".join(line for line in inner if not line.startswith(b"=")).decode("latin-1")
    text = text.partition("=")[0]  # padding, and a checksum of the transmission, may follow
    return base64_bytes(text + "=" * (-len(text) % 4)) if text else None


def openpgp(data: bytes) -> object:
    """Return what an OpenPGP signature (RFC 4880 5.2.3) signs, and its values."""
    body = _body(data)
    return _signature_packet(body) or data if body is not None else data


def _signature_packet(data: bytes) -> object:
    try:
        head, first = data[0], data[1]
        start = {0: 2, 1: 3}[head & 3] if not head & 0x40 else 2 + (first >= 192)
        packet = data[start:]
        hashed = int.from_bytes(packet[4:6])
        signed = packet[: 6 + hashed]
        rest = packet[6 + hashed :]
        unhashed = int.from_bytes(rest[:2])
        numbers = rest[2 + unhashed + 2 :]
        found = []
        while numbers:
            size = (int.from_bytes(numbers[:2]) + 7) // 8
            found.append(int.from_bytes(numbers[2 : 2 + size]))
            numbers = numbers[2 + size :]
        return signed, tuple(found), head & 0x7C if not head & 0x40 else head
    except (IndexError, KeyError):
        return None


def minisign(data: bytes) -> object:
    """Return signature, trusted comment and the signature over both."""
    lines = data.splitlines()
    if len(lines) != 4:
        return data
    values = [base64_bytes(lines[n].decode("latin-1").strip()) or lines[n] for n in (1, 3)]
    return values[0], lines[2], values[1]


def timestamp(data: bytes) -> object:
    """Return what a time stamp signs, its signature, and the certificate of its signer."""
    from asn1crypto import tsp

    try:
        response = tsp.TimeStampResp.load(data, strict=True)
        signed = response["time_stamp_token"]["content"]
        (signer,) = signed["signer_infos"]
        return (
            signed["encap_content_info"]["content"].contents,
            signer["signed_attrs"].contents,
            signer["signature"].native,
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return data


def digests(original: bytes) -> Shape:
    """Return the lines of a list of digests that nothing protects: none is missed."""

    def lines(data: bytes) -> frozenset[tuple[bytes, ...]]:
        every = re.split(rb"\r\n|\r|\n", data)  # RFC 8493 2.1.3
        return frozenset(_listed(line) for line in every if line.strip())

    kept = lines(original)

    def shape(data: bytes) -> object:
        found = lines(data)
        return kept if found <= kept else found

    return shape


def _listed(line: bytes) -> tuple[bytes, ...]:
    digest, _, path = line.strip().partition(b" ")
    return digest.lower(), path.strip().removeprefix(b"*")  # that md5sum read it as binary


def packed(data: bytes) -> bytes:
    """Return bytes as gzip, the same each time."""
    return gzip.compress(data, mtime=0)


def first_matching(shapes: Sequence[tuple[str, Shape]], path: str) -> Shape:
    """Return the shape of a path: the first whose pattern it matches, or every byte."""
    return next((shape for one, shape in shapes if fnmatchcase(path, one)), whole)


def names(paths: Iterable[str], patterns: Sequence[str]) -> list[str]:
    """Return the paths that match one of some patterns."""
    return [p for p in paths if any(fnmatchcase(p, one) for one in patterns)]
