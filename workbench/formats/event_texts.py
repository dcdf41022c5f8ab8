"""Read the events of lines that were proven by column, each step for all of them at once."""

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


def texts_of(lines: LineColumns, number: int, name: str) -> list[bytes | None] | None:
    """Return the text of a member in each line; None where it is something else, or many lines.

    Args:
        lines: the lines.
        number: which of the members that were asked for; ``ABSENT``: none was.
        name: its name.
    """
    if number == ABSENT:
        return [None] * len(lines.start)
    found = _slices(lines.block, *lines.texts[number].tolist())
    for row, record in lines.alone.items():
        value = record.get(name)
        if value is not None and (type(value) is not str or "\n" in value):
            return None
        found[row] = None if value is None else value.encode()
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


def _slices(block: bytes, starts: list[int], ends: list[int]) -> list[bytes | None]:
    if ABSENT not in starts:
        return [block[start:end] for start, end in zip(starts, ends, strict=True)]
    return [
        None if start == ABSENT else block[start:end]
        for start, end in zip(starts, ends, strict=True)
    ]


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
