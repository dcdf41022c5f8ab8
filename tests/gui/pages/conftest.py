"""The real window, with its real pages, over the sample case."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.cases import NAME
from tests.gui.conftest import PatientBot, context_over
from workbench.gui.app import discover_pages
from workbench.gui.case_acts import CaseActs
from workbench.gui.context import WindowContext
from workbench.gui.jobs import JobRunner
from workbench.gui.main_window import MainWindow
from workbench.gui.settings import Settings
from workbench.gui.theme import Theme


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


@pytest.fixture(scope="module")
def shared_window(
    qapp: QApplication,
    shared_theme: Theme,
    one_sample_case: Path,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[MainWindow]:
    """One window over a copy of the sample case, for tests of a module that only add to it."""
    folder = tmp_path_factory.mktemp("shared")
    jobs, settings = JobRunner(), Settings(folder / "settings")
    context = context_over(shared_theme, jobs, settings)
    case = Path(copytree(one_sample_case, folder / NAME))
    made = opened(PatientBot(request), context, case)
    yield made
    context.jobs.close()
    context.services.close()
    made.close()
    made.deleteLater()


def without_case(qtbot: QtBot, context: WindowContext) -> MainWindow:
    made = MainWindow(context, discover_pages())
    CaseActs(made, context, context.services)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    return made


def opened(qtbot: QtBot, context: WindowContext, case: Path) -> MainWindow:
    made = without_case(qtbot, context)
    with qtbot.waitSignal(context.jobs.case_changed):
        context.services.open(case)
    qtbot.waitUntil(lambda: context.services.header() is not None)
    return made
