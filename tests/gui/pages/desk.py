"""What tests of pages ask the window: go to a page, and what the journal says."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from workbench.gui.main_window import MainWindow
from workbench.gui.page import PageWidget
from workbench.services import cases

PATIENCE = 60_000
LEFT = Qt.MouseButton.LeftButton


def gone_to(qtbot: QtBot, window: MainWindow, page: str) -> PageWidget:
    """Go to a page and return it."""
    window.context.navigation.go(page)
    qtbot.waitUntil(lambda: window.stack.widget_of(page) is not None, timeout=PATIENCE)
    found = window.stack.currentWidget()
    assert isinstance(found, PageWidget)
    return found


def acts(window: MainWindow) -> list[str]:
    """Return what stands in the journal of the open case."""
    return [entry.act for entry in cases.journal_entries(window.context.services.case)]
