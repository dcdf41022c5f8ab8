"""Cut records out of the bytes of a log, in pieces of bounded size.

A record is a line without its end (LF or CRLF); blank lines and a byte order mark are no
records. A record over the limit is reported by its place and never held in memory. In a JSON
array a record is the exact bytes of an element.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json import JSONDecoder

from workbench.evidence.limits import Limits
from workbench.evidence.strict_json import JsonError, parse
from workbench.model.profile import get
from workbench.model.recipe import Name

BOM = b"\xef\xbb\xbf"
_BLANK = re.compile(r"[ \t\n\r]*")
_COMMA = re.compile(r"[ \t\n\r]*,?[ \t\n\r]*")


@dataclass(frozen=True, slots=True)
class Cut:
    """Bytes of a log that hold whole records.

    Attributes:
        offset: where they begin in the file.
        data: whole lines, or b"" for an oversized record.
        elements: for a JSON array, start and end of each element in ``data``; None for lines.
        oversized: length of one record that is over the limit, or 0.
        before: digest of the record before the first one, where records do not store it.
        expected: what the digest of each record should be, where only the whole log tells.
    """

    offset: int
    data: bytes
    elements: tuple[tuple[int, int], ...] | None = None
    oversized: int = 0
    before: str | None = None
    expected: tuple[str, ...] | None = None

    @property
    def length(self) -> int:
        """Return how many bytes of the file it stands for."""
        return self.oversized or len(self.data)


def records_of(cut: Cut) -> Iterator[tuple[int, bytes]]:
    """Yield the offset in the file and the bytes of each record of a cut."""
    if cut.elements is not None:
        for start, end in cut.elements:
            yield cut.offset + start, cut.data[start:end]
        return
    offset = cut.offset
    for line in cut.data.split(b"\n"):
        record = line[:-1] if line[-1:] == b"\r" else line
        if record and not record.isspace():
            yield offset, record
        offset += len(line) + 1


def cut_lines(blocks: Iterable[bytes], limits: Limits, *, cut_off: bool = False) -> Iterator[Cut]:
    """Yield cuts that end at line ends, from blocks of any size, in bounded memory.

    Of a delivery that was cut off, the part after the last line end is no record unless it is a
    whole one: its damage was made on the way, and is told once, of the file.
    """
    offset, lost, held = 0, 0, bytearray()
    for block in _without_bom(blocks):
        if isinstance(block, int):
            offset = block
            continue
        if lost:
            end = block.find(b"\n") + 1
            if not end:
                lost += len(block)
                continue
            yield Cut(offset, b"", oversized=lost + end - 1)
            offset, lost, block = offset + lost + end, 0, block[end:]
        end = block.rfind(b"\n") + 1
        if end:
            data = b"".join((held, memoryview(block)[:end]))
            yield Cut(offset, data)
            offset += len(data)
            held.clear()
        held += block[end:]
        if len(held) > limits.record:
            lost = len(held)
            held.clear()
    if lost:
        yield Cut(offset, b"", oversized=lost)
    elif held and not (cut_off and not _is_json(bytes(held))):
        yield Cut(offset, bytes(held))


def _is_json(data: bytes) -> bool:
    try:
        parse(data, what="record")
    except JsonError:
        return False
    return True


def _without_bom(blocks: Iterable[bytes]) -> Iterator[bytes | int]:
    """Yield the blocks; before them, where a byte order mark was dropped, its length."""
    for n, block in enumerate(blocks):
        if n == 0 and block.startswith(BOM):
            yield len(BOM)
            yield block[len(BOM) :]
        else:
            yield block


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON document with the records of a log in it.

    Attributes:
        value: the document without its records, or None where it is the array itself.
        cut: the records.
    """

    value: dict[str, object] | None
    cut: Cut


def cut_document(data: bytes, path: Name | None, *, limits: Limits, what: str) -> Document:
    """Return the records in the array at ``path`` of a JSON document.

    With ``path`` None a document that is no array itself has no records.

    Raises:
        JsonError: it is no strict JSON, or there is no such array.
    """
    value: object = parse(data, limits=limits, what=what, allow_bom=True)
    body = data.removeprefix(BOM)
    if path is None and isinstance(value, dict):
        return Document(value, Cut(0, b"", elements=()))
    path = path or ()
    rows = get(value, path) if isinstance(value, dict) else value
    if not isinstance(rows, list) or isinstance(value, dict) is not bool(path):
        raise JsonError(what, 0, f"no list of records at {'/'.join(path) or 'the top'}")
    text = body.decode("utf-8")
    places = tuple(_elements(text, _array_start(text, path)))
    cut = Cut(len(data) - len(body), body, elements=places)
    return Document(value if isinstance(value, dict) else None, cut)


def _array_start(text: str, path: Name) -> int:
    """Return where the array at ``path`` begins; the document is known to hold it."""
    decode = JSONDecoder().raw_decode
    at = _after(_BLANK, text, 0)
    for part in path:
        at = _after(_BLANK, text, at + 1)
        while True:
            name, at = decode(text, at)
            at = _after(_BLANK, text, _after(_BLANK, text, at) + 1)
            if name == part:
                break
            at = _after(_COMMA, text, decode(text, at)[1])
    return at


def _elements(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the place of each element of an array, in bytes of the UTF-8 text."""
    decode = JSONDecoder().raw_decode
    at = _after(_BLANK, text, start + 1)
    counted, offset = 0, 0
    while text[at] != "]":
        end = decode(text, at)[1]
        first = offset + len(text[counted:at].encode())
        offset = first + len(text[at:end].encode())
        yield first, offset
        counted = end
        at = _after(_COMMA, text, end)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()
