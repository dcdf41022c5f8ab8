"""Cut the records out of JSON of any size, without reading it whole.

A list in a document, or values that follow each other. Only brackets, commas and texts are looked
at; each record is read strictly by whoever wants it, so one that is malformed spoils no other as
long as its brackets are balanced. A text never crosses a line (RFC 8259 section 7), so an
unfinished one does not swallow the rest.
"""

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field

from workbench.evidence.file import EvidenceFile, blocks
from workbench.evidence.json_records import RawRecord, too_long
from workbench.evidence.limits import MIB, Limits
from workbench.evidence.strict_json import JsonError, parse
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.recipe import Name
from workbench.model.source import Problem, ProblemCode

_BOM = b"\xef\xbb\xbf"
#: A text that does not end in what is looked at is taken as far as it goes.
_TOKENS = re.compile(rb'"(?:[^"\\\n]++|\\[^\n])*+(?:"|\\?)|[\[\]{},]')
_NEXT = re.compile(rb'["\[\]{},]')
_TEXT = re.compile(rb'"(?:[^"\\\n]++|\\[^\n])*+"')
#: What holds no bracket: texts, and all between them.
_RUN = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\\n]++|\\[^\n])*+")++')
_REST = re.compile(rb'(?:[^"\\\n]++|\\[^\n])*+\\?')
_QUOTE = 0x22
_OPEN, _CLOSE = re.compile(rb"[\[{]++"), re.compile(rb"[\]}]++")
_MOST_NAME = 4096
#: Bytes around the list that are kept: a document that says more about itself says too much.
_MOST_AROUND = MIB
#: The list of records lies no deeper.
_DEEPEST = 20

Cut = Generator[RawRecord | Problem, None, bytes]


def elements_of(
    file: EvidenceFile, lists: Iterable[Name], *, limits: Limits, cancel: Cancel
) -> Cut:
    """Yield the elements of a list; return the document around it, with the list empty.

    Args:
        file: one JSON document.
        lists: where the list may stand; () is the document itself.
        limits: bounds a record.
        cancel: checked once a block.

    Raises:
        SourceError: it cannot be read.
    """
    cutter = _Cutter(file, limits, frozenset(lists))
    yield from cutter.cut(blocks(file, cancel=cancel, size=MIB))
    return bytes(cutter.around)


def values_of(file: EvidenceFile, *, limits: Limits, cancel: Cancel) -> Cut:
    """Yield the objects that follow each other in a file; return what stands between them.

    Raises:
        SourceError: it cannot be read.
    """
    cutter = _Cutter(file, limits, None)
    yield from cutter.cut(blocks(file, cancel=cancel, size=MIB))
    return bytes(cutter.around).strip()


def elements_in(
    data: bytes, lists: Iterable[Name], *, file: EvidenceFile, limits: Limits
) -> tuple[Name, list[RawRecord]]:
    """Return where the list is, and the elements of it that lie whole in some first bytes."""
    cutter = _Cutter(file, limits, frozenset(lists))
    found = [record for record in cutter.cut([data]) if isinstance(record, RawRecord)]
    return cutter.place, found


def values_in(data: bytes, *, file: EvidenceFile, limits: Limits) -> list[RawRecord]:
    """Return the objects that follow each other and lie whole in some bytes."""
    cutter = _Cutter(file, limits, None)
    return [record for record in cutter.cut([data]) if isinstance(record, RawRecord)]


