"""The real window, with its real pages, over the sample case."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from workbench.gui.app import discover_pages
from workbench.gui.case_acts import CaseActs
from workbench.gui.context import WindowContext
from workbench.gui.main_window import MainWindow


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases without a place of their own are made here, not among the user's."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def empty_window(qtbot: QtBot, context: WindowContext) -> Iterator[MainWindow]:
    yield without_case(qtbot, context)
    context.jobs.close()
    context.services.close()


@pytest.fixture
def window(qtbot: QtBot, context: WindowContext, sample_case: Path) -> Iterator[MainWindow]:
    made = opened(qtbot, context, sample_case)
    yield made
    context.jobs.close()
    context.services.close()


def without_case(qtbot: QtBot, context: WindowContext) -> MainWindow:
    made = MainWindow(context, discover_pages())
    CaseActs(made, context, context.services)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    return made


def opened(qtbot: QtBot, context: WindowContext, case: Path) -> MainWindow:
    made = without_case(qtbot, context)
    with qtbot.waitSignal(context.jobs.case_changed, timeout=20_000):
        context.services.open(case)
    qtbot.waitUntil(lambda: context.services.header() is not None, timeout=20_000)
    return made
