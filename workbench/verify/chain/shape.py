"""What canonical lines of one shape have in common: the bytes between their values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

#: A number as JSON has it, where one may stand; whole and short, it may differ between lines.
_NUMBER = re.compile(rb"(?<=[:,\[])-?[0-9][-+.0-9eE]*")
_SEQUENCE = 2
_WHOLE = re.compile(rb"0|[1-9][0-9]{0,17}")


class ChainNames(NamedTuple):
    """The members at the top of a record that chain it to others."""

    own: str
    previous: str
    sequence: str
    time: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A line without its values.

    Attributes:
        fixed: the bytes before each value, and those after the last one, with the line end.
        numbers: for each value, whether it is a whole number; else it is a text.
        own: which value is the digest.
        previous: which is the previous one.
        sequence: which is the number.
        time: which is the time.
        cut: how much goes with the digest where it is left out, before it and after it.
    """

    fixed: tuple[bytes, ...]
    numbers: tuple[bool, ...]
    own: int
    previous: int
    sequence: int
    time: int
    cut: tuple[int, int]

    @property
    def quotes(self) -> int:
        """Return how many quotes each line has."""
        return sum(fixed.count(b'"') for fixed in self.fixed)


class _Value(NamedTuple):
    """One value of a line: the bytes since the value before it, its kind, its name at the top."""

    before: bytes
    is_number: bool
    name: bytes | None


def shape_of(line: bytes, names: ChainNames) -> Shape | None:
    """Return the shape of a canonical line; None where it has an escape or lacks a name."""
    if b"\\" in line:
        return None
    *values, last = _values(line)
    kinds = [(value.name, value.is_number) for value in values]
    wanted = [(name.encode(), n == _SEQUENCE) for n, name in enumerate(names)]
    if any(kinds.count(kind) != 1 for kind in wanted):
        return None
    fixed = (*(value.before for value in values), last.before + b"\n")
    own, previous, sequence, time = map(kinds.index, wanted)
    member = len(names.own.encode()) + len(b'"":"')
    cut = (member, 2) if fixed[own + 1].startswith(b'",') else (member + 1, 1)
    numbers = tuple(value.is_number for value in values)
    return Shape(fixed, numbers, own, previous, sequence, time, cut)


def _values(line: bytes) -> Iterator[_Value]:
    """Yield the values that may differ, and at last what comes after them."""
    before, name, depth = b"", b"", 0
    outside, *rest = line.split(b'"')
    for text, after in zip((None, *rest[::2]), (outside, *rest[1::2]), strict=True):
        if text is not None and after.startswith(b":"):
            before, name = before + b'"' + text + b'"', text
        elif text is not None:
            yield _Value(before + b'"', False, name if depth == 1 else None)
            before = b'"'
        number = _only_number(after)
        if number is not None:
            at_top = depth == 1 and number.start() == len(b":")
            yield _Value(before + after[: number.start()], True, name if at_top else None)
            before = b""
        before += after if number is None else after[number.end() :]
        depth += sum(map(after.count, (b"{", b"["))) - sum(map(after.count, (b"}", b"]")))
    yield _Value(before, False, None)


def _only_number(between: bytes) -> re.Match[bytes] | None:
    """Return the one whole number between two texts; None where there is none, or more."""
    found = list(_NUMBER.finditer(between))
    return found[0] if len(found) == 1 and _WHOLE.fullmatch(found[0][0]) else None
