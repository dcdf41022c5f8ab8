"""The window, driven by keyboard and mouse."""

import sys
import threading
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui.windows import HEADER, NotingPage, Services, window
from workbench.gui import app as start
from workbench.gui.faults import Fault
from workbench.gui.frame.keys_help import KeysHelp
from workbench.gui.frame.top_bar import NARROW
from workbench.gui.main_window import placed
from workbench.gui.parts.word import VerdictWord
from workbench.gui.theme import ThemeChoice
from workbench.gui.tokens import ThemeName, load_tokens
from workbench.model.case import CaseChanges
from workbench.model.verdict import Dimension

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def services():
    return Services()


@pytest.fixture
def win(qtbot, context, services):
    made = window(context, services)
    qtbot.addWidget(made, before_close_func=lambda w: w.context.jobs.close())
    made.resize(1440, 900)
    made.show()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def page_of(win) -> NotingPage:
    return win.stack.currentWidget()


def go(win, page, place=None):
    win.context.navigation.go(page, place)
    return page_of(win)


def test_the_frame_names_case_and_verdicts(win):
    assert win.windowTitle() == "Northwind Lending, Q3 2026 – Audit Workbench"
    assert win.top.case.accessibleName() == "Northwind Lending, Q3 2026, AW-2026-014"
    said = [win.top.cells[which].accessibleName() for which in Dimension]
    assert said == [
        "Integrity: FAILED",
        "Authenticity: PASSED",
        "Completeness: PASSED",
        "Time: INDETERMINATE",
    ]
    assert win.status._sources.text() == "9 sources open read-only"
    assert win.status._journal.text() == "1,482 journal entries"


def test_without_a_case_the_start_page_stands_alone(qtbot, context):
    made = window(context, Services(shown=None))
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    assert made.stack.current.id == "start"
    assert not made.rail.isVisible()
    assert not any(cell.isVisible() for cell in made.top.cells.values())
    assert not made.top.search.isVisible()
    assert made.windowTitle() == "Audit Workbench"


def test_pages_are_built_when_they_are_first_looked_at(win):
    assert win.stack.widget_of("timeline") is None
    go(win, "timeline")
    assert win.stack.widget_of("timeline") is not None


def test_pages_are_reached_by_keys_and_by_the_rail(qtbot, win):
    qtbot.keyClick(win, Qt.Key.Key_3, CTRL)
    assert win.stack.current.id == "verification"
    assert win.rail.items["verification"].isChecked()
    qtbot.mouseClick(win.rail.items["evidence"], LEFT)
    assert win.stack.current.id == "evidence"
    assert not win.rail.items["verification"].isChecked()
    win.rail.items["evidence"].setFocus()
    qtbot.keyClick(win.rail.items["evidence"], Qt.Key.Key_Down)
    assert win.rail.items["verification"].hasFocus()
    qtbot.keyClick(win.rail.items["verification"], Qt.Key.Key_Space)
    assert win.stack.current.id == "verification"


def test_back_and_forward_follow_where_one_was(qtbot, win):
    go(win, "evidence")
    go(win, "timeline", 600)
    qtbot.keyClick(win, Qt.Key.Key_Left, ALT)
    assert win.stack.current.id == "evidence"
    qtbot.keyClick(win, Qt.Key.Key_Right, ALT)
    assert win.stack.current.id == "timeline"
    assert page_of(win).told == [600, 600]
    qtbot.keyClick(win, Qt.Key.Key_Right, ALT)
    assert "There is no page after." in win.status._notice.text()


def test_rail_shows_numbers_and_says_them(win):
    assert win.rail.items["evidence"].accessibleName() == "Evidence, 9"
    assert win.rail.items["verification"].accessibleName() == "Verification, 1"


def test_narrow_window_shows_icons_with_names_in_tooltips(win):
    win.resize(1280, 800)
    assert win.rail.width() == 48
    assert "Evidence" in win.rail.items["evidence"].toolTip()
    win.resize(1440, 900)
    assert win.rail.width() == 176


@pytest.mark.parametrize(("width", "inspector"), [(1280, 320), (1440, 368), (1920, 440)])
def test_inspector_has_its_width_for_each_window(win, width, inspector):
    win.resize(width, 900)
    go(win, "evidence")
    assert win.dock.inspector.width() == inspector


