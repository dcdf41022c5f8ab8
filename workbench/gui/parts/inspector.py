"""What is selected, in full: title, status, at most four tabs, and a pin that keeps it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, Panel, boxed, column, row, scrolled
from workbench.gui.parts.buttons import IconButton
from workbench.gui.parts.mark import SMALL, Mark
from workbench.gui.parts.tab_bar import TabBar
from workbench.gui.parts.word import VerdictWord
from workbench.gui.text import ElidingLabel, Paragraph, action_text, tr
from workbench.gui.theme import Theme
from workbench.model.locator import Locator

MARGIN = 16
MOST_TABS = 4


@dataclass(frozen=True, slots=True)
class InspectorTab:
    """A tab: its title, and what makes its content when it is first looked at."""

    title: str
    build: Callable[[], QWidget]


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the inspector shows.

    Attributes:
        key: tells one selected thing from another.
        title: its name.
        tabs: at most four.
        mark: mark of its status, or None where the status is no verdict.
        status: its status in words, or "".
        locator: the place it was read from, or None.
        actions: title and function of what its menu offers.
        turn_to: title of the tab that is shown first; "": the one of the name that was chosen.
    """

    key: str
    title: str
    tabs: tuple[InspectorTab, ...] = ()
    mark: Mark | None = None
    status: str = ""
    locator: Locator | None = None
    actions: tuple[tuple[str, Callable[[], None]], ...] = ()
    turn_to: str = ""


class Inspector(Panel):
    """The frame. ``closed`` says that the user wants it away."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._theme = theme
        self._shown: Inspected | None = None
        self._title = ElidingLabel(theme, "", Face.SECTION)
        self._status = row()
        self._pin = IconButton(theme, "pin", tr("Keep this in the inspector"), checkable=True)
        self._menu = IconButton(theme, "ellipsis", tr("More"))
        self._close = IconButton(theme, "x", tr("Close the inspector"))
        self._tabs = TabBar(theme)
        self._pages = QStackedWidget()
        self._menu.clicked.connect(self._open_menu)
        self._close.clicked.connect(self.closed)
        self._pin.toggled.connect(self._pinned)
        self._tabs.currentChanged.connect(self._turn)
        self._lay_out()
        self.show_nothing()

    @property
    def is_pinned(self) -> bool:
        """Whether it keeps what it shows."""
        return self._pin.isChecked()

    @property
    def shown(self) -> Inspected | None:
        """What it shows."""
        return self._shown

    def show_thing(self, thing: Inspected) -> None:
        """Show something; the tab of the same name stays chosen."""
        self._shown = thing
        before = self._tabs.tabText(self._tabs.currentIndex())
        self._title.setText(thing.title)
        self._show_status(thing)
        self._fill_tabs(thing, action_text(thing.turn_to) or before)
        self._menu.setVisible(bool(thing.actions))
        self.setAccessibleName(f"Inspector: {thing.title}")

    def show_nothing(self) -> None:
        """Say what would show something here."""
        hint = tr("Select a row or a record to see its fields, its proof and its bytes.")

        def build() -> QWidget:
            return Paragraph(self._theme, hint, Face.BODY, "secondary")

        self.show_thing(Inspected("", tr("Inspector"), (InspectorTab("", build),)))
        self._shown = None

    def _lay_out(self) -> None:
        head = row(gap=0)
        head.setContentsMargins(MARGIN, 10, 6, 0)
        head.addWidget(self._title, 1)
        for button in (self._pin, self._menu, self._close):
            head.addWidget(button)
        self._status.setContentsMargins(MARGIN, 4, MARGIN, 0)
        tabs = row()
        tabs.setContentsMargins(MARGIN - 1, 4, MARGIN, 0)
        tabs.addWidget(self._tabs)
        tabs.addStretch()
        outer = column()
        outer.addLayout(head)
        outer.addLayout(self._status)
        outer.addLayout(tabs)
        outer.addWidget(Line(self._theme))
        outer.addWidget(self._pages, 1)
        self.setLayout(outer)

    def _show_status(self, thing: Inspected) -> None:
        while (item := self._status.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if thing.mark is not None:
            word = VerdictWord(self._theme, thing.mark, thing.status, size=SMALL, face=Face.WORD)
            self._status.addWidget(word)
            self._status.addStretch()
        else:
            self._status.addWidget(
                ElidingLabel(self._theme, thing.status, Face.SECONDARY, "secondary")
            )

    def _fill_tabs(self, thing: Inspected, before: str) -> None:
        self._tabs.blockSignals(True)
        while self._tabs.count():
            self._tabs.removeTab(0)
        while (old := self._pages.widget(0)) is not None:
            self._pages.removeWidget(old)
            old.deleteLater()
        tabs = thing.tabs[:MOST_TABS]
        for tab in tabs:
            self._tabs.addTab(action_text(tab.title))
            self._pages.addWidget(QWidget())
        same = [n for n, tab in enumerate(tabs) if action_text(tab.title) == before]
        self._tabs.setVisible(len(tabs) > 1)
        self._tabs.setCurrentIndex(same[0] if same else 0)
        self._tabs.blockSignals(False)
        self._turn(self._tabs.currentIndex())

    def _turn(self, index: int) -> None:
        """Make the content of a tab when it is first looked at."""
        place = self._pages.widget(index)
        if place is None or self._shown is None:
            return
        if place.layout() is None:
            inner = column()
            inner.setContentsMargins(MARGIN, 12, MARGIN, MARGIN)
            inner.addWidget(self._shown.tabs[index].build())
            inner.addStretch()
            outer = column()
            outer.addWidget(scrolled(boxed(inner)))
            place.setLayout(outer)
        self._pages.setCurrentIndex(index)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        for title, act in self._shown.actions if self._shown else ():
            menu.addAction(action_text(title), act)
        menu.exec(self._menu.mapToGlobal(self._menu.rect().bottomLeft()))

    def _pinned(self, kept: bool) -> None:
        self._pin.show_icon("pin-off" if kept else "pin")
        self._pin.rename(tr("Follow the selection") if kept else tr("Keep this in the inspector"))
