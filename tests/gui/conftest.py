"""The window off screen: one application, one theme, and nothing left running."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.cases import one_sample_case, sample_case
from workbench.gui.app import make_application
from workbench.gui.case_services import CaseServices
from workbench.gui.commands import Acts
from workbench.gui.context import Navigation, Notices, Selection, WindowContext
from workbench.gui.jobs import JobRunner
from workbench.gui.settings import Settings
from workbench.gui.theme import Theme, ThemeChoice

__all__ = ["one_sample_case", "sample_case"]


class PatientBot(QtBot):
    """Waits as long as a busy machine may take: how long things take is not judged here."""

    def waitUntil(self, callback, *, timeout: int = 60_000) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout: int = 60_000, raising=None, check_params_cb=None):
        return super().waitSignal(
            signal, timeout=timeout, raising=raising, check_params_cb=check_params_cb
        )


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Delete at the end what a test let go of: windows that stay are restyled by later tests."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(scope="session")
def shared_theme(qapp: QApplication) -> Theme:
    return Theme(qapp, ThemeChoice.LIGHT, still=True)


@pytest.fixture
def theme(shared_theme: Theme) -> Iterator[Theme]:
    yield shared_theme
    if shared_theme.choice is not ThemeChoice.LIGHT or shared_theme.scale != 1.0:
        shared_theme.choose(ThemeChoice.LIGHT, scale=1.0)


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobRunner]:
    runner = JobRunner()
    yield runner
    assert runner.close(60_000), "a job did not stop"
    qtbot.waitUntil(lambda: runner.is_idle)


@pytest.fixture
def context(theme: Theme, jobs: JobRunner, tmp_path: Path) -> WindowContext:
    return context_over(theme, jobs, Settings(tmp_path / "settings"))


def context_over(theme: Theme, jobs: JobRunner, settings: Settings) -> WindowContext:
    return WindowContext(
        theme=theme,
        jobs=jobs,
        settings=settings,
        services=CaseServices(jobs, settings),
        selection=Selection(),
        navigation=Navigation(),
        acts=Acts(),
        notices=Notices(),
    )
