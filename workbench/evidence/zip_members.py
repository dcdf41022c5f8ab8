"""Read a ZIP archive (APPNOTE 6.3.10) by its central directory, and hold the local headers to it.

Not with ``zipfile``: that one reads a directory of any size into memory, never compares the two
headers of a member, and looks away from what lies before, between or after the parts.
"""

import stat
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from struct import Struct
from typing import BinaryIO

from workbench.evidence.members import (
    Damage,
    Engine,
    Flaw,
    Member,
    bzip2_engine,
    deflate_engine,
    exactly,
    expanded,
    span,
    whole_span,
)
from workbench.evidence.zip_directory import FULL, Directory, find_directory
from workbench.model.progress import Cancel
from workbench.model.source import ProblemCode

_ENTRY = Struct("<4s4B4H3L5H2L")  # 4.3.12 central directory header
_LOCAL = Struct("<4s2B4H3L2H")  # 4.3.7 local file header
_EXTRA = Struct("<2H")  # 4.5.1 header of an extra field
_ENTRY_MARK, _LOCAL_MARK = b"PK\1\2", b"PK\3\4"
_DESCRIPTOR_MARK = b"PK\7\x08"
#: 4.4.4: bit 6 is strong encryption, bit 13 a directory that is encrypted.
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 1 << 0 | 1 << 6 | 1 << 13, 1 << 3, 1 << 11
_PATCHED = 1 << 5
_NEWEST = 63  # 4.4.3.2: the version that is needed for all that this edition describes
_UNIX = 3
_STORED = 0
_EMPTY_DEFLATED = 2
_UNICODE_PATH = 0x7075  # 4.6.9: version, CRC of the name that it is for, the name in UTF-8
_ENGINES: dict[int, Callable[[], Engine]] = {8: deflate_engine, 12: bzip2_engine}
_MOST_TARGET = 4096


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the central directory says of a member."""

    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int
    version: int
    other_names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name; without the UTF-8 flag it is in code page 437 (appendix D.1).

        Where that says little, the Unicode Path field beside it does (4.6.9).
        """
        if self.flags & _UTF8 or self.raw_name.isascii():
            return self.raw_name.decode("utf-8", "surrogateescape")
        return next(iter(self.other_names), self.raw_name.decode("cp437"))

    @property
    def is_folder(self) -> bool:
        """Tell whether it is a folder, which holds nothing (some tools deflate it to two bytes)."""
        return self.raw_name.endswith(b"/") and self.size == 0 and self.packed <= _EMPTY_DEFLATED


def zip_members(
    stream: BinaryIO, size: int, *, most: int, cancel: Cancel, folders: bool = False
) -> Iterator[Member | Flaw]:
    """Yield the members of a ZIP archive, and what is wrong with it.

    Content must be read before the next member is asked for. Of an archive
    that states more members than are taken none is: to say so takes no time.

    Args:
        stream: the archive.
        size: its bytes.
        most: how many members are taken.
        cancel: checked once a member.
        folders: whether folders are yielded too, with no content and no link.
    """
    try:
        directory, trailing = find_directory(stream, size)
        if directory.count > most:
            message = f"lists {directory.count:,} members, and {most:,} can be taken: none was"
            yield Flaw(ProblemCode.LIMIT_EXCEEDED, message, rest=True)
            return
        if trailing:
            yield Flaw(ProblemCode.TRAILING_DATA, "goes on after the end of the archive", rest=True)
        spans = []
        for entry in _entries(stream, directory):
            cancel.check()
            spans.append(_span_of(stream, entry) or (0, directory.start))
            member = _member(stream, entry)
            if not entry.is_folder:
                yield member
            elif folders:
                yield replace(member, content=None)
            elif member.flaw is not None:  # for which others refuse all of the archive
                message = f"lists the folder {entry.name}, which {member.flaw.message}"
                yield Flaw(member.flaw.code, message, rest=True)
        yield from _unlisted(spans, directory.start)
    except Damage as error:
        yield Flaw(ProblemCode(error.code), error.message, rest=True)


def _unlisted(spans: list[tuple[int, int]], end: int) -> Iterator[Flaw]:
    """Yield a flaw for bytes that belong to no listed member: a reader of streams finds them.

    Args:
        spans: where each listed member begins and ends.
        end: where the directory begins.
    """
    first = min((start for start, _ in spans), default=end)
    if first > 0:
        message = f"has {first} bytes before the archive"
        yield Flaw(ProblemCode.PREPENDED_DATA, message, rest=True)
    hidden, at = 0, first
    for start, after in sorted((*spans, (end, end))):
        hidden += max(0, start - at)
        at = max(at, after)
    if hidden:
        message = f"has {hidden} bytes among its members that belong to none that it lists"
        yield Flaw(ProblemCode.HIDDEN_DATA, message, rest=True)


