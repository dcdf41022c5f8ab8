"""The window: it puts the frame around the pages and hands events on. No case logic is here."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMenu, QSplitter, QWidget

from workbench.errors import IndexDamaged
from workbench.gui.commands import CommandTable
from workbench.gui.context import ANOTHER_CASE, WindowContext, read_only
from workbench.gui.frame.command_list import page_keys, window_commands
from workbench.gui.frame.error_strip import ErrorStrip
from workbench.gui.frame.inspector_dock import InspectorDock
from workbench.gui.frame.jobs_strip import JobsStrip
from workbench.gui.frame.page_stack import PageStack
from workbench.gui.frame.palette import Palette
from workbench.gui.frame.rail import Rail
from workbench.gui.frame.status_bar import StatusBar
from workbench.gui.frame.top_bar import NARROW, TopBar
from workbench.gui.frame.window_acts import WindowActs, takers
from workbench.gui.page import Group, Page
from workbench.gui.parts.boxes import boxed, column, row
from workbench.gui.text import tr
from workbench.model.case import CaseChanges

LEAST_SIZE = (1024, 640)
VERIFICATION = "verification"


class MainWindow(QWidget):
    """The window of one case; ``context`` is what its pages are given.

    ``closed`` says that it is gone and nothing runs any more.
    """

    closed = Signal()

    def __init__(self, context: WindowContext, pages: Sequence[Page]) -> None:
        super().__init__()
        self.context = context
        self._pages = sorted(pages, key=lambda page: (page.group, page.order, page.id))
        self._closing = self._warned = False
        self._alt_alone = False
        theme = context.theme
        commands = window_commands(
            context.acts, self._pages, self._has_case, partial(read_only, context.services)
        )
        self.commands = CommandTable(theme, commands, self)
        self.top = TopBar(theme, self.commands)
        self.rail = Rail(theme, self._pages, page_keys(self._pages))
        self.stack = PageStack(context, self._pages)
        self.errors = ErrorStrip(theme)
        self.jobs = JobsStrip(theme, context.jobs)
        self.status = StatusBar(theme)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.dock = InspectorDock(context, self.splitter, narrow=NARROW)
        self.palette_layer = Palette(context, self.commands, self)
        self._acts = WindowActs(self, context)
        self._connect()
        self.setAcceptDrops(True)
        self.setMinimumSize(*LEAST_SIZE)
        self.show_case()

    def show_case(self) -> None:
        """Read again what the frame says of the case, and go to a page that suits."""
        header = self.context.services.header()
        self.top.show_header(header)
        self.status.show_header(header)
        self.rail.setVisible(header is not None)
        name = f"{header.title} – " if header else ""
        self.setWindowTitle(f"{name}Audit Workbench")
        self._show_badges()
        start = [page for page in self._pages if (page.group is Group.START) == (header is None)]
        if start or self._pages:
            self.context.navigation.go((start or self._pages)[0].id)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on with Tab as one reads: rail, page, inspector, jobs, status, top bar."""
        panes = (
            self.rail,
            self.errors,
            self.stack,
            self.dock.inspector,
            self.jobs,
            self.status,
            self.top,
        )
        order = [widget for pane in panes for widget in takers(pane)]
        if not order:
            return False
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        here = order.index(self.focusWidget()) if self.focusWidget() in order else -1
        step = 1 if forward else -1
        order[(here + step) % len(order) if here >= 0 or forward else -1].setFocus(reason)
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with no button marked: keys go to the window."""
        super().showEvent(event)
        if self.focusWidget() is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show less where there is less room."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        was_narrow = event.oldSize().width() < NARROW
        self.rail.be_narrow(narrow)
        self.status.be_narrow(narrow)
        page = self.stack.current
        if page is not None and (narrow != was_narrow or event.oldSize().width() < 0):
            self.dock.turn_to(page, self.width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run the command of a key that nothing in the window wanted."""
        self._alt_alone = event.key() == Qt.Key.Key_Alt
        if not (self._may_act(event) and self.commands.run_key(event)):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Open the menu when Alt was pressed and let go alone."""
        if event.key() == Qt.Key.Key_Alt and self._alt_alone:
            self.open_menu(self.top.menu)
        self._alt_alone = False
        super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, wherever they are dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say which files were dropped."""
        urls = event.mimeData().urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            self.context.notices.drop(paths)
            event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop all work and keep what is typed first. Closed a second time, leave without that.

        Work that a user sees is not thrown away without a word: he is asked to close again.
        """
        self._remember()
        if (running := self.context.jobs.running) and not self._warned:
            self._warned = True
            words = tr("{} is running and would be stopped. Close again to leave.")
            self.status.say(words.format(running[0].title))
            event.ignore()
            return
        stopped = self.context.jobs.close()
        unkept = self.stack.keep_typed() if stopped else ""
        if unkept and not self._closing:
            self._closing = True
            words = tr("Not saved: {} Close again to leave without it.")
            self.status.say(words.format(unkept))
            event.ignore()
            return
        if stopped or self._closing:
            if stopped:
                self.context.services.close()
            event.accept()
            self.closed.emit()
            return
        self._closing = True
        self.status.say(tr("Work is still stopping. Close again to leave without waiting for it."))
        event.ignore()

    def open_menu(self, below: QWidget) -> None:
        """Open the menu with every command below a widget."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.commands.fill(menu)
        menu.popup(below.mapToGlobal(QPoint(0, below.height() + 4)))

    def changeEvent(self, event: QEvent) -> None:
        """Close no layer by accident when another window comes to the front."""
        super().changeEvent(event)
        self._alt_alone = False

    def _has_case(self) -> bool:
        return self.context.services.header() is not None

    def _may_act(self, event: QKeyEvent) -> bool:
        """Letters act only in a table or graph, and only if the user wants them to."""
        bare = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        if not bare or event.key() == Qt.Key.Key_Escape:
            return True
        wanted = bool(self.context.settings.value("letter_keys"))
        return wanted and _takes_letters(self.focusWidget())

    def _lay_out(self) -> None:
        centre = column()
        centre.addWidget(self.errors)
        centre.addWidget(self.stack, 1)
        self.splitter.addWidget(boxed(centre))
        self.splitter.setHandleWidth(1)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setChildrenCollapsible(False)
        middle = row()
        middle.addWidget(self.rail)
        middle.addWidget(self.splitter, 1)
        outer = column()
        outer.addWidget(self.top)
        outer.addLayout(middle, 1)
        outer.addWidget(self.jobs)
        outer.addWidget(self.status)
        self.setLayout(outer)

    def _connect(self) -> None:
        context = self.context
        context.navigation.asked.connect(self.stack.show_page)
        self.stack.turning.connect(context.selection.turn_to)
        self.stack.shown.connect(self._shown)
        self.rail.asked.connect(context.navigation.go)
        self.top.menu_asked.connect(self.open_menu)
        self.top.case_asked.connect(lambda _below: self.commands.run("case.open"))
        self.top.dimension_asked.connect(lambda which: context.navigation.go(VERIFICATION, which))
        self.top.searched.connect(self.palette_layer.open)
        self.errors.mend_asked.connect(lambda: self.commands.run("case.rebuild_index"))
        self.status.jobs_asked.connect(self._acts.toggle_jobs)
        self.commands.refused.connect(self.status.say)
        context.notices.said.connect(self.status.say)
        context.notices.network.connect(self.status.show_network)
        context.notices.failed.connect(self.errors.show_fault)
        context.jobs.faulted.connect(self.errors.show_fault)
        context.jobs.case_changed.connect(self._changed)
        context.jobs.started.connect(self._count_jobs)
        context.jobs.ended.connect(self._count_jobs)
        context.settings.changed.connect(self._acts.apply_setting)

    def _shown(self, page: Page) -> None:
        self.rail.choose(page.home)
        self.dock.turn_to(page, self.width())

    def _changed(self, changes: CaseChanges) -> None:
        if changes == ANOTHER_CASE:
            self.stack.forget()
            self.context.selection.forget()
            self.context.navigation.forget()
            self.context.unsaved.forget()
            self.show_case()
            return
        if "events" in changes.areas:
            self.errors.forget(IndexDamaged.code)
        header = self.context.services.header()
        self.top.show_header(header)
        self.status.show_header(header)
        self._show_badges()
        self.stack.refresh(changes)

    def _show_badges(self) -> None:
        for page in self._pages:
            if page.id in self.rail.items:
                self.rail.items[page.id].show_badge(page.badge(self.context))

    def _count_jobs(self, _job: object) -> None:
        if not self.context.jobs.running:
            self._warned = False
        self.status.show_jobs(len(self.context.jobs.running))

    def _remember(self) -> None:
        settings = self.context.settings
        area = self.normalGeometry()
        settings.remember("geometry", [area.x(), area.y(), area.width(), area.height()])
        settings.remember("maximised", self.isMaximized())
        settings.keep()


def _takes_letters(focused: QWidget | None) -> bool:
    return focused is not None and bool(focused.property("letters"))


def placed(remembered: object, screen: Mapping[str, int]) -> tuple[int, int, int, int] | None:
    """Return the remembered place of the window, if it is on the screen there is now."""
    match remembered:
        case [int(x), int(y), int(width), int(height)] if width >= 640 and height >= 480:
            right, bottom = screen["x"] + screen["width"], screen["y"] + screen["height"]
            if screen["x"] - 50 <= x < right - 200 and screen["y"] - 50 <= y < bottom - 200:
                return (x, y, min(width, screen["width"]), min(height, screen["height"]))
    return None
