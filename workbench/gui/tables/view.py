"""The table: rows of one height, columns that are hidden before they are squeezed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QKeyCombination,
    QMetaMethod,
    QModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from workbench.gui.jobs import JobRunner
from workbench.gui.models.cells import Column, PageSource, Row
from workbench.gui.models.paged_table import Index, PagedTable
from workbench.gui.parts import pen
from workbench.gui.parts.header import MARGIN
from workbench.gui.tables.copying import MOST, as_text, runs
from workbench.gui.tables.delegate import CellDelegate
from workbench.gui.tables.fit import widths
from workbench.gui.tables.head import TableHead
from workbench.gui.text import action_text, tr
from workbench.gui.theme import Theme

ROW = 26
BAR = 3
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What a user wants exported: these rows, these columns."""

    source: PageSource
    columns: tuple[str, ...]


class Table(QTableView):
    """Shows a source. ``chosen`` gives the current row, ``opened`` the one that Enter opens."""

    chosen = Signal(object)
    opened = Signal(object)
    copied = Signal(int)
    export_asked = Signal(object)
    columns_changed = Signal()

    def __init__(
        self,
        theme: Theme,
        jobs: JobRunner,
        source: PageSource,
        *,
        name: str,
        margin: int = MARGIN,
        row: int = ROW,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._jobs = jobs
        self._margin = margin
        self._row = row
        self._height = row
        self._hovered = -1
        self._hidden: set[str] = {c.id for c in source.columns if c.hidden}
        self._wished: dict[str, int] = {}
        self._fitting = False
        self._awaited = -1
        self._ordered: tuple[int, bool] | None = None
        self.rows = PagedTable(jobs, source, self)
        self._cells = CellDelegate(theme, self.rows, self)
        self._head = TableHead(theme, self)
        self.setAccessibleName(name)
        self.setProperty("letters", True)
        self._set_up()
        self.setModel(self.rows)
        self._connect()
        theme.changed.connect(self._rescale)
        self._rescale()

    def show_source(self, source: PageSource) -> None:
        """Show other rows."""
        self.rows.set_source(source)
        self.fit()

    def row(self, index: Index | None = None) -> Row | None:
        """Return a row, by default the current one; None until it is read."""
        at = self.currentIndex() if index is None else index
        return self.rows.row_at(at.row()) if at.isValid() else None

    @property
    def hidden_columns(self) -> frozenset[str]:
        """The columns that the user does not want; a page remembers them."""
        return frozenset(self._hidden)

    def hide_columns(self, columns: Iterable[str]) -> None:
        """Hide these columns and show the others, as remembered."""
        self._hidden = set(columns)
        self.fit()

    def shown_columns(self) -> list[int]:
        """Return the columns on screen, in the order on screen."""
        order = sorted(range(len(self.rows.columns)), key=self._head.visualIndex)
        return [at for at in order if not self.isColumnHidden(at)]

    def copy(self, *, places: bool = False) -> None:
        """Copy the selected rows, with the place of each where ``places``."""
        numbers = self._selected()
        if not numbers:
            return
        columns = self.shown_columns()

        def take(rows: Sequence[Row]) -> None:
            QGuiApplication.clipboard().setText(as_text(rows, columns, places=places))
            self.copied.emit(len(rows))

        held = [row for row in map(self.rows.row_at, numbers) if row is not None]
        if len(held) == len(numbers):
            take(held)
            return
        source = self.rows.source
        self._jobs.read(
            lambda: [row for first, n in runs(numbers) for row in source.page(first, n)],
            owner=self,
            on_done=take,
            on_failed=self.rows.failed.emit,
        )

    def export(self) -> None:
        """Ask for an export of all rows, not only of those on screen."""
        ids = tuple(self.rows.columns[at].id for at in self.shown_columns())
        self.export_asked.emit(ExportWish(self.rows.source, ids))

    def reveal(self, number: int) -> None:
        """Select a row and bring it on screen, as soon as it is known that there is one."""
        self._awaited = number
        self._show_awaited()

    def selectRow(self, row: int) -> None:
        """Select this row alone; Qt would extend or toggle while Ctrl or Shift is held down."""
        shown = self.shown_columns()
        index = self.rows.index(row, shown[0] if shown else 0)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, _ALONE)

    def order_by(self, column: str, *, descending: bool = False) -> None:
        """Order by a column, as if its head had been pressed."""
        section = next(n for n, known in enumerate(self.rows.columns) if known.id == column)
        self._ordered = (section, descending)
        self._head.show_order(section, descending=descending)
        down, up = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder
        self.rows.sort(section, down if descending else up)

    def open_row(self) -> None:
        """Open the current row."""
        self.opened.emit(self.row())

    @property
    def opens(self) -> bool:
        """Whether anything opens where a row is opened."""
        return self.isSignalConnected(QMetaMethod.fromSignal(self.opened))

    @property
    def exports(self) -> bool:
        """Whether anybody writes what is exported."""
        return self.isSignalConnected(QMetaMethod.fromSignal(self.export_asked))

    def show_column(self, column: str, *, shown: bool) -> None:
        """Show or hide a column, as the user wishes."""
        (self._hidden.discard if shown else self._hidden.add)(column)
        self.fit()
        self.columns_changed.emit()

    def fill_chooser(self, menu: QMenu) -> None:
        """Fill a menu with the columns; one for which there is no room says so."""
        menu.clear()
        for at, column in enumerate(self.rows.columns):
            wanted = column.id not in self._hidden
            room = "" if not wanted or not self.isColumnHidden(at) else tr(" (no room)")
            action = menu.addAction(action_text((column.name or column.title) + room))
            action.setCheckable(True)
            action.setChecked(wanted)
            action.toggled.connect(
                lambda shown, column=column: self.show_column(column.id, shown=shown)
            )

    def fit(self) -> None:
        """Give each column its width; hide those for which there is no room."""
        wanted = [self._wish(c) for c in self.rows.columns if c.id not in self._hidden]
        found = widths(wanted, self.viewport().width() - (self._margin - 8))
        self._fitting = True
        for at, column in enumerate(self.rows.columns):
            self.setColumnHidden(at, column.id not in found)
        shown = self.shown_columns()
        first = shown[0] if shown else 0
        for at in shown:
            extra = self._margin - 8 if at == first else 0
            self.setColumnWidth(at, found[self.rows.columns[at].id] + extra)
        self._fitting = False
        columns = tuple(self.rows.columns)
        self._cells.describe(columns, first, self._margin)
        self._head.describe(columns, first, self._margin)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows; their lines and the bar of the selection once a row, not once a cell."""
        painter = QPainter(self.viewport())
        if self._hovered >= 0:
            hovered = QRect(0, self.rowViewportPosition(self._hovered), self.width(), self._height)
            painter.fillRect(hovered, self._theme.colour("hover"))
        painter.end()
        super().paintEvent(event)
        painter.begin(self.viewport())
        self._draw_lines(painter)
        if words := self.nothing:
            area = QRect(self._margin, 0, self.viewport().width(), 2 * self._height)
            pen.write(painter, self._theme, area, words, colour="secondary")
        painter.end()

    @property
    def nothing(self) -> str:
        """Why there is no row, in a sentence; "" where there are some or it is not known yet."""
        count = self.rows.count
        if count.rows or count.more:
            return ""
        if count.of:
            return tr("None of {} {} satisfies the filter.").format(f"{count.of:,}", count.noun)
        return count.unasked or tr("No {}.").format(count.noun)

    def _draw_lines(self, painter: QPainter) -> None:
        first, last = self._on_screen()
        line, accent = self._theme.colour("line"), self._theme.colour("accent")
        width, chosen = self.viewport().width(), self.selectionModel()
        for row in range(first, last + 1):
            top = self.rowViewportPosition(row)
            painter.fillRect(0, top + self._height - 1, width, 1, line)
            if chosen.isRowSelected(row, _ROOT):
                painter.fillRect(0, top, BAR, self._height, accent)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which row the pointer is over."""
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is over no row."""
        self._hover(-1)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns into the new width."""
        super().resizeEvent(event)
        self.fit()
        self._tell_rows()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy and open; let letters through to the commands of the window."""
        enter = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        bare = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.keyCombination() == _COPY_PLACES:
            self.copy(places=True)
        elif event.key() in enter and bare:
            self.open_row()
        elif event.text().isprintable() and event.text() and bare:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with rows."""
        menu = QMenu(self)
        menu.addAction(tr("Copy row"), self.copy)
        menu.addAction(tr("Copy row with its place"), lambda: self.copy(places=True))
        if self.exports:
            menu.addAction(tr("Export…"), self.export)
        self.fill_chooser(menu.addMenu(tr("Columns")))
        menu.exec(event.globalPos())

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Say which row is current; if it is not read yet, once it is."""
        super().currentChanged(current, previous)
        self.chosen.emit(self.row(current))

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()

    def _on_screen(self) -> tuple[int, int]:
        """Return first and last row on screen; (0, -1) when there is none."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return (0, -1)
        return (first, last if last >= 0 else self.rows.rowCount() - 1)

    def _set_up(self) -> None:
        self.setHorizontalHeader(self._head)
        self.setItemDelegate(self._cells)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setSortingEnabled(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _connect(self) -> None:
        self._head.sectionClicked.connect(self._order)
        self._head.sectionResized.connect(self._widened)
        self.verticalScrollBar().valueChanged.connect(self._tell_rows)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.row(index)))
        self.rows.dataChanged.connect(self._arrived)
        self.rows.counted.connect(lambda _count: self._show_awaited())

    def _rescale(self) -> None:
        self._height = self._theme.px(self._row)
        self.verticalHeader().setMinimumSectionSize(self._height)
        self.verticalHeader().setDefaultSectionSize(self._height)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, self._theme.colour("selection"))
        self.setPalette(palette)
        self.fit()

    def _wish(self, column: Column) -> Column:
        width = self._wished.get(column.id, self._theme.px(column.width))
        least = min(self._theme.px(column.least), width)
        return Column(
            column.id, column.title, column.kind, width, least, column.rank, column.stretch
        )

    def _show_awaited(self) -> None:
        if 0 <= self._awaited < self.rows.rowCount():
            number, self._awaited = self._awaited, -1
            if number == self.currentIndex().row():
                self.chosen.emit(self.row())
            self.selectRow(number)
            middle = QAbstractItemView.ScrollHint.PositionAtCenter
            self.scrollTo(self.rows.index(number, self.shown_columns()[0]), middle)
            self._tell_rows()

    def _order(self, section: int) -> None:
        if not self.rows.columns[section].sortable:
            return
        descending = self._ordered == (section, False)
        self.order_by(self.rows.columns[section].id, descending=descending)

    def _widened(self, section: int, _before: int, width: int) -> None:
        if not self._fitting and width:
            self._wished[self.rows.columns[section].id] = width

    def _selected(self) -> list[int]:
        chosen = self.selectionModel().selection()
        numbers: set[int] = set()
        for part in (chosen.at(n) for n in range(chosen.size())):
            numbers.update(range(part.top(), min(part.bottom(), part.top() + MOST) + 1))
        return sorted(numbers)[:MOST]

    def _tell_rows(self) -> None:
        first, last = self._on_screen()
        if last >= first:
            self.rows.show_rows(first, last)

    def _arrived(self, first: QModelIndex, last: QModelIndex) -> None:
        """Say again which row is current when it has just been read."""
        if first.row() <= self.currentIndex().row() <= last.row():
            self.chosen.emit(self.row())


_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
_COPY_PLACES = QKeyCombination(
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_C
)
