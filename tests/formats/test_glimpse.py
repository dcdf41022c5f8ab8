"""A document is told by the names at its top, whatever its end is like."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.glimpse import glimpse


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ('{"a": "x", "b": [1, {"c": 2}], "d": {"e": 3}}', {"a", "b", "d"}),
        ('  {"a":1', {"a"}),
        ('{"a": "x", "b": "cut o', {"a", "b"}),
        ('[{"a": 1, "b": 2}, {"c": 3}]', {"a", "b"}),
        ('[1, "x", [{"z": 0}], {"a": 1}', {"a"}),
        ("[]", set()),
        ("{}", set()),
        ('{"\\u0061": 1}', {"a"}),
        ('{"a": ":", "b": "}"}', {"a", "b"}),
    ],
)
def test_names_at_the_top_are_seen(text: str, members: set[str]) -> None:
    top = glimpse(text.encode())
    assert top is not None
    assert set(top.members) == members
    assert top.is_list == text.startswith("[")


@pytest.mark.parametrize("text", ["", "x", '"a"', "---\na: 1", "\x00"])
def test_what_is_no_document_shows_nothing(text: str) -> None:
    assert glimpse(text.encode()) is None


def test_value_is_as_it_stands_and_a_long_one_is_cut_off() -> None:
    top = glimpse(b'{"a": "CycloneDX", "b": "' + b"x" * 9000 + b'"}')
    assert top is not None
    assert top.members["a"] == b'"CycloneDX"'
    assert len(top.members["b"]) == 4096
    assert top.says("a", b"Cyclone")
    assert not top.says("c", b"")


@pytest.mark.parametrize(
    ("text", "goes_on"), [('{"a": 1}\n', False), ('{"a": 1}\n{"a": 2}', True), ('{"a": 1', False)]
)
def test_what_goes_on_after_its_end_is_told(text: str, goes_on: bool) -> None:
    top = glimpse(text.encode())
    assert top is not None
    assert top.goes_on is goes_on


@given(st.binary(max_size=60))
def test_no_bytes_are_a_traceback(data: bytes) -> None:
    glimpse(b"{" + data)
    glimpse(b"[{" + data)


@given(st.dictionaries(st.text(), st.none() | st.text() | st.lists(st.text())))
def test_every_name_of_a_whole_document_is_seen(value: dict[str, object]) -> None:
    top = glimpse(json.dumps(value).encode())
    assert top is not None
    assert set(top.members) == set(value)
