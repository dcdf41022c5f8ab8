"""Events come out of records as they were written, whichever way they are read."""

import hashlib
import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import pytest
from casework import plain_log
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.evidence.strict_json import JsonError, parse
from workbench.formats import event_columns
from workbench.formats.event_columns import MOST_TEXT, Stretch, columns_of
from workbench.model.event import EventFields, Outcome
from workbench.model.event_batch import BLOCK, NO_TEXT, NO_TIME, OUTCOMES, EventBatch, Texts
from workbench.model.moment import claimed_ns

FIELDS = EventFields(("time",), ("actor",), ("action",), ("object",), ("outcome",))
NESTED = EventFields(("when", "at"), ("who", "name"), ("action",), None, ("outcome",))


@dataclass(frozen=True)
class Read:
    """An event that came out."""

    time: int | None
    actor: str | None
    action: str | None
    object: str | None
    outcome: Outcome


def framed(offset: int, data: bytes) -> list[tuple[int, bytes]]:
    """Return the lines of some bytes, by plain reading."""
    found = []
    for line in data.split(b"\n"):
        bare = line.removesuffix(b"\r")
        if bare.strip():
            found.append((offset, bare))
        offset += len(line) + 1
    return found


def stretch(lines: Sequence[bytes], end: bytes = b"\n") -> Stretch:
    return Stretch(5, b"".join(line + end for line in lines), framed)


def whole(lines: Sequence[bytes]) -> Stretch:
    """Return records that are not lines, as those of a JSON array."""
    places = list(accumulate([len(line) + 1 for line in lines], initial=5))
    found = list(zip(places, lines, strict=False))
    data = b"".join(line + b"," for line in lines)
    return Stretch(5, data, lambda *_: found, lines=False)


def rows(batch: EventBatch) -> list[Read]:
    """Return a batch event by event."""
    times = array("q")
    times.frombytes(batch.times)
    columns = (batch.actor, batch.action, batch.object, batch.outcome)
    found = []
    for time, *told in zip(times, *map(spelled, columns), strict=True):
        actor, action, thing, said = told
        outcome = OUTCOMES[batch.outcomes[said]]
        found.append(Read(None if time == NO_TIME else time, actor, action, thing, outcome))
    return found


def spelled(texts: Texts) -> list[str | None]:
    """Return the text of each event."""
    codes = array("i")
    codes.frombytes(texts.codes)
    assert len({*texts.each}) == len(texts.each)
    return [None if code == NO_TEXT else texts.each[code] for code in codes]


def read(lines: Sequence[bytes], fields: EventFields = FIELDS) -> list[Read]:
    found = rows(columns_of(stretch(lines), fields))
    assert rows(columns_of(whole(lines), fields)) == found
    return found


def event(**more: object) -> dict[str, object]:
    return {**plain_log(1)[0], **more}


STYLES = {
    "compact": lambda r: json.dumps(r, separators=(",", ":")),
    "sorted": lambda r: json.dumps(r, sort_keys=True, separators=(",", ":")),
    "spaced": json.dumps,
    "wide": lambda r: json.dumps(r, separators=(" , ", " : ")),
}


@pytest.mark.parametrize("style", STYLES)
def test_style_of_writing_changes_nothing(style: str) -> None:
    records = plain_log(600)
    found = read([STYLES[style](record).encode() for record in records])
    assert [row.time for row in found] == [claimed_ns(record["time"]) for record in records]
    assert [row.actor for row in found] == [record["actor"] for record in records]
    assert [row.object for row in found] == [record["object"] for record in records]
    denied = [row.outcome is Outcome.FAILURE for row in found]
    assert denied == [record["outcome"] == "denied" for record in records]


def test_places_are_those_of_the_records() -> None:
    lines = [json.dumps(record).encode() for record in plain_log(600)]
    for end in (b"\n", b"\r\n", b"\n\n", b"\n \n"):
        some = stretch(lines, end)
        batch = columns_of(some, FIELDS)
        assert batch.count == 600
        places = zip(array("q", batch.offsets), array("q", batch.lengths), strict=True)
        for (offset, length), line in zip(places, lines, strict=True):
            assert some.data[offset - 5 :][:length] == line
        assert all(row.actor for row in rows(batch))


def test_last_line_need_not_end() -> None:
    lines = [json.dumps(record).encode() for record in plain_log(3)]
    some = stretch(lines)
    batch = columns_of(Stretch(5, some.data[:-1], framed), FIELDS)
    assert rows(batch) == rows(columns_of(some, FIELDS))


def test_blocks_cover_every_byte_once() -> None:
    data = bytes(range(256)) * 1000
    batch = columns_of(Stretch(100, data, lambda *_: [], lines=False), FIELDS)
    assert [offset for offset, _, _ in batch.blocks] == list(range(100, 100 + len(data), BLOCK))
    assert sum(length for _, length, _ in batch.blocks) == len(data)
    for offset, length, digest in batch.blocks:
        assert digest == hashlib.sha256(data[offset - 100 :][:length]).digest()


MALFORMED = {
    "no object": b"[1]",
    "a number": b"1",
    "no JSON": b"{",
    "not UTF-8": b'{"actor":"\xff"}',
    "NaN": b'{"x":NaN}',
    "a name twice": b'{"actor":"evil","actor":"real"}',
    "a name twice, escaped": b'{"actor":"evil","\\u0061ctor":"real"}',
    "a name twice, spaced": b'{"actor" :"evil","b":1,"actor":"real"}',
    "a name twice, below": b'{"x":{"a":1,"a":2},"actor":"real"}',
    "a name twice in a list": b'{"x":[{"a":1,"a":2}],"actor":"real"}',
    "two records": b'{"a":1},{"b":2}',
    "half a record": b'{"a":1},{"b":[{}',
    "too deep": b'{"a":' + b"[" * 300 + b"]" * 300 + b"}",
    "too deep in objects": b'{"a":' * 300 + b"1" + b"}" * 300,
    "half a pair": b'{"actor":"\\ud800"}',
}


