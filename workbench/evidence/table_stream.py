"""Cut the rows out of a table of any size, one at a time."""

from collections.abc import Iterator

from workbench.evidence.file import EvidenceFile, blocks
from workbench.evidence.json_records import RawRecord, each_line, too_long
from workbench.evidence.limits import MIB, Limits
from workbench.model.profile import Container
from workbench.model.progress import Cancel
from workbench.model.source import Problem

_BOM = b"\xef\xbb\xbf"


def rows(
    file: EvidenceFile, table: Container, *, limits: Limits, cancel: Cancel
) -> Iterator[RawRecord | Problem]:
    """Yield the rows that are not blank, the header as number 0.

    Raises:
        SourceError: it cannot be read.
    """
    number, start, held, size, opened = -1, 0, list[bytes](), 0, False
    for offset, length, data in each_line(blocks(file, cancel=cancel, size=MIB), limits.record):
        start = offset if not held and not size else start
        size += length + bool(size)
        opened ^= data is not None and table.quoted and data.count(b'"') % 2 == 1
        held = [*held, data] if data is not None and size <= limits.record else []
        if size > limits.record:
            number += 1
            yield too_long(file, RawRecord(number, start, b""), size, limits)
            size, opened = 0, False
        elif not opened:
            row = b"\n".join(held)
            yield from _row(row, start, number + 1)
            number += bool(row.strip(_BOM + b" \t\r"))
            held, size = [], 0
    if held:
        yield from _row(b"\n".join(held), start, number + 1)


def _row(data: bytes, start: int, number: int) -> Iterator[RawRecord]:
    mark = len(_BOM) if start == 0 and data.startswith(_BOM) else 0
    row = data[mark:].removesuffix(b"\r")
    if row.strip():
        yield RawRecord(number, start + mark, row)
