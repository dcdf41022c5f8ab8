"""The real window, with its real pages, over the sample case."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from workbench.gui.app import discover_pages
from workbench.gui.context import WindowContext
from workbench.gui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, context: WindowContext, sample_case: Path) -> Iterator[MainWindow]:
    made = opened(qtbot, context, sample_case)
    yield made
    context.jobs.close()
    context.services.close()


def opened(qtbot: QtBot, context: WindowContext, case: Path) -> MainWindow:
    made = MainWindow(context, discover_pages())
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    with qtbot.waitSignal(context.jobs.case_changed, timeout=20_000):
        context.services.open(case)
    qtbot.waitUntil(lambda: context.services.header() is not None, timeout=20_000)
    return made
