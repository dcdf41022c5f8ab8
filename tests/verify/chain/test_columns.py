"""Columns prove what the exact way proves, or nothing."""

import hashlib
import json
import random

import pytest

from tests.builders import LogBuilder
from tests.verify.chain.test_strict import BAD, GOOD, WORKBENCH, chained, text, with_
from workbench.verify.chain import quick
from workbench.verify.chain.columns import MOST_SHAPES, Lines, proven, remembered
from workbench.verify.chain.engine import engine_for
from workbench.verify.chain.frame import Cut
from workbench.verify.chain.keyed import Secrets
from workbench.verify.chain.piece import Task, Walked, judge_record, walk
from workbench.verify.chain.shape import ChainNames, shape_of

NAMES = ChainNames("hash", "prev", "seq", "time")
ENGINE = engine_for(WORKBENCH, Secrets())


def by_column(lines: list[bytes], *, limit: int = 1 << 20) -> Lines | None:
    """Return what columns say of the lines after the first one."""
    before = judge_record(ENGINE, lines[0])
    return proven(memoryview(text(lines[1:])), NAMES, before, limit)


def test_ordinary_lines_are_taken_whole() -> None:
    lines = LogBuilder("workbench", 300).lines()
    found = by_column(lines)
    assert found is not None
    assert (found.number, found.tail) == (299, judge_record(ENGINE, lines[-1]))
    assert found.last == len(text(lines[1:-1]))


@pytest.mark.parametrize("body", [*GOOD.values(), *(body for body, _ in BAD.values())])
def test_no_line_is_accepted_that_the_exact_way_refuses(body: str) -> None:
    for lines in (with_(body), with_(body)[2:]):
        found = by_column(lines)
        problems = [judge_record(ENGINE, line).problem for line in lines]
        assert found is None or not any(problems[1:])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"seq":7', b'"seq":07'),
        (b'"seq":7', b'"seq":7.0'),
        (b'"seq":7', b'"seq":-7'),
        (b'"seq":7', b'"seq":8'),
        (b'"seq":7', b'"seq":"7"'),
        (b'"actor":"ann"', b'"actor":"evil","actor":"ann"'),
        (b'"actor":"ann"', b'"actor": "ann"'),
        (b'"actor":"ann"', b'"actor":"a\x1fn"'),
        (b'"actor":"ann"', b'"actor":"a\xffn"'),
        (b'"actor":"ann"', b'"actor":"\\u0061nn"'),
        (b'Z"}', b'z"}'),
        (b'"}', b'"} '),
        (b'"}', b'"}\r'),
    ],
)
def test_a_line_chained_over_what_is_not_canonical_is_not_taken(old: bytes, new: bytes) -> None:
    lines = LogBuilder("workbench", 12).lines()
    assert by_column(lines) is not None
    assert old in lines[6]
    lines[6] = lines[6].replace(old, new)
    for number in range(6, len(lines)):  # chained over these very bytes
        bare = lines[number].replace(own_of(lines[number]), b"")
        digest = hashlib.sha256(bare.rstrip(b"\r ")).hexdigest().encode()
        lines[number] = lines[number].replace(own_of(lines[number]), b'"hash":"%b",' % digest)
        if number + 1 < len(lines):
            before = json.loads(lines[number + 1])["prev"].encode()
            lines[number + 1] = lines[number + 1].replace(before, digest)
    assert by_column(lines) is None


def own_of(line: bytes) -> bytes:
    at = line.index(b'"hash":"')
    return line[at : at + len(b'"hash":""') + 64 + 1]


def test_columns_and_the_exact_way_find_the_same_with_any_byte_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quick, "BY_COLUMN", 1)
    chance = random.Random("columns")
    data = LogBuilder("workbench", 30).data()
    assert walked(data, columns=True) == walked(data, columns=False)
    for _ in range(400):
        at = chance.randrange(len(data))
        other = bytes([chance.choice([*b'\n\r ,{}[]":0aZ\\', chance.randrange(256)])])
        changed = data[:at] + other + data[at + 1 :]
        assert walked(changed, columns=True) == walked(changed, columns=False), changed


def walked(data: bytes, *, columns: bool) -> Walked:
    return walk(Task(Cut(0, data), WORKBENCH, by_column=columns))


#: What one may find under a name that holds something else in each kind of event.
KINDS = (
    '{"auc":0.%d,"epochs":%d}',
    '{"columns":["a%d","b"],"rows":%d,"valid":true}',
    '{"comment":"Pr\u00fcfung %d","ticket":"CR-%d"}',
    '{"after":-%d.5,"before":%d.25,"rollback":null}',
)


