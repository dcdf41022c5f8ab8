"""The cases at which fast verifiers of hash chains are known to lie, and both our ways agree."""

import hashlib
import json
import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.builders import ZEROS, LogBuilder
from tests.verify.chain.judging import in_words, judge, told
from workbench.verify.chain import library
from workbench.verify.chain.engine import engine_for
from workbench.verify.chain.facts import Facts
from workbench.verify.chain.frame import Cut
from workbench.verify.chain.keyed import Secrets
from workbench.verify.chain.piece import Task, judge_record, walk
from workbench.verify.chain.quick import quick_path

(WORKBENCH,) = (profile for profile in library.shipped() if profile.id == "workbench")


def chained(bodies: list[str]) -> list[bytes]:
    """Return canonical lines; a body is what stands between ``"detail":`` and the own digest."""
    lines, previous = [], ZEROS
    for number, body in enumerate(bodies, 1):
        rest = f'"prev":"{previous}","seq":{number},"time":"2026-03-01T00:00:{number:02d}Z"}}'
        bare = f'{{"detail":{body},' + rest
        previous = hashlib.sha256(bare.encode()).hexdigest()
        lines.append(f'{{"detail":{body},"hash":"{previous}",{rest}'.encode())
    return lines


def with_(body: str) -> list[bytes]:
    """Return four lines of which the third holds ``body``."""
    return chained(["{}", "{}", body, "{}"])


def text(lines: list[bytes]) -> bytes:
    return b"\n".join(lines) + b"\n"


GOOD = {
    "nested member named hash": '{"hash":"' + "ab" * 32 + '"}',
    "text of a member within a string": json.dumps('"hash":"' + "ab" * 32 + '"'),
    "exponent as Python writes it": "1e+16",
    "exponent as orjson writes it": "1e16",
    "negative zero": "-0.0",
    "integral float": "1.0",
    "integer beyond 64 bits": "123456789012345678901234567890",
    "names beyond the BMP": '{"\U0001f71a":1,"\U0001f71b":2}',
    "name beyond the BMP after one within": '{"\ufffd":1,"\U0001f71a":2}',
    "control characters": json.dumps("".join(map(chr, range(32))) + '\x7f"\\', ensure_ascii=False),
    "line separators": '"\u2028\u2029"',
    "depth at the limit": "[" * 199 + "]" * 199,
}
BAD = {
    "duplicate name, chained over": ('{"a":1,"a":1}', "MALFORMED_RECORD"),
    "duplicate name behind an escape": ('{"a":1,"\\u0061":1}', "MALFORMED_RECORD"),
    "spaces, chained over": ('{"a": 1}', "RECORD_ALTERED"),
    "names out of order, chained over": ('{"b":1,"a":1}', "RECORD_ALTERED"),
    "escape where none is needed, chained over": ('"\\u0061"', "RECORD_ALTERED"),
    "UTF-16 order of names, chained over": ('{"\U0001f71a":1,"\ufffd":2}', "RECORD_ALTERED"),
    "half of a surrogate pair": ('"\\ud83d"', "MALFORMED_RECORD"),
    "NaN": ("NaN", "MALFORMED_RECORD"),
    "leading zero": ("01", "MALFORMED_RECORD"),
    "depth beyond the limit": ("[" * 200 + "]" * 200, "MALFORMED_RECORD"),
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_valid_record_raises_no_alarm(body: str, tmp_path: Path):
    assert told(judge(tmp_path, text(with_(body)))) == []


@pytest.mark.parametrize(("body", "expected"), BAD.values(), ids=BAD)
def test_line_that_two_programs_read_differently_fails(body: str, expected: str, tmp_path: Path):
    assert told(judge(tmp_path, text(with_(body)))) == [(expected, 3)]


@pytest.mark.parametrize("body", [*GOOD.values(), *(body for body, _ in BAD.values())])
def test_fast_way_never_accepts_what_the_exact_way_refuses(body: str):
    lines = with_(body)
    engine = engine_for(WORKBENCH, Secrets())
    before = judge_record(engine, lines[1])
    quick = quick_path(WORKBENCH)
    assert quick is not None
    data, at = text(lines), len(text(lines[:2]))
    taken, _, _, end = quick.run(data, at, before, 1 << 20)
    exact = judge_record(engine, lines[2])
    assert not (taken and exact.problem)
    if taken == 2:
        assert end.own == judge_record(engine, lines[3]).own


def test_duplicate_name_inserted_before_the_real_one_is_refused(tmp_path: Path):
    lines = LogBuilder("workbench").lines()
    lines[4] = lines[4].replace(b'"actor":"ann"', b'"actor":"evil","actor":"ann"')
    assert told(judge(tmp_path, text(lines))) == [("MALFORMED_RECORD", 5)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: line.replace(b"0.9312", b"0.93120"),
        lambda line: line.replace(b"0.9312", b"9.312e-1"),
        lambda line: line + b" ",
        lambda line: line.replace(b'"ok":null', b'"ok":null,"zz":1'),
    ],
)
def test_other_spelling_of_a_canonical_line_is_altered(
    spoil: Callable[[bytes], bytes], tmp_path: Path
):
    lines = LogBuilder("workbench").lines()
    lines[4] = spoil(lines[4])
    assert told(judge(tmp_path, text(lines))) == [("RECORD_ALTERED", 5)]


