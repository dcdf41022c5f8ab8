"""Read the events of a stretch of a log as columns: small to send, quick to keep.

Runs in worker processes; what it is given and what it returns can be pickled. A record that is no
strict JSON object (a name that stands twice among them) is malformed and says nothing: two
readers could read two things.
"""

import hashlib
import operator
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, chain, compress
from operator import itemgetter
from typing import Any, cast

import orjson

from workbench.evidence.limits import LIMITS
from workbench.evidence.line_columns import ABSENT, LineColumns
from workbench.evidence.strict_json import JsonError, parse, parse_exact
from workbench.formats.told import Told
from workbench.model.event import EventFields, Outcome
from workbench.model.event_batch import BLOCK, NO_TIME, OUTCOMES, EventBatch
from workbench.model.moment import claimed_each, claimed_ns
from workbench.model.profile import get
from workbench.model.recipe import Name

MOST_TEXT = 4096

Record = Mapping[str, object]
_UNKNOWN = OUTCOMES.index(Outcome.UNKNOWN)
_SUCCESS = OUTCOMES.index(Outcome.SUCCESS)
_FAILURE = OUTCOMES.index(Outcome.FAILURE)
_SAY_SUCCESS = (
    "success succeeded successful ok allowed allow permit permitted granted true pass passed "
    "complete completed accepted"
)
_SAY_FAILURE = (
    "failure failed fail denied deny error rejected reject blocked false forbidden unauthorized "
    "refused"
)
_WORDS = {
    **dict.fromkeys(_SAY_SUCCESS.split(), _SUCCESS),
    **dict.fromkeys(_SAY_FAILURE.split(), _FAILURE),
}
#: Bytes of lines that are read by one call: what fits the processor's cache, by far the quickest.
_AT_ONCE = 64 * 1024
_NONE = type(None)
_PLAIN = {str, _NONE}
_NESTS = {dict, list}
_IS_NONE = partial(operator.is_, None)
#: A shorter record cannot be nested deeper than the limit.
_SHALLOW = 2 * LIMITS.json_depth


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of a log with the records in them.

    Attributes:
        offset: where the bytes begin in the file.
        data: the bytes.
        framed: returns the records of a part of them, given where it begins: offset in the file
            and bytes of each.
        lines: whether a part may be any whole lines; False: the bytes are one part.
    """

    offset: int
    data: bytes
    framed: Callable[[int, bytes], Iterable[tuple[int, bytes]]]
    lines: bool = True


class StretchReader:
    """Reads the events of a stretch from its beginning to its end.

    What somebody else has read already need not be read again.
    """

    def __init__(self, stretch: Stretch, fields: EventFields) -> None:
        self._stretch = stretch
        self._fields = fields
        self._read = _Read(fields)
        self._at = 0

    def proven(
        self, start: int, end: int, lengths: Sequence[int], records: Sequence[Record]
    ) -> None:
        """Take whole lines of ``data`` that were read as strict JSON by somebody else.

        Args:
            start: where the first begins in ``data``.
            end: where the next one begins.
            lengths: bytes of each line without its end.
            records: what they say; members that are no part of an event may be missing.
        """
        self._read_to(start)
        if self._read.known(self._stretch.offset + start, lengths, records):
            self._at = end

    @property
    def wanted(self) -> tuple[str, ...] | None:
        """Return the names at the top of records whose texts are events; None: they lie deeper."""
        return self._read.flat

    def by_column(self, start: int, lines: LineColumns) -> None:
        """Take whole lines of ``data`` from ``start`` on that somebody else proved by column."""
        self._read_to(start)
        if self._read.by_column(self._stretch.offset + start, lines):
            self._at = start + int(lines.start[-1] + lines.length[-1]) + 1

    def made(self) -> EventBatch:
        """Read what is left, and return all events with digests of the bytes."""
        self._read_to(len(self._stretch.data))
        read = self._read
        actor, action, thing, outcome = (told.made() for told in read.told)
        return EventBatch(
            count=len(read.lengths),
            offsets=read.offsets.tobytes(),
            lengths=read.lengths.tobytes(),
            times=read.times.tobytes(),
            actor=actor,
            action=action,
            object=thing,
            outcome=outcome,
            outcomes={said: _outcome(said, self._fields) for said in (None, *outcome.each)},
            unread=tuple(read.unread),
            malformed=tuple(read.malformed),
            blocks=tuple(blocks_of(self._stretch.offset, self._stretch.data)),
        )

    def _read_to(self, end: int) -> None:
        stretch = self._stretch
        for at, part in _parts(stretch, self._at, end):
            offset = stretch.offset + at
            if not (stretch.lines and self._read.at_once(offset, part)):
                self._read.one_by_one(stretch.framed(offset, part))
        self._at = max(self._at, end)


def columns_of(stretch: Stretch, fields: EventFields) -> EventBatch:
    """Return the events of a stretch, and digests of its bytes."""
    return StretchReader(stretch, fields).made()


def _parts(stretch: Stretch, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """Yield parts of a stretch with where they begin: whole lines that fit the cache."""
    data = stretch.data
    size = _AT_ONCE if stretch.lines else end
    while at < end:
        stop = data.rfind(b"\n", at, min(at + size, end)) + 1
        stop = stop or data.find(b"\n", at + size, end) + 1
        stop = stop if stop and stretch.lines else end
        yield at, data[at:stop]
        at = stop


def blocks_of(offset: int, data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield offset, length and SHA-256 of each block of some bytes of a file."""
    view = memoryview(data)
    for start in range(0, len(data), BLOCK):
        block = view[start : start + BLOCK]
        yield offset + start, len(block), hashlib.sha256(block).digest()


