"""Lineage: trace a model to its data, and see how far each step is proven."""

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.gui.pages.desk import PATIENCE, desk, shown
from workbench.gui.lineage import exporting
from workbench.gui.lineage.paint import pill_area
from workbench.gui.models.cells import Tone
from workbench.gui.parts.mark import Mark
from workbench.gui.places import ThingAt
from workbench.model.lineage import EdgeStatus
from workbench.model.lineage_answer import Label

LEFT = Qt.MouseButton.LeftButton
VERSION = "model_version/credit-scoring/8"


@pytest.fixture
def win(qtbot, qapp, context, sample_case):
    return desk(qtbot, qapp, context.settings, sample_case, "lineage")


@pytest.fixture
def model(win):
    sources = win.context.services.standing.sources
    return next(s.id for s in sources if s.format == "mlflow"), VERSION


@pytest.fixture
def page(qtbot, win, model):
    found = shown(win)
    win.context.navigation.go("lineage", ThingAt(*model))
    qtbot.waitUntil(lambda: focus_of(found) == model, timeout=PATIENCE)
    qtbot.waitUntil(lambda: found.table.rows.row_at(0) is not None, timeout=PATIENCE)
    found.canvas.setFocus()
    return found


def focus_of(page):
    return page.canvas.shown.wish.focus if page.canvas.shown else None


def things(page) -> dict[str, object]:
    return {box.node.title: box.node for box in page.canvas.shown.scene.boxes.values()}


def place_of(page, key: str) -> QPoint:
    (box,) = (b for n, b in page.canvas.shown.scene.boxes.items() if n[1] == key)
    return page.canvas.lens.transform.map(box.area.center()).toPoint()


def press(qtbot, page, key: str, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.mouseClick(page.canvas, LEFT, modifier, place_of(page, key))


def test_depth_one_shows_what_is_one_step_away_and_no_more(page):
    shown = page.canvas.shown
    assert {node.layer for node in shown.view.nodes} == {-1, 0, 1}
    assert (shown.view.things, shown.view.relations) == (7, 6)
    assert page.table.rows.rowCount() == 6


def test_the_model_is_traced_to_its_data_with_keys(qtbot, win, page):
    """From the model to its run, to the dataset the run read, and to the bytes that say so."""
    assert page.canvas.chosen == focus_of(page)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Left)
    while page.canvas.shown.scene.boxes[page.canvas.chosen].node.title != "credit-scoring-v8":
        qtbot.keyClick(page.canvas, Qt.Key.Key_Down)
    run = page.canvas.chosen
    qtbot.keyClick(page.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: "applications_2026-04" in things(page), timeout=PATIENCE)
    assert page.canvas.chosen == run
    qtbot.keyClick(page.canvas, Qt.Key.Key_Left)
    data = page.canvas.chosen
    assert page.canvas.shown.scene.boxes[data].node.title == "applications_2026-04"
    assert win.context.selection.current.title.startswith("applications_2026-04")
    qtbot.keyClick(page.canvas, Qt.Key.Key_Space)
    for _ in range(2):
        qtbot.keyClick(page.canvas, Qt.Key.Key_Right)
    assert page.canvas.chosen == focus_of(page)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.canvas.shown.path == (data, run, focus_of(page)), timeout=PATIENCE)
    first = lambda: page.table.rows.row_at(0)  # noqa: E731
    qtbot.waitUntil(lambda: first() is not None, timeout=PATIENCE)
    assert [cell.text for cell in first().cells[:3]] == [
        "applications_2026-04 f514eb76", "used", "credit-scoring-v8",
    ]  # fmt: skip
    assert first().cells[0].tone is Tone.STRONG
    qtbot.keyClick(page.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.canvas.shown.path, timeout=PATIENCE)


def test_the_model_is_traced_to_its_data_with_the_mouse(qtbot, page):
    (run,) = (b for b in page.canvas.shown.scene.boxes.values() if b.node.id[1].startswith("run/"))
    pill = pill_area(page.canvas.theme, run, downstream=False)
    at = page.canvas.lens.transform.map(pill.center()).toPoint()
    qtbot.mouseClick(page.canvas, LEFT, pos=at)
    qtbot.waitUntil(lambda: "applications_2026-04" in things(page), timeout=PATIENCE)
    data = things(page)["applications_2026-04"].id
    ctrl = Qt.KeyboardModifier.ControlModifier
    press(qtbot, page, data[1], ctrl)
    press(qtbot, page, VERSION, ctrl)
    qtbot.waitUntil(lambda: len(page.canvas.shown.path) == 3, timeout=PATIENCE)
    qtbot.mouseDClick(page.canvas, LEFT, pos=place_of(page, data[1]))
    qtbot.waitUntil(lambda: focus_of(page) == data, timeout=PATIENCE)


def test_an_edge_that_rests_on_an_altered_record_is_red_in_picture_list_and_inspector(
    qtbot, win, page
):
    rows = [page.table.rows.row_at(n) for n in range(page.table.rows.rowCount())]
    (broken,) = (n for n, row in enumerate(rows) if row.cells[3].mark is Mark.FAILED)
    page.table.selectRow(broken)
    wire = page.canvas.shown.wires[broken]
    assert page.canvas.chosen == wire
    assert page.canvas.shown.scene.wires[wire].edge.status is EdgeStatus.BROKEN
    assert win.context.selection.current.status == "Rests on a broken record"
    assert win.context.selection.current.mark is Mark.FAILED


