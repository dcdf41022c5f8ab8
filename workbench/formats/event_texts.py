"""Read the events of lines that were proven by column, each step for all of them at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.evidence.line_columns import ABSENT, LineColumns
from workbench.model.event_batch import NO_TIME
from workbench.model.moment import SECOND, claimed_ns, is_near

Places = NDArray[np.int64]
#: Where ``9`` stands there is a digit; fractions of none, three or six digits are read.
_FORM = b"9999-99-99T99:99:99"
_FRACTIONS = {0: 0, 4: 1_000_000, 7: 1_000}
_ZERO, _NINE = ord("0"), ord("9")
#: Texts are compared by words of eight bytes, up to so many bytes.
_WORD, _MOST_WIDTH = 8, 64
#: By a number of bytes: a word of which as many are kept, as this machine reads them.
_FIRST_BYTES = np.array([b"\xff" * n for n in range(_WORD + 1)], f"S{_WORD}").view(np.uint64)
_PRIME, _HALF, _SMALL = np.uint64(0x9E3779B97F4A7C15), np.uint64(32), np.uint64(0xFFFF)


class Spelled(NamedTuple):
    """Texts in UTF-8, each once, and for each line which of them it has (``ABSENT``: none)."""

    each: list[bytes]
    codes: Places


def texts_of(lines: LineColumns, number: int, name: str) -> Spelled | None:
    """Return the text of a member in each line; None where it is something else, or many lines.

    Args:
        lines: the lines.
        number: which of the members that were asked for; ``ABSENT``: none was.
        name: its name.
    """
    if number == ABSENT:
        return Spelled([], np.full(len(lines.start), ABSENT, np.int64))
    found = _spelled(lines.block, *lines.texts[number])
    for row, record in lines.alone.items():
        value = record.get(name)
        if value is not None and (type(value) is not str or "\n" in value):
            return None
        if value is None:
            found.codes[row] = ABSENT
        else:
            found.codes[row] = len(found.each)
            found.each.append(value.encode())
    return found


def longest(lines: LineColumns) -> int:
    """Return the bytes of the longest text that is told by its place."""
    width = lines.texts[:, 1] - lines.texts[:, 0]
    return int(width.max(initial=0))


def times_of(lines: LineColumns, number: int, name: str) -> Places | None:
    """Return the claimed time of each line in nanoseconds, ``NO_TIME`` where it has none.

    None where one must be read by itself: it is no time in UTC as RFC 3339 has it, or far away.
    """
    found: Places = np.full(len(lines.start), NO_TIME, np.int64)
    if number == ABSENT:
        return found
    start, end = lines.texts[number]
    there = np.flatnonzero(start != ABSENT)
    times = _moments(lines.block, start[there], end[there]) if there.size else start[there]
    if times is None:
        return None
    found[there] = times
    for row, record in lines.alone.items():
        said = record.get(name)
        moment = claimed_ns(said)
        if moment is None and said is not None:
            return None
        found[row] = NO_TIME if moment is None else moment
    return found


def _spelled(block: bytes, start: Places, end: Places) -> Spelled:
    """Return the texts between places, each once."""
    codes: Places = np.full(start.size, ABSENT, np.int64)
    there = np.flatnonzero(start != ABSENT)
    if not there.size:
        return Spelled([], codes)
    start, end = start[there], end[there]
    found = _alike(block, start, end - start)
    if found is None:
        each = [block[s:e] for s, e in zip(start.tolist(), end.tolist(), strict=True)]
        codes[there] = np.arange(there.size)
        return Spelled(each, codes)
    first, codes[there] = found
    places = zip(start[first].tolist(), end[first].tolist(), strict=True)
    return Spelled([block[s:e] for s, e in places], codes)


def _alike(block: bytes, start: Places, length: Places) -> tuple[Places, Places] | None:
    """Return rows with different texts, and for each row which of them has its text.

    Each row is said to be like the last one whose text makes the same small number, and is then
    compared with it byte by byte: None where two texts make one number, or a text is long.
    """
    width = -(-int(length.max()) // _WORD) * _WORD
    last = len(block) - width
    if not 0 < width <= _MOST_WIDTH or int(start.max()) > last:
        return None
    every = np.ndarray((last + width - _WORD + 1,), np.uint64, block, strides=(1,))
    words = [
        every[start + at] & _FIRST_BYTES[np.clip(length - at, 0, _WORD)]
        for at in range(0, width, _WORD)
    ]
    number = length.astype(np.uint64)
    for word in words:
        number = (number ^ word) * _PRIME
        number ^= number >> _HALF
    small, rows = (number & _SMALL).astype(np.intp), np.arange(start.size)
    table = np.empty(int(_SMALL) + 1, np.intp)
    table[small] = rows
    like = table[small]
    if not all((column == column[like]).all() for column in (length, *words)):
        return None
    first = np.flatnonzero(like == rows)
    table[small[first]] = np.arange(first.size)
    return first, table[small]


def _moments(block: bytes, start: Places, end: Places) -> Places | None:
    """Return times of one width in nanoseconds; None where one has another form."""
    width = int(end[0] - start[0])
    scale = _FRACTIONS.get(width - len(_FORM) - 1)
    if scale is None or not ((end - start) == width).all():
        return None
    rows = np.ndarray((len(block) - width + 1,), f"V{width}", block, strides=(1,))[start]
    digits = np.frombuffer(rows.tobytes(), np.uint8).reshape(start.size, width)
    form = np.frombuffer(_FORM + b".999999"[: width - len(_FORM) - 1] + b"Z", np.uint8)
    of_digit = form == _NINE
    if not (digits[:, ~of_digit] == form[~of_digit]).all():
        return None
    if not (digits[:, of_digit] - _ZERO <= _NINE - _ZERO).all():
        return None
    try:
        whole = np.ascontiguousarray(digits[:, : len(_FORM)]).view(f"S{len(_FORM)}").ravel()
        seconds = whole.astype("datetime64[s]").astype(np.int64)
    except ValueError:
        return None
    if not is_near(int(seconds.min())) or not is_near(int(seconds.max())):
        return None
    return seconds * SECOND + _fraction(digits[:, len(_FORM) + 1 : -1]) * scale


def _fraction(digits: NDArray[np.uint8]) -> Places:
    """Return each row of digits as a number; 0 where there are none."""
    value: Places = np.zeros(len(digits), np.int64)
    for digit in digits.T:
        value = value * 10 + (digit - _ZERO)
    return value
