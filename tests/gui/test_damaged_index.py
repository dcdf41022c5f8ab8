"""A damaged index is mended from the window, and no page is empty without saying why."""

import pytest
from PySide6.QtCore import Qt

from tests.gui.pages.conftest import opened
from workbench.gui.text import PlainLabel


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def window(qtbot, context, sample_case):
    for part in sample_case.rglob("events*.parquet"):
        data = bytearray(part.read_bytes())
        data[len(data) // 2] ^= 0xFF
        part.write_bytes(data)
    made = opened(qtbot, context, sample_case)
    yield made
    context.jobs.close()
    context.services.close()


def said(window) -> str:
    page = window.stack.currentWidget()
    return "\n".join(w.text() for w in page.findChildren(PlainLabel) if w.isVisible())


def test_pages_say_why_they_are_empty_and_the_strip_mends_it(qtbot, window):
    qtbot.waitUntil(lambda: "indicators cannot be shown" in said(window))
    for page, words in (
        ("verification", "The map cannot be drawn."),
        ("timeline", "The events cannot be shown"),
    ):
        window.context.navigation.go(page)
        qtbot.waitUntil(lambda words=words: words in said(window))
        assert "rebuild it from the evidence" in said(window)
    assert window.errors.mend.isVisible()
    qtbot.mouseClick(window.errors.mend, Qt.MouseButton.LeftButton)
    page = window.stack.currentWidget()
    qtbot.waitUntil(lambda: page.table.isVisible() and page.table.rows.row_at(0) is not None)
    assert not window.errors.isVisible()
    qtbot.waitUntil(lambda: window.context.jobs.running == ())
