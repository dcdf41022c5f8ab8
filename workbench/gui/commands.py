"""Everything that can be done, declared once: menus, palette and help of keys come from here.

A command that cannot run now says why; it is never just grey. A command with ``Scope.FOCUS``
has a key of one letter: it acts only while a table or graph has the focus, never while typing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.text import action_text, tr
from workbench.gui.theme import Theme


class Menu(StrEnum):
    """The menus, in order."""

    FILE = "File"
    EDIT = "Edit"
    VIEW = "View"
    GO = "Go"
    EVIDENCE = "Evidence"
    CASE = "Case"
    HELP = "Help"


class Scope(StrEnum):
    """Where a key acts."""

    WINDOW = "window"
    FOCUS = "focus"


def always() -> str:
    """Return why not: nothing is in the way."""
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done.

    Attributes:
        id: dotted name, unique.
        title: verb and noun; … if input follows.
        menu: where it stands.
        run: does it.
        icon: name of an icon, or "".
        shortcut: its keys, or "".
        when: returns "" when it can run, else why not, in one sentence.
        scope: where its key acts.
        detail: what else the palette says of it, or "".
    """

    id: str
    title: str
    menu: Menu
    run: Callable[[], None]
    icon: str = ""
    shortcut: str = ""
    when: Callable[[], str] = always
    scope: Scope = Scope.WINDOW
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What a page or a service does when a command is run."""

    run: Callable[[], None]
    when: Callable[[], str] = always


class Acts:
    """Who does what a command asks for: the page on screen first, then everybody."""

    def __init__(self) -> None:
        self._offered: dict[str, Act] = {}
        self._on_screen: Mapping[str, Act] = {}

    def offer(
        self, command: str, run: Callable[[], None], when: Callable[[], str] = always
    ) -> None:
        """Do a command from now on, whatever page is on screen."""
        self._offered[command] = Act(run, when)

    def show(self, acts: Mapping[str, Act]) -> None:
        """Hear what the page that came on screen does."""
        self._on_screen = acts

    def find(self, command: str) -> Act | None:
        """Return who does a command now, or None."""
        return self._on_screen.get(command) or self._offered.get(command)

    def why_not(self, command: str, otherwise: str) -> str:
        """Return why a command cannot run now; ``otherwise`` where nobody does it."""
        act = self.find(command)
        return act.when() if act else otherwise

    def run(self, command: str) -> None:
        """Run a command, if somebody does it."""
        act = self.find(command)
        if act is not None and not act.when():
            act.run()


class CommandTable(QObject):
    """The commands of the window, each with the action that Qt's menus and keys use."""

    refused = Signal(str)

    def __init__(self, theme: Theme, commands: Sequence[Command], window: QWidget) -> None:
        super().__init__(window)
        _require_unique(commands)
        self._theme = theme
        self._commands = {command.id: command for command in commands}
        self._actions = {command.id: self._action(command, window) for command in commands}
        self._look_away()

    @property
    def all(self) -> tuple[Command, ...]:
        """Every command, in the order in which they were declared."""
        return tuple(self._commands.values())

    def action(self, command: str) -> QAction:
        """Return the action of a command, for a button."""
        return self._actions[command]

    def run(self, command: str) -> bool:
        """Run a command; if it cannot run, say why. Return whether it ran."""
        found = self._commands[command]
        if why := found.when():
            self.refused.emit(f"{tr(found.title)}: {why}")
            return False
        found.run()
        return True

    def run_key(self, event: QKeyEvent) -> bool:
        """Run the command of a key that acts in tables and graphs; return whether there is one."""
        keys = QKeySequence(event.keyCombination())
        for command in self._commands.values():
            if command.scope is Scope.FOCUS and keys == QKeySequence(command.shortcut):
                self.run(command.id)
                return True
        return False

    def fill(self, menu: QMenu) -> None:
        """Fill a menu with a submenu for each of ours; icons are made when they are needed."""
        self._dress()
        for name in Menu:
            inner = menu.addMenu(action_text(tr(name.value)))
            inner.aboutToShow.connect(self._look)
            inner.aboutToHide.connect(self._look_away)
            for command in self._commands.values():
                if command.menu is name:
                    inner.addAction(self._actions[command.id])

    def _action(self, command: Command, window: QWidget) -> QAction:
        action = QAction(window)
        action.setObjectName(command.id)
        if command.shortcut and command.scope is Scope.WINDOW:
            action.setShortcut(QKeySequence(command.shortcut))
        action.triggered.connect(lambda: self.run(command.id))
        window.addAction(action)
        return action

    def _dress(self) -> None:
        for command in self._commands.values():
            if command.icon:
                self._actions[command.id].setIcon(self._theme.icon(command.icon))

    def _look(self) -> None:
        """Before a menu opens: what cannot run is grey, and says why."""
        for command in self._commands.values():
            why = command.when()
            self._actions[command.id].setEnabled(not why)
            self._actions[command.id].setText(_label(command, why))

    def _look_away(self) -> None:
        """After it closed: keys reach every command, which then says why it cannot run."""
        for command in self._commands.values():
            self._actions[command.id].setEnabled(True)
            self._actions[command.id].setText(_label(command))


def _label(command: Command, why: str = "") -> str:
    text = action_text(tr(command.title) + (f" ({why.rstrip('.')})" if why else ""))
    key = command.shortcut if command.scope is Scope.FOCUS else ""
    return f"{text}\t{key}" if key else text


def _require_unique(commands: Sequence[Command]) -> None:
    for what in ("id", "shortcut"):
        values = [value for command in commands if (value := str(getattr(command, what)))]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise ValueError(f"two commands have the same {what}: {', '.join(twice)}")
