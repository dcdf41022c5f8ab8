"""The fast way through canonical lines: it proves the same as the exact way, or says nothing.

Lines are taken by the block, so that each step is one call for many records. ``orjson`` parses a
block as one array and writes it back with members sorted; where that gives the very same bytes,
with line ends for commas, every line is canonical and no name stands twice. The digest is over the
record without its own member. Everything else (exponents, big numbers, depth, any doubt) is left
to the exact way: a block that does not hold is halved, down to the line in question.

In a large log whole pieces are tried first by column (``columns``), which is faster still.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from workbench.model.profile import ChainProfile
from workbench.model.recipe import Algorithm, JsonObject, JsonStyle, Numbers
from workbench.verify.chain.canonical import MOST_NUMBER, SHALLOW, SORTED, is_shallow
from workbench.verify.chain.facts import Facts
from workbench.verify.chain.shape import ChainNames
from workbench.verify.verifier import PieceReading

#: Bytes of a block: from what fits the processor's cache down to about a line.
MOST, LEAST = 1 << 16, 1 << 8
#: Fewer bytes are not worth comparing by column.
BY_COLUMN = MOST
_LINE_END = 0x0A
_HEX = 64


#: Told of a block: beginning, end, lengths of its lines, records.
Seen = Callable[[int, int, Sequence[int], Sequence[dict[str, object]]], None]


class Run(NamedTuple):
    """Lines that were proven: how many, where the last one begins and ends, its facts."""

    lines: int
    last: int
    end: int
    tail: Facts


class _Lines(NamedTuple):
    """Canonical lines: the records without their digests, those digests, what they are over."""

    records: list[dict[str, Any]]
    owns: list[str]
    preimages: list[bytes]


class QuickPath:
    """Runs over good records of one profile; it remembers how large the blocks are that hold."""

    def __init__(self, profile: ChainProfile) -> None:
        fields = profile.fields
        named = (fields.own, fields.previous or ("",), fields.sequence or ("",))
        self._own, previous, sequence = (name[0] for name in named)
        time = (fields.time or ("",))[0]
        self._chain_of = itemgetter(previous, sequence, time)
        self._names = ChainNames(self._own, previous, sequence, time)
        self._around = len(orjson.dumps(self._own)) + len(':"",') + _HEX
        self._size = MOST

    def columns(
        self, data: bytes, at: int, before: Facts, limit: int, reading: PieceReading | None = None
    ) -> Run | None:
        """Return all lines of ``data`` from ``at`` on, if they surely follow ``before``.

        ``reading`` takes what it wants of them.
        """
        from workbench.verify.chain.columns import proven

        end = data.rfind(b"\n") + 1
        if before.problem or end - at < BY_COLUMN:
            return None
        wanted = None if reading is None else reading.wanted
        lines = proven(memoryview(data)[at:end], self._names, before, limit, wanted)
        if lines is None:
            return None
        if reading is not None and lines.told is not None:
            reading.by_column(at, lines.told)
        return Run(lines.number, at + lines.last, end, lines.tail)

    def run(self, data: bytes, at: int, before: Facts, limit: int, seen: Seen | None = None) -> Run:
        """Return the lines of ``data`` from ``at`` on that surely follow ``before``.

        ``seen`` is told of each block that was proven: where it begins and ends, the lengths of
        its lines without their ends, its records without their own digests.
        """
        found = Run(0, at, at, before)
        if before.problem or before.own is None or type(before.time) is not str:
            return found
        while found.end < len(data):
            end = data.rfind(b"\n", found.end, found.end + self._size) + 1
            end = end or data.find(b"\n", found.end) + 1
            proven = self._proven(data[found.end : end], found.tail, limit) if end else None
            if proven is not None:
                lines, tail = proven
                lengths = [len(preimage) + self._around for preimage in lines.preimages]
                if seen is not None:
                    seen(found.end, end, lengths, lines.records)
                found = Run(found.lines + len(lengths), end - lengths[-1] - 1, end, tail)
                self._size = min(2 * self._size, MOST)
            elif self._size > LEAST:
                self._size //= 2
            else:
                break
        return found

    def _proven(self, block: bytes, before: Facts, limit: int) -> tuple[_Lines, Facts] | None:
        """Return the lines of a block and the facts of the last one, where each line follows."""
        try:
            lines = self._read(block, limit)
            tail = None if lines is None else self._followed(lines, before)
        except (ValueError, LookupError, TypeError, AttributeError):
            return None
        return None if lines is None or tail is None else (lines, tail)

    def _read(self, block: bytes, limit: int) -> _Lines | None:
        """Return the records, if each line is canonical and its digest is reproduced."""
        array = b"[%b]" % block[:-1].replace(b"\n", b",")
        records = orjson.loads(array)
        if orjson.dumps(records, option=SORTED) != array:
            return None
        owns = [record.pop(self._own) for record in records]
        preimages = [orjson.dumps(record) for record in records]
        if [hashlib.sha256(preimage).hexdigest() for preimage in preimages] != owns:
            return None
        lengths = [len(preimage) + self._around + 1 for preimage in preimages]
        if not _are_lines(block, lengths) or max(lengths) > limit:
            return None
        if max(lengths) > SHALLOW and not all(map(is_shallow, preimages)):
            return None
        return _Lines(records, owns, preimages)

    def _followed(self, lines: _Lines, before: Facts) -> Facts | None:
        """Return the facts of the last record, if links hold, and numbers and times go on."""
        previous, numbers, times = zip(*map(self._chain_of, lines.records), strict=True)
        if previous != (before.own, *lines.owns[:-1]) or before.sequence is None:
            return None
        first, end = before.sequence + 1, before.sequence + 1 + len(numbers)
        if numbers != tuple(range(first, end)) or {*map(type, numbers)} != {int}:
            return None
        times = (before.time, *times)
        if {*map(type, times)} != {str} or not _go_on(times) or end > MOST_NUMBER:
            return None
        return Facts(lines.owns[-1], previous[-1], numbers[-1], times[-1])


def _are_lines(block: bytes, lengths: list[int]) -> bool:
    """Tell whether each record is a line, and each line a record, in a block written as an array.

    A comma between two records may stand in one line, and a line end within a record, since both
    are commas in the array: so a line end must stand where each record ends, and nowhere else.
    """
    at_ends = {block[end - 1] for end in accumulate(lengths)}
    return at_ends == {_LINE_END} and block.count(b"\n") == len(lengths)


def _go_on(times: tuple[str, ...]) -> bool:
    """Tell, without parsing, that ISO times in UTC of one length do not go back."""
    width = len(times[0])
    if {*map(len, times)} != {width}:
        return False
    return "".join(times)[width - 1 :: width] == "Z" * len(times) and sorted(times) == [*times]


def quick_path(profile: ChainProfile) -> QuickPath | None:
    """Return the fast way for a profile, or None where there is none."""
    style = JsonStyle(ensure_ascii=False, numbers=Numbers.AS_SPELLED)
    fields, digest = profile.fields, profile.digest
    named = (fields.own, fields.previous, fields.sequence, fields.time)
    fast = (
        profile.line_form == "canonical"
        and profile.preimage == (JsonObject(exclude=fields.own, style=style),)
        and digest == replace(digest, algorithm=Algorithm.SHA256, key=None, prefix="", length=None)
        and digest.encoding == "hex"
        and profile.sequence.gap_free
        and not (profile.seals or profile.versions or profile.container.entry)
        and all(name is not None and len(name) == 1 for name in named)
    )
    return QuickPath(profile) if fast else None