class _Read:
    """What the records read so far say: places, times, and what was done."""

    def __init__(self, fields: EventFields) -> None:
        self.offsets, self.lengths, self.times = array("q"), array("q"), array("q")
        self.told = (Told(), Told(), Told(), Told())
        self.unread: list[tuple[int, str]] = []
        self.malformed: list[int] = []
        self._time = fields.time
        self._names = (fields.actor, fields.action, fields.object, fields.outcome)
        names = (fields.time, *self._names)
        #: Names at the top of a record, where all are.
        self.flat = _flat(names)
        self._said = _getter((fields.time,))
        self._texts = _getter(self._names)

    def at_once(self, offset: int, block: bytes) -> bool:
        """Read whole lines, each step one call for all of them; tell whether that could be done.

        It cannot where a line is no plain record: blank or malformed.
        """
        lines = block.removesuffix(b"\n").split(b"\n")
        lengths = list(map(len, lines))
        try:
            records = list(map(orjson.loads, lines))
        except orjson.JSONDecodeError:
            return False
        if b"\r" in block or not _are_unambiguous(lines, lengths, records):
            return False
        return self.known(offset, lengths, records)

    def known(self, offset: int, lengths: Sequence[int], records: Sequence[Record]) -> bool:
        """Take records that were read, one line after the other; tell whether that could be done.

        It cannot where a value is no text and one is wanted.
        """
        told, said = self._texts(records), [time for (time,) in self._said(records)]
        moments = claimed_each(said)
        if None in moments and {*map(type, compress(said, map(_IS_NONE, moments)))} != {_NONE}:
            return False
        texts = list(chain.from_iterable(told))
        if not {*map(type, texts)} <= _PLAIN or _longest(texts, lengths) > MOST_TEXT:
            return False
        self.offsets.extend(accumulate([n + 1 for n in lengths[:-1]], initial=offset))
        self.lengths.extend(lengths)
        self._add(moments, told)
        return True

    def by_column(self, offset: int, lines: LineColumns) -> bool:
        """Take lines that were proven by column; tell whether that could be done.

        It cannot where a value is no text and one is wanted, or a time is written unusually.
        """
        from workbench.formats.event_texts import longest, texts_of, times_of

        found = (texts_of(lines, *self._column(name)) for name in self._names)
        told = [texts for texts in found if texts is not None]
        times = times_of(lines, *self._column(self._time))
        if longest(lines) > MOST_TEXT or times is None or len(told) < len(self._names):
            return False
        self.offsets.frombytes((lines.start + offset).tobytes())
        self.lengths.frombytes(lines.length.tobytes())
        self.times.frombytes(times.tobytes())
        for column, texts in zip(self.told, told, strict=True):
            column.add_spelled(texts.each, texts.codes)
        return True

    def _column(self, name: Name | None) -> tuple[int, str]:
        """Return which of the columns that were asked for a member is, and its name."""
        return (ABSENT, "") if name is None else ((self.flat or ()).index(name[0]), name[0])

    def one_by_one(self, records: Iterable[tuple[int, bytes]]) -> None:
        """Read records however they are written."""
        moments: list[int | None] = []
        told: list[tuple[str | None, ...]] = []
        for place, (offset, raw) in enumerate(records, len(self.times)):
            self.offsets.append(offset)
            self.lengths.append(len(raw))
            record = _strict(raw)
            if record is None:
                self.malformed.append(place)
                record = {}
            said = None if self._time is None else get(record, self._time)
            moments.append(claimed_ns(said))
            if moments[-1] is None and said is not None:
                self.unread.append((place, (_text(raw, record, self._time) or "")[:MOST_TEXT]))
            told.append(tuple(_text(raw, record, name) for name in self._names))
        if told:
            self._add(moments, told)

    def _add(self, moments: Sequence[int | None], told: Sequence[tuple[str | None, ...]]) -> None:
        for column, texts in zip(self.told, zip(*told, strict=True), strict=True):
            column.add(texts)
        if None in moments:
            moments = [NO_TIME if moment is None else moment for moment in moments]
        self.times.extend(cast("Sequence[int]", moments))


