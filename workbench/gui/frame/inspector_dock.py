"""The inspector at the right: it follows the selection, and remembers its width for each page."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSplitter

from workbench.gui.context import WindowContext
from workbench.gui.page import Page
from workbench.gui.parts.inspector import Inspected, Inspector

LEAST, MOST = 280, 560
_FOLLOW_MS = 80
#: In a narrower window, by the size of its text, the page has all the room until one asks.
_ROOM = 1100


def usual_width(window: int) -> int:
    """Return the width of the inspector in a window of a width."""
    if window >= 1800:
        return 440
    return 368 if window >= 1366 else 320


class InspectorDock(QObject):
    """Puts the inspector into a splitter beside the pages, and takes it out again."""

    def __init__(self, context: WindowContext, splitter: QSplitter, *, narrow: int) -> None:
        super().__init__(splitter)
        self.inspector = Inspector(context.theme)
        self._context = context
        self._splitter = splitter
        self._narrow = narrow
        self._page: Page | None = None
        self._waiting: Inspected | None = None
        self._timer = QTimer(splitter, singleShot=True, interval=_FOLLOW_MS)
        self._timer.timeout.connect(self._follow)
        self._rescale()
        context.theme.changed.connect(self._rescale)
        self.inspector.closed.connect(self.toggle)
        self.inspector.hide()
        splitter.addWidget(self.inspector)
        splitter.setCollapsible(splitter.indexOf(self.inspector), False)
        splitter.splitterMoved.connect(lambda *_: self._remember())
        context.selection.changed.connect(self._select)
        context.selection.wanted.connect(self.open)

    def turn_to(self, page: Page, window: int) -> None:
        """Show or hide it as the page has it."""
        self._page = page
        wide = window >= self._narrow
        room = window >= self._context.theme.px(_ROOM)
        default = page.inspects and room and (wide or page.inspects_narrow)
        key = "open" if wide else "open_narrow"
        kept = self._context.settings.remembered(f"inspector.{page.id}.{key}")
        self._show(page.inspects and (kept if isinstance(kept, bool) else default), window)

    def open(self) -> None:
        """Show it, if it is hidden."""
        if not self.inspector.isVisible():
            self.toggle()

    def toggle(self) -> None:
        """Show it, or hide it."""
        if self._page is None or not self._page.inspects:
            return
        window = self._splitter.window().width()
        shown = not self.inspector.isVisible()
        key = "open" if window >= self._narrow else "open_narrow"
        self._context.settings.remember(f"inspector.{self._page.id}.{key}", shown)
        self._show(shown, window)

    def _show(self, shown: bool, window: int) -> None:
        self.inspector.setVisible(shown)
        if not shown or self._page is None:
            return
        kept = self._context.settings.remembered(f"inspector.{self._page.id}.width")
        usual = self._context.theme.px(usual_width(window))
        width = kept if isinstance(kept, int) else min(usual, window * 2 // 5)
        width = min(max(width, LEAST), self.inspector.maximumWidth())
        total = max(self._splitter.width(), width + 1)
        self._splitter.setSizes([total - width, width])

    def _rescale(self) -> None:
        self.inspector.setMinimumWidth(LEAST)
        self.inspector.setMaximumWidth(self._context.theme.px(MOST))

    def _remember(self) -> None:
        if self._page is not None and self.inspector.isVisible():
            key = f"inspector.{self._page.id}.width"
            self._context.settings.remember(key, self.inspector.width())

    def _select(self, thing: Inspected | None) -> None:
        self._waiting = thing
        self._timer.start()

    def _follow(self) -> None:
        if self.inspector.is_pinned:
            return
        if self._waiting is None:
            self.inspector.show_nothing()
        else:
            self.inspector.show_thing(self._waiting)
