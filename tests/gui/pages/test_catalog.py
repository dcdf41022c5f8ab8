"""Catalog: what an export describes, and what it leaves unsaid."""

import pytest
from PySide6.QtCore import Qt

from tests.gui.pages.desk import PATIENCE, desk, shown
from workbench.gui.models.cells import Tone
from workbench.gui.places import Asked, ThingAt
from workbench.gui.text import PlainLabel
from workbench.model.catalog import Protection

VERSION = "model_version/credit-scoring/8"


@pytest.fixture
def win(qtbot, qapp, context, sample_case):
    return desk(qtbot, qapp, context.settings, sample_case, "catalog")


@pytest.fixture
def page(qtbot, win):
    found = shown(win)
    qtbot.waitUntil(lambda: found.table.rows.rowCount() == 52, timeout=PATIENCE)
    qtbot.waitUntil(lambda: bool(found.facets.boxes("kind")), timeout=PATIENCE)
    qtbot.waitUntil(lambda: found.table.rows.row_at(0) is not None, timeout=PATIENCE)
    return found


def source_of(win, kind: str) -> int:
    return next(s.id for s in win.context.services.standing.sources if s.format == kind)


def boxes(page, facet: str) -> dict[str, object]:
    return {box.accessibleName(): box for box in page.facets.boxes(facet)}


def cell(page, row: int, column: str):
    at = [each.id for each in page.table.rows.columns].index(column)
    return page.table.rows.row_at(row).cells[at]


def test_artifacts_are_shown_first_with_how_many_things_there_are(page):
    assert str(page.table.rows.count) == "52 of 197 things"
    assert list(boxes(page, "kind")) == ["Artifact, 52", "Run, 134", "Job, 11"]


def test_what_is_not_stated_is_a_value_in_amber(page):
    assert (cell(page, 0, "owner").text, cell(page, 0, "owner").tone) == ("No owner", Tone.AMBER)
    stages = {cell(page, n, "lifecycle").text: cell(page, n, "lifecycle").tone for n in range(52)}
    assert stages["Not stated"] is Tone.AMBER


def test_a_catalog_is_never_shown_as_protected(page):
    assert {cell(page, n, "protection").protection for n in range(52)} == {Protection.UNPROTECTED}


def test_counts_of_a_facet_follow_the_others_and_not_itself(qtbot, page):
    boxes(page, "type")["Model version, 13"].click()
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 13, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "Artifact, 13" in boxes(page, "kind"), timeout=PATIENCE)
    assert "Dataset, 32" in boxes(page, "type")
    boxes(page, "type")["Dataset, 32"].click()
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 45, timeout=PATIENCE)


def test_clearing_filters_shows_everything(qtbot, page):
    page.facets._clear.click()
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 197, timeout=PATIENCE)


def test_a_query_narrows_and_a_bad_one_keeps_the_rows(qtbot, page):
    qtbot.keyClicks(page.filter.field, "name:early-warning")
    qtbot.keyClick(page.filter.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: 0 < page.table.rows.rowCount() < 52, timeout=PATIENCE)
    before = page.table.rows.rowCount()
    page.filter.field.setText("owner:[")
    qtbot.keyClick(page.filter.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "At character" in page.filter._error.text(), timeout=PATIENCE)
    assert page.table.rows.rowCount() == before


def test_a_thing_is_found_in_any_order_even_behind_a_filter(qtbot, win, page):
    source = source_of(win, "mlflow")
    page.table.order_by("created", descending=True)
    win.context.navigation.go("catalog", Asked("name:nothing-is-called-so"))
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 0, timeout=PATIENCE)
    win.context.navigation.go("catalog", ThingAt(source, VERSION))
    qtbot.waitUntil(lambda: page.table.row() is not None, timeout=PATIENCE)
    assert page.table.row().key.thing.key == VERSION


def test_the_life_of_a_version_says_that_its_approval_was_altered(qtbot, win, page):
    win.context.navigation.go("catalog", ThingAt(source_of(win, "mlflow"), VERSION))
    inspector = win.dock.inspector
    qtbot.waitUntil(lambda: inspector._title.text() == "credit-scoring 8", timeout=PATIENCE)
    inspector._tabs.setCurrentIndex(1)

    def words() -> str:
        return "\n".join(label.text() for label in inspector.findChildren(PlainLabel))

    qtbot.waitUntil(lambda: "changed after it was written" in words(), timeout=PATIENCE)
    assert "did:mesh:priya.raman, did:mesh:tomas.okafor" in words()


def test_enter_goes_to_the_lineage_of_the_row(qtbot, win, page):
    asked = []
    win.context.navigation.asked.connect(lambda *to: asked.append(to))
    page.table.setFocus()
    page.table.reveal(0)
    qtbot.waitUntil(lambda: page.table.row() is not None)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    kept = page.table.row().key
    assert asked == [("lineage", ThingAt(kept.source, kept.thing.key))]
