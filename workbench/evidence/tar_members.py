"""Read a tar archive (POSIX.1-2017 pax, ustar, GNU) header by header.

Not with ``tarfile``: that one reads an extended header of any size into memory, and takes a
header that it cannot read for the end of the archive, which would hide what comes after it.
"""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from workbench.evidence.limits import Limits
from workbench.evidence.members import Damage, Flaw, Member, exactly, span, whole_span
from workbench.model.progress import Cancel
from workbench.model.source import ProblemCode

BLOCKSIZE = tarfile.BLOCKSIZE
_PAX = {tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE}
_LONG = {tarfile.GNUTYPE_LONGNAME: "path", tarfile.GNUTYPE_LONGLINK: "linkpath"}
_SPECIAL = {tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE}
_SPARSE = "GNU.sparse."
_KEPT = {"path", "linkpath", "size", f"{_SPARSE}name"}
_MOST_DIGITS = 20

_LINK = Flaw(ProblemCode.LINK_MEMBER, "is a hard link, which is not followed")
_NOT_PLAIN = Flaw(ProblemCode.NOT_A_PLAIN_FILE, "is a device or a pipe")
_HOLES = Flaw(ProblemCode.UNSUPPORTED_MEMBER, "is a sparse file, which is not unpacked")


@dataclass(slots=True)
class _Reader:
    """Where the reader is, and what extended headers said about members to come."""

    stream: BinaryIO
    limits: Limits
    offset: int = 0
    common: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)