def _flat(names: Sequence[Name | None]) -> tuple[str, ...] | None:
    """Return names at the top of a record, each once; None where one lies deeper."""
    asked = [name for name in names if name is not None]
    if any(len(name) > 1 for name in asked):
        return None
    return tuple(dict.fromkeys(name[0] for name in asked))


def _getter(names: Sequence[Name | None]) -> Callable[[Sequence[Record]], list[Any]]:
    """Return what takes the values at names out of records, as tuples; None where there is none."""

    def one_by_one(records: Sequence[Record]) -> list[Any]:
        return [tuple(None if n is None else get(r, n) for n in names) for r in records]

    flat = [name[0] for name in names if name is not None and len(name) == 1]
    if len(flat) != len(names):
        return one_by_one
    take = itemgetter(*flat) if len(flat) > 1 else lambda record: (record[flat[0]],)

    def at_once(records: Sequence[Record]) -> list[Any]:
        try:
            return list(map(take, records))
        except KeyError:
            return one_by_one(records)

    return at_once


def _longest(texts: Sequence[str | None], lengths: Sequence[int]) -> int:
    """Return the length of the longest text; no more than that of the longest line."""
    if max(lengths) <= MOST_TEXT:
        return 0
    return max((len(text) for text in texts if text is not None), default=0)


def _are_unambiguous(
    lines: Sequence[bytes], lengths: Sequence[int], records: Sequence[object]
) -> bool:
    """Tell whether lines are objects that strict JSON surely reads the same."""
    if {*map(type, records)} != {dict}:
        return False
    if max(lengths) > _SHALLOW and not all(map(_is_shallow, lines)):
        return False
    whole = b"[%b]" % b",".join(lines)
    return orjson.dumps(records) == whole or _has_names(whole, _names_in(records))


def _strict(raw: bytes) -> Record | None:
    """Return a record; None where it is malformed."""
    try:
        record: object = orjson.loads(raw)
        if type(record) is dict and not _is_unambiguous(raw, record):
            record = parse(raw, what="record")
    except (orjson.JSONDecodeError, JsonError):
        return None
    return record if isinstance(record, dict) else None


def _text(raw: bytes, record: Record, name: Name | None) -> str | None:
    """Return a value as text: a number as it is spelled, a list or object as JSON."""
    value = None if name is None else get(record, name)
    if value is None or name is None:
        return None
    if isinstance(value, float | int) and not isinstance(value, bool):
        spelled = parse_exact(raw, what="record")
        value = get(spelled, name) if isinstance(spelled, dict) else value
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"


def _is_unambiguous(raw: bytes, record: dict[str, object]) -> bool:
    """Tell whether strict JSON surely reads the same; False: it must be asked."""
    return _are_unambiguous([raw], [len(raw)], [record])


def _is_shallow(raw: bytes) -> bool:
    return raw.count(b"{") + raw.count(b"[") <= LIMITS.json_depth


def _has_names(text: bytes, names: int) -> bool:
    """Tell whether a JSON text that was read as so many names surely has no more.

    A name that stands twice is read once. Each name ends in a quotation mark and a colon; where no
    space stands before any colon, there are at least as many of these pairs as names.
    """
    spaced = b" :" in text or b"\t:" in text or b"\n:" in text or b"\r:" in text
    return not spaced and text.count(b'":') == names


def _names_in(value: object) -> int:
    """Return how many names the objects in a value have."""
    if isinstance(value, dict):
        return len(value) + sum(_names_in(v) for v in value.values() if type(v) in _NESTS)
    if isinstance(value, list):
        return sum(_names_in(v) for v in value if type(v) in _NESTS)
    return 0


def _outcome(said: str | None, fields: EventFields) -> int:
    if fields.outcome is None:
        return _UNKNOWN
    if fields.absent_is_success:
        return _FAILURE if said else _SUCCESS
    if said is None:
        return _UNKNOWN
    return meaning_of(said)


def meaning_of(said: str) -> int:
    """Return the place in ``OUTCOMES`` of what the text of an outcome usually means."""
    if said.isdigit() and len(said) == len("200"):  # an HTTP status (RFC 9110 15)
        return _FAILURE if int(said) >= 400 else _SUCCESS
    return _WORDS.get(said.lower(), _UNKNOWN)
