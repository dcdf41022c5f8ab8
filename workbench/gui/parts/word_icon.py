"""An icon that stands beside words."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy

from workbench.gui.icons import SIZE
from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme


class WordIcon(Painted):
    """An icon beside words that say what it means."""

    def __init__(
        self, theme: Theme, name: str, colour: str = "secondary", *, size: int = SIZE
    ) -> None:
        super().__init__(theme)
        self._name = name
        self._colour = colour
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str) -> None:
        """Show another icon."""
        self._name = name
        self.update()

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        ratio = painter.device().devicePixelRatio()
        shown = self.theme.pixmap(self._name, self._colour, ratio, size=self._size)
        painter.drawPixmap(QPointF(0, 0), shown)

    def wanted(self) -> QSize:
        """Return its size."""
        return QSize(self.theme.px(self._size), self.theme.px(self._size))

    def said(self) -> str:
        """Say nothing."""
        return ""
