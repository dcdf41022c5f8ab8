"""Records are cut out of a file with their places; what is too long costs no other record."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LimitError
from workbench.evidence import json_records
from workbench.evidence.file import single
from workbench.evidence.json_records import RawRecord, document, elements, lines
from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.strict_json import JsonError, parse
from workbench.model.progress import Cancel
from workbench.model.source import Problem


def cut(folder: Path, data: bytes, *, limits: Limits = LIMITS) -> list[RawRecord | Problem]:
    path = folder / "x.ndjson"
    path.write_bytes(data)
    return list(lines(single(path), limits=limits, cancel=Cancel()))


def records(found: Iterable[RawRecord | Problem]) -> list[tuple[int, int, bytes]]:
    return [tuple(item) for item in found if isinstance(item, RawRecord)]


def test_lines_have_their_number_and_offset(tmp_path: Path) -> None:
    assert records(cut(tmp_path, b"a\n\n  \r\nbb\r\nccc")) == [
        (1, 0, b"a"),
        (2, 7, b"bb"),
        (3, 11, b"ccc"),
    ]


def test_byte_order_mark_is_no_part_of_the_first_record(tmp_path: Path) -> None:
    assert records(cut(tmp_path, b"\xef\xbb\xbf{}\n{}\n")) == [(1, 3, b"{}"), (2, 6, b"{}")]


@pytest.mark.parametrize("block", [1, 3, 7, 1000])
def test_blocks_make_no_difference(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = b"first\nsecond line\n\nthird" + b"x" * 50 + b"\nlast"
    whole = records(cut(tmp_path, data))
    monkeypatch.setattr(json_records, "MIB", block)
    assert records(cut(tmp_path, data)) == whole


@pytest.mark.parametrize("block", [4, 1000])
def test_line_over_the_limit_is_told_and_passed_over(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_records, "MIB", block)
    found = cut(tmp_path, b"ok\n" + b"x" * 30 + b"\nok\n", limits=replace(LIMITS, record=10))
    assert records(found) == [(1, 0, b"ok"), (3, 34, b"ok")]
    (problem,) = (item for item in found if isinstance(item, Problem))
    assert (problem.code, problem.locator.record, problem.locator.offset) == (
        "LIMIT_EXCEEDED",
        2,
        3,
    )
    assert problem.locator.length == 30


@given(st.lists(st.recursive(st.integers() | st.text(), st.lists, max_leaves=5)), st.booleans())
def test_elements_of_a_list_are_its_elements(values: list[object], nested: bool) -> None:
    import json

    whole = (
        {"before": ["events", {"events": [0]}], "events": values, "after": []} if nested else values
    )
    data = json.dumps(whole, indent=1).encode()
    found = list(elements(data, "events" if nested else None))
    assert [parse(record.data, what="x") for record in found] == values
    assert [record.number for record in found] == list(range(1, len(values) + 1))
    assert all(data[r.offset : r.offset + len(r.data)] == r.data for r in found)


def test_name_with_an_escape_is_the_same_name() -> None:
    assert [r.data for r in elements(b'{"ev\\u0065nts": [1, 2]}', "events")] == [b"1", b"2"]


def test_document_is_strict_and_bounded(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b'{"a": 1, "a": 2}')
    with pytest.raises(JsonError):
        document(single(path), limits=LIMITS)
    with pytest.raises(LimitError):
        document(single(path), limits=replace(LIMITS, document=10))
