"""The real window over a real case: open it, go to a page, ask what the journal says."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from workbench.gui.app import discover_pages, make_window
from workbench.gui.main_window import MainWindow
from workbench.gui.page import PageWidget
from workbench.services import cases

PATIENCE = 60_000
LEFT = Qt.MouseButton.LeftButton


def desk(qtbot: QtBot, qapp, settings, case: Path, page: str) -> MainWindow:
    """Open a case in the window, and go to a page."""
    pages = [found for found in discover_pages() if found.id == page]
    window = make_window(qapp, (), pages=pages, settings=settings)
    qtbot.addWidget(window, before_close_func=lambda w: w.context.jobs.close())
    window.resize(1440, 900)
    window.show()
    with qtbot.waitSignal(window.context.jobs.case_changed, timeout=PATIENCE):
        window.context.services.open(case)
    window.context.navigation.go(page)
    qtbot.waitUntil(lambda: shown(window) is not None, timeout=PATIENCE)
    return window


def shown(window: MainWindow) -> PageWidget | None:
    """Return the page on screen."""
    found = window.stack.currentWidget()
    return found if isinstance(found, PageWidget) else None


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
