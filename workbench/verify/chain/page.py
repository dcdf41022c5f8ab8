"""Whole lines of a log in one block, so that NumPy looks at the same place of each at once."""

import numpy as np
from numpy.typing import NDArray

from workbench.verify.chain.shape import LONGEST

Places = NDArray[np.int64]
Marks = NDArray[np.bool_]

_QUOTE, _BACKSLASH, _SPACE, _LINE_END = 0x22, 0x5C, 0x20, 0x0A


class Refused(Exception):  # noqa: N818 - no error: the next way says what is so
    """The lines cannot be proven here."""


def require(holds: bool) -> None:
    """Stop unless it holds.

    Raises:
        Refused: it does not.
    """
    if not holds:
        raise Refused


class Page:
    """Lines of UTF-8 without control characters but for their ends.

    Attributes:
        block: their bytes, and spaces after them.
        count: how many.
        start: where each begins.
        next: where the one after it begins.
        quoted: how many quotes each has.
        escaped: whether there is a backslash in it.
    """

    def __init__(self, lines: memoryview) -> None:
        # What lies after the last line may be looked at, but is no control character.
        self.block = block = b"".join((lines, b" " * LONGEST))
        self._bytes = found = np.frombuffer(block, np.uint8)
        self._quotes = quotes = np.flatnonzero(found == _QUOTE)
        self.count = int(np.count_nonzero(found < _SPACE))
        require(self.count > 0 and lines[-1] == _LINE_END and quotes.size >= self.count)
        require(int(quotes[0]) == 1 and _is_utf8(block))
        self._first = self._first_quotes()
        require(self._first.size == self.count)
        self.start: Places = quotes[self._first] - 1
        self.next: Places = np.append(self.start[1:], len(lines))
        self.quoted: Places = np.append(self._first[1:], quotes.size) - self._first
        self.escaped: Marks = np.zeros(self.count, np.bool_)
        if b"\\" in block:
            backslashes = np.flatnonzero(found == _BACKSLASH)
            self.escaped[np.searchsorted(self.next, backslashes, side="right")] = True

    def _first_quotes(self) -> Places:
        """Return which quotes come after a line end and a bracket: a line begins with them."""
        quotes, (each, rest) = self._quotes, divmod(self._quotes.size, self.count)
        evenly: Places = np.arange(0, quotes.size, each)
        if not rest and (self._bytes[quotes[evenly[1:]] - 2] == _LINE_END).all():
            return evenly
        return np.append(0, np.flatnonzero(self._bytes[quotes - 2] == _LINE_END))

    def line(self, row: int) -> bytes:
        """Return a line without its end."""
        return self.block[int(self.start[row]) : int(self.next[row]) - 1]

    def quote(self, rows: Places, number: int) -> Places:
        """Return where the quote of that number is in each of ``rows``, all of which have it."""
        found: Places = self._quotes[self._first[rows] + number]
        return found

    def byte(self, at: Places) -> NDArray[np.uint8]:
        """Return the byte at each place."""
        found: NDArray[np.uint8] = self._bytes[at]
        return found

    def taken(self, at: Places, width: int) -> bytes:
        """Return so many bytes at each place, one after the other."""
        everywhere = (len(self.block) - width + 1,)
        rows: NDArray[np.void] = np.ndarray(everywhere, f"V{width}", self.block, strides=(1,))[at]
        return rows.tobytes()


def _is_utf8(block: bytes) -> bool:
    try:
        return block.isascii() or bool(block.decode())
    except UnicodeDecodeError:
        return False