@dataclass(slots=True)
class _Cutter:
    """Where in a document the cutting is.

    Attributes:
        file: for places.
        limits: bounds a record.
        lists: where the list may stand; None: values follow each other.
        around: bytes that are no part of a record.
        place: where the list is that was cut.
    """

    file: EvidenceFile
    limits: Limits
    lists: frozenset[Name] | None
    around: bytearray = field(default_factory=bytearray)
    place: Name = ()
    _names: list[str] = field(default_factory=list)
    _key: bytes = b""
    _depth: int = 0
    _inside: int = 0
    _number: int = 0
    _start: int = -1
    _held: list[bytes] = field(default_factory=list)
    _size: int = 0
    _is_lost: bool = False
    _in_text: bool = False
    _is_escaped: bool = False

    def cut(self, source: Iterable[bytes]) -> Iterator[RawRecord | Problem]:
        """Yield records from blocks; what is left unfinished at the end is a problem."""
        base = 0
        for n, block in enumerate(source):
            if n == 0 and block.startswith(_BOM):
                base, block = len(_BOM), block[len(_BOM) :]
            yield from self._block(block, base)
            base += len(block)
        if self._start >= 0 and (self.lists is None or self._has_text()):
            yield self._unfinished()

    def _block(self, data: bytes, base: int) -> Iterator[RawRecord | Problem]:
        """Yield the records that end in some bytes."""
        at, place = 0, self._text_end(data) if self._in_text else 0
        while place < len(data):
            if self.lists is not None and 0 < self._inside < self._depth:
                place = self._skipped(data, place)
                continue
            near = _NEXT.search(data, place)
            token = None if near is None else _TOKENS.match(data, near.start())
            if token is None:
                break
            mark, place = token[0], token.end()
            if mark[0] == _QUOTE:
                place = self._name_or_text(mark, data, place)
                continue
            found, at = self._step(mark, data, at, token.start(), base)
            if found is not None:
                yield found
        self._keep(data[at:])

    def _skipped(self, data: bytes, place: int) -> int:
        """Go over what lies deeper in a record than its own end can."""
        run = _RUN.match(data, place)
        place = place if run is None else run.end()
        mark = data[place : place + 1]
        if mark == b'"':
            text = _TOKENS.match(data, place)
            end = len(data) if text is None else text.end()
            return self._name_or_text(data[place:end], data, end)
        opening = _OPEN.match(data, place)
        if opening is not None:
            self._depth += opening.end() - place
            return opening.end()
        closing = _CLOSE.match(data, place)
        if closing is not None:
            most = min(closing.end() - place, self._depth - self._inside)
            self._depth -= most
            return place + most
        return place + 1

    def _name_or_text(self, mark: bytes, data: bytes, end: int) -> int:
        """Remember a name; return where to go on. A text may go on in the bytes after these.

        One that ends with its line is none: what it seems to hold is looked at.
        """
        is_whole = _TEXT.fullmatch(mark) is not None
        if end == len(data) and not is_whole:
            self._in_text, self._is_escaped = True, _ends_escaping(mark)
        if not self._inside:
            self._key = mark[:_MOST_NAME]
        is_none = not is_whole and end < len(data) and len(mark) < _MOST_NAME
        return end - len(mark) + 1 if is_none else end

    def _text_end(self, data: bytes) -> int:
        """Return where a text ends that began in a block before; all of it where it goes on."""
        if data.find(b'"') < 0 and data.find(b"\n") < 0 and data.find(b"\\") < 0:
            self._is_escaped = False
            self._key += b"" if self._inside else data[: _MOST_NAME - len(self._key)]
            return len(data)
        start = min(1, len(data)) if self._is_escaped else 0
        rest = _REST.match(data, start)
        end = start if rest is None else rest.end()
        self._in_text = end == len(data)
        self._is_escaped = self._in_text and _ends_escaping(data[start:end])
        end += data[end : end + 1] == b'"'
        self._key += b"" if self._inside else data[: min(end, _MOST_NAME)]
        return end

    def _step(
        self, mark: bytes, data: bytes, at: int, place: int, base: int
    ) -> tuple[RawRecord | Problem | None, int]:
        """Take a bracket or comma; return a record that ends there, and what was taken."""
        found: RawRecord | Problem | None = None
        if self._ends(mark):
            upto = place + (self.lists is None)
            found, at = self._ended(data[at:upto]), upto
        if mark in {b"[", b"{"}:
            at = self._opened(mark, data, at, place, base)
        elif mark in {b"]", b"}"}:
            self._closed()
        elif self.lists is not None and self._inside and self._inside == self._depth:
            self._start, at = base + place + 1, place + 1
        return found, at

    def _ends(self, mark: bytes) -> bool:
        if self._start < 0:
            return False
        if self.lists is None:
            return mark in {b"]", b"}"} and self._depth == 1
        return self._depth == self._inside and mark in {b",", b"]"}

    def _opened(self, mark: bytes, data: bytes, at: int, place: int, base: int) -> int:
        self._depth += 1
        if self._inside:
            return at
        if self._depth <= _DEEPEST:
            self._names.append(self._name() if self._depth > 1 else "")
        self._key = b""
        if self.lists is None:
            begins = self._depth == 1
            upto = place
        else:
            begins = mark == b"[" and self._depth <= _DEEPEST and self._is_list()
            upto = place + 1
        if begins:
            self._keep(data[at:upto])
            self._inside, self.place = self._depth, tuple(self._names[1:])
            self._start, at = base + upto, upto
        return at

    def _closed(self) -> None:
        self._depth = max(0, self._depth - 1)
        if self._depth < self._inside:
            self._inside = 0
        if not self._inside and len(self._names) > self._depth:
            self._names.pop()

    def _is_list(self) -> bool:
        return self.lists is not None and tuple(self._names[1:]) in self.lists

    def _name(self) -> str:
        try:
            name = parse(self._key, what="name") if self._key else ""
        except JsonError:
            return ""
        return name if isinstance(name, str) else ""

    def _has_text(self) -> bool:
        return self._is_lost or any(part.strip() for part in self._held)

    def _keep(self, data: bytes) -> None:
        """Keep bytes of the record that is open, or what stands around records."""
        if self._start < 0:
            if len(self.around) + len(data) <= _MOST_AROUND:
                self.around += data
            return
        self._size += len(data)
        if self._size > self.limits.record:
            self._is_lost = True
            self._held.clear()
        elif data and not self._is_lost:
            self._held.append(data)

    def _ended(self, rest: bytes) -> RawRecord | Problem | None:
        self._keep(rest)
        data, start, size, lost = b"".join(self._held), self._start, self._size, self._is_lost
        self._held.clear()
        self._start, self._size, self._is_lost = -1, 0, False
        if not lost and not data.strip():
            return None
        self._number += 1
        if lost:
            return too_long(self.file, RawRecord(self._number, start, b""), size, self.limits)
        return RawRecord(self._number, start + len(data) - len(data.lstrip()), data.strip())

    def _unfinished(self) -> Problem:
        record, name = self._number + 1, self.file.display
        place = Locator(self.file.path, self.file.member, record, self._start)
        message = (
            f"{name} ends within record {record}, which begins at byte {self._start}: "
            "it was cut off, or a bracket is missing."
        )
        return Problem(ProblemCode.TRUNCATED, place, message)


def _ends_escaping(text: bytes) -> bool:
    """Tell whether the last byte of a text escapes what follows."""
    return (len(text) - len(text.rstrip(b"\\"))) % 2 == 1
