"""Start the window: shown first, everything heavy is loaded after.

What goes wrong never ends in a box or a trace: it is one sentence above the page. Where there is
no screen, it is one sentence on the command line.
"""

import os
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import NoReturn, cast

from PySide6.QtCore import (
    QLocale,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from workbench import __version__, plugins, resources
from workbench.errors import UsageError
from workbench.gui.case_acts import CaseActs
from workbench.gui.case_services import CaseServices
from workbench.gui.collecting import Collector
from workbench.gui.commands import Acts
from workbench.gui.context import (
    Navigation,
    Notices,
    Selection,
    Services,
    WindowContext,
)
from workbench.gui.faults import fault_of
from workbench.gui.jobs import JobRunner
from workbench.gui.main_window import MainWindow, placed
from workbench.gui.page import Page
from workbench.gui.screen import NO_SCREEN, why_no_window
from workbench.gui.settings import Settings, config_folder
from workbench.gui.theme import Theme, ThemeChoice

NOT_DONE = 3
_PAGES = "workbench.gui.pages"
#: Loaded once the window is there: what the first act of the user will need.
_LATER = ("workbench.services.verification", "workbench.services.inspection")


def run(paths: Sequence[Path] = (), *, sample: bool = False) -> int:
    """Open the window and stay until it is closed; return the exit code.

    Args:
        paths: a case to open, or evidence to look at.
        sample: open the sample case.

    Raises:
        UsageError: there is no screen.
    """
    _require_screen()
    qInstallMessageHandler(_say_qt)
    app = make_application()
    window = make_window(app, paths, pages=discover_pages())
    show(window)
    if sample:
        QTimer.singleShot(0, window, lambda: window.commands.run("case.sample"))
    code = app.exec()
    if not window.context.jobs.close(patience_ms=1):
        os._exit(code or NOT_DONE)  # the user left without waiting; the case survives a kill
    return code


def make_application() -> QApplication:
    """Return the one application object."""
    QApplication.setApplicationName("Audit Workbench")
    QApplication.setApplicationVersion(__version__)
    QApplication.setDesktopFileName("audit-workbench")
    app = QApplication(sys.argv[:1])
    app.setWindowIcon(QIcon(str(resources.path("icons", "workbench.svg"))))
    _translate(app)
    return app


def discover_pages() -> tuple[Page, ...]:
    """Return the pages, one from each file."""
    return cast("tuple[Page, ...]", plugins.discover(_PAGES, "PAGE"))


def make_window(
    app: QApplication,
    paths: Sequence[Path],
    *,
    pages: Sequence[Page],
    settings: Settings | None = None,
    services: Callable[[JobRunner, Settings], Services] = CaseServices,
) -> MainWindow:
    """Return the window with all that its pages are given."""
    kept = settings or Settings(config_folder())
    jobs = JobRunner()
    theme = Theme(app, ThemeChoice(str(kept.value("theme"))), scale=float(kept.value("text_scale")))
    context = WindowContext(
        theme=theme,
        jobs=jobs,
        settings=kept,
        services=services(jobs, kept),
        selection=Selection(),
        navigation=Navigation(),
        acts=Acts(),
        notices=Notices(),
        opened=tuple(paths),
    )
    window = MainWindow(context, pages)
    Collector(window)
    if isinstance(context.services, CaseServices):
        CaseActs(window, context, context.services)
    return window


def show(window: MainWindow) -> None:
    """Put the window where it was, show it, and load the rest."""
    context = window.context
    _hook(context.notices)
    area = window.screen().availableGeometry()
    screen = {"x": area.x(), "y": area.y(), "width": area.width(), "height": area.height()}
    place = placed(context.settings.remembered("geometry"), screen)
    if place is None:
        window.resize(min(1440, area.width()), min(900, area.height()))
    else:
        window.setGeometry(*place)
    if context.settings.remembered("maximised") is True:
        window.showMaximized()
    else:
        window.show()
    QTimer.singleShot(0, window, lambda: _after(context))


def _after(context: WindowContext) -> None:
    """Do what can wait until the window is on screen."""
    context.jobs.read(lambda: [import_module(name) for name in _LATER])
    for problem in context.settings.problems:
        context.notices.say(problem)
    if context.opened:
        context.notices.drop(context.opened)


def _require_screen() -> None:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise UsageError(NO_SCREEN)


def _say_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says; its last words before it would abort become one sentence."""
    if kind is QtMsgType.QtFatalMsg:
        _leave(message)
    if kind in {QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg}:
        sys.stderr.write(f"{message}\n")


def _leave(message: str) -> NoReturn:
    reason = " ".join(message.split()).partition(". ")[0]
    sys.stderr.write(f"workbench: {why_no_window()} (Qt: {reason})\n")
    sys.stderr.flush()
    os._exit(NOT_DONE)


def _translate(app: QApplication) -> None:
    """Use the user's language where it is shipped; verdict words and codes stay as they are."""
    translator = QTranslator(app)
    if translator.load(QLocale(), "workbench", "_", str(resources.path("i18n"))):
        app.installTranslator(translator)


def _hook(notices: Notices) -> None:
    """Send every error that nobody caught to the strip above the page."""

    def caught(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.closeAllWindows()
            return
        sys.stderr.write("".join(traceback.format_exception(error)))
        notices.fail(fault_of(error))

    sys.excepthook = caught
    threading.excepthook = _in_thread(caught)


def _in_thread(
    caught: Callable[[type[BaseException], BaseException, TracebackType | None], None],
) -> Callable[[threading.ExceptHookArgs], None]:
    def hook(found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None:
            caught(found.exc_type, found.exc_value, found.exc_traceback)

    return hook
