"""The head of a table: names in line with their columns, an arrow at the one that orders."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from workbench.gui.fonts import Face
from workbench.gui.models.cells import CellKind, Column
from workbench.gui.parts import pen
from workbench.gui.parts.painted import report_fault
from workbench.gui.tables.delegate import PAD
from workbench.gui.theme import Theme

HEIGHT = 28
_ARROW = 14


class TableHead(QHeaderView):
    """Draws itself; a click orders, a drag moves or widens a column."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._columns: tuple[Column, ...] = ()
        self._first = 0
        self._margin = PAD
        self._ordered = -1
        self._descending = False
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def describe(self, columns: tuple[Column, ...], first: int, margin: int) -> None:
        """Hear which columns there are, which is the first on screen, and how far it is in."""
        self._columns = columns
        self._first = first
        self._margin = margin
        self.viewport().update()

    def show_order(self, section: int, *, descending: bool) -> None:
        """Draw the arrow at another column; Qt's own would flip on every click."""
        self._ordered, self._descending = section, descending
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Return its height."""
        return QSize(super().sizeHint().width(), self._theme.px(HEIGHT))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - Qt's name
        """Draw one head."""
        painter.save()
        try:
            self._draw(painter, rect, logicalIndex)
        except Exception:  # noqa: BLE001 - an error here would end the process
            report_fault()
        painter.restore()

    def _draw(self, painter: QPainter, rect: QRect, section: int) -> None:
        pen.fill(painter, rect, self._theme.colour("canvas"))
        line = self._theme.colour("line")
        pen.fill(painter, QRect(rect.left(), rect.bottom(), rect.width(), 1), line)
        pen.fill(painter, QRect(rect.left(), rect.top(), rect.width(), 1), line)
        if section >= len(self._columns):
            return
        column = self._columns[section]
        ordered = self._ordered == section
        left = self._margin if section == self._first else PAD
        area = rect.adjusted(left, 0, -PAD - (_ARROW if ordered else 0), 0)
        right = column.kind is CellKind.NUMBER
        pen.write(
            painter,
            self._theme,
            area,
            column.title,
            face=Face.HEAD,
            colour="secondary",
            align=pen.RIGHT if right else pen.LEFT,
        )
        if ordered:
            self._arrow(painter, rect)

    def _arrow(self, painter: QPainter, rect: QRect) -> None:
        down = self._descending
        middle = QPointF(rect.right() - PAD - 4, rect.center().y() + 1)
        tip = 2.5 if down else -2.5
        points = [QPointF(-4, -tip), QPointF(4, -tip), QPointF(0, tip)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("secondary"))
        painter.drawPolygon(QPolygonF([middle + point for point in points]))
