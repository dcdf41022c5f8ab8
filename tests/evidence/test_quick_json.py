"""The fast way through JSON says what the strict way says, for every input."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.evidence import quick_json
from workbench.evidence.limits import LIMITS
from workbench.evidence.quick_json import json_text, parse_quickly, plain_text
from workbench.evidence.strict_json import JsonError, JsonValue, Number, parse_exact

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
SPELLINGS = [
    b'{"a": 1, "a": 1}',
    b'{"a": 1, "\\u0061": 2}',
    b'{"a":{"b":1,"b":2}}',
    b"[NaN]",
    b"[Infinity]",
    b'["\\ud800"]',
    b'["\xff"]',
    b'\xef\xbb\xbf{"a": 1}',
    b'{"a": 1} x',
    b"",
    b"{'a': 1}",
    b"[01]",
    b'["a\nb"]',
    b'{"a": 1,}',
]
NUMBERS = [
    "1.10",
    "1e5",
    "-0",
    "-0.0",
    "1E5",
    "1e999",
    "0.00001",
    "123456789012345678901234567890",
    "18446744073709551615",
    "1.7976931348623157e308",
]


def spelled(value: JsonValue) -> object:
    """Return a value with its numbers as text, whichever way they were read."""
    if isinstance(value, dict):
        return {name: spelled(member) for name, member in value.items()}
    if isinstance(value, list):
        return [spelled(member) for member in value]
    if isinstance(value, bool | None) or type(value) is str:
        return value
    return ("number", json_text(value))


def outcome(parse: object, data: bytes) -> object:
    try:
        return spelled(parse(data, what="x"))  # type: ignore[operator]
    except JsonError as error:
        return type(error), error.offset


@given(VALUES, st.sampled_from([(",", ":"), (", ", ": "), ("\n,\t", " : ")]), st.booleans())
def test_every_value_is_read_as_the_strict_way_reads_it(
    value: object, separators: tuple[str, str], ascii_only: bool
) -> None:
    text = json.dumps(value, separators=separators, ensure_ascii=ascii_only)
    data = text.encode("utf-8", "surrogatepass")
    assert outcome(parse_quickly, data) == outcome(parse_exact, data)


@given(st.binary(max_size=40))
def test_no_bytes_are_read_otherwise(data: bytes) -> None:
    assert outcome(parse_quickly, data) == outcome(parse_exact, data)


@pytest.mark.parametrize("data", SPELLINGS)
def test_what_the_strict_way_refuses_is_refused(data: bytes) -> None:
    assert outcome(parse_quickly, data) == outcome(parse_exact, data)
    with pytest.raises(JsonError):
        parse_quickly(data, what="x")


@pytest.mark.parametrize("spelling", NUMBERS)
def test_number_keeps_its_spelling(spelling: str) -> None:
    value = parse_quickly(f'{{"a":[{spelling}]}}'.encode(), what="x")
    assert json_text(value) == f'{{"a":[{spelling}]}}'


@pytest.mark.parametrize("padding", [0, 300], ids=["few brackets", "many brackets"])
def test_depth_is_that_of_the_strict_way(padding: int) -> None:
    def nested(depth: int) -> bytes:
        inner = b"[" * (depth - 1) + b"]" * (depth - 1)
        return b"[" + b"[]," * padding + inner + b"]"

    parse_quickly(nested(LIMITS.json_depth), what="x")
    for depth in (LIMITS.json_depth + 1, 254, 255, 1024, 5000):
        with pytest.raises(JsonError, match="deeper"):
            parse_quickly(nested(depth), what="x")


def test_usual_lines_take_the_fast_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def strict(*_: object, **__: object) -> None:
        raise AssertionError("the strict way was taken")

    monkeypatch.setattr(quick_json, "parse_exact", strict)
    for data in (b'{"a": [1, 2.5, "x y"]}', b'{"a":"\xc3\xa9"}', b"[" * 150 + b"]" * 150):
        parse_quickly(data, what="x")


def test_text_is_shown_as_it_is_and_the_rest_as_json() -> None:
    assert plain_text("a b") == "a b"
    assert plain_text(Number("1.10")) == "1.10"
    assert plain_text({"a": [None, True]}) == '{"a":[null,true]}'


def test_one_odd_number_does_not_change_how_the_others_are_read() -> None:
    value = parse_quickly(b'{"odd": 1.10, "count": 5, "share": 0.5, "big": -7}', what="x")
    assert isinstance(value, dict)
    assert {name: type(member) for name, member in value.items()} == {
        "odd": Number,
        "count": int,
        "share": float,
        "big": int,
    }
    assert json_text(value) == '{"odd":1.10,"count":5,"share":0.5,"big":-7}'
