"""Cut a file into the JSON records that it holds, each with its place, and parse none of them.

One record a line, or the elements of a list in one document. A line over the limit is told and
passed over; the others are still read.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.limits import MIB, Limits
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.source import Problem, ProblemCode

_BOM = b"\xef\xbb\xbf"
_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)


class RawRecord(NamedTuple):
    """The bytes of one record.

    Attributes:
        number: which record it is, from 1; blank lines are none.
        offset: where its bytes start in the file.
        data: its bytes, without the end of the line.
    """

    number: int
    offset: int
    data: bytes


def lines(file: EvidenceFile, *, limits: Limits, cancel: Cancel) -> Iterator[RawRecord | Problem]:
    """Yield the lines of a file that are not blank.

    Raises:
        SourceError: it cannot be read, or is not the file of the intake.
    """
    number = 0
    for offset, size, data in each_line(blocks(file, cancel=cancel, size=MIB), limits.record):
        if data is None:
            number += 1
            yield too_long(file, RawRecord(number, offset, b""), size, limits)
            continue
        start = len(_BOM) if offset == 0 and data.startswith(_BOM) else 0
        record = data[start:].rstrip(b"\r")
        if record.strip():
            number += 1
            yield RawRecord(number, offset + start, record)


def each_line(source: Iterable[bytes], most: int) -> Iterator[tuple[int, int, bytes | None]]:
    """Yield offset, size and bytes of each line; None for the bytes of one over the limit."""
    parts: list[bytes] = []
    offset = size = 0
    for block in source:
        first, *rest = block.split(b"\n")
        for part in (first, *rest[:-1]) if rest else ():
            size += len(part)
            yield offset, size, b"".join((*parts, part)) if size <= most else None
            parts, offset, size = [], offset + size + 1, 0
        last = rest[-1] if rest else first
        size += len(last)
        parts = [*parts, last] if size <= most else []
    if size:
        yield offset, size, b"".join(parts) if size <= most else None


def too_long(file: EvidenceFile, record: RawRecord, size: int, limits: Limits) -> Problem:
    """Return the problem of a record over the limit, which is passed over."""
    place = Locator(file.path, file.member, record.number, record.offset, size)
    message = f"{file.display}: record {record.number} has more than {limits.record} bytes."
    return Problem(ProblemCode.LIMIT_EXCEEDED, place, message)


def document(file: EvidenceFile, *, limits: Limits) -> tuple[bytes, JsonValue]:
    """Return the bytes and the value of a file that is one JSON document.

    Raises:
        LimitError: it is too large to be read whole.
        JsonError: it is not strict JSON.
    """
    data = read_whole(file, limits=limits)
    return data, parse(data, limits=limits, what=file.display, allow_bom=True)


def elements(data: bytes, member: str | None) -> Iterator[RawRecord]:
    """Yield the elements of a list in a document that was parsed strictly before.

    Args:
        data: the document.
        member: name of the list where the document is an object, None where it is a list.
    """
    wanted = 1 if member is None else 2
    depth = number = start = 0
    key, inside = "", False
    for token in _TOKENS.finditer(data):
        character = token[0][:1]
        if character == b'"':
            key = str(parse(token[0], what="name")) if depth == 1 and member is not None else key
            continue
        ends = inside and depth == wanted and character in b",]"
        if ends and (record := data[start : token.start()]).strip():
            number += 1
            yield RawRecord(number, start + len(record) - len(record.lstrip()), record.strip())
        if character in b"[{":
            depth += 1
            opens = not inside and depth == wanted and character == b"["
            if opens and member in {None, key}:
                inside, start = True, token.end()
        elif character in b"]}":
            if inside and depth == wanted:
                return
            depth -= 1
        elif ends:
            start = token.end()
