"""The fastest way through canonical lines: lines of one shape are compared column by column.

A log has few shapes of lines: one for each kind of event, say. A line that ``orjson`` proves
canonical is taken for a model. Lines that have the very same bytes between their values, texts
without quotes, escapes or control characters, and plain numbers without leading zeros are canonical
too, and no name stands twice. NumPy compares each part of a shape for all its lines at once; only
the digests are computed one by one. Lines of no shape are proven one by one, if they are few. Of a
piece with anything else in it nothing is said here.
"""

import hashlib
from binascii import hexlify
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from workbench.evidence.line_columns import ABSENT, LineColumns
from workbench.verify.chain.alike import Column, alike, whole_numbers
from workbench.verify.chain.canonical import MOST_NUMBER, canonical_record
from workbench.verify.chain.facts import Facts
from workbench.verify.chain.page import Marks, Page, Places, Refused, require
from workbench.verify.chain.shape import ChainNames, Shape, cut_of, member, shape_of

_HEX = 64
#: Shapes that are remembered, how many are learnt from one piece, and how many lines in a
#: hundred may have none.
MOST_SHAPES, MOST_NEW, MOST_ODD = 32, 8, 25


class Lines(NamedTuple):
    """Lines that were proven: how many, where the last one begins, its facts, what was wanted."""

    number: int
    last: int
    tail: Facts
    told: LineColumns | None = None


#: What chains one line, in the order of ``_Chained``.
_Odd = tuple[int, ...]


class _Chained(NamedTuple):
    """What chains each line: where its values begin, its number, what is left out of it."""

    own: Places
    previous: Places
    time: Places
    sequence: Places
    cut: Places
    go_on: Places


def proven(
    lines: memoryview,
    names: ChainNames,
    before: Facts,
    limit: int,
    wanted: tuple[str, ...] | None = None,
) -> Lines | None:
    """Return what whole lines hold, if each is canonical, reproduced and follows; else None.

    Args:
        lines: the lines, to the last line end.
        names: what chains the records.
        before: facts of the line before them.
        limit: bytes of one record.
        wanted: names at the top of the records of which the texts are wanted; None: nothing is.
    """
    if before.own is None or before.sequence is None or type(before.time) is not str:
        return None
    try:
        return _Chain(Page(lines), names, before.time, wanted).followed(before, limit)
    except Refused:
        return None