def test_lineage_opens_without_the_inspector_in_a_narrow_window(win):
    win.resize(NARROW - 1, 800)
    go(win, "lineage")
    assert not win.dock.inspector.isVisible()
    go(win, "evidence")
    assert win.dock.inspector.isVisible()
    go(win, "overview")
    assert not win.dock.inspector.isVisible()


def test_inspector_is_toggled_by_key_and_remembered_for_the_page(qtbot, win):
    go(win, "evidence")
    qtbot.keyClick(win, Qt.Key.Key_I, CTRL)
    assert not win.dock.inspector.isVisible()
    go(win, "timeline")
    assert win.dock.inspector.isVisible()
    go(win, "evidence")
    assert not win.dock.inspector.isVisible()
    go(win, "overview")
    qtbot.keyClick(win, Qt.Key.Key_I, CTRL)
    assert "This page has no inspector." in win.status._notice.text()


def test_inspector_follows_the_selection_until_it_is_pinned(qtbot, win):
    page = go(win, "evidence")
    qtbot.waitUntil(lambda: page.table.rows.row_at(0) is not None)
    qtbot.mouseClick(page.table.viewport(), LEFT, pos=QPoint(60, 30))
    qtbot.waitUntil(lambda: win.dock.inspector.shown is not None)
    assert win.dock.inspector.accessibleName() == "Inspector: evidence 1"
    qtbot.mouseClick(win.dock.inspector._pin, LEFT)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.wait(150)
    assert win.dock.inspector.accessibleName() == "Inspector: evidence 1"
    qtbot.mouseClick(win.dock.inspector._pin, LEFT)
    qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: win.dock.inspector.accessibleName() == "Inspector: evidence 3")


def test_the_inspector_shows_what_is_of_the_page_unless_it_is_pinned(qtbot, win):
    def shown(name: str) -> None:
        qtbot.waitUntil(lambda: win.dock.inspector.accessibleName() == name)

    go(win, "evidence").table.reveal(1)
    shown("Inspector: evidence 1")
    go(win, "timeline")
    shown("Inspector: Inspector")
    page_of(win).table.reveal(2)
    shown("Inspector: timeline 2")
    go(win, "evidence")
    shown("Inspector: evidence 1")
    qtbot.mouseClick(win.dock.inspector._pin, LEFT)
    go(win, "timeline")
    qtbot.wait(120)
    shown("Inspector: evidence 1")


def test_letters_act_in_a_table_never_in_a_field(qtbot, win):
    page = go(win, "evidence")
    page.table.setFocus()
    qtbot.keyClicks(page.table, "g")
    assert page.told == ["graph"]
    qtbot.keyClicks(page.table, "/")
    assert page.filter.field.hasFocus()
    qtbot.keyClicks(page.filter.field, "g")
    assert page.told == ["graph"]
    assert page.filter.field.text() == "g"


def test_letters_can_be_turned_off(qtbot, win):
    page = go(win, "evidence")
    win.context.settings.choose("letter_keys", False)
    page.table.setFocus()
    qtbot.keyClicks(page.table, "g")
    assert page.told == []


def test_palette_runs_a_command_by_a_few_letters(qtbot, win):
    go(win, "evidence")
    qtbot.keyClick(win, Qt.Key.Key_K, CTRL)
    palette = win.palette_layer
    assert palette.isVisible()
    assert palette.field.hasFocus()
    qtbot.keyClicks(palette.field, ">dark")
    assert palette.list.chosen.title == "Dark theme"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert win.context.theme.tokens == load_tokens(ThemeName.DARK)
    assert win.context.settings.value("theme") == "dark"


def test_palette_finds_things_of_the_case_and_goes_there(qtbot, win, services):
    qtbot.keyClick(win, Qt.Key.Key_K, CTRL)
    palette = win.palette_layer
    qtbot.keyClicks(palette.field, "#appr")
    qtbot.waitUntil(lambda: palette.list.chosen is not None)
    assert palette.list.accessibleName() == "model.approve, record 600"
    qtbot.mouseClick(palette.list, LEFT, pos=QPoint(100, 45))
    assert win.stack.current.id == "timeline"
    assert page_of(win).told == [600]
    assert services.asked[-1][0] == "appr"