MANY = 4000
#: What fast verifiers were tried on, and where some of them failed: what is told of each.
ELEVEN: dict[str, tuple[Callable[[list[bytes]], None], tuple[str, int] | None]] = {
    "clean": (lambda lines: None, None),
    "bit flipped": (lambda lines: flip(lines, 1999), ("RECORD_ALTERED", 2000)),
    "record hashed again": (lambda lines: rehash(lines, 1999), ("RECORD_REWRITTEN", 2000)),
    "record dropped": (lambda lines: lines.__delitem__(1999), ("RECORDS_DELETED", 2000)),
    "records swapped": (lambda lines: swap(lines, 1999), ("RECORDS_REORDERED", 2000)),
    "first record missing": (lambda lines: lines.__delitem__(0), ("HEAD_TRUNCATED", 1)),
    "first record edited": (lambda lines: flip(lines, 0), ("RECORD_ALTERED", 1)),
    "last record edited": (lambda lines: flip(lines, MANY - 1), ("RECORD_ALTERED", MANY)),
    "member hash in a nested object": (lambda lines: nest(lines), None),
    "duplicate name, chained over": (
        lambda lines: lines.__setitem__(slice(None), with_('{"a":1,"a":1}')),
        ("MALFORMED_RECORD", 3),
    ),
    "duplicate name before the real one": (
        lambda lines: replace_in(lines, 1999, b'"actor":', b'"actor":"evil","actor":'),
        ("MALFORMED_RECORD", 2000),
    ),
}


def replace_in(lines: list[bytes], at: int, old: bytes, new: bytes) -> None:
    assert lines[at].count(old) == 1
    lines[at] = lines[at].replace(old, new)


def flip(lines: list[bytes], at: int) -> None:
    replace_in(lines, at, b'"actor":"ann"', b'"actor":"anm"')


def rehash(lines: list[bytes], at: int) -> None:
    flip(lines, at)
    record = json.loads(lines[at])
    own = b'"hash":"' + record["hash"].encode() + b'",'
    digest = hashlib.sha256(lines[at].replace(own, b"")).hexdigest()
    lines[at] = lines[at].replace(own, b'"hash":"' + digest.encode() + b'",')


def swap(lines: list[bytes], at: int) -> None:
    lines[at], lines[at + 1] = lines[at + 1], lines[at]


def nest(lines: list[bytes]) -> None:
    log = LogBuilder("workbench", MANY)
    log.records[1999]["detail"] = {"hash": "ab" * 32, "prev": log.own(5)}
    log.rechain(2000)
    lines[:] = log.lines()


@pytest.fixture(scope="module")
def many() -> list[bytes]:
    lines = LogBuilder("workbench", MANY).lines()
    assert sum(map(len, lines)) > 1 << 20  # more than one piece
    return lines


@pytest.mark.parametrize(("spoil", "expected"), ELEVEN.values(), ids=ELEVEN)
def test_eleven_cases_at_which_fast_verifiers_differ(
    spoil: Callable[[list[bytes]], None],
    expected: tuple[str, int] | None,
    many: list[bytes],
    tmp_path: Path,
):
    lines = list(many)
    spoil(lines)
    verdict = judge(tmp_path, text(lines))
    assert told(verdict) == ([] if expected is None else [expected])
    passes = expected is None or expected[0] == "HEAD_TRUNCATED"
    assert in_words(verdict)[0].startswith("PASSED" if passes else "FAILED")


def test_record_over_the_limit_is_malformed_whatever_way_it_comes():
    lines = text(with_('"' + "x" * 900 + '"'))
    walked = walk(Task(Cut(0, lines), WORKBENCH, record_limit=600))
    assert [s.problem for s in walked.stretches] == ["", "malformed", ""]


