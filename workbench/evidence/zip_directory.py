"""Where the central directory of a ZIP archive lies (APPNOTE 6.3.10), in one reading only.

An archive that others would read as another one has no directory here.
"""

from dataclasses import dataclass
from struct import Struct
from typing import BinaryIO

from workbench.evidence.members import Damage, exactly
from workbench.model.source import ProblemCode

FULL = 0xFFFFFFFF  # 4.4.1.4: the value is in the ZIP64 extra field
_END = Struct("<4s4H2LH")  # 4.3.16 end of central directory record
_END64 = Struct("<4sQ2H2L4Q")  # 4.3.14 its ZIP64 form
_END64_LOCATOR = Struct("<4sLQL")  # 4.3.15
_END_MARK, _END64_MARK, _END64_LOCATOR_MARK = b"PK\5\6", b"PK\6\6", b"PK\6\7"
_MOST_COMMENT = 0xFFFF
#: In the order of the end record: disks, numbers of entries, length and offset of the directory.
_NOT_SAID = (0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, FULL, FULL)
_TWO_ENDS = "has two end records, which list different members"


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the central directory lies.

    Attributes:
        start: its offset.
        end: the offset after its last entry.
        count: how many entries the end record states.
        shift: what must be added to the offsets in it (bytes put before the archive).
    """

    start: int
    end: int
    count: int
    shift: int


def looks_like_zip(stream: BinaryIO, size: int) -> bool:
    """Return whether an end record lies where one must, whatever the file starts with."""
    try:
        find_directory(stream, size)
    except Damage as error:
        return error.code != ProblemCode.TRUNCATED
    return True


def find_directory(stream: BinaryIO, size: int) -> tuple[Directory, bool]:
    """Return where the directory lies, and whether something follows the archive."""
    start = max(0, size - _END.size - _MOST_COMMENT)
    tail = exactly(stream, start, size - start)
    ends, fitting = [], []
    at = tail.find(_END_MARK)
    while 0 <= at <= len(tail) - _END.size:
        ends.append(at)
        if at + _END.size + _END.unpack_from(tail, at)[-1] == len(tail):
            fitting.append(at)
        at = tail.find(_END_MARK, at + 1)
    if not ends:
        raise Damage(ProblemCode.TRUNCATED, "ends without the end record of a ZIP archive")
    # Others take the last one, whether its comment fits or not.
    if len(fitting) > 1 or (fitting and fitting != ends[-1:]):
        raise Damage(ProblemCode.CORRUPT, _TWO_ENDS)
    at = ends[-1]
    return _directory(stream, start + at, _END.unpack_from(tail, at)), not fitting


def _directory(stream: BinaryIO, end: int, record: tuple[int, ...]) -> Directory:
    plain = record[1:-1]
    wide = _end64(stream, end)
    stated = 0
    if wide is not None:
        end, stated, fields = wide
        # Some programs read the ZIP64 record wherever there is one, others only where it is needed.
        if any(p not in {w, f} for p, w, f in zip(plain, fields, _NOT_SAID, strict=True)):
            raise Damage(ProblemCode.CORRUPT, _TWO_ENDS)
        plain = fields
    disk, first_disk, here, count, length, offset = plain
    if disk or first_disk or here != count:
        raise Damage(ProblemCode.UNSUPPORTED_MEMBER, "is one part of an archive in several")
    start = end - length
    if start < offset:
        raise Damage(ProblemCode.CORRUPT, "states a directory that does not fit in it")
    if wide is not None and stated + start - offset != end:
        raise Damage(ProblemCode.CORRUPT, _TWO_ENDS)
    return Directory(start, end, count, start - offset)


def _end64(stream: BinaryIO, end: int) -> tuple[int, int, tuple[int, ...]] | None:
    """Return the ZIP64 end record before the plain one, if any.

    Returns its offset, the offset at which it is stated to lie, and its fields as the plain one
    has them.
    """
    at = end - _END64_LOCATOR.size - _END64.size
    if at < 0:
        return None
    data = exactly(stream, at, _END64.size + _END64_LOCATOR.size)
    if not data[_END64.size :].startswith(_END64_LOCATOR_MARK):
        return None
    if not data.startswith(_END64_MARK):
        raise Damage(ProblemCode.CORRUPT, "has no ZIP64 end record where it states one")
    return at, _END64_LOCATOR.unpack_from(data, _END64.size)[2], _END64.unpack_from(data)[4:]
