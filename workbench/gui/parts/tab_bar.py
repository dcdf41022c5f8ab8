"""Words over a line, one of them chosen: tabs of the inspector, views of a page."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTabBar, QWidget

from workbench.gui.fonts import Face
from workbench.gui.theme import Theme


class TabBar(QTabBar):
    """Words over a line; the one chosen is underlined."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(False)

    def tabSizeHint(self, index: int) -> QSize:
        """Return room for the word when it is chosen, and so heavier."""
        words = self.tabText(index).replace("&&", "&")
        width = self._theme.metrics(Face.STRONG).horizontalAdvance(words)
        return QSize(width + 18, self._theme.px(30))