def test_fast_way_takes_ordinary_records():
    lines = LogBuilder("workbench", 50).lines()
    quick = quick_path(WORKBENCH)
    assert quick is not None
    before = judge_record(engine_for(WORKBENCH, Secrets()), lines[0])
    run = quick.run(text(lines), len(lines[0]) + 1, before, 1 << 20)
    assert (run.lines, run.end) == (49, len(text(lines)))
    assert run.last == len(text(lines[:-1]))


def test_lines_that_are_records_only_when_joined_are_refused(tmp_path: Path):
    lines = chained(["{}", "{}", '[{"x":1},{"y":2}]', "{}", "{}"])
    torn = lines[2].replace(b"},{", b"}\n{")  # one record on two lines
    pair = lines[3] + b"," + lines[4]  # two on one: as many lines as records
    quick, engine = quick_path(WORKBENCH), engine_for(WORKBENCH, Secrets())
    assert quick is not None
    before = judge_record(engine, lines[1])
    assert quick.run(text(lines[2:]), 0, before, 1 << 20).lines == 3
    assert quick.run(text([torn, pair]), 0, before, 1 << 20).lines == 0
    verdict = judge(tmp_path, text([*lines[:2], torn, pair]))
    assert told(verdict)[0] == ("MALFORMED_RECORD", 3)


def test_both_ways_find_the_same_in_logs_with_a_byte_changed(monkeypatch: pytest.MonkeyPatch):
    chance = random.Random("both ways")
    log = LogBuilder("workbench", 40)
    for number in range(5, 40, 7):
        log.records[number]["detail"] = chance.choice([1e16, [[1, 2.5]], "\u2028\\", {"hash": "x"}])
    log.rechain()
    data = log.data()
    for _ in range(150):
        at = chance.randrange(len(data))
        other = bytes([chance.choice([*b'\n\r ,{}[]":0aZ\\', chance.randrange(256)])])
        changed = data[:at] + other + data[at + 1 :]
        with monkeypatch.context() as patch:
            fast = walk(Task(Cut(0, changed), WORKBENCH, edge=1772400000.0))
            patch.setattr("workbench.verify.chain.piece.quick_path", lambda profile: None)
            slow = walk(Task(Cut(0, changed), WORKBENCH, edge=1772400000.0))
        assert fast.stretches == slow.stretches, changed
        assert (fast.records, fast.edge) == (slow.records, slow.edge), changed


@pytest.mark.parametrize("record", [{}, {"prev": ZEROS}, [], 5, None, "x"])
def test_fast_way_stumbles_over_no_kind_of_line(record: object, tmp_path: Path):
    lines = LogBuilder("workbench").lines()
    if isinstance(record, dict):
        bare = json.dumps(record, separators=(",", ":"))
        record = {"hash": hashlib.sha256(bare.encode()).hexdigest(), **record}
    lines[4] = json.dumps(record, separators=(",", ":")).encode()
    assert told(judge(tmp_path, text(lines)))[0][1] == 5


def test_bad_lines_anywhere_leave_the_rest_to_the_fast_way(tmp_path: Path):
    log = LogBuilder("workbench", 2000)
    places = [2, 3, 700, 701, 1500, 2000]
    for number in places:
        log.edit(number)
    found = told(judge(tmp_path, log))
    assert found == [("RECORD_ALTERED", number) for number in places]


def test_fast_way_takes_nothing_after_a_bad_record():
    lines = LogBuilder("workbench").lines()
    quick = quick_path(WORKBENCH)
    assert quick is not None
    bad = Facts("x", None, 1, "2026-03-01T00:00:00Z", "altered")
    assert quick.run(text(lines), len(lines[0]) + 1, bad, 1000).lines == 0


@pytest.mark.parametrize("spoil", [None, 30_000])
def test_two_processes_give_the_verdict_of_one(spoil: int | None, tmp_path: Path):
    log = LogBuilder("workbench", 25_000)
    if spoil is not None:
        log.edit(12_345)
        del log.records[20_000]
    data = log.data()
    assert len(data) > 4 << 20
    alone = judge(tmp_path, data)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        assert judge(tmp_path, data, executor=executor) == alone
    expected = [("RECORD_ALTERED", 12_345), ("RECORDS_DELETED", 20_001)] if spoil else []
    assert told(alone) == expected
    assert in_words(alone)[0].startswith("FAILED" if spoil else "PASSED")
