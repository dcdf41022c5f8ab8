"""A list of names, of which some are chosen: by mouse, or with the space bar."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from workbench.evidence.text import visible
from workbench.gui.theme import Theme

_ROWS = 7
_ROW = 24
_UNCHECKED, _CHECKED = Qt.CheckState.Unchecked, Qt.CheckState.Checked


class Choosing(QListWidget):
    """The list; names are evidence, and shown plainly."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "framed")
        self._height = theme.px(_ROW)
        self.setFixedHeight(_ROWS * self._height + 4)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(lambda _item: self.changed.emit())

    def show_names(self, names: Sequence[str]) -> None:
        """List names; what was chosen stays chosen."""
        kept = set(self.chosen())
        self.clear()
        for name in names:
            item = QListWidgetItem(visible(name))
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(_CHECKED if name in kept else _UNCHECKED)
            item.setSizeHint(QSize(0, self._height))
            self.addItem(item)

    def choose(self, *, every: bool) -> None:
        """Choose all of them, or none."""
        for item in self._items():
            item.setCheckState(_CHECKED if every else _UNCHECKED)

    def chosen(self) -> tuple[str, ...]:
        """Return the names that are chosen."""
        found = (item for item in self._items() if item.checkState() is _CHECKED)
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in found)

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]
