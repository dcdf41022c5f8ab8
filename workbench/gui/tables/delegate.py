"""How a cell is drawn: one delegate, the kind of the column decides."""

from PySide6.QtCore import (
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.gui.fonts import Face
from workbench.gui.models.cells import Cell, CellKind, Column, Tone
from workbench.gui.models.paged_table import Index, PagedTable
from workbench.gui.parts import pen
from workbench.gui.parts.mark import MEDIUM, colour_of, paint_mark
from workbench.gui.parts.painted import report_fault
from workbench.gui.parts.pips import HEIGHT, WIDTH, level_name, paint_pips
from workbench.gui.parts.protection import paint_protection
from workbench.gui.theme import Theme

PAD = 8
_ICON = 16
_MORE = 22


class CellDelegate(QStyledItemDelegate):
    """Draws what is in a cell; the table draws the ground of the row and its line."""

    def __init__(self, theme: Theme, rows: PagedTable, view: QWidget) -> None:
        super().__init__(view)
        self._theme = theme
        self._rows = rows
        self._columns: tuple[Column, ...] = ()
        self._first = 0
        self._margin = PAD

    def describe(self, columns: tuple[Column, ...], first: int, margin: int) -> None:
        """Hear which columns there are, which is the first on screen, and how far it is in."""
        self._columns = columns
        self._first = first
        self._margin = margin

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of a row."""
        return QSize(40, self._theme.px(26))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        try:
            column = index.column()
            left = self._margin if column == self._first else PAD
            area = option.rect.adjusted(left, 0, -PAD, -1)
            row = self._rows.row_at(index.row())
            if row is None:
                self._placeholder(painter, area, column)
            elif column < min(len(row.cells), len(self._columns)):
                self._cell(painter, area, row.cells[column], self._columns[column].kind)
        except Exception:  # noqa: BLE001 - an error here would end the process
            report_fault()

    def _placeholder(self, painter: QPainter, area: QRect, column: int) -> None:
        if column != self._first:
            return
        bar = QRect(area.left(), area.center().y() - 3, min(area.width(), 96), 6)
        pen.fill(painter, bar, self._theme.colour("hover"))

    def _cell(self, painter: QPainter, area: QRect, cell: Cell, kind: CellKind) -> None:
        match kind:
            case CellKind.CHIPS:
                self._chips(painter, area, cell)
            case CellKind.PROTECTION if cell.protection is not None:
                paint_protection(painter, self._theme, area, cell.protection)
            case CellKind.PIPS:
                self._pips(painter, area, cell)
            case CellKind.PAIR:
                self._pair(painter, area, cell)
            case _:
                self._text(painter, self._icon(painter, area, cell), cell, kind)

    def _icon(self, painter: QPainter, area: QRect, cell: Cell) -> QRect:
        """Draw icon or mark; return what room is left."""
        if cell.mark is not None:
            size = self._theme.px(MEDIUM)
            corner = QPointF(area.left(), area.top() + (area.height() - size) / 2)
            paint_mark(painter, self._theme, corner, cell.mark, size)
            return area.adjusted(size + 6, 0, 0, 0)
        if cell.icon:
            size = self._theme.px(_ICON)
            corner = QPointF(area.left(), area.top() + (area.height() - size) / 2)
            pen.icon(painter, self._theme, corner, cell.icon)
            return area.adjusted(size + 8, 0, 0, 0)
        return area

    def _text(self, painter: QPainter, area: QRect, cell: Cell, kind: CellKind) -> None:
        face = Face.STRONG if cell.tone is Tone.STRONG else Face.BODY
        colour = "text" if cell.tone is Tone.STRONG else cell.tone.value
        align, elide = pen.LEFT, Qt.TextElideMode.ElideRight
        match kind:
            case CellKind.NUMBER:
                face, align = Face.NUMBER, pen.RIGHT
            case CellKind.MONO:
                face = Face.MONO
                elide = Qt.TextElideMode.ElideMiddle
            case CellKind.PATH:
                elide = Qt.TextElideMode.ElideMiddle
            case CellKind.MARK if cell.mark is not None:
                face, colour = Face.WORD, colour_of(cell.mark)
        pen.write(
            painter,
            self._theme,
            area,
            cell.text,
            face=face,
            colour=colour,
            align=align,
            elide=elide,
        )

    def _pair(self, painter: QPainter, area: QRect, cell: Cell) -> None:
        """Draw a name over what else tells it from others."""
        half = area.height() // 2
        upper = QRect(area.left(), area.top() + 3, area.width(), half - 2)
        lower = QRect(area.left(), area.top() + half, area.width(), half - 3)
        middle = Qt.TextElideMode.ElideMiddle
        pen.write(painter, self._theme, upper, cell.text, face=Face.BUTTON, elide=middle)
        pen.write(
            painter,
            self._theme,
            lower,
            cell.detail,
            face=Face.SECONDARY,
            colour="secondary",
            elide=middle,
        )

    def _pips(self, painter: QPainter, area: QRect, cell: Cell) -> None:
        if cell.mark is not None:  # a broken record has no level worth a bar
            self._icon(painter, area, cell)
        elif cell.level is not None:
            top = area.top() + (area.height() - HEIGHT) // 2
            paint_pips(painter, self._theme, QPoint(area.left(), top), cell.level)
            word = cell.text or level_name(cell.level)
            rest = area.adjusted(WIDTH + 8, 0, 0, 0)
            if rest.width() >= pen.width_of(self._theme, word, Face.SECONDARY):
                ink = "secondary"
                pen.write(painter, self._theme, rest, word, face=Face.SECONDARY, colour=ink)

    def _chips(self, painter: QPainter, area: QRect, cell: Cell) -> None:
        left = area.left()
        for number, chip in enumerate(cell.chips):
            width = pen.width_of(self._theme, chip, Face.SMALL_HEAD) + 12
            rest = len(cell.chips) - number
            room = area.right() - (0 if rest == 1 else _MORE)
            if left + width > room and number:
                more = area.adjusted(left - area.left(), 0, 0, 0)
                pen.write(painter, self._theme, more, f"+{rest}", face=Face.SMALL_HEAD)
                return
            box = QRectF(left + 0.5, area.top() + 4.5, width, area.height() - 9)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(self._theme.colour("ctl"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 4, 4)
            inner = QRect(left, area.top(), width, area.height())
            pen.write(painter, self._theme, inner, chip, face=Face.SMALL_HEAD, align=pen.CENTRE)
            left += width + 6
