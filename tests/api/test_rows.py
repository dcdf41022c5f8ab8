"""Rows of a list: a sequence that is read in pages, and columns of it."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from workbench.api.rows import Rows
from workbench.errors import UsageError
from workbench.model.event import Event, EventFlag, IndexedEvent
from workbench.model.kept import flat
from workbench.model.locator import Locator

DAY = 1_774_915_200_000_000_000  # 2026-03-31T00:00:00Z


def event(n: int, *, time: int | None = None, said: str = "", actor: str = "ann") -> IndexedEvent:
    place = Locator("log.jsonl", None, n + 1, n * 100, 100)
    return IndexedEvent(1, "00" * 32, Event(place, time, said, actor, flags=frozenset(EventFlag)))


def rows_of(found: list[IndexedEvent]) -> tuple[Rows[IndexedEvent], list[int]]:
    asked: list[int] = []

    def page(first: int, count: int) -> list[IndexedEvent]:
        asked.append(count)
        return found[first : first + count]

    return Rows(len(found), page, event(0)), asked


def test_rows_are_a_sequence_that_is_read_page_by_page() -> None:
    found = [event(n) for n in range(2500)]
    rows, asked = rows_of(found)
    assert (len(rows), asked) == (2500, [])
    assert next(iter(rows)) is found[0]
    assert asked == [1000]
    assert list(rows) == found
    assert (rows[-1], rows[3:7], rows[::1000]) == (found[-1], found[3:7], found[::1000])
    assert found[1234] in rows
    with pytest.raises(IndexError):
        rows[2500]


def test_columns_are_those_of_the_command() -> None:
    rows, _ = rows_of([event(0, time=DAY), event(1, said="soon")])
    columns = rows.columns()
    assert tuple(columns) == rows.names == tuple(flat(event(0)))
    assert columns["time"] == ["2026-03-31T00:00:00Z", "soon"]


def test_arrays_have_times_numbers_and_text() -> None:
    rows, _ = rows_of([event(0, time=DAY + 1), event(1, said="soon", actor="=1+1")])
    table = rows.to_numpy()
    assert table["time"][0] == np.datetime64("2026-03-31T00:00:00.000000001")
    assert np.isnat(table["time"][1])
    assert table["record"].dtype == np.int64
    assert list(table["member"]) == [None, None]
    assert list(table["actor"]) == ["ann", "=1+1"]


@pytest.mark.parametrize("time", [-(2**63) + 1, 2**63 - 1])
def test_the_ends_of_time_fit_into_an_array(time: int) -> None:
    rows, _ = rows_of([event(0, time=time)])
    assert rows.to_numpy()["time"].astype(np.int64)[0] == time


def test_no_rows_have_columns_too() -> None:
    rows, _ = rows_of([])
    table = rows.to_numpy()
    assert (len(table), table.dtype.names) == (0, rows.names)
    assert "0 rows" in rows._repr_html_()


def test_pandas_is_asked_only_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, _ = rows_of([event(0)])
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match="pandas is not installed"):
        rows.to_pandas()
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=dict))
    frame = rows.to_pandas()
    assert tuple(frame) == rows.names
    assert list(frame["actor"]) == ["ann"]


def test_evidence_is_text_in_a_notebook() -> None:
    rows, _ = rows_of([event(n, actor="<img src=x onerror=go()>\u202eann") for n in range(30)])
    shown = rows._repr_html_()
    assert "<img" not in shown
    assert "&lt;img src=x onerror=go()&gt;[U+202E]ann" in shown
    assert "30 rows; the first 20 are shown" in shown
    assert shown.count("<tr>") == 21
