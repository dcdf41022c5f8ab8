"""The keyboard reads a page as the eye does, and lands where it can act."""

import pytest
from PySide6.QtCore import QPoint, Qt

from workbench.gui.frame.window_acts import takers
from workbench.gui.tables.view import Table

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("page", ["evidence", "verification", "catalog", "lineage", "checks"])
def test_tab_goes_from_the_header_by_the_filter_to_the_table(qtbot, window, page):
    window.context.navigation.go(page)
    qtbot.waitUntil(lambda: window.context.jobs.is_idle)
    shown = window.stack.currentWidget()
    found = takers(shown)
    tables = [n for n, widget in enumerate(found) if isinstance(widget, Table)]
    filters = [n for n, widget in enumerate(found) if widget.property("filters")]
    assert tables
    assert all(n < tables[-1] for n in filters)
    top = [widget.mapTo(shown, QPoint()).y() for widget in found]
    header = [n for n, y in enumerate(top) if y < 50]
    assert header == list(range(len(header))), "the header comes first"


@pytest.mark.parametrize("number", [2, 3, 4, 6])
def test_a_page_that_is_gone_to_by_key_has_the_focus_in_its_table(qtbot, window, number):
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), CTRL)
    qtbot.waitUntil(lambda: window.stack.currentWidget().findChild(Table) is not None)
    assert isinstance(window.focusWidget(), Table)
    assert window.stack.isAncestorOf(window.focusWidget())
