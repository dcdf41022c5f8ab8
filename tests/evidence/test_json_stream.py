"""Records are cut out of JSON of any size, at their places, in blocks of any size."""

import json
import resource
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bounded import seconds
from workbench.evidence import json_stream
from workbench.evidence.file import single
from workbench.evidence.json_records import RawRecord
from workbench.evidence.json_stream import elements_of, values_of
from workbench.evidence.limits import LIMITS, Limits
from workbench.model.progress import Cancel
from workbench.model.source import Problem

GIB = 1024**3

names = st.sampled_from(["Records", "a", 'q"', "b\\", "é", ""])
values = st.recursive(
    st.sampled_from([None, True, 1, 1.5, "", "x", '"', "\\", "[{,", "é\n", "]}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


def ended(cut: Generator[RawRecord | Problem, None, bytes]) -> tuple[list[Any], bytes]:
    found = []
    while True:
        try:
            found.append(next(cut))
        except StopIteration as stop:
            return found, stop.value


def cut(
    path: Path, *, lists: tuple[tuple[str, ...], ...] | None, limits: Limits = LIMITS
) -> tuple[list[Any], bytes]:
    file = single(path)
    if lists is None:
        return ended(values_of(file, limits=limits, cancel=Cancel()))
    return ended(elements_of(file, lists, limits=limits, cancel=Cancel()))


@given(
    listed=st.lists(values, max_size=4),
    around=st.dictionaries(names.filter(lambda n: n != "Records"), values, max_size=2),
    block=st.integers(1, 40),
    indent=st.sampled_from([None, 1]),
)
def test_elements_of_a_list_are_cut_whatever_they_hold_and_wherever_blocks_end(
    tmp_path_factory: pytest.TempPathFactory,
    listed: list[Any],
    around: dict[str, Any],
    block: int,
    indent: int | None,
) -> None:
    document = {**around, "Records": listed, "z": 1}
    data = json.dumps(document, indent=indent, ensure_ascii=False).encode()
    path = tmp_path_factory.mktemp("stream") / "x.json"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "MIB", block)
        found, left = cut(path, lists=(("Records",),))
    assert [json.loads(record.data) for record in found] == listed
    assert [data[r.offset : r.offset + len(r.data)] for r in found] == [r.data for r in found]
    assert json.loads(left) == {**document, "Records": []}


@given(
    each=st.lists(st.dictionaries(names, values, max_size=3), max_size=4), block=st.integers(1, 40)
)
def test_values_that_follow_each_other_are_cut(
    tmp_path_factory: pytest.TempPathFactory, each: list[Any], block: int
) -> None:
    path = tmp_path_factory.mktemp("stream") / "x.json"
    path.write_text("\n".join(json.dumps(value, indent=1) for value in each))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "MIB", block)
        found, left = cut(path, lists=None)
    assert [json.loads(record.data) for record in found] == each
    assert left == b""


@pytest.mark.parametrize("rest", [b"", b'"x', b"{", b"]" * 9, b"[" * 9])
def test_a_file_of_many_gigabytes_is_read_in_bounded_memory(tmp_path: Path, rest: bytes) -> None:
    path = tmp_path / "sparse.json"
    with path.open("wb") as file:
        file.write(b'{"Records":[{"a":1},{"b":2}' + rest)
        file.truncate(GIB // 16)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with seconds(20):
        found, _ = cut(path, lists=(("Records",),), limits=Limits(record=1024 * 1024))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert found[0].data == b'{"a":1}'
    assert grown < 64 * 1024


def test_brackets_without_end_are_counted_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_bytes(b'{"Records":[{"a":1},' + b"[" * 5_000_000)
    with seconds(10):
        found, _ = cut(path, lists=(("Records",),))
    assert found[0].data == b'{"a":1}'
    assert (found[1].code, found[1].locator.record) == ("TRUNCATED", 2)


def test_a_text_without_end_does_not_swallow_the_lines_after_it(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b'[\n{"a": "x},\n{"b": 1}\n]')
    found, left = cut(path, lists=((),))
    assert [record.data for record in found] == [b'{"a": "x}', b'{"b": 1}']
    assert left == b"[]"
