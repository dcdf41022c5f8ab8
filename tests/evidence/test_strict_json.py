"""JSON is read as RFC 8259 has it, quickly, or refused with its place."""

import json
import math
import sys
import time
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workbench.errors import LimitError, SourceError
from workbench.evidence.limits import Limits
from workbench.evidence.strict_json import (
    JsonError,
    JsonTooDeep,
    NameTwice,
    Number,
    parse,
    parse_exact,
    parse_twice,
)

texts = st.text()
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
)  # fmt: skip

#: Document, offset in bytes, and what is said about it.
#: From Python 3.13 on a comma behind the last member is named, where it stands.
TRAILING = "illegal trailing comma" if sys.version_info >= (3, 13) else ""
REFUSED: list[tuple[bytes, int, str]] = [
    (b"", 0, "expecting value"),
    (b"[NaN]", 1, "NaN is no number"),
    (b'{"a": -Infinity}', 6, "-Infinity is no number"),
    (b'["NaN", Infinity]', 8, "Infinity is no number"),
    (b"[1, 1e999]", 4, "too large"),
    (b"[0, " + b"1" * 4301 + b"]", 4, "too many digits"),
    (b'{"a": 1, "a": 2}', 9, 'the name "a" stands twice'),
    (b'{"a": 1, "\\u0061": 2}', 9, 'the name "a" stands twice'),
    (b'{"x": {"a": 1, "b": "\\"a\\":"}, "a": 1, "x": 0}', 39, 'the name "x" stands twice'),
    ('{"ü": "ü", "ü" : 2}'.encode(), 13, "stands twice"),
    (b'"\\ud800"', 1, "half of a surrogate pair"),
    (b'{"\\udc00": 1}', 2, "half of a surrogate pair"),
    (b'["\\ud83d\\ude00", "\\ud83d\\ud83d\\ude00"]', 18, "half of a surrogate pair"),
    (b'"\\u00"', 2, "escape"),
    (b'"\xff"', 1, "not UTF-8"),
    (b'"\xed\xa0\x80"', 1, "not UTF-8"),
    (b'"\xc0\x80"', 1, "not UTF-8"),
    (b"\xef\xbb\xbf1", 0, "byte order mark"),
    ("1".encode("utf-16"), 0, "not UTF-8"),
    ('"ü" x'.encode(), 5, "extra data"),
    (b"[1,]", 2, TRAILING) if TRAILING else (b"[1,]", 3, "expecting value"),
    (b'{"a": 1,}', 7, TRAILING) if TRAILING else (b'{"a": 1,}', 8, "expecting property name"),
    (b"{'a': 1}", 1, "expecting property name"),
    (b"[1] // comment", 4, "extra data"),
    (b"01", 1, "extra data"),
    (b"+1", 0, "expecting value"),
    (b".5", 0, "expecting value"),
    (b"0x10", 1, "extra data"),
    (b'"tab\t"', 4, "control character"),
    (b'"open', 0, "unterminated string"),
    (b"\xc2\xa0[]", 0, "expecting value"),
    (b"[]\x00", 2, "extra data"),
]


@pytest.mark.parametrize(("data", "offset", "reason"), REFUSED)
@pytest.mark.parametrize("read", [parse, parse_exact])
def test_what_two_programs_would_read_differently_is_refused(
    read: Any, data: bytes, offset: int, reason: str
) -> None:
    if read is parse_exact and reason in {"too large", "too many digits"}:
        assert read(data, what="it")
        return
    with pytest.raises(JsonError, match="it is not strict JSON at byte") as caught:
        read(data, what="it")
    error = caught.value
    assert (error.offset, error.place) == (offset, f"byte {offset}")
    assert reason in error.reason
    assert error.code == "MALFORMED_SOURCE"
    assert isinstance(error, SourceError)


@settings(deadline=None)
@given(values)
def test_valid_documents_are_read_as_everybody_reads_them(value: Any) -> None:
    for options in ({}, {"ensure_ascii": False}, {"indent": 1}):
        data = json.dumps(value, **options).encode()
        assert parse(data, what="it") == json.loads(data) == value


@settings(deadline=None)
@given(st.dictionaries(texts, texts | st.lists(texts), min_size=1), st.data())
def test_name_that_stands_twice_is_refused_wherever_it_stands(
    members: dict[str, Any], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(members)))
    escape = data.draw(st.booleans())
    more = f", {json.dumps(name, ensure_ascii=escape)}: null}}"
    document = json.dumps(members)[:-1] + more
    for wrapped in (document, f'[{{"deep": {document}}}]'):
        with pytest.raises(JsonError, match="stands twice") as caught:
            parse(wrapped.encode(), what="it")
        rest = wrapped.encode()[caught.value.offset :]
        assert json.JSONDecoder().raw_decode(rest.decode())[0] == name


