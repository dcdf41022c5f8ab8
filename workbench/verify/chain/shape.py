"""What canonical lines of one shape have in common: the bytes between their values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from workbench.evidence.line_columns import ABSENT

#: Characters of a number that may differ between lines; and of what is the same in all of them.
MOST_DIGITS, LONGEST = 18, 1024
#: A number as JSON has it, where one may stand; short and without exponent, it may differ.
_NUMBER = re.compile(rb"(?<=[:,\[])-?[0-9][-+.0-9eE]*")
_PLAIN = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_SEQUENCE = 2
_TEXTS = {str, type(None)}


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
        numbers: for each value, whether it is a number; else it is a text.
        own: which value is the digest.
        previous: which is the previous one.
        sequence: which is the number.
        time: which is the time.
        cut: how much goes with the digest where it is left out, before it and after it.
        told: which is each of the texts that somebody else wants; ``ABSENT`` where there is none.
    """

    fixed: tuple[bytes, ...]
    numbers: tuple[bool, ...]
    own: int
    previous: int
    sequence: int
    time: int
    cut: tuple[int, int]
    told: tuple[int, ...] = ()

    @property
    def quotes(self) -> int:
        """Return how many quotes each line has."""
        return sum(fixed.count(b'"') for fixed in self.fixed)


class _Value(NamedTuple):
    """One value of a line: the bytes since the value before it, its kind, its name at the top."""

    before: bytes
    is_number: bool
    name: bytes | None


def shape_of(
    line: bytes, names: ChainNames, record: Mapping[str, object], wanted: Sequence[str] = ()
) -> Shape | None:
    """Return the shape of a canonical line, where it has no escape and all names.

    Args:
        line: it has no line end.
        names: what chains the records.
        record: what the line says.
        wanted: names at the top of which the texts are wanted too: none may be anything else.
    """
    if b"\\" in line or any(type(record.get(name)) not in _TEXTS for name in wanted):
        return None
    *values, last = _values(line)
    kinds = [(value.name, value.is_number) for value in values]
    chaining = [(name.encode(), n == _SEQUENCE) for n, name in enumerate(names)]
    if any(kinds.count(kind) != 1 for kind in chaining):
        return None
    fixed = (*(value.before for value in values), last.before + b"\n")
    own, previous, sequence, time = map(kinds.index, chaining)
    told = tuple(
        ABSENT if record.get(name) is None else kinds.index((name.encode(), False))
        for name in wanted
    )
    cut = cut_of(names.own, fixed[own + 1])
    numbers = tuple(value.is_number for value in values)
    shape = Shape(fixed, numbers, own, previous, sequence, time, cut, told)
    return shape if max(map(len, fixed)) <= LONGEST else None


def member(name: str) -> bytes:
    """Return how a member that is a text begins."""
    return b'"%b":"' % name.encode()


def cut_of(own: str, after: bytes) -> tuple[int, int]:
    """Return how much goes with a digest: before it, and of what comes ``after`` it."""
    begins = len(member(own))
    return (begins, 2) if after.startswith(b'",') else (begins + 1, 1)


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
    """Return the one plain number between two texts; None where there is none, or more."""
    found = list(_NUMBER.finditer(between))
    if len(found) != 1 or len(found[0][0]) > MOST_DIGITS or not _PLAIN.fullmatch(found[0][0]):
        return None
    return found[0]