@pytest.mark.parametrize("what", MALFORMED)
@pytest.mark.parametrize("around", [0, 300], ids=["alone", "among good ones"])
def test_record_that_is_no_strict_json_object_says_nothing(what: str, around: int) -> None:
    good = [json.dumps(event(), separators=(",", ":")).encode()] * around
    batch = columns_of(stretch([*good, MALFORMED[what], *good]), FIELDS)
    assert batch.malformed == (around,)
    assert rows(batch)[around] == Read(None, None, None, None, Outcome.UNKNOWN)
    assert all(row.actor == "ann" for n, row in enumerate(rows(batch)) if n != around)


def test_two_lines_that_are_records_only_together_are_both_malformed() -> None:
    lines = [b'{"a":1},{"b":[{}', b"{}]}"]
    assert columns_of(stretch(lines * 3), FIELDS).malformed == (0, 1, 2, 3, 4, 5)


VALUES = st.sampled_from(
    [
        *("2026-04-01T00:00:00Z", "2026-04-01T00:00:01Z", "ann", ""),
        *('":', "ü", "{", "}", "\\", '"'),
        *(None, True, False, 0, 1, -1, 1.0, 1.5, 10**25, [], {}, [{}], {"a": {"a": 1}}, [1, "a"]),
    ]
)
NAMES = st.sampled_from(["time", "actor", "action", "object", "outcome", 'x"', ":", ""])
PARTS = st.dictionaries(NAMES, VALUES, max_size=7)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(st.lists(PARTS, max_size=5), st.sampled_from(sorted(STYLES)))
def test_quick_reading_is_the_exact_reading(parts: list[dict[str, object]], style: str) -> None:
    lines = [STYLES[style](part).encode() for part in parts]
    quick = columns_of(stretch(lines), FIELDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(event_columns._Read, "at_once", lambda *_: False)
        patch.setattr(event_columns, "_is_unambiguous", lambda *_: False)
        exact = columns_of(stretch(lines), FIELDS)
    assert rows(quick) == rows(exact)
    assert (quick.malformed, quick.unread) == (exact.malformed, exact.unread)
    assert list(quick.malformed) == [n for n, line in enumerate(lines) if not strict(line)]


def strict(line: bytes) -> bool:
    try:
        return isinstance(parse(line, what="line"), dict)
    except JsonError:
        return False


def test_values_that_are_no_text_are_told_as_they_are_spelled() -> None:
    raw = b'{"actor":12345678901234567890123,"action":1.10,"object":{"b":[1,2]},"outcome":true}'
    (row,) = read([raw])
    assert (row.actor, row.action) == ("12345678901234567890123", "1.10")
    assert (row.object, row.outcome) == ('{"b":[1,2]}', Outcome.SUCCESS)


def test_one_and_true_are_told_apart() -> None:
    found = read([b'{"actor":1,"outcome":1}', b'{"actor":true,"outcome":true}'])
    assert [row.actor for row in found] == ["1", "true"]
    assert [row.outcome for row in found] == [Outcome.UNKNOWN, Outcome.SUCCESS]


def test_text_beyond_the_limit_is_cut_and_shows_it() -> None:
    (row,) = read([json.dumps(event(actor="x" * 9999)).encode()])
    assert row.actor is not None
    assert (len(row.actor), row.actor[-1]) == (MOST_TEXT, "…")


def test_time_that_cannot_be_read_is_kept_as_spelled() -> None:
    lines = [json.dumps(event(time=time)).encode() for time in ("soon", 5, None)]
    batch = columns_of(stretch(lines), FIELDS)
    assert batch.unread == ((0, "soon"),)
    assert [row.time for row in rows(batch)] == [None, 5 * 10**9, None]


OUTCOME = {
    "success": Outcome.SUCCESS,
    "DENIED": Outcome.FAILURE,
    200: Outcome.SUCCESS,
    "403": Outcome.FAILURE,
    False: Outcome.FAILURE,
    "perhaps": Outcome.UNKNOWN,
    None: Outcome.UNKNOWN,
    1234: Outcome.UNKNOWN,
}


@pytest.mark.parametrize("said", OUTCOME, ids=repr)
def test_outcome_is_read_from_what_is_said(said: object) -> None:
    (row,) = read([json.dumps(event(outcome=said)).encode()])
    assert row.outcome is OUTCOME[said]


def test_error_that_is_not_there_means_success() -> None:
    fields = EventFields(outcome=("errorCode",), absent_is_success=True)
    found = read([b'{"a":1}', b'{"errorCode":"AccessDenied"}', b'{"errorCode":null}'], fields)
    assert [r.outcome for r in found] == [Outcome.SUCCESS, Outcome.FAILURE, Outcome.SUCCESS]


def test_fields_may_lie_below_others_or_nowhere() -> None:
    raw = b'{"when":{"at":"2026-04-01T00:00:00Z"},"who":{"name":"ann"},"action":"a","outcome":"ok"}'
    (row, lost) = read([raw, b'{"when":5,"who":[]}'], NESTED)
    assert row == Read(1_775_001_600 * 10**9, "ann", "a", None, Outcome.SUCCESS)
    assert lost == Read(None, None, None, None, Outcome.UNKNOWN)
