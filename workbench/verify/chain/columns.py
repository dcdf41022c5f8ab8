"""The fastest way through canonical lines: those of one shape are compared column by column.

A line that the exact way proved canonical is taken for a model. Lines that have the very same
bytes between their values, texts without quotes, escapes or control characters, and whole numbers
without leading zeros are canonical too, and no name stands twice. NumPy compares each part of the
shape for all lines of a piece at once; only the digests are computed one by one. Of a piece with
anything else in it nothing is said here.
"""

import hashlib
from binascii import hexlify
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.verify.chain.facts import Facts
from workbench.verify.chain.shape import ChainNames, Shape, shape_of

MOST_DIGITS = 18
_HEX = 64
_QUOTE, _ZERO, _SPACE = 0x22, 0x30, 0x20

Places = NDArray[np.int64]
Bytes = NDArray[np.uint8]


class Lines(NamedTuple):
    """Lines that were proven: how many, where the last one begins, its facts."""

    number: int
    last: int
    tail: Facts


class _Column(NamedTuple):
    """Where a value begins and ends in each line."""

    start: Places
    end: Places


class _Refused(Exception):  # noqa: N818 - no error: the next way says what is so
    """The lines cannot be proven here."""


def proven(
    lines: memoryview, model: bytes, names: ChainNames, before: Facts, limit: int
) -> Lines | None:
    """Return what whole lines hold, if each is canonical, reproduced and follows; else None.

    Args:
        lines: the lines, to the last line end.
        model: the line before them, proven canonical, without its end.
        names: what chains the records.
        before: facts of the model.
        limit: bytes of one record.
    """
    shape = shape_of(model, names)
    if shape is None:
        return None
    try:
        page = _Page(lines, shape)
        return page.followed(before, limit)
    except _Refused:
        return None


def _is_plain(block: bytes) -> bool:
    """Tell whether it is UTF-8 without an escape."""
    if b"\\" in block:
        return False
    try:
        return block.isascii() or bool(block.decode())
    except UnicodeDecodeError:
        return False


class _Page:
    """Whole lines, found to have the shape of the model."""

    def __init__(self, lines: memoryview, shape: Shape) -> None:
        # What lies after the last line may be looked at, but is no control character.
        padding = b" " * max(_HEX, *map(len, shape.fixed))
        block = b"".join((lines, padding))
        _require(_is_plain(block))
        self._block, self._shape = block, shape
        self._bytes: Bytes = np.frombuffer(block, np.uint8)
        quotes: Places = np.flatnonzero(self._bytes == _QUOTE)
        self.count, rest = divmod(quotes.size, shape.quotes)
        controls = np.count_nonzero(self._bytes < _SPACE)
        _require(bool(self.count) and not rest and controls == self.count)
        self._quotes = quotes.reshape(self.count, shape.quotes)
        self._start: Places = self._quotes[:, 0] - 1
        self._next: Places = np.append(self._start[1:], len(lines))
        _require(self._start[0] == 0)
        self._columns = tuple(self._found())

    def followed(self, before: Facts, limit: int) -> Lines:
        """Return the lines, if digests, links, numbers and times hold."""
        _require(int((self._next - self._start).max()) - 1 <= limit)
        sequence = self._following_numbers(before)
        time = self._times_that_go_on(before)
        own = self._digests(self._shape.own)
        previous = self._digests(self._shape.previous)
        _require(previous == (before.own or "").encode() + own[:-_HEX])
        _require(self._recomputed() == own)
        tail = Facts(own[-_HEX:].decode(), previous[-_HEX:].decode(), sequence, time)
        return Lines(self.count, int(self._start[-1]), tail)

    def _found(self) -> Iterator[_Column]:
        """Yield where each value lies; what lies between them is that of the model."""
        at, quote, fixed = self._start, 0, self._shape.fixed
        for n, is_number in enumerate(self._shape.numbers):
            start = self._after(at, fixed[n])
            quote += fixed[n].count(b'"')
            to_quote = fixed[n + 1].find(b'"')
            end = (
                self._next - len(fixed[n + 1])
                if to_quote < 0
                else self._quotes[:, quote] - to_quote
            )
            _require(bool((start <= end).all()))
            at = end
            column = _Column(start, end)
            if is_number:
                self._whole(column)
            yield column
        _require(np.array_equal(self._after(at, fixed[-1]), self._next))

    def _after(self, at: Places, fixed: bytes) -> Places:
        """Return the places after ``fixed``, which must stand at each of ``at``."""
        _require(self._taken(at, len(fixed)).tobytes() == fixed * self.count)
        return at + len(fixed)

    def _taken(self, at: Places, width: int) -> NDArray[np.void]:
        """Return so many bytes at each of ``at``; none lies further than the padding is wide."""
        everywhere = (len(self._block) - width + 1,)
        taken: NDArray[np.void] = np.ndarray(everywhere, f"V{width}", self._block, strides=(1,))[at]
        return taken

    def _whole(self, column: _Column) -> Places:
        """Return the whole numbers of a column; none has a sign, a leading zero or many digits."""
        width = column.end - column.start
        least, most = int(width.min()), int(width.max())
        _require(least >= 1 and most <= MOST_DIGITS)
        leading = self._bytes[column.start] == _ZERO
        _require(not bool((leading & (width > 1)).any()))
        value: Places = np.zeros(self.count, np.int64)
        for n in range(most):
            digit = self._bytes[column.start + n] - _ZERO  # wraps around: no digit is over 9
            within = width > n
            _require(
                (n < least and bool((digit <= 9).all())) or not bool((within & (digit > 9)).any())
            )
            value = np.where(within, value * 10 + digit, value)
        return value

    def _following_numbers(self, before: Facts) -> int:
        """Return the last number, if each is one more than the one before it."""
        if before.sequence is None:
            raise _Refused
        numbers = self._whole(self._columns[self._shape.sequence])
        first = before.sequence + 1
        _require(np.array_equal(numbers, np.arange(first, first + self.count)))
        return int(numbers[-1])

    def _times_that_go_on(self, before: Facts) -> str:
        """Return the last time, if all are ISO texts in UTC of one length that do not go back."""
        text = before.time
        if type(text) is not str or not text.isascii() or not text.endswith("Z"):
            raise _Refused
        start, end = self._columns[self._shape.time]
        _require(bool((end - start == len(text)).all()))
        rows = self._taken(start, len(text)).tobytes()
        _require(rows.isascii() and rows[len(text) - 1 :: len(text)] == b"Z" * self.count)
        times = np.frombuffer(text.encode() + rows, f"S{len(text)}")
        _require(bool((times[:-1] <= times[1:]).all()))
        return rows[-len(text) :].decode()

    def _digests(self, column: int) -> bytes:
        """Return the digests of a column, one after the other."""
        start, end = self._columns[column]
        _require(bool((end - start == _HEX).all()))
        return self._taken(start, _HEX).tobytes()

    def _recomputed(self) -> bytes:
        """Return the digest of each line without its own one, one after the other."""
        before, after = self._shape.cut
        own, block, sha256 = self._columns[self._shape.own], self._block, hashlib.sha256
        places = (self._start, own.start - before, own.end + after, self._next - 1)
        digests = b"".join(
            [
                sha256(block[start:cut] + block[go_on:end]).digest()
                for start, cut, go_on, end in zip(*(p.tolist() for p in places), strict=True)
            ]
        )
        return hexlify(digests)


def _require(holds: bool) -> None:
    if not holds:
        raise _Refused