def test_palette_is_walked_by_arrows_and_closed_by_esc(qtbot, win):
    page = go(win, "evidence")
    page.table.setFocus()
    qtbot.keyClick(win, Qt.Key.Key_K, CTRL)
    palette = win.palette_layer
    first = palette.list.chosen
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.chosen is not first
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.chosen is first
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert page.table.hasFocus()
    qtbot.keyClick(win, Qt.Key.Key_K, CTRL)
    qtbot.mouseClick(palette, LEFT, pos=QPoint(10, 800))
    assert not palette.isVisible()


def test_search_of_the_top_bar_opens_the_palette_with_its_text(qtbot, win):
    qtbot.keyClick(win, Qt.Key.Key_F, CTRL)
    assert win.top.search.hasFocus()
    qtbot.keyClicks(win.top.search, "approve")
    qtbot.keyClick(win.top.search, Qt.Key.Key_Return)
    assert win.palette_layer.isVisible()
    assert win.palette_layer.field.text() == "approve"


def test_large_text_leaves_the_page_its_room(win):
    win.resize(1280, 800)
    go(win, "evidence")
    assert win.dock.inspector.isVisible()
    win.context.theme.choose(ThemeChoice.LIGHT, scale=1.5)
    go(win, "timeline")
    assert not win.dock.inspector.isVisible()
    search = win.top.search
    assert not search._has_room_for_key() or search.width() > 300


def test_a_verdict_of_the_top_bar_leads_to_its_dimension(qtbot, win):
    qtbot.mouseClick(win.top.cells[Dimension.TIME], LEFT)
    assert win.stack.current.id == "verification"
    assert page_of(win).told == [Dimension.TIME]
    win.top.cells[Dimension.INTEGRITY].setFocus()
    qtbot.keyClick(win.top.cells[Dimension.INTEGRITY], Qt.Key.Key_Return)
    assert page_of(win).told == [Dimension.TIME, Dimension.INTEGRITY]


def test_network_is_never_said_to_be_unused_when_it_was_used(win, services):
    assert win.status._offline.text() == "Offline: no network is used"
    services.shown = replace(HEADER, network=("tsa.example",))
    win.show_case()
    assert "Network was used" in win.status._offline.text()