def _span_of(stream: BinaryIO, entry: _Entry) -> tuple[int, int] | None:
    """Return where a member begins and ends; None without a local header, a flaw of its own."""
    try:
        start, _ = _local(stream, entry)
    except Damage:
        return None
    after = start + entry.packed
    late = _descriptor(stream, entry, after) if entry.flags & _DESCRIPTOR else 0
    return entry.offset, after + late


def _descriptor(stream: BinaryIO, entry: _Entry, at: int) -> int:
    """Return the length of the data descriptor (4.3.9): with or without mark, in either width."""
    found = b"".join(span(stream, at, len(_DESCRIPTOR_MARK) + 20))
    crc = entry.crc.to_bytes(4, "little")
    for mark in (_DESCRIPTOR_MARK, b""):
        for width in (8, 4):
            sizes = (n.to_bytes(8, "little")[:width] for n in (entry.packed, entry.size))
            if found.startswith(stated := mark + crc + b"".join(sizes)):
                return len(stated)
    return 0


def _entries(stream: BinaryIO, directory: Directory) -> Iterator[_Entry]:
    at = directory.start
    count = 0
    while at < directory.end:
        fixed = exactly(stream, at, min(_ENTRY.size, directory.end - at))
        if len(fixed) < _ENTRY.size or not fixed.startswith(_ENTRY_MARK):
            raise Damage(ProblemCode.CORRUPT, f"has no directory entry at byte {at}")
        lengths = _ENTRY.unpack(fixed)[12:15]
        after = at + _ENTRY.size + sum(lengths)
        if after > directory.end:
            raise Damage(ProblemCode.CORRUPT, f"has a directory entry cut off at byte {at}")
        variable = exactly(stream, at + _ENTRY.size, sum(lengths[:2]))
        yield _entry(fixed, variable, directory.shift)
        at, count = after, count + 1
    if count != directory.count:
        message = f"lists {count} members where it states {directory.count}"
        raise Damage(ProblemCode.CORRUPT, message)


def _entry(fixed: bytes, variable: bytes, shift: int) -> _Entry:
    fields = _ENTRY.unpack(fixed)
    system, version, flags, method = fields[2], fields[3], fields[5], fields[6]
    crc, packed, size, name_length = fields[9:13]
    attributes, offset = fields[17:19]
    name, extra = variable[:name_length], variable[name_length:]
    size, packed, offset = _wide(extra, (size, packed, offset))
    mode = attributes >> 16 if system == _UNIX else 0
    also = tuple(_unicode_paths(extra, name))
    return _Entry(name, flags, method, crc, packed, size, offset + shift, mode, version, also)


def _unicode_paths(extra: bytes, name: bytes) -> Iterator[str]:
    """Yield the names in Unicode Path fields (4.6.9): of several, readers take the one or other."""
    starts = b"\1" + zlib.crc32(name).to_bytes(4, "little")
    for field in _extra_fields(extra, _UNICODE_PATH):
        if field.startswith(starts) and len(field) > len(starts):
            yield field[len(starts) :].decode("utf-8", "surrogateescape")


def _wide(extra: bytes, values: tuple[int, ...]) -> tuple[int, ...]:
    """Replace values that did not fit by those of the ZIP64 extra field (4.5.3), in its order."""
    if FULL not in values:
        return values
    field = _extra_field(extra, 1)
    wide = iter([int.from_bytes(field[n : n + 8], "little") for n in range(0, len(field) - 7, 8)])
    return tuple(next(wide, value) if value == FULL else value for value in values)


def _extra_field(extra: bytes, wanted: int) -> bytes:
    return next(_extra_fields(extra, wanted), b"")


def _extra_fields(extra: bytes, wanted: int) -> Iterator[bytes]:
    at = 0
    while at + 4 <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, at)
        if kind == wanted:
            yield extra[at + 4 : at + 4 + length]
        at += 4 + length


