"""A path that is typed, or chosen without holding up the window; or several of them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from workbench.gui.parts.boxes import row
from workbench.gui.parts.buttons import IconButton
from workbench.gui.text import tr
from workbench.gui.theme import Theme

#: What stands between several paths in one field.
_BETWEEN = ";"


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
        return next(iter(self._typed()), None)

    def show_path(self, path: Path) -> None:
        """Put a path in."""
        self.field.setText(str(path))

    def _typed(self) -> Sequence[Path]:
        text = self.field.text().strip()
        return (Path(text).expanduser(),) if text else ()

    def _mode(self) -> QFileDialog.FileMode:
        mode = QFileDialog.FileMode
        return mode.Directory if self._folder else mode.ExistingFile

    def _take(self, names: Sequence[str]) -> None:
        self.field.setText(names[0])

    def _ask(self) -> None:
        asked = QFileDialog(self, self._name)
        saves = QFileDialog.AcceptMode.AcceptSave
        asked.setAcceptMode(saves if self._saves else QFileDialog.AcceptMode.AcceptOpen)
        if not self._saves:
            asked.setFileMode(self._mode())
        if self._kinds:
            asked.setNameFilter(self._kinds)
        if (path := self.path()) is not None:
            asked.setDirectory(str(path.parent))
        asked.filesSelected.connect(self._take)
        asked.finished.connect(asked.deleteLater)
        asked.open()


class PathsField(PathField):
    """Several files, with a semicolon between them where they are typed."""

    def __init__(self, theme: Theme, name: str, *, kinds: str = "") -> None:
        super().__init__(theme, name, saves=False, kinds=kinds)

    def paths(self) -> tuple[Path, ...]:
        """Return what was typed or chosen."""
        return tuple(self._typed())

    def missing(self) -> str:
        """Return why they cannot be read, or ""."""
        gone = next((path for path in self._typed() if not path.is_file()), None)
        return tr("There is no file {}.").format(gone.name) if gone is not None else ""

    def _typed(self) -> Sequence[Path]:
        texts = (text.strip() for text in self.field.text().split(_BETWEEN))
        return [Path(text).expanduser() for text in texts if text]

    def _mode(self) -> QFileDialog.FileMode:
        return QFileDialog.FileMode.ExistingFiles

    def _take(self, names: Sequence[str]) -> None:
        self.field.setText(f"{_BETWEEN} ".join(names))