def test_menu_opens_by_its_button_and_by_alt_alone(qtbot, win):
    qtbot.mouseClick(win.top.menu, LEFT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    QApplication.activePopupWidget().close()
    win.setFocus()
    qtbot.keyPress(win, Qt.Key.Key_Alt)
    qtbot.keyRelease(win, Qt.Key.Key_Alt, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    QApplication.activePopupWidget().close()
    qtbot.keyPress(win, Qt.Key.Key_Alt)
    qtbot.keyClick(win, Qt.Key.Key_X, ALT)
    qtbot.keyRelease(win, Qt.Key.Key_Alt, ALT)
    assert QApplication.activePopupWidget() is None


def test_f6_goes_from_pane_to_pane(qtbot, win):
    page = go(win, "evidence")
    page.table.setFocus()
    qtbot.keyClick(win, Qt.Key.Key_F6)
    assert win.dock.inspector.isAncestorOf(win.focusWidget())
    qtbot.keyClick(win, Qt.Key.Key_F6)
    assert win.rail.isAncestorOf(win.focusWidget())
    qtbot.keyClick(win, Qt.Key.Key_F6)
    assert page.table.hasFocus()
    qtbot.keyClick(win, Qt.Key.Key_F6, SHIFT)
    assert win.rail.isAncestorOf(win.focusWidget())


def test_f1_explains_the_verdict_word_that_has_the_focus(qtbot, win, theme):
    page = go(win, "evidence")
    from workbench.gui.parts.mark import Mark

    word = VerdictWord(theme, Mark.FAILED, "FAILED", asks=True)
    page.layout().addWidget(word)
    word.show()
    word.setFocus()
    with qtbot.waitSignal(word.explain):
        qtbot.keyClick(word, Qt.Key.Key_F1)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_F1)
    assert "Go to a verdict word" in win.status._notice.text()


def test_keys_are_listed_in_a_window_that_blocks_nothing(qtbot, win):
    qtbot.keyClick(win, Qt.Key.Key_F1, SHIFT)
    (keys,) = win.findChildren(KeysHelp)
    assert not keys.isModal()
    qtbot.keyClick(keys, Qt.Key.Key_Escape)


def test_files_dropped_anywhere_are_announced(qtbot, win, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "log.jsonl")), QUrl("https://example.org/x")])
    at, copy = QPointF(700, 400), Qt.DropAction.CopyAction
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at.toPoint(), copy, data, LEFT, none)
    QApplication.sendEvent(win, enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(win.context.notices.dropped) as caught:
        QApplication.sendEvent(win, QDropEvent(at, copy, data, LEFT, none))
    assert caught.args == [(tmp_path / "log.jsonl",)], "only files of this machine"


def test_changes_reach_the_page_on_screen_at_once_and_others_when_seen(qtbot, win):
    evidence, timeline = go(win, "evidence"), go(win, "timeline")
    win.context.jobs.case_changed.emit(CaseChanges(frozenset({"sources"})))
    win.context.jobs.case_changed.emit(CaseChanges(frozenset({"findings"})))
    assert timeline.told == [{"sources"}, {"findings"}]
    assert evidence.told == []
    go(win, "evidence")
    assert evidence.told == [{"sources", "findings"}]


def test_a_page_that_cannot_be_built_says_so_and_takes_no_other_with_it(win):
    go(win, "journal")
    assert "ZeroDivisionError" in win.errors.sentence
    assert win.errors.isVisible()
    go(win, "evidence")
    assert isinstance(page_of(win), NotingPage)


def test_errors_stand_above_the_page_and_are_closed_one_by_one(qtbot, win):
    win.context.notices.fail(Fault("log.jsonl could not be read."))
    win.context.notices.fail(Fault("A fault.", "Traceback"))
    win.context.notices.fail(Fault("A fault.", "Traceback"))
    assert win.errors.sentence == "A fault."
    qtbot.mouseClick(win.errors.copy_details, LEFT)
    assert QApplication.clipboard().text() == "A fault.\n\nTraceback"
    win.setFocus()
    qtbot.keyClick(win, Qt.Key.Key_Escape)
    assert win.errors.sentence == "log.jsonl could not be read."
    qtbot.mouseClick(win.errors.dismiss, LEFT)
    assert not win.errors.isVisible()


def test_an_error_that_nobody_caught_becomes_one_sentence(win, monkeypatch, capsys):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    start._hook(win.context.notices)
    sys.excepthook(KeyError, KeyError("x"), None)
    assert "A fault of the program itself (KeyError" in win.errors.sentence
    assert "KeyError" in capsys.readouterr().err


def test_jobs_are_counted_and_shown(qtbot, win):
    let_go = threading.Event()
    win.context.jobs.start("Verify log.jsonl", lambda *_: let_go.wait(10))
    assert win.jobs.isVisible()
    assert win.status.jobs.text() == "1 job"
    qtbot.keyClick(win, Qt.Key.Key_J, CTRL)
    assert not win.jobs.isVisible()
    qtbot.mouseClick(win.status.jobs, LEFT)
    assert win.jobs.isVisible()
    let_go.set()
    qtbot.waitUntil(lambda: win.status.jobs.text() == "No jobs running")


def test_closing_stops_the_work_first_and_keeps_the_place(qtbot, win, services, tmp_path):
    stopped = []

    def work(_progress, cancel):
        try:
            while True:
                cancel.check()
        finally:
            stopped.append(True)

    win.context.jobs.start("Verify", work)
    qtbot.waitUntil(lambda: bool(win.context.jobs.running[0].state == "running"))
    win.setGeometry(30, 40, 1300, 850)
    assert not win.close(), "what runs is not stopped without a word"
    assert stopped == []
    assert "Verify is running and would be stopped." in win.status._notice.text()
    with qtbot.waitSignal(win.closed):
        assert win.close()
    assert stopped == [True]
    assert services.closed
    assert win.context.settings.remembered("geometry") == [30, 40, 1300, 850]
    assert (tmp_path / "settings" / "window.json").is_file()


def test_work_that_does_not_stop_keeps_the_window_until_it_is_closed_again(
    qtbot, win, services, monkeypatch
):
    monkeypatch.setattr(win.context.jobs, "close", lambda: False)
    assert not win.close()
    assert not services.closed
    assert "Close again to leave" in win.status._notice.text()
    assert win.close()
    assert not services.closed, "what still runs still holds the case"


def test_a_remembered_place_off_the_screen_is_not_used():
    screen = {"x": 0, "y": 0, "width": 1920, "height": 1080}
    assert placed([100, 100, 1440, 900], screen) == (100, 100, 1440, 900)
    assert placed([5000, 100, 1440, 900], screen) is None
    assert placed([100, 100, 4000, 900], screen) == (100, 100, 1920, 900)
    for nonsense in (None, [], [1, 2, 3], ["a"] * 4, {"x": 1}, [0, 0, 1, 1]):
        assert placed(nonsense, screen) is None


def test_settings_act_at_once(win):
    win.context.settings.choose("theme", "contrast")
    assert win.context.theme.tokens == load_tokens(ThemeName.CONTRAST)
    win.context.settings.choose("text_scale", 1.2)
    assert win.context.theme.scale == 1.2
    win.context.settings.choose("local_time", True)
    assert "Local" in win.status._zone.text()


def test_text_is_made_larger_by_key_and_stops_at_the_limit(qtbot, win):
    for _ in range(9):
        win.commands.run("text.larger")
    assert win.context.theme.scale == 1.5
    assert win.context.theme.choice is not ThemeChoice.DARK
    win.grab()


def test_paths_given_at_the_start_are_announced_once_it_is_shown(qtbot, qapp, tmp_path, context):
    made = start.make_window(
        qapp,
        (Path("log.jsonl"),),
        services=lambda _jobs, _settings: Services(),
        pages=(),
        settings=context.settings,
    )
    qtbot.addWidget(made, before_close_func=lambda w: w.context.jobs.close())
    hooks = sys.excepthook, threading.excepthook
    try:
        with qtbot.waitSignal(made.context.notices.dropped) as caught:
            start.show(made)
    finally:
        sys.excepthook, threading.excepthook = hooks
    assert caught.args == [(Path("log.jsonl"),)]
    qtbot.waitUntil(lambda: made.context.jobs.is_idle)


def test_nothing_is_cut_off_when_the_text_grows_while_the_window_is_open(qtbot, win):
    page = go(win, "evidence")
    heights = {w: w.height() for w in (win.top, win.status)}
    width = page.table.columnWidth(0)
    win.context.settings.choose("text_scale", 1.5)
    qtbot.waitUntil(
        lambda: all(widget.height() == round(before * 1.5) for widget, before in heights.items())
    )
    qtbot.waitUntil(lambda: win.rail.width() == 264)
    qtbot.waitUntil(lambda: page.table.rowHeight(0) == 39)
    assert page.table.columnWidth(0) <= width, "the rail took room, the column fills the rest"


def test_tab_goes_from_rail_to_page_to_inspector_and_round(qtbot, win):
    page = go(win, "evidence")
    last = list(win.rail.items.values())[-1]
    last.setFocus()
    visited = []
    for _ in range(60):
        qtbot.keyClick(win.focusWidget(), Qt.Key.Key_Tab)
        visited.append(win.focusWidget())
        if win.focusWidget() is last:
            break
    else:
        pytest.fail("Tab never came round")
    places = [
        next(name for name, pane in panes(win).items() if pane.isAncestorOf(widget))
        for widget in visited
    ]
    assert [name for name, _ in groupby(places)][:4] == ["page", "inspector", "status", "top"]
    assert page.filter.field in visited
    assert page.table in visited
    assert visited.index(page.filter.field) < visited.index(page.table)
    qtbot.keyClick(last, Qt.Key.Key_Backtab, SHIFT)
    assert win.focusWidget() is visited[-2]


def panes(win):
    return {
        "rail": win.rail, "page": win.stack, "inspector": win.dock.inspector,
        "status": win.status, "top": win.top,
    }  # fmt: skip
