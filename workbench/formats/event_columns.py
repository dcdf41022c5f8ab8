"""Read the events of a stretch of a log as columns: small to send, quick to keep.

Runs in worker processes; what it is given and what it returns can be pickled. A record that is no
strict JSON object (a name that stands twice among them) is malformed and says nothing: two
readers could read two things.
"""

import hashlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import cast

import orjson

from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_json import JsonError, parse, parse_exact
from workbench.model.event import EventFields, Outcome
from workbench.model.event_batch import BLOCK, NO_TIME, OUTCOMES, EventBatch, Story
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
#: Records that are read by one call: what fits the processor's cache, by far the quickest.
_AT_ONCE = 256
#: A shorter record cannot be nested deeper than the limit.
_SHALLOW = 2 * LIMITS.json_depth


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes of a log with the records in them.

    Attributes:
        offset: where the bytes begin in the file.
        data: the bytes.
        records: offset in the file and bytes of each record.
    """

    offset: int
    data: bytes
    records: Sequence[tuple[int, bytes]]


def columns_of(stretch: Stretch, fields: EventFields) -> EventBatch:
    """Return the events of a stretch, and digests of its bytes."""
    raws = [raw for _, raw in stretch.records]
    read = _Read()
    for first in range(0, len(raws), _AT_ONCE):
        some = raws[first : first + _AT_ONCE]
        if not _read_at_once(some, fields, read):
            _read_one_by_one(some, fields, read)
    return EventBatch(
        count=len(raws),
        offsets=array("q", [offset for offset, _ in stretch.records]).tobytes(),
        lengths=array("q", map(len, raws)).tobytes(),
        times=read.times.tobytes(),
        codes=read.codes.tobytes(),
        stories=tuple(read.stories),
        outcomes={said: _outcome(said, fields) for *_, said in read.stories},
        unread=tuple(read.unread),
        malformed=tuple(read.malformed),
        blocks=tuple(blocks_of(stretch.offset, stretch.data)),
    )


def blocks_of(offset: int, data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield offset, length and SHA-256 of each block of some bytes of a file."""
    view = memoryview(data)
    for start in range(0, len(data), BLOCK):
        block = view[start : start + BLOCK]
        yield offset + start, len(block), hashlib.sha256(block).digest()


@dataclass(slots=True)
class _Read:
    """What the records read so far say: times, and what was done, each story once."""

    times: "array[int]" = field(default_factory=lambda: array("q"))
    codes: "array[int]" = field(default_factory=lambda: array("i"))
    stories: dict[Story, int] = field(default_factory=dict)
    unread: list[tuple[int, str]] = field(default_factory=list)
    malformed: list[int] = field(default_factory=list)

    def add(self, moments: Sequence[int | None], told: Sequence[Story]) -> None:
        """Take what the next records say."""
        codes = list(map(self.stories.get, told))
        if None in codes:
            codes = [self.stories.setdefault(story, len(self.stories)) for story in told]
        self.codes.extend(cast("list[int]", codes))
        if None in moments:
            moments = [NO_TIME if moment is None else moment for moment in moments]
        self.times.extend(cast("Sequence[int]", moments))


def _read_at_once(raws: list[bytes], fields: EventFields, read: _Read) -> bool:
    """Read records that are all plain and flat; tell whether they were.

    One call for many: the lines as one array. As each line has one opening brace, at its beginning,
    no record can reach from one line into another.
    """
    names = (fields.actor, fields.action, fields.object, fields.outcome)
    flat = [name[0] for name in names if name is not None and len(name) == 1]
    if fields.time is None or len(fields.time) != 1 or len(flat) != len(names):
        return False
    whole = b"[%b]" % b",".join(raws)
    if whole.count(b"{") != len(raws) or whole.count(b"[") > LIMITS.json_depth:
        return False
    if {raw[:1] for raw in raws} != {b"{"}:
        return False
    try:
        records = orjson.loads(whole)
        moments = claimed_each(list(map(itemgetter(fields.time[0]), records)))
        told = list(map(itemgetter(*flat), records))
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        return False
    texts = chain.from_iterable(told)
    if None in moments or {*map(type, texts)} != {str} or max(map(len, raws)) > MOST_TEXT:
        return False
    if orjson.dumps(records) != whole and not _has_names(whole, sum(map(len, records))):
        return False
    read.add(moments, told)
    return True


def _read_one_by_one(raws: list[bytes], fields: EventFields, read: _Read) -> None:
    names = (fields.actor, fields.action, fields.object, fields.outcome)
    moments: list[int | None] = []
    told: list[Story] = []
    for place, raw in enumerate(raws, len(read.times)):
        record = _strict(raw)
        if record is None:
            read.malformed.append(place)
            record = {}
        said = None if fields.time is None else get(record, fields.time)
        moments.append(claimed_ns(said))
        if moments[-1] is None and said is not None:
            read.unread.append((place, (_text(raw, record, fields.time) or "")[:MOST_TEXT]))
        actor, action, thing, outcome = (_text(raw, record, name) for name in names)
        told.append((actor, action, thing, outcome))
    read.add(moments, told)


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
    if len(raw) > _SHALLOW and raw.count(b"{") + raw.count(b"[") > LIMITS.json_depth:
        return False
    return orjson.dumps(record) == raw or _has_names(raw, _names_in(record))


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
        return len(value) + sum(_names_in(v) for v in value.values() if type(v) in {dict, list})
    if isinstance(value, list):
        return sum(_names_in(v) for v in value if type(v) in {dict, list})
    return 0


def _outcome(said: str | None, fields: EventFields) -> int:
    if fields.outcome is None:
        return _UNKNOWN
    if fields.absent_is_success:
        return _FAILURE if said else _SUCCESS
    if said is None:
        return _UNKNOWN
    if said.isdigit() and len(said) == len("200"):  # an HTTP status (RFC 9110 15)
        return _FAILURE if int(said) >= 400 else _SUCCESS
    return _WORDS.get(said.lower(), _UNKNOWN)
