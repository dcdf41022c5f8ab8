"""Find the lines of a page that have one shape, and where their values lie."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from workbench.verify.chain.page import Marks, Page, Places
from workbench.verify.chain.shape import MOST_DIGITS, Shape

#: How often lines that look alike at first may turn out not to be.
MOST_TURNS = 8
_ZERO, _NINE, _POINT, _MINUS = 0x30, 9, 0x2E, 0x2D


class Column(NamedTuple):
    """Where a value begins and ends in each line."""

    start: Places
    end: Places


class Alike(NamedTuple):
    """Rows of a page that have the same shape, and their values."""

    rows: Places
    columns: tuple[Column, ...]


class _Unlike(Exception):  # noqa: N818 - no error: fewer rows are alike
    """Some rows have another shape; ``alike`` marks the others."""

    def __init__(self, alike: Marks) -> None:
        super().__init__()
        self.alike = alike


def alike(page: Page, rows: Places, shape: Shape) -> Alike | None:
    """Return those of ``rows`` that surely have a shape; none have escapes."""
    rows = rows[page.quoted[rows] == shape.quotes]
    for _ in range(MOST_TURNS):
        if not rows.size:
            return None
        try:
            return Alike(rows, tuple(_columns(page, rows, shape)))
        except _Unlike as unlike:
            rows = rows[unlike.alike]
    return None


def whole_numbers(page: Page, column: Column) -> tuple[Places, Marks]:
    """Return the whole numbers of a column, and which of them are spelled as such."""
    width = column.end - column.start
    value: Places = np.zeros(width.size, np.int64)
    good: Marks = (width >= 1) & (width <= MOST_DIGITS)
    for n in range(min(int(width.max()), MOST_DIGITS)):
        digit = page.byte(column.start + n) - _ZERO  # wraps around: no digit is over 9
        within = width > n
        good &= ~within | (digit <= _NINE)
        value = np.where(within, value * 10 + digit, value)
    return value, good & ((width == 1) | (page.byte(column.start) != _ZERO))


def _columns(page: Page, rows: Places, shape: Shape) -> Iterator[Column]:
    """Yield where each value lies; what lies between them is that of the shape."""
    at, quote, fixed, line_end = page.start[rows], 0, shape.fixed, page.next[rows]
    for n, is_number in enumerate(shape.numbers):
        start = _after(page, at, fixed[n])
        quote += fixed[n].count(b'"')
        to_quote = fixed[n + 1].find(b'"')
        at = line_end - len(fixed[n + 1]) if to_quote < 0 else page.quote(rows, quote) - to_quote
        _require(start <= at)
        column = Column(start, at)
        if is_number and n != shape.sequence:  # that one is read as a whole number
            _require(_are_numbers(page, column))
        yield column
    _require(_after(page, at, fixed[-1]) == line_end)


def _after(page: Page, at: Places, fixed: bytes) -> Places:
    """Return the places after ``fixed``, which must stand at each of ``at``."""
    found = page.taken(at, len(fixed))
    if found != fixed * at.size:
        # No byte is zero, so that no end of a text is lost.
        raise _Unlike(np.frombuffer(found, f"S{len(fixed)}") == fixed)
    return at + len(fixed)


def _are_numbers(page: Page, column: Column) -> Marks:
    """Tell which values are JSON numbers of few digits without an exponent (RFC 8259 section 6)."""
    width = column.end - column.start
    _require((width >= 1) & (width <= MOST_DIGITS))
    most = int(width.max())
    taken = np.frombuffer(page.taken(column.start, most), np.uint8).reshape(width.size, most)
    byte = np.ascontiguousarray(taken.T)  # the same character of all values in one row
    within = np.arange(most)[:, None] < width
    digit, point = byte - _ZERO <= _NINE, (byte == _POINT) & within
    first = byte[0] == _MINUS
    plain = digit | point | ~within
    plain[0] |= first
    start = column.start + first
    # After a zero comes a point, or nothing; a point has a digit before it and after it.
    leading = (page.byte(start) == _ZERO) & (width - first > 1) & (page.byte(start + 1) != _POINT)
    ends = (page.byte(start) - _ZERO <= _NINE) & (page.byte(column.end - 1) - _ZERO <= _NINE)
    good: Marks = plain.all(axis=0) & ~leading & ends & (width > first)
    good &= np.add.reduce(point, axis=0, dtype=np.uint8) <= 1
    return good


def _require(holds: Marks) -> None:
    if not holds.all():
        raise _Unlike(holds)