def mixed(count: int = 56, *, odd: str = "{}", every: int = 19) -> list[bytes]:
    """Return lines of several shapes, in no order; now and then one that has none."""
    chance = random.Random(count)
    bodies = [chance.choice(KINDS) % (n, n * n) for n in range(11, 11 + count)]
    bodies[every::every] = [odd for _ in bodies[every::every]]
    return chained(bodies)


@pytest.mark.parametrize("odd", [r'"a \"quoted\" text"', r'"\n\\"', "[1,2]", "{}"])
def test_lines_of_several_shapes_are_taken_and_a_few_of_none(odd: str) -> None:
    found = by_column(mixed(odd=odd))
    assert found is not None
    assert (found.number, found.tail) == (55, judge_record(ENGINE, mixed(odd=odd)[-1]))


def test_many_lines_without_a_shape_are_left_to_the_next_way() -> None:
    assert by_column(mixed(odd=r'"\n"', every=3)) is None


@pytest.mark.parametrize("odd", [r'"\u0061"', "1e5", "01", '{"a":1,"a":1}', '{"b":1,"a":1}'])
def test_a_line_of_no_shape_is_proven_like_any_other(odd: str) -> None:
    assert by_column(mixed(odd=odd)) is None


@pytest.mark.parametrize(
    "number", ["0", "-0", "-1", "10", "0.5", "-0.5", "1.50", "-0.0", "9" * 18, "0." + "3" * 16]
)
def test_a_number_as_json_spells_it_is_taken(number: str) -> None:
    assert by_column(chained(["7", "7", "8", number, "9", "-1.5"])) is not None


@pytest.mark.parametrize(
    "number", ["01", "-01", "00.5", "1.", ".5", "1.2.3", "--1", "1e5", "-", "+1", "1 ", "9" * 20]
)
def test_a_number_spelled_otherwise_is_not_taken(number: str) -> None:
    assert by_column(chained(["7", "7", "8", number, "9", "-1.5"])) is None


def test_mixed_lines_with_any_byte_changed_are_judged_as_in_the_exact_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quick, "BY_COLUMN", 1)
    chance, data = random.Random("mixed"), text(mixed(odd=r'"\"x"'))
    assert walked(data, columns=True) == walked(data, columns=False)
    for _ in range(100):
        at = chance.randrange(len(data))
        other = bytes([chance.choice([*b'\n\r ,{}[]":0aZ\\.-', chance.randrange(256)])])
        changed = data[:at] + other + data[at + 1 :]
        assert walked(changed, columns=True) == walked(changed, columns=False), changed


def test_no_more_shapes_are_remembered_than_it_pays_to_compare() -> None:
    for n in range(3 * MOST_SHAPES):
        by_column(chained([f'{{"member{n}":1}}'] * 3))
    assert len(remembered(NAMES)) <= MOST_SHAPES


def test_a_record_over_the_limit_is_not_taken() -> None:
    lines = LogBuilder("workbench", 20).lines()
    longest = max(map(len, lines))
    assert by_column(lines, limit=longest) is not None
    assert by_column(lines, limit=longest - 1) is None


@pytest.mark.parametrize(
    "line",
    [
        b'{"hash":"a","prev":"b","seq":1}',
        b'{"hash":"a","prev":"b","seq":"1","time":"t"}',
        b'{"hash":"a","prev":"b","seq":[1],"time":"t"}',
        b'{"a":{"hash":"a"},"prev":"b","seq":1,"time":"t"}',
        b'{"hash":"\\u0061","prev":"b","seq":1,"time":"t"}',
        b'{"hash":["a"],"prev":"b","seq":1,"time":"t"}',
    ],
)
def test_a_line_without_its_chain_at_the_top_is_no_model(line: bytes) -> None:
    assert shape_of(line, NAMES, json.loads(line)) is None


def test_a_nested_member_of_the_same_name_is_no_digest() -> None:
    inner = '{"hash":"' + "ab" * 32 + '"}'
    lines = with_(inner)[2:]
    other = with_(inner.replace("ab", "ba"))
    assert by_column(lines) is not None
    shape = shape_of(lines[0], NAMES, json.loads(lines[0]))
    assert shape == shape_of(other[2], NAMES, json.loads(other[2]))
    assert shape is not None
    assert shape.fixed[shape.own].endswith(b',"hash":"')


def test_the_own_digest_is_cut_out_wherever_it_stands() -> None:
    names = ChainNames("z", "prev", "seq", "time")
    line = b'{"prev":"b","seq":1,"time":"t","z":"a"}'
    shape = shape_of(line, names, json.loads(line))
    assert shape is not None
    assert shape.cut == (len(b',"z":"'), 1)