class _Chain:
    """The lines of a page, each found to be canonical and to have what chains it."""

    def __init__(
        self, page: Page, names: ChainNames, time: str, wanted: tuple[str, ...] | None
    ) -> None:
        require(time.isascii() and time.endswith("Z"))
        self._page, self._names, self._width = page, names, len(time)
        self._wanted, self._records = wanted, dict[int, Mapping[str, object]]()
        self._texts: Places = np.full((len(wanted or ()), 2, page.count), ABSENT, np.int64)
        self._begins = tuple(map(member, names))
        self._values: Places = np.zeros((len(_Chained._fields), page.count), np.int64)
        odd = np.flatnonzero(self._odd())
        require(odd.size * 100 <= MOST_ODD * page.count)
        for row in odd.tolist():
            self._values[:, row] = self._alone(row)
        self._chained = _Chained(*self._values)

    def followed(self, before: Facts, limit: int) -> Lines:
        """Return the lines, if digests, links, numbers and times hold."""
        page, chained = self._page, self._chained
        require(int((page.next - page.start).max()) - 1 <= limit)
        first = (before.sequence or 0) + 1
        require(np.array_equal(chained.sequence, np.arange(first, first + page.count)))
        time = self._times_that_go_on(str(before.time))
        own, previous = page.taken(chained.own, _HEX), page.taken(chained.previous, _HEX)
        require(previous == (before.own or "").encode() + own[:-_HEX])
        require(self._recomputed() == own)
        last = first + page.count - 1
        tail = Facts(own[-_HEX:].decode(), previous[-_HEX:].decode(), last, time)
        return Lines(page.count, int(page.start[-1]), tail, self._told())

    def _told(self) -> LineColumns | None:
        """Return what else was wanted of the lines."""
        page = self._page
        lengths = page.next - page.start - 1
        columns = LineColumns(page.block, page.start, lengths, self._texts, self._records)
        return None if self._wanted is None else columns

    def _odd(self) -> Marks:
        """Take all lines that have a shape; mark the others."""
        page, known = self._page, remembered(self._names, self._wanted or ())
        left = ~page.escaped
        for shape in known:
            self._take(shape, left)
        tried = page.escaped.copy()
        for _ in range(MOST_NEW):
            rest = np.flatnonzero(left & ~tried)
            if not rest.size:
                break
            tried[rest[0]] = True
            learnt = _learnt(page.line(int(rest[0])), self._names, self._wanted or ())
            if learnt is not None and self._take(learnt, left) * 100 >= page.count:
                known.append(learnt)
        del known[:-MOST_SHAPES]
        return left | page.escaped

    def _take(self, shape: Shape, left: Marks) -> int:
        """Take those of the lines that are left that have a shape; return how many."""
        found = alike(self._page, np.flatnonzero(left), shape)
        if found is None:
            return 0
        own, previous, time, sequence = (
            found.columns[n] for n in (shape.own, shape.previous, shape.time, shape.sequence)
        )
        number, good = whole_numbers(self._page, sequence)
        good &= _wide(own, _HEX) & _wide(previous, _HEX) & _wide(time, self._width)
        rows, (before, after) = found.rows[good], shape.cut
        cut, go_on = own.start - before, own.end + after
        values = (own.start, previous.start, time.start, number, cut, go_on)
        self._values[:, rows] = np.array(values)[:, good]
        for texts, which in zip(self._texts, shape.told, strict=True):
            if which != ABSENT:
                texts[:, rows] = np.array(found.columns[which])[:, good]
        left[rows] = False
        return rows.size

    def _alone(self, row: int) -> _Odd:
        """Return what chains one line, proven canonical by itself."""
        line, start = self._page.line(row), int(self._page.start[row])
        record = canonical_record(line)
        if record is None:
            raise Refused
        if self._wanted is not None:
            self._records[row] = record
        own, previous, sequence, time = map(record.get, self._names)
        if type(own) is not str or type(previous) is not str or type(time) is not str:
            raise Refused
        if type(sequence) is not int or not 0 <= sequence < MOST_NUMBER:
            raise Refused
        require((len(own), len(previous), len(time)) == (_HEX, _HEX, self._width))
        at = self._place(line, 0, own)
        # Of two that are the same, nothing says which one is at the top.
        require(line.find(own.encode(), at + 1) < 0)
        before, after = cut_of(self._names.own, line[at + _HEX :])
        places = (at, self._place(line, 1, previous), self._place(line, 3, time))
        cut, go_on = at - before, at + _HEX + after
        return (*(start + place for place in places), sequence, start + cut, start + go_on)

    def _place(self, line: bytes, name: int, text: str) -> int:
        """Return where a text begins that stands under a name."""
        begins = self._begins[name]
        found = line.find(b'%b%b"' % (begins, text.encode()))
        require(found >= 0)
        return found + len(begins)

    def _times_that_go_on(self, before: str) -> str:
        """Return the last time, if all are ISO texts in UTC of one length that do not go back."""
        rows, width = self._page.taken(self._chained.time, self._width), self._width
        require(rows.isascii() and rows[width - 1 :: width] == b"Z" * self._page.count)
        times = np.frombuffer(before.encode() + rows, f"S{width}")
        require(bool((times[:-1] <= times[1:]).all()))
        return rows[-width:].decode()

    def _recomputed(self) -> bytes:
        """Return the digest of each line without its own one, one after the other."""
        page, chained, sha256 = self._page, self._chained, hashlib.sha256
        places, block = (page.start, chained.cut, chained.go_on, page.next - 1), page.block
        digests = [
            sha256(block[start:cut] + block[go_on:end]).digest()
            for start, cut, go_on, end in zip(*(p.tolist() for p in places), strict=True)
        ]
        return hexlify(b"".join(digests))


@cache
def remembered(names: ChainNames, wanted: tuple[str, ...] = ()) -> list[Shape]:
    """Return the shapes that this process has learnt of the logs of a profile."""
    return []


def _learnt(line: bytes, names: ChainNames, wanted: tuple[str, ...]) -> Shape | None:
    """Return the shape of a line, if it is surely canonical."""
    record = canonical_record(line)
    return None if record is None else shape_of(line, names, record, wanted)


def _wide(column: Column, width: int) -> Marks:
    found: Marks = column.end - column.start == width
    return found
