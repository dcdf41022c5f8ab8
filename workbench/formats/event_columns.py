"""Read the events of a stretch of a log as columns: small to send, quick to keep.

Runs in worker processes; what it is given and what it returns can be pickled. A record that is no
strict JSON object (a name that stands twice among them) is malformed and says nothing: two
readers could read two things.
"""

import hashlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import cast

import orjson

from workbench.evidence.limits import LIMITS
from workbench.evidence.strict_json import JsonError, parse, parse_exact
from workbench.model.event import EventFields, Outcome
from workbench.model.event_batch import BLOCK, NO_TIME, OUTCOMES, EventBatch, Story
from workbench.model.moment import claimed_each
from workbench.model.profile import get
from workbench.model.recipe import Name

MOST_TEXT = 4096

Record = Mapping[str, object]
_UNKNOWN = OUTCOMES.index(Outcome.UNKNOWN)
_SUCCESS = OUTCOMES.index(Outcome.SUCCESS)
_FAILURE = OUTCOMES.index(Outcome.FAILURE)
_WORDS = {
    **dict.fromkeys(
        "success succeeded successful ok allowed allow permit permitted granted true pass passed "
        "complete completed accepted".split(),
        _SUCCESS,
    ),
    **dict.fromkeys(
        "failure failed fail denied deny error rejected reject blocked false forbidden "
        "unauthorized refused".split(),
        _FAILURE,
    ),
}
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
    read = _read_at_once(raws, fields) or _read_one_by_one(raws, fields)
    times, unread = _times(read.said)
    return EventBatch(
        count=len(raws),
        offsets=array("q", [offset for offset, _ in stretch.records]).tobytes(),
        lengths=array("q", map(len, raws)).tobytes(),
        times=times.tobytes(),
        codes=read.codes.tobytes(),
        stories=read.stories,
        outcomes={said: _outcome(said, fields) for *_, said in read.stories},
        unread=unread,
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
    """What the records of a stretch say, in order: times, and what was done, each story once."""

    said: list[object]
    codes: "array[int]"
    stories: tuple[Story, ...]
    malformed: list[int]


def _read_at_once(raws: list[bytes], fields: EventFields) -> _Read | None:
    """Read records that are all plain; None where any needs a closer look."""
    names = (fields.actor, fields.action, fields.object, fields.outcome)
    flat = [name[0] for name in names if name is not None and len(name) == 1]
    if fields.time is None or len(fields.time) != 1 or len(flat) != len(names):
        return None
    try:
        records = list(map(orjson.loads, raws))
        said = list(map(itemgetter(fields.time[0]), records))
        codes, stories = _coded(map(itemgetter(*flat), records))
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        return None
    # A number or truth value that equals another key is among the stories once: it is seen here.
    plain = all(type(value) is str and len(value) <= MOST_TEXT for s in stories for value in s)
    return _Read(said, codes, stories, []) if plain and _are_unambiguous(raws, records) else None


def _are_unambiguous(raws: list[bytes], records: list[dict[str, object]]) -> bool:
    shallow = all(len(raw) <= _SHALLOW for raw in raws)
    if shallow and list(map(orjson.dumps, records)) == raws:
        return True
    return all(map(_is_unambiguous, raws, records))


def _read_one_by_one(raws: list[bytes], fields: EventFields) -> _Read:
    names = (fields.actor, fields.action, fields.object, fields.outcome)
    records = list(map(_strict, raws))
    said = [None if r is None or fields.time is None else get(r, fields.time) for r in records]
    told = (
        (_text(raw, r, names[0]), _text(raw, r, names[1]), _text(raw, r, names[2]), _text(raw, r, names[3]))
        for raw, r in zip(raws, ({} if r is None else r for r in records), strict=True)
    )
    codes, stories = _coded(told)
    return _Read(said, codes, stories, [n for n, r in enumerate(records) if r is None])


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
    """Tell whether strict JSON surely reads the same; False: it must be asked.

    Either the record written back is the very line; or the line holds as many colons after a
    quotation mark as the record has names, none of them after a space, and is not deep.
    """
    if len(raw) > _SHALLOW and raw.count(b"{") + raw.count(b"[") > LIMITS.json_depth:
        return False
    if orjson.dumps(record) == raw:
        return True
    spaced = b" :" in raw or b"\t:" in raw or b"\n:" in raw or b"\r:" in raw
    return not spaced and raw.count(b'":') == _names_in(record)


def _names_in(value: object) -> int:
    """Return how many names the objects in a value have."""
    if isinstance(value, dict):
        return len(value) + sum(_names_in(v) for v in value.values() if type(v) in {dict, list})
    if isinstance(value, list):
        return sum(_names_in(v) for v in value if type(v) in {dict, list})
    return 0


def _times(said: Sequence[object]) -> tuple["array[int]", tuple[tuple[int, str], ...]]:
    moments = claimed_each(said)
    if None not in moments:
        return array("q", cast("list[int]", moments)), ()
    unread = (
        (place, str(spelled)[:MOST_TEXT])
        for place, (spelled, moment) in enumerate(zip(said, moments, strict=True))
        if moment is None and spelled is not None
    )
    return array("q", [NO_TIME if m is None else m for m in moments]), tuple(unread)


def _coded(told: Iterable[Story]) -> tuple["array[int]", tuple[Story, ...]]:
    known: dict[Story, int] = {}
    codes = array("i", [known.setdefault(story, len(known)) for story in told])
    return codes, tuple(known)


def _outcome(said: str | None, fields: EventFields) -> int:
    if fields.outcome is None:
        return _UNKNOWN
    if fields.absent_is_success:
        return _FAILURE if said else _SUCCESS
    if said is None:
        return _UNKNOWN
    if said.isdigit() and len(said) == len("200"):  # an HTTP status (RFC 9110 15)
        return _FAILURE if int(said) >= 400 else _SUCCESS  # noqa: PLR2004
    return _WORDS.get(said.lower(), _UNKNOWN)
