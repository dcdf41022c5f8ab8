"""A pointer leads to exactly the bytes of its value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.evidence.json_span import span_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


def places(value: object, pointer: str = "") -> list[tuple[str, object]]:
    found = [(pointer, value)]
    inner: list[tuple[str, object]] = []
    if isinstance(value, dict):
        inner = [(name.replace("~", "~0").replace("/", "~1"), v) for name, v in value.items()]
    elif isinstance(value, list):
        inner = [(str(n), v) for n, v in enumerate(value)]
    for name, below in inner:
        found += places(below, f"{pointer}/{name}")
    return found


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_every_value_of_a_document_is_found(value: object, indent: int | None, plain: bool) -> None:
    data = json.dumps(value, indent=indent, ensure_ascii=plain).encode()
    for pointer, held in places(value):
        span = span_of(data, pointer)
        assert span is not None
        assert json.loads(data[span[0] : span[1]]) == held


@pytest.mark.parametrize("pointer", ["/b", "/a/3", "/a/x", "/a/0/0", "/a/-1", "/a/1/c"])
def test_what_is_not_there_is_nowhere(pointer: str) -> None:
    assert span_of(b'{"a": [1, {"b": 2}]}', pointer) is None


def test_of_a_name_that_stands_twice_the_last_counts() -> None:
    data = b'{"a": 1, "a": 22}'
    assert span_of(data, "/a") == (14, 16)


@given(st.binary(max_size=40), st.sampled_from(["", "/a", "/0", "/a/0"]))
def test_no_bytes_are_a_traceback(data: bytes, pointer: str) -> None:
    span_of(data, pointer)
    span_of(b'{"a": [' + data, pointer)
