"""Rows, columns and lines: the few ways in which parts are put side by side."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme


def column(*, margin: int = 0, gap: int = 0) -> QVBoxLayout:
    """Return a column."""
    layout = QVBoxLayout()
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    return layout


def row(*, margin: int = 0, gap: int = 0) -> QHBoxLayout:
    """Return a row."""
    layout = QHBoxLayout()
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    return layout


def boxed(layout: QLayout) -> QWidget:
    """Return a widget that holds a layout."""
    widget = QWidget()
    widget.setLayout(layout)
    return widget


class Line(Painted):
    """A hairline, across or, where ``upright``, down."""

    def __init__(self, theme: Theme, *, upright: bool = False) -> None:
        super().__init__(theme)
        policy = QSizePolicy.Policy
        if upright:
            self.setSizePolicy(policy.Fixed, policy.Expanding)
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        painter.fillRect(self.rect(), self.theme.colour("line"))

    def wanted(self) -> QSize:
        """Return a pixel."""
        return QSize(1, 1)

    def said(self) -> str:
        """Say nothing: a line means nothing."""
        return ""


class Panel(QFrame):
    """A ground in a token's colour, with a hairline at some of its edges.

    A ``height`` that is given grows with the text.
    """

    def __init__(
        self,
        theme: Theme,
        ground: str = "canvas",
        *,
        edges: str = "",
        height: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._height = height
        self._theme = theme
        self._ground = ground
        self._edges = edges
        self.setAutoFillBackground(True)
        self._dress()
        theme.changed.connect(self._dress)

    def paintEvent(self, event: object) -> None:
        """Draw ground and edges (``n``, ``e``, ``s``, ``w``)."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(self._ground))
        line = self._theme.colour("line")
        width, height = self.width(), self.height()
        for edge, area in {
            "n": (0, 0, width, 1),
            "e": (width - 1, 0, 1, height),
            "s": (0, height - 1, width, 1),
            "w": (0, 0, 1, height),
        }.items():
            if edge in self._edges:
                painter.fillRect(*area, line)

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(self.backgroundRole(), self._theme.colour(self._ground))
        self.setPalette(palette)
        if self._height:
            self.setFixedHeight(self._theme.px(self._height))


def scrolled(widget: QWidget) -> QScrollArea:
    """Return a widget that scrolls up and down, never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(widget)
    return area


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
            inner.deleteLater()
