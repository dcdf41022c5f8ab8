"""What the window itself does when a command is run; pages and services add what they do."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QLayout, QLineEdit, QWidget

from workbench.gui.commands import CommandTable, always
from workbench.gui.context import WindowContext
from workbench.gui.frame.about import About
from workbench.gui.frame.error_strip import ErrorStrip
from workbench.gui.frame.inspector_dock import InspectorDock
from workbench.gui.frame.jobs_strip import JobsStrip
from workbench.gui.frame.keys_help import KeysHelp
from workbench.gui.frame.page_stack import PageStack
from workbench.gui.frame.palette import Palette
from workbench.gui.frame.rail import Rail
from workbench.gui.frame.status_bar import StatusBar
from workbench.gui.frame.top_bar import TopBar
from workbench.gui.parts.word import VerdictWord
from workbench.gui.tables.view import Table
from workbench.gui.text import tr
from workbench.gui.theme import ThemeChoice

_STEP = 0.1


class Window(Protocol):
    """What of the window is acted on."""

    commands: CommandTable
    top: TopBar
    rail: Rail
    stack: PageStack
    errors: ErrorStrip
    jobs: JobsStrip
    status: StatusBar
    dock: InspectorDock
    palette_layer: Palette

    def close(self) -> bool:
        """Close it."""
        ...


class WindowActs(QObject):
    """Offers the window's own acts."""

    def __init__(self, window: Window, context: WindowContext) -> None:
        super().__init__()
        self._window = window
        self._context = context
        acts, navigation = context.acts, context.navigation
        acts.offer("view.palette", lambda: window.palette_layer.open())
        acts.offer("view.search", self._search, self._no_case)
        acts.offer("view.inspector", window.dock.toggle, self._no_inspector)
        acts.offer("view.jobs", self.toggle_jobs)
        acts.offer("view.next_pane", lambda: self._pane(1))
        acts.offer("view.previous_pane", lambda: self._pane(-1))
        acts.offer("view.close_layer", self._close_layer, self._no_layer)
        acts.offer("view.filter", self._filter, self._no_filter)
        acts.offer("go.back", navigation.back, self._no_back)
        acts.offer("go.forward", navigation.forward, self._no_forward)
        acts.offer("view.as_of", lambda: self._go("as_of"), self._no_case)
        acts.offer("go.view", lambda: self._go(window.stack.next_view()), self._no_view)
        acts.offer("help.keys", self._show_keys)
        acts.offer("help.about", self._show_about)
        acts.offer("help.explain", self._explain, self._nothing_to_explain)
        acts.offer("window.quit", self._quit)
        self._offer_rows()
        self._offer_looks()
        for page in window.stack.pages:
            when = self._no_case if page.of_case else always
            acts.offer(f"go.{page.id}", partial(self._go, page.id), when)

    def toggle_jobs(self) -> None:
        """Show the jobs, or hide them."""
        self._window.jobs.setVisible(not self._window.jobs.isVisible())

    def apply_setting(self, key: str) -> None:
        """Do at once what a setting says."""
        settings, theme = self._context.settings, self._context.theme
        if key in {"theme", "text_scale"}:
            scale = float(settings.value("text_scale"))
            theme.choose(ThemeChoice(str(settings.value("theme"))), scale=scale)
        if key == "local_time":
            self._window.status.show_zone(local=bool(settings.value("local_time")))

    def _go(self, page: str) -> None:
        """Go to a page and into its main table, so that keys act there at once."""
        self._context.navigation.go(page)
        main = _main(takers(self._window.stack))
        (main or self._window.stack.window()).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _quit(self) -> None:
        self._window.close()

    def _offer_rows(self) -> None:
        acts = self._context.acts
        acts.offer("row.copy", lambda: self._in_table(Table.copy), self._no_row)
        acts.offer(
            "row.copy_place",
            lambda: self._in_table(lambda table: table.copy(places=True)),
            self._no_row,
        )
        acts.offer("row.open", lambda: self._in_table(Table.open_row), self._no_opening)
        acts.offer("row.peek", self._window.dock.open, self._no_peeking)

    def _offer_looks(self) -> None:
        settings, acts = self._context.settings, self._context.acts
        for choice in ThemeChoice:
            acts.offer(
                f"theme.{choice}",
                lambda choice=choice: settings.choose("theme", choice.value),  # type: ignore[misc]
            )
        acts.offer("text.larger", lambda: self._scale(_STEP))
        acts.offer("text.smaller", lambda: self._scale(-_STEP))

    def _scale(self, by: float) -> None:
        now = float(self._context.settings.value("text_scale"))
        self._context.settings.choose("text_scale", min(max(round(now + by, 2), 0.9), 1.5))

    def _table(self) -> Table | None:
        """Return the table with the focus, or else the one on screen with a row selected."""
        focused = QApplication.focusWidget()
        if isinstance(focused, Table):
            return focused
        page = self._window.stack.currentWidget()
        tables = page.findChildren(Table) if page is not None else []
        chosen = [t for t in tables if t.isVisible() and t.currentIndex().isValid()]
        return chosen[0] if chosen else None

    def _in_table(self, act: object) -> None:
        table = self._table()
        if table is not None and callable(act):
            act(table)

    def _no_row(self) -> str:
        table = self._table()
        chosen = table is not None and table.currentIndex().isValid()
        return "" if chosen else tr("Select a row first.")

    def _no_opening(self) -> str:
        table = self._table()
        opens = table is None or table.opens
        return self._no_row() or ("" if opens else tr("Rows of this table do not open."))

    def _no_peeking(self) -> str:
        return self._no_inspector() or self._no_row()

    def _field(self) -> QLineEdit | None:
        page = self._window.stack.currentWidget()
        fields = page.findChildren(QLineEdit) if page is not None else []
        return next((field for field in fields if field.property("filters")), None)

    def _filter(self) -> None:
        if (field := self._field()) is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            field.selectAll()

    def _no_filter(self) -> str:
        return "" if self._field() else tr("This page has no filter.")

    def _search(self) -> None:
        self._window.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._window.top.search.selectAll()

    def _no_case(self) -> str:
        return "" if self._context.services.header() else tr("No case is open.")

    def _no_inspector(self) -> str:
        page = self._window.stack.current
        return "" if page and page.inspects else tr("This page has no inspector.")

    def _no_back(self) -> str:
        return "" if self._context.navigation.can_go_back else tr("There is no page before.")

    def _no_view(self) -> str:
        return self._no_case() or self._no_other_view()

    def _no_other_view(self) -> str:
        return "" if self._window.stack.next_view() else tr("This page has one view only.")

    def _no_forward(self) -> str:
        return "" if self._context.navigation.can_go_forward else tr("There is no page after.")

    def _no_layer(self) -> str:
        layers = (self._window.errors, self._window.jobs)
        return "" if any(layer.isVisible() for layer in layers) else tr("Nothing is open.")

    def _close_layer(self) -> None:
        """Close the topmost: an error, then the jobs; the palette closes itself."""
        if self._window.errors.isVisible():
            self._window.errors.close_one()
        elif self._window.jobs.isVisible():
            self._window.jobs.hide()

    def _pane(self, by: int) -> None:
        """Give the focus to the next pane: rail, page, inspector, jobs."""
        panes: list[QWidget] = [
            pane
            for pane in (
                self._window.rail,
                self._window.stack,
                self._window.dock.inspector,
                self._window.jobs,
            )
            if pane.isVisible()
        ]
        focused = QApplication.focusWidget()
        here = [n for n, pane in enumerate(panes) if focused and pane.isAncestorOf(focused)]
        first = (here[0] + by) % len(panes) if here else 0
        for pane in (*panes[first:], *panes[:first]) if panes else ():
            if _focus_into(pane):
                return

    def _show_keys(self) -> None:
        parent = self._window.stack.window()
        KeysHelp(self._context.theme, self._window.commands, parent).show()

    def _show_about(self) -> None:
        About(self._context.theme, self._window.stack.window()).show()

    def _explain(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, VerdictWord):
            focused.explain.emit()

    def _nothing_to_explain(self) -> str:
        focused = QApplication.focusWidget()
        words = isinstance(focused, VerdictWord)
        return "" if words else tr("Go to a verdict word with Tab, then press F1 there.")