def test_pressing_a_line_selects_its_row(qtbot, win, page):
    number = 2
    wire = page.canvas.shown.wires[number]
    mark = page.canvas.shown.scene.wires[wire].mark
    qtbot.mouseClick(page.canvas, LEFT, pos=page.canvas.lens.transform.map(mark).toPoint())
    qtbot.waitUntil(lambda: page.table.currentIndex().row() == number, timeout=PATIENCE)
    assert page.canvas.chosen == wire


def test_impact_lists_what_is_downstream_with_counts(qtbot, page):
    page.panes._impact_button.click()
    qtbot.waitUntil(lambda: page.panes.impact.rows.rowCount() == 3, timeout=PATIENCE)
    assert page.panes._list_facts._whole == "3 things downstream: 2 deployments, 1 registered model"


def test_depth_grows_and_shrinks(qtbot, page):
    page.panes._more.click()
    qtbot.waitUntil(lambda: page.canvas.shown.wish.depth == 2, timeout=PATIENCE)
    assert min(node.layer for node in page.canvas.shown.view.nodes) == -2
    page.panes._less.click()
    qtbot.waitUntil(lambda: page.canvas.shown.wish.depth == 1, timeout=PATIENCE)


def test_another_thing_is_found_by_its_name(qtbot, page):
    page.panes.focus.click()
    picker = page.panes._picker
    qtbot.keyClicks(picker.field, "limit-setting 2")
    qtbot.waitUntil(lambda: 0 < picker.table.rows.rowCount() < 20, timeout=PATIENCE)
    qtbot.waitUntil(lambda: picker.table.row() is not None, timeout=PATIENCE)
    qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    wanted = "model_version/limit-setting/2"
    qtbot.waitUntil(lambda: focus_of(page)[1] == wanted, timeout=PATIENCE)


@pytest.mark.parametrize("form", ["svg", "pdf", "graphml", "csv", "json"])
def test_an_export_says_how_much_of_the_case_it_holds(qtbot, win, page, tmp_path, form):
    from workbench.services.lineage import Format

    said = []
    win.context.notices.said.connect(said.append)
    path = tmp_path / f"out.{form}"
    exporting.write(win.context, page._lineage, page.canvas.shown, Format(form), path)
    qtbot.waitUntil(lambda: bool(said), timeout=PATIENCE)
    assert path.stat().st_size > 0
    assert said == [f"7 of 213 things and 6 of 413 edges are in {path}."]


def test_the_picture_says_in_words_what_it_shows(page):
    said = page.canvas.said()
    assert "Lineage of credit-scoring: 7 things, 6 edges" in said
    assert "1 broken" in said


def test_loose_ends_are_listed_with_counts_and_lead_to_the_thing(qtbot, page):
    page.ask(None)
    qtbot.waitUntil(lambda: page.panes.impact.rows.rowCount() == 3, timeout=PATIENCE)
    facts = "Tied to nothing 1, without origin 1, runs without data 1, described by no source 0"
    assert page.panes._list_facts.text().startswith(facts)
    qtbot.waitUntil(lambda: page.panes.impact.rows.row_at(0) is not None, timeout=PATIENCE)
    row = page.panes.impact.rows.row_at(0)
    page._open_row(row)
    qtbot.waitUntil(lambda: focus_of(page) == row.key, timeout=PATIENCE)


def test_what_a_label_reaches_is_listed_with_its_way(qtbot, page):
    page.ask(Label.LICENCE)
    qtbot.waitUntil(lambda: page.panes.impact.rows.rowCount() > 5, timeout=PATIENCE)
    assert page.panes._list_title.text() == "What licences reach"
    assert "13 labels" in page.panes._list_facts.text()


def test_the_lineage_as_of_a_day_is_smaller_and_says_so(qtbot, page):
    before = page.canvas.shown.view.edges_in_case
    page.panes.as_of.setText("2026-05-27")
    page.panes.as_of_asked.emit("2026-05-27")
    qtbot.waitUntil(lambda: page.canvas.shown.view.edges_in_case < before, timeout=PATIENCE)
    assert "As of the end of 2026-05-27" in page.canvas.shown.view.words
    page.be_as_of("yesterday")
    assert page.canvas.shown.view.cut is not None
    page.be_as_of("")
    qtbot.waitUntil(lambda: page.canvas.shown.view.edges_in_case == before, timeout=PATIENCE)


def test_one_run_is_shown_alone(qtbot, page):
    run = next(n for n, box in page.canvas.shown.scene.boxes.items()
               if box.node.title == "credit-scoring-v8")  # fmt: skip
    page.canvas.choose_node(run)
    assert page._is_run()
    page.be_of("run")
    qtbot.waitUntil(lambda: page.canvas.shown.view.edges_in_case == 3, timeout=PATIENCE)
    assert {node.id for node in page.canvas.shown.view.nodes} >= {run}
