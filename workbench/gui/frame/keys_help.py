"""Every command with its keys, in one list: the same table that menus and palette come from."""

from itertools import groupby

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QDialog, QWidget

from workbench.gui.commands import Command, CommandTable, Menu
from workbench.gui.fonts import Face
from workbench.gui.frame.keycap import paint_keys
from workbench.gui.parts import pen
from workbench.gui.parts.boxes import column, scrolled
from workbench.gui.parts.painted import Painted
from workbench.gui.text import tr
from workbench.gui.theme import Theme

_ROW, _HEAD, _WIDTH = 26, 34, 520


class KeysList(Painted):
    """The list."""

    def __init__(self, theme: Theme, commands: CommandTable, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        order = list(Menu)
        with_keys = [command for command in commands.all if command.shortcut]
        with_keys.sort(key=lambda command: order.index(command.menu))
        self._groups: list[tuple[Menu, list[Command]]] = [
            (menu, list(members)) for menu, members in groupby(with_keys, lambda c: c.menu)
        ]
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        top = 0
        for menu, members in self._groups:
            area = QRect(0, top, self.width(), self.theme.px(_HEAD))
            pen.write(painter, self.theme, area, tr(menu.value), face=Face.STRONG)
            top += area.height()
            for command in members:
                area = QRect(0, top, self.width(), self.theme.px(_ROW))
                pen.write(painter, self.theme, area, tr(command.title))
                paint_keys(painter, self.theme, area, command.shortcut)
                line = QRect(0, area.bottom(), self.width(), 1)
                pen.fill(painter, line, self.theme.colour("line"))
                top += area.height()

    def wanted(self) -> QSize:
        """Return room for all rows."""
        rows = sum(len(members) for _, members in self._groups)
        height = rows * self.theme.px(_ROW) + len(self._groups) * self.theme.px(_HEAD)
        return QSize(_WIDTH, height)

    def said(self) -> str:
        """Return every line in words."""
        return "; ".join(
            f"{tr(command.title)}: {command.shortcut}"
            for _, members in self._groups
            for command in members
        )


class KeysHelp(QDialog):
    """The list in a window of its own, which blocks nothing."""

    def __init__(self, theme: Theme, commands: CommandTable, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        layout = column(margin=24)
        layout.addWidget(scrolled(KeysList(theme, commands)))
        self.setLayout(layout)
        self.resize(theme.px(_WIDTH) + 64, theme.px(640))
