"""A path that is typed, or chosen without holding up the window."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from workbench.gui.parts.boxes import row
from workbench.gui.parts.buttons import IconButton
from workbench.gui.text import tr
from workbench.gui.theme import Theme


class PathField(QWidget):
    """A path that can be typed or chosen."""

    changed = Signal()

    def __init__(
        self, theme: Theme, name: str, *, saves: bool, kinds: str = "", folder: bool = False
    ) -> None:
        super().__init__()
        self._name, self._saves, self._kinds, self._folder = name, saves, kinds, folder
        self.field = QLineEdit()
        self.field.setAccessibleName(name)
        self.field.textChanged.connect(self.changed)
        self.choose = IconButton(theme, "folder-open", tr("Choose: {}").format(name))
        self.choose.clicked.connect(self._ask)
        line = row(gap=4)
        line.addWidget(self.field, 1)
        line.addWidget(self.choose)
        self.setLayout(line)

    def path(self) -> Path | None:
        """Return what was typed or chosen."""
        text = self.field.text().strip()
        return Path(text).expanduser() if text else None

    def _ask(self) -> None:
        asked = QFileDialog(self, self._name)
        saves = QFileDialog.AcceptMode.AcceptSave
        asked.setAcceptMode(saves if self._saves else QFileDialog.AcceptMode.AcceptOpen)
        if not self._saves:
            mode = QFileDialog.FileMode
            asked.setFileMode(mode.Directory if self._folder else mode.ExistingFile)
        if self._kinds:
            asked.setNameFilter(self._kinds)
        if (path := self.path()) is not None:
            asked.setDirectory(str(path.parent))
        asked.fileSelected.connect(self.field.setText)
        asked.finished.connect(asked.deleteLater)
        asked.open()