def takers(pane: QWidget) -> list[QWidget]:
    """Return what in a pane takes the focus by Tab, in the order in which one reads."""
    return [
        widget
        for widget in _below(pane)
        if widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def _below(widget: QWidget) -> Iterator[QWidget]:
    """Yield what is visible inside a widget as its layouts have it, then what no layout has."""
    layout = widget.layout()
    placed = list(_placed(layout)) if layout is not None else []
    here = Qt.FindChildOption.FindDirectChildrenOnly
    for child in dict.fromkeys((*placed, *widget.findChildren(QWidget, options=here))):
        if child.isVisible():
            yield child
            yield from _below(child)


def _placed(layout: QLayout) -> Iterator[QWidget]:
    """Yield the widgets of a layout, and of those in it, in their order."""
    for item in (layout.itemAt(number) for number in range(layout.count())):
        widget, inner = item.widget() if item else None, item.layout() if item else None
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _placed(inner)


def _main(found: Sequence[QWidget]) -> QWidget | None:
    """Return the table among these, or else the graph or list in which letters act."""
    tables = [widget for widget in found if isinstance(widget, Table)]
    others = [widget for widget in found if widget.property("letters")]
    return next(iter((*tables, *others)), None)


def _focus_into(pane: QWidget) -> bool:
    """Focus what in a pane takes the focus first: a table before all else."""
    found = takers(pane)
    widget = _main(found) or next(iter(found), None)
    if widget is not None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
    return widget is not None
