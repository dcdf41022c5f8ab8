"""Timeline: from the quarter to the byte, by claimed time."""

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.gui.cases import ALTERED
from tests.gui.pages.desk import PATIENCE, desk, shown
from workbench.gui.parts.inspector import Inspected
from workbench.gui.places import Asked, FindingDraft, RecordAt
from workbench.gui.timeline.asking import Question
from workbench.model.event import EventFlag


@pytest.fixture
def win(qtbot, qapp, context, sample_case):
    return desk(qtbot, qapp, context.settings, sample_case, "timeline")


@pytest.fixture
def page(qtbot, win):
    found = shown(win)
    qtbot.waitUntil(lambda: found.table.rows.rowCount() == 6000, timeout=PATIENCE)
    qtbot.waitUntil(lambda: found.table.rows.row_at(0) is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: found._drawn is not None, timeout=PATIENCE)
    return found


def selected(qtbot, win, start: str) -> Inspected:
    """Wait until something whose title begins so is selected, and return it."""

    def is_there():
        current = win.context.selection.current
        return current is not None and current.title.startswith(start)

    qtbot.waitUntil(is_there, timeout=PATIENCE)
    return win.context.selection.current


def go_to_the_altered_record(qtbot, win, page):
    win.context.navigation.go("timeline", RecordAt(1, ALTERED))
    selected(qtbot, win, "model.approve")
    page.table.setFocus()


def test_events_stand_in_the_order_of_their_claimed_time_and_the_head_says_so(page):
    rows = [page.table.rows.row_at(n) for n in range(200)]
    times = [row.key.event.time_ns for row in rows]
    assert times == sorted(times)
    assert "laimed times" in page.header._facts.text()
    assert page.table.rows.columns[0].title == "Claimed time, UTC"


def test_a_query_that_cannot_be_understood_says_where_and_keeps_the_rows(qtbot, page):
    qtbot.keyClicks(page.filter.field, "actor:priya (")
    qtbot.keyClick(page.filter.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "At character" in page.filter._error.text(), timeout=PATIENCE)
    assert page.table.rows.rowCount() == 6000
    page.filter.field.clear()
    qtbot.keyClicks(page.filter.field, "actor:priya")
    qtbot.keyClick(page.filter.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: 0 < page.table.rows.rowCount() < 6000, timeout=PATIENCE)
    assert not page.filter._error.text()


def test_a_bracket_that_would_close_ours_is_an_error(qtbot, page):
    page.ask(Question("actor:x) OR (actor:y", (0, 1)))
    qtbot.waitUntil(lambda: "At character" in page.filter._error.text(), timeout=PATIENCE)


def test_brushing_the_histogram_shows_the_events_of_that_time_only(qtbot, page):
    plot = page.histogram._plot()
    start, end = QPoint(plot.left() + 200, plot.center().y()), QPoint(plot.left() + 300, 40)
    qtbot.mousePress(page.histogram, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(page.histogram, end)
    qtbot.mouseRelease(page.histogram, Qt.MouseButton.LeftButton, pos=end)

    def inside() -> int:
        first, last = page.histogram.brush
        return sum(page._drawn.histogram.counts[first : last + 1])

    qtbot.waitUntil(lambda: page.table.rows.rowCount() == inside(), timeout=PATIENCE)
    assert 0 < inside() < 6000
    qtbot.keyClick(page.histogram, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 6000, timeout=PATIENCE)


def test_the_broken_record_is_marked_on_the_axis_and_found_by_a_key(qtbot, win, page):
    assert len(page._drawn.bins.breaks) == 1
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_BracketRight)
    found = selected(qtbot, win, "model.approve")
    assert found.mark.value == "failed"
    assert found.status == "Record 1,845 does not agree with what protects it"
    assert EventFlag.BROKEN in page.table.row().key.event.flags


def test_w_shows_half_an_hour_around_the_row_in_all_logs(qtbot, win, page):
    go_to_the_altered_record(qtbot, win, page)
    qtbot.keyClick(page.table, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: page._question.span is not None, timeout=PATIENCE)
    first, last = page._question.span
    assert last - first == 3600 * 10**9
    qtbot.waitUntil(lambda: 0 < page.table.rows.rowCount() < 100, timeout=PATIENCE)
    qtbot.waitUntil(lambda: page.table.row() is not None, timeout=PATIENCE)
    rows = [page.table.rows.row_at(n) for n in range(page.table.rows.rowCount())]
    assert {row.key.source for row in rows} == {1, 2}
    assert page.table.row().key.event.locator.record == ALTERED


def test_a_record_behind_a_filter_is_shown_all_the_same(qtbot, win, page):
    win.context.navigation.go("timeline", Asked("actor:nobody-at-all"))
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 0, timeout=PATIENCE)
    win.context.navigation.go("timeline", RecordAt(2, 7))
    qtbot.waitUntil(lambda: page.table.row() is not None, timeout=PATIENCE)
    assert page.table.row().key.event.locator.record == 7
    assert page.filter.field.text() == ""


def test_the_other_end_of_another_order_is_reached(qtbot, page):
    page.table.order_by("actor", descending=True)
    page.table.reveal(5999)
    qtbot.waitUntil(lambda: page.table.row() is not None, timeout=PATIENCE)
    actors = {page.table.rows.row_at(n).key.event.actor for n in range(5950, 6000)}
    assert len(actors) == 1


def test_a_finding_from_a_row_rests_on_its_bytes(qtbot, win, page):
    asked = []
    go_to_the_altered_record(qtbot, win, page)
    win.context.navigation.asked.connect(lambda *to: asked.append(to))
    win.commands.run("finding.new")
    ((name, draft),) = asked
    assert name == "findings"
    assert isinstance(draft, FindingDraft)
    assert [ref.locator.record for ref in draft.evidence] == [ALTERED]


def test_the_inspector_reads_the_bytes_again(qtbot, win, page):
    from workbench.gui.evidence_bytes import EvidenceBytes

    go_to_the_altered_record(qtbot, win, page)
    inspector = win.dock.inspector
    qtbot.waitUntil(lambda: inspector._tabs.tabText(1) == "Bytes", timeout=PATIENCE)
    inspector._tabs.setCurrentIndex(1)
    (found,) = inspector.findChildren(EvidenceBytes)
    qtbot.waitUntil(lambda: "as at intake" in found.said, timeout=PATIENCE)
