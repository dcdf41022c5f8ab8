"""Start: what can be done without a case, and the cases that were open lately."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from workbench.gui import recent
from workbench.gui.context import CaseHeader
from workbench.gui.parts.mark import Mark
from workbench.gui.recent import Recent
from workbench.gui.start.recent_list import day_of
from workbench.model.verdict import Dimension, failed, indeterminate, passed

LEFT = Qt.MouseButton.LeftButton


def page(window):
    return window.stack.currentWidget()


def test_every_act_is_a_command_and_runs_it_by_mouse_and_key(qtbot, empty_window, monkeypatch):
    ran = []
    monkeypatch.setattr(empty_window.context.acts, "run", ran.append)
    rows = page(empty_window).rows
    known = {command.id for command in empty_window.commands.all}
    assert set(rows) <= known
    for name, row in rows.items():
        qtbot.mouseClick(row, LEFT)
        qtbot.keyClick(row, Qt.Key.Key_Return)
        assert ran == [name, name]
        ran.clear()
    qtbot.keyClick(page(empty_window).drop, Qt.Key.Key_Space)
    assert ran == ["evidence.add"]


def test_recent_cases_are_opened_by_a_click(qtbot, empty_window, sample_case):
    remember(empty_window, sample_case, "One quarter")
    page(empty_window).reveal(None)
    (row,) = page(empty_window).recent.rows
    assert row.accessibleName().startswith("One quarter, FAILED: integrity, ")
    with qtbot.waitSignal(empty_window.context.jobs.case_changed):
        qtbot.mouseClick(row, LEFT)
    assert empty_window.stack.current.id == "overview"


def test_a_case_that_moved_says_so_and_is_not_opened(qtbot, empty_window, tmp_path):
    remember(empty_window, tmp_path / "gone.case", "Gone")
    page(empty_window).reveal(None)
    (row,) = page(empty_window).recent.rows
    assert not row.is_there
    assert "moved or deleted" in row.accessibleName()


def test_more_cases_than_there_is_room_for_are_shown_when_asked(qtbot, empty_window, tmp_path):
    for number in range(9):
        remember(empty_window, tmp_path / f"{number}.case", f"Case {number}")
    page(empty_window).reveal(None)
    assert len(page(empty_window).recent.rows) == 6
    page(empty_window).recent._show_all()
    names = [row.accessibleName().partition(",")[0] for row in page(empty_window).recent.rows]
    assert names == [f"Case {number}" for number in range(8, -1, -1)], "the last one first"


def remember(window, folder: Path, title: str) -> None:
    dimensions = {Dimension.INTEGRITY: failed("RECORD_ALTERED"), Dimension.TIME: passed("x")}
    header = CaseHeader(title, dimensions=dimensions, sources=3)
    recent.remember(window.context.settings, folder, header, at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("dimensions", "expected"),
    [
        ({}, (Mark.NONE, "Not verified")),
        (dict.fromkeys(Dimension, passed("x")), (Mark.PASSED, "PASSED: all four")),
        ({Dimension.INTEGRITY: passed("x")}, (Mark.PASSED, "PASSED: integrity")),
        (
            {Dimension.INTEGRITY: passed("x"), Dimension.TIME: indeterminate("NO_TRUSTED_TIME")},
            (Mark.INDETERMINATE, "INDETERMINATE: time"),
        ),
    ],
)
def test_the_worst_verdict_of_a_case_is_said_in_words(dimensions, expected):
    assert recent.worst_of(dimensions) == expected


@pytest.mark.parametrize("kept", [None, 7, ["x"], [{"place": 1}], [{"mark": "GREEN"}]])
def test_a_list_that_is_not_what_it_should_be_is_an_empty_one(context, kept):
    context.settings.remember("recent", kept)
    assert recent.recents(context.settings) == ()


def test_a_case_is_listed_once_and_can_be_forgotten(context, tmp_path):
    header = CaseHeader("A")
    for name in ("a", "b", "a"):
        recent.remember(context.settings, tmp_path / name, header, at=datetime.now(UTC))
    found = recent.recents(context.settings)
    assert [Path(case.place).name for case in found] == ["a", "b"]
    recent.forget(context.settings, found[0].place)
    assert [Path(case.place).name for case in recent.recents(context.settings)] == ["b"]
    assert all(isinstance(case, Recent) for case in found)


def test_days_are_said_in_utc():
    assert day_of("2026-10-12T23:30:00+00:00") == "12 Oct 2026"
    now = datetime.now(UTC)
    assert day_of(now.isoformat()).startswith("Today ") or datetime.now(UTC).date() > now.date()
    assert day_of("yesterday") == ""