def is_tar(head: bytes, *, named: bool) -> bool:
    """Return whether ``head`` starts with a tar header.

    Args:
        head: the first bytes of a file.
        named: whether its name says tar: then a header without magic (before POSIX) will do.
    """
    if not head.strip(b"\0"):
        return named and len(head) >= BLOCKSIZE
    try:
        tarfile.TarInfo.frombuf(head[:BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return named or head[257:262] == b"ustar"


def tar_members(stream: BinaryIO, *, limits: Limits, cancel: Cancel) -> Iterator[Member | Flaw]:
    """Yield the members of a tar archive that is not compressed, and what is wrong with it.

    Folders are not yielded. Content must be read before the next member is asked for.
    """
    reader = _Reader(stream, limits)
    try:
        while header := _next_header(reader):
            cancel.check()
            member = _member(reader, header)
            if member is not None:
                yield member
        yield from _after_the_end(reader, cancel)
    except Damage as error:
        yield Flaw(ProblemCode(error.code), error.message, rest=True)


def _next_header(reader: _Reader) -> tarfile.TarInfo | None:
    """Return the next header, or None at the end mark; go past it."""
    block = b"".join(span(reader.stream, reader.offset, BLOCKSIZE))
    if len(block) < BLOCKSIZE:
        raise Damage(ProblemCode.TRUNCATED, "ends without the end mark of a tar archive")
    if not block.strip(b"\0"):
        return None
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        message = f"has no tar header at byte {reader.offset}, where one must be"
        raise Damage(ProblemCode.CORRUPT, message) from error
    if header.size < 0:
        raise Damage(ProblemCode.CORRUPT, f"states a negative size at byte {reader.offset}")
    header.offset, reader.offset = reader.offset, reader.offset + BLOCKSIZE
    return header


def _after_the_end(reader: _Reader, cancel: Cancel) -> Iterator[Flaw]:
    """Yield a flaw where anything but padding follows the end mark."""
    for block in span(reader.stream, reader.offset, 1 << 63):
        cancel.check()
        if block.count(0) != len(block):
            message = "goes on after the end mark of the tar archive"
            yield Flaw(ProblemCode.TRAILING_DATA, message, rest=True)
            return


def _member(reader: _Reader, header: tarfile.TarInfo) -> Member | None:
    """Return what ``header`` describes; None for a folder, and for a header about what follows."""
    if header.type in _PAX or header.type == tarfile.XGLTYPE or header.type in _LONG:
        _take_extended(reader, header)
        return None
    fields = reader.common | reader.own
    reader.own = {}
    name = fields.get(f"{_SPARSE}name", fields.get("path", header.name))
    size = _size(fields.get("size"), header)
    if header.type == tarfile.GNUTYPE_SPARSE:
        _skip_sparse_map(reader, header)
        reader.offset += _padded(size)
        return Member(name, None, flaw=_HOLES)
    return _ordinary(reader, header, name, size, fields)


def _ordinary(
    reader: _Reader, header: tarfile.TarInfo, name: str, size: int, fields: dict[str, str]
) -> Member | None:
    if header.issym():
        return Member(name, None, link=fields.get("linkpath", header.linkname))
    if header.islnk():
        return Member(name, None, flaw=_LINK)
    if header.type in _SPECIAL:
        return Member(name, None, flaw=_NOT_PLAIN)
    if header.isdir():
        return None
    # POSIX.1-2017 pax, ustar interchange format: an unknown type is a regular file.
    start = reader.offset
    reader.offset += _padded(size)
    if _SPARSE in fields:
        return Member(name, None, flaw=_HOLES)
    return Member(name, partial(whole_span, reader.stream, start, size))


def _size(stated: str | None, header: tarfile.TarInfo) -> int:
    """Return the size, which a pax header states where the plain one has no room."""
    if stated is None:
        return header.size
    if not (stated.isascii() and stated.isdecimal() and len(stated) <= _MOST_DIGITS):
        raise Damage(ProblemCode.CORRUPT, f"states a bad size at byte {header.offset}")
    return int(stated)


def _padded(size: int) -> int:
    return -(-size // BLOCKSIZE) * BLOCKSIZE


def _skip_sparse_map(reader: _Reader, header: tarfile.TarInfo) -> None:
    """Go past the blocks in which old GNU tar continues the map of a sparse file."""
    more = exactly(reader.stream, header.offset, BLOCKSIZE)[482]
    while more:
        more = exactly(reader.stream, reader.offset, BLOCKSIZE)[504]
        reader.offset += BLOCKSIZE


def _take_extended(reader: _Reader, header: tarfile.TarInfo) -> None:
    """Remember what an extended header says about the next member, or about all that follow."""
    if header.size > reader.limits.archive_header:
        message = f"has an extended header of {header.size} bytes at byte {header.offset}"
        raise Damage(ProblemCode.LIMIT_EXCEEDED, message)
    data = exactly(reader.stream, reader.offset, header.size)
    reader.offset += _padded(header.size)
    if header.type in _LONG:
        text = data.partition(b"\0")[0].decode("utf-8", "surrogateescape")
        _add_own(reader, header, {_LONG[header.type]: text})
        return
    fields = dict(_pax_fields(data, header.offset))
    if header.type == tarfile.XGLTYPE:
        reader.common |= fields
    else:
        _add_own(reader, header, fields)


def _add_own(reader: _Reader, header: tarfile.TarInfo, fields: dict[str, str]) -> None:
    """Remember what is said of the next member: of two headers programs take this or that one."""
    if any(reader.own.get(name, value) != value for name, value in fields.items()):
        message = f"says two things of one member at byte {header.offset}"
        raise Damage(ProblemCode.CORRUPT, message)
    reader.own |= fields


def _pax_fields(data: bytes, offset: int) -> Iterator[tuple[str, str]]:
    """Yield what is used of a pax header: lines ``LENGTH KEY=VALUE``."""
    end = len(data.rstrip(b"\0"))
    at = 0
    while at < end:
        digits, space, _ = data[at : at + _MOST_DIGITS].partition(b" ")
        length = int(digits) if digits.isdigit() else 0
        key, equals, value = data[at + len(digits) + 1 : at + length].partition(b"=")
        if not (space and equals and value.endswith(b"\n") and at + length <= len(data)):
            raise Damage(ProblemCode.CORRUPT, f"has a bad pax header at byte {offset}")
        at += length
        name = key.decode("utf-8", "surrogateescape")
        if name.startswith(_SPARSE):
            yield _SPARSE, ""
        if name in _KEPT:
            yield name, value[:-1].decode("utf-8", "surrogateescape")
