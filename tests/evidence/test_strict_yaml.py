"""YAML is read the way it looks."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import SourceError
from workbench.evidence.limits import Limits
from workbench.evidence.strict_yaml import YamlError, load_yaml

#: Document, line, column, and what is said about it.
REFUSED: list[tuple[bytes, int, int, str]] = [
    (b"", 1, 1, "holds nothing"),
    (b"# only a comment\n", 1, 1, "holds nothing"),
    (b"a: 1\nb: 2\na: 3\n", 3, 1, "the key “a” stands twice"),
    (b'{a: 1, "a": 2}', 1, 8, "stands twice"),
    (b"a: &x 1\nb: *x\n", 1, 4, "anchors and aliases"),
    (b"a: 1\nb: *x\n", 2, 4, "anchors and aliases"),
    (b"a:\n  b: !!python/object:os.system 1\n", 2, 6, "tags"),
    (b"a: ! 1", 1, 4, "tags"),
    (b"a: !!str 1", 1, 4, "tags"),
    (b"%YAML 1.2\n---\na\n", 1, 1, "directives"),
    (b"%TAG ! !x\n---\na\n", 1, 1, "directives"),
    (b"a\n---\nb\n", 3, 1, "a second document"),
    (b"? [a, b]\n: c\n", 1, 3, "only a text can be a key"),
    (b"a: [1, 2\n", 2, 1, "expected"),
    (b"a: b: c\n", 1, 5, "mapping values are not allowed"),
    (b"a: \x07\n", 1, 4, "a character YAML forbids"),
    ("ü: \x00".encode(), 1, 4, "a character YAML forbids"),
    (b"a: 1\nb: \xff\n", 2, 4, "not UTF-8"),
    ("a: 1".encode("utf-16"), 1, 1, "not UTF-8"),
    (b"- " * 60 + b"x", 1, 101, "nested deeper than 50"),
]


@pytest.mark.parametrize(("data", "line", "column", "reason"), REFUSED)
def test_what_means_more_than_it_shows_is_refused(
    data: bytes, line: int, column: int, reason: str
) -> None:
    with pytest.raises(YamlError) as caught:
        load_yaml(data, what="p.yaml")
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert reason in error.reason
    assert error.message.startswith(f"p.yaml, line {line}, column {column}: ")
    assert isinstance(error, SourceError)


def test_scalars_stay_the_text_that_was_written() -> None:
    data = b"a: yes\nb: 1.0\nc: 2026-01-01\nd: 0x1F\ne: null\nf:\ng: ~\nh: 'on'\n<<: x\n"
    assert load_yaml(data, what="it") == {
        "a": "yes", "b": "1.0", "c": "2026-01-01", "d": "0x1F", "e": "null", "f": "", "g": "~",
        "h": "on", "<<": "x",
    }  # fmt: skip


def test_lists_mappings_and_blocks_are_read() -> None:
    data = b"\xef\xbb\xbfa:\n- x\n- {b: [c, d]}\ntext: |\n  one\n  two\n"
    assert load_yaml(data, what="it") == {"a": ["x", {"b": ["c", "d"]}], "text": "one\ntwo\n"}


def test_size_is_bounded() -> None:
    with pytest.raises(YamlError, match="more than 10 bytes"):
        load_yaml(b"a: 12345678", what="it", limits=Limits(yaml=10))


@pytest.mark.parametrize(
    "unit", [b"[", b"{", b"- ", b"? ", b"a: {", b"&a [", b"'a", b"\n ", b"[a,"]
)
def test_hostile_documents_are_refused_or_read_quickly(unit: bytes) -> None:
    start = time.process_time()
    with pytest.raises(YamlError):
        load_yaml(unit * (200_000 // len(unit)), what="it")
    assert time.process_time() - start < 20


@settings(deadline=None)
@given(st.binary(max_size=80) | st.text("ab:-[]{},'|>#&*!%? \"\n", max_size=80).map(str.encode))
def test_arbitrary_bytes_are_a_value_or_a_place(data: bytes) -> None:
    error = None
    try:
        assert isinstance(load_yaml(data, what="it"), str | list | dict)
    except YamlError as caught:
        error = caught
    assert error is None or min(error.line, error.column) >= 1
