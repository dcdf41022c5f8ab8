"""Rows go out as columns, and as CSV in which nothing is a formula."""

import csv
import io
from pathlib import Path

import pytest
from casework import added, lines, new_case, plain_log, written

from workbench.errors import QueryError
from workbench.model.event import EventOrder, EventSort
from workbench.model.kept import flat
from workbench.model.query_fields import Area
from workbench.services import investigation
from workbench.services.investigation import Events

FORMULAS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "a,b", 'a"b', "a\nb", "\u202ex", ""]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    records = [{**plain_log(1)[0], "actor": text} for text in FORMULAS]
    with new_case(tmp_path) as case:
        added(case, written(tmp_path, "log.jsonl", lines(records)))
        rows = Events(case).page(first=0, count=99)
        out = "\n".join(investigation.csv_lines(rows))
    table = list(csv.DictReader(io.StringIO(out)))
    assert [row["actor"] for row in table] == [
        "'=1+1", "'+1", "'-1", "'@x", "'[U+0009]x", "'[U+000D]x", "a,b", 'a"b', "a[U+000A]b",
        "[U+202E]x", "",
    ]  # fmt: skip
    assert list(table[0]) == list(flat(rows[0]))
    assert {row["record"] for row in table} == {str(n) for n in range(1, len(FORMULAS) + 1)}


def test_nothing_found_is_no_line() -> None:
    assert list(investigation.csv_lines([])) == []


def test_event_is_found_by_its_place(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        added(case, written(tmp_path, "log.jsonl", lines(plain_log())))
        events = Events(case, "actor:ann")
        found = events.at(1, 4)
        assert found is not None
        assert found.event.locator.record == 4
        assert (events.at(1, 99), events.at(9, 1)) == (None, None)
        events.prepare(EventOrder(EventSort.ACTOR))
        assert len(events.page(first=0, count=99, order=EventOrder(EventSort.ACTOR))) == 7
        assert sum(events.histogram(bins=5).counts) == events.count() == 7
        assert events.top(EventSort.ACTION) == [("deploy", 3), ("train", 4)][::-1]


def test_what_cannot_be_asked_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with new_case(tmp_path) as case:
        for query in ("nobody:x", "/(/", "("):
            with pytest.raises(QueryError):
                Events(case, query)
        assert Events(case, "actor:x").count() == 0


def test_fields_can_be_completed() -> None:
    assert [f.name for f in investigation.completions(Area.THINGS, "me")] == ["metric."]
