"""Rows and cells as databases export them."""

import pytest

from workbench.evidence.table_cells import RowError, cells_of, of_anybody, rows_of, unlike
from workbench.model.profile import Container, ContainerKind

QUOTED = Container(ContainerKind.CSV)
BARE = Container(ContainerKind.CSV, delimiter="\t", quoted=False)


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        (b"a,b", ["a", "b"]),
        (b'"a,1","b ""x"""', ["a,1", 'b "x"']),
        (b',"",\\N', [None, "", None]),
        (b'"two\nlines",z', ["two\nlines", "z"]),
        ("ü,🜚".encode(), ["ü", "🜚"]),
    ],
)
def test_empty_cell_is_null_and_quoted_one_is_a_text(raw: bytes, cells: list[str | None]):
    assert cells_of(raw, QUOTED) == cells


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        (b"a\t\\N\t", ["a", None, ""]),
        (b"one\\ttab\tback\\\\slash", ["one\ttab", "back\\slash"]),
        (b'{"a": "b"}\t"', ['{"a": "b"}', '"']),
    ],
)
def test_where_nothing_is_quoted_a_backslash_escapes(raw: bytes, cells: list[str | None]):
    assert cells_of(raw, BARE) == cells


def test_json_in_a_cell_is_taken_as_it_stands():
    assert cells_of(b'{"a": "x\\ny"}\tb', BARE, escaped=False) == ['{"a": "x\\ny"}', "b"]


@pytest.mark.parametrize("raw", [b'"open', b'a"b', b'"a"b', b"\xff"])
def test_what_is_no_row_is_refused(raw: bytes):
    with pytest.raises(RowError):
        cells_of(raw, QUOTED)


def test_row_ends_outside_quotes():
    assert list(rows_of(b'a,b\r\n"1\n2",x\n\n3,"y"\n', QUOTED)) == [b"a,b", b'"1\n2",x', b'3,"y"']


def test_row_of_another_width_is_told():
    assert unlike([1, 2], ["a", "b"]) == ""
    assert "3 columns" in unlike([1, 2], ["a", "b", "c"])


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiter_is_found(delimiter: str):
    head = f"id{delimiter}hash\n1{delimiter}x\n".encode()
    assert of_anybody(head).columns == ("id", "hash")