@settings(deadline=None)
@given(st.binary(max_size=60) | texts.map(str.encode))
def test_arbitrary_bytes_are_a_value_or_a_place(data: bytes) -> None:
    error = None
    try:
        assert parse(data, what="it") == json.loads(data)
    except JsonError as caught:
        error = caught
    assert error is None or 0 <= error.offset <= len(data)


@settings(deadline=None)
@given(values)
def test_broken_documents_are_never_read_as_something_else(value: Any) -> None:
    data = json.dumps(value).encode()
    assume(not isinstance(value, int | float) or isinstance(value, bool))
    with pytest.raises(JsonError):
        parse(data[:-1], what="it")


def test_numbers_keep_their_spelling_where_it_matters() -> None:
    value = parse_exact(b'[1.50, -0, 1E5, 12345678901234567890, 1e999, "1.50", true]', what="it")
    assert value == ["1.50", "-0", "1E5", "12345678901234567890", "1e999", "1.50", True]
    assert isinstance(value, list)
    assert [isinstance(item, Number) for item in value] == [True] * 5 + [False] * 2


def test_numbers_are_python_numbers_elsewhere() -> None:
    assert parse(b"[1.50, -0, 1E5, 12345678901234567890]", what="it") == [
        1.5, 0, 100000.0, 12345678901234567890,
    ]  # fmt: skip
    assert parse(b"-0.0", what="it") == 0
    assert math.copysign(1, float(str(parse(b"-0.0", what="it")))) == -1


def test_byte_order_mark_is_read_only_where_it_is_allowed() -> None:
    assert parse(b"\xef\xbb\xbf[1]", what="it", allow_bom=True) == [1]
    with pytest.raises(JsonError) as caught:
        parse(b"\xef\xbb\xbf[x]", what="it", allow_bom=True)
    assert caught.value.offset == 4


def test_a_proper_pair_and_an_escaped_backslash_are_no_half_pairs() -> None:
    assert parse(b'"\\ud83d\\ude00 \\\\ud800"', what="it") == "😀 \\ud800"


def test_depth_is_bounded_to_the_level() -> None:
    limits = Limits(json_depth=3)
    assert parse(b'[{"a": []}]', what="it", limits=limits) == [{"a": []}]
    with pytest.raises(JsonTooDeep) as caught:
        parse(b'[{"a": [[]]}]', what="it", limits=limits)
    assert (caught.value.code, caught.value.offset) == ("LIMIT_EXCEEDED", 8)
    assert isinstance(caught.value, LimitError)


def test_brackets_in_strings_are_not_depth() -> None:
    text = "[{" * 500 + '"\\'
    assert parse(json.dumps([text, {text: text}]).encode(), what="it") == [text, {text: text}]


def test_wide_documents_are_not_deep() -> None:
    assert parse(b"[" + b"[]," * 5000 + b"[]]", what="it") == [[]] * 5001


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 1_000_000,
        b"[" * 1_000_000 + b"]" * 1_000_000,
        b'{"a":' * 1_000_000,
        b'["' + b"\\" * 1_000_001,
        b"[" * 150 + b'"' + b"[" * 5_000_000,
    ],
    ids=["open lists", "lists", "objects", "backslashes", "open string"],
)
def test_hostile_nesting_is_refused_quickly(data: bytes) -> None:
    start = time.process_time()
    with pytest.raises(JsonError):
        parse(data, what="it")
    assert time.process_time() - start < 5


def test_name_that_stands_twice_keeps_all_its_values() -> None:
    data = b'{"a": 1, "a": {"b": 2, "b": 3}, "a#1": 4, "a": 5}'
    with pytest.raises(NameTwice) as refused:
        parse(data, what="x")
    assert refused.value.offset == data.index(b'"a": {')
    assert parse_twice(data, what="x") == {
        "a": "5",
        "a#1": "4",
        "a#1#1": "1",
        "a#2": {"b": "3", "b#1": "2"},
    }


@pytest.mark.parametrize("data", [b'{"a": 1, "a": ', b'["\\ud800"]', b"[" * 300])
def test_what_is_no_strict_json_is_refused_even_so(data: bytes) -> None:
    with pytest.raises(JsonError):
        parse_twice(data, what="x")


def test_name_that_stands_often_takes_no_square_of_time() -> None:
    data = b"{" + b",".join(b'"a": 1' for _ in range(100_000)) + b"}"
    assert len(parse_twice(data, what="x")) == 100_000  # type: ignore[arg-type]