def _member(stream: BinaryIO, entry: _Entry) -> Member:
    refusal = _refusal(entry)
    if refusal is not None:
        return Member(entry.name, None, flaw=refusal)
    try:
        start, flaw = _local(stream, entry)
    except Damage as error:
        return Member(entry.name, None, flaw=Flaw(ProblemCode(error.code), error.message))
    content = partial(_content, stream, entry, start)
    if stat.S_ISLNK(entry.mode):
        return Member(entry.name, None, flaw=flaw, link=_target(content, entry.size))
    return Member(entry.name, content, entry.packed, flaw)


def _refusal(entry: _Entry) -> Flaw | None:
    """Return why a member is not unpacked, or None."""
    if entry.flags & _ENCRYPTED:
        return Flaw(ProblemCode.ENCRYPTED, "is encrypted")
    if entry.method != _STORED and entry.method not in _ENGINES:
        message = f"is compressed by method {entry.method}, which is not unpacked"
        return Flaw(ProblemCode.UNSUPPORTED_MEMBER, message)
    if entry.flags & _PATCHED:
        return Flaw(ProblemCode.UNSUPPORTED_MEMBER, "is a patch to another file (4.4.4 bit 5)")
    if entry.version > _NEWEST:
        message = f"needs version {entry.version / 10:.1f} of the format, newer than any known"
        return Flaw(ProblemCode.UNSUPPORTED_MEMBER, message)
    if entry.is_folder:
        return None  # whatever its mode is: Maven wrote odd ones
    if stat.S_IFMT(entry.mode) not in {0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR}:
        return Flaw(ProblemCode.NOT_A_PLAIN_FILE, "is a device or a pipe")
    return None


def _local(stream: BinaryIO, entry: _Entry) -> tuple[int, Flaw | None]:
    """Return where the data of a member starts, and how its local header differs, if it does."""
    fixed = exactly(stream, entry.offset, _LOCAL.size)
    if not fixed.startswith(_LOCAL_MARK):
        raise Damage(ProblemCode.HEADER_MISMATCH, "has no local header")
    fields = _LOCAL.unpack(fixed)
    version, _, flags, method, *_ = fields[1:]
    crc, packed, size, name_length, extra_length = fields[7:]
    variable = exactly(stream, entry.offset + _LOCAL.size, name_length + extra_length)
    size, packed = _wide(variable[name_length:], (size, packed))
    # 4.4.4 bit 3: what is zero here follows the data.
    late = {0} if flags & _DESCRIPTOR else set()
    same = {
        "version needed": (version > _NEWEST) == (entry.version > _NEWEST),
        "name": variable[:name_length] == entry.raw_name,
        "encoding of the name": entry.raw_name.isascii() or not (flags ^ entry.flags) & _UTF8,
        "name in Unicode": _is_one_name(variable[name_length:], entry),
        "method": method == entry.method,
        "encryption": not (flags ^ entry.flags) & (_ENCRYPTED | _PATCHED),
        "CRC": crc in {entry.crc} | late,
        "packed size": packed in {entry.packed} | late,
        "size": size in {entry.size} | late,
    }
    differing = [what for what, equal in same.items() if not equal]
    start = entry.offset + _LOCAL.size + name_length + extra_length
    return start, _mismatch(differing)


def _is_one_name(extra: bytes, entry: _Entry) -> bool:
    """Tell whether readers of either header, with or without the Unicode Path, see one name."""
    return {*entry.other_names, *_unicode_paths(extra, entry.raw_name)} <= {entry.name}


def _mismatch(differing: list[str]) -> Flaw | None:
    if not differing:
        return None
    message = f"has a local header with another {', '.join(differing)} than the directory"
    return Flaw(ProblemCode.HEADER_MISMATCH, message)


def _content(stream: BinaryIO, entry: _Entry, start: int) -> Iterator[bytes]:
    """Yield the bytes of a member; they must have the size and CRC that the directory states."""
    source = whole_span(stream, start, entry.packed)
    engine = _ENGINES.get(entry.method)
    crc = size = 0
    for block in expanded(source, engine()) if engine else source:
        crc, size = zlib.crc32(block, crc), size + len(block)
        yield block
    if (crc, size) != (entry.crc, entry.size):
        raise Damage(ProblemCode.CORRUPT, "does not have the size and CRC that the archive states")


def _target(content: Callable[[], Iterator[bytes]], size: int) -> str:
    """Return the text of a symbolic link, which a member holds as its bytes."""
    if size > _MOST_TARGET:
        return "?"
    try:
        return next(content(), b"")[:_MOST_TARGET].decode("utf-8", "surrogateescape")
    except Damage:
        return "?"
