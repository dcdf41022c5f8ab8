"""A table of millions of rows, of which only some pages are in memory.

What holds here:

* the thread of the window never waits for a row: what is not there yet is a placeholder;
* at most 64 pages of 256 rows are kept, the ones used last;
* a page that scrolled away before it was read is not read;
* filtering and ordering are the source's work, never Qt's: no proxy model;
* an answer to a question that is no longer asked is thrown away.
"""

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from workbench.evidence.text import visible
from workbench.gui.faults import Fault
from workbench.gui.jobs import JobRunner
from workbench.gui.models.cells import Cell, CellKind, Column, Count, Order, PageSource, Row
from workbench.gui.text import MOST_SHOWN, tooltip_of, tr

PAGE = 256
PAGES = 64
#: Pages that are read at the same time.
_AT_ONCE = 2
#: Pages that wait to be read: more than a screen shows were scrolled past.
_MOST_WANTED = 4
CELL_ROLE = Qt.ItemDataRole.UserRole + 1
ROW_ROLE = Qt.ItemDataRole.UserRole + 2
_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PagedTable(QAbstractTableModel):
    """Rows of a source, page by page."""

    counted = Signal(object)
    failed = Signal(object)

    def __init__(self, jobs: JobRunner, source: PageSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._asked = 0
        self._reading: set[int] = set()
        self._wanted: list[int] = []
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._order: Order | None = None
        self._count = Count(0, more=True)
        self._source = source
        self.set_source(source)

    @property
    def source(self) -> PageSource:
        """Where the rows come from, in their order."""
        return self._source

    @property
    def columns(self) -> Sequence[Column]:
        """The columns."""
        return self._source.columns

    @property
    def count(self) -> Count:
        """How many rows there are, as far as is known."""
        return self._count

    @property
    def pages_held(self) -> int:
        """How many pages are in memory."""
        return len(self._pages)

    def set_source(self, source: PageSource) -> None:
        """Show other rows; the order that the user chose stays, if they can be ordered so."""
        order = self._order
        if order and any(c.id == order.column and c.sortable for c in source.columns):
            source = source.ordered(order)
        else:
            self._order = None
        self.beginResetModel()
        self._source = source
        self._forget()
        self._count = Count(0, more=True, noun=self._count.noun)
        self.endResetModel()
        self.recount()

    def recount(self) -> None:
        """Ask how many rows there are."""
        asked = self._asked
        self._jobs.read(
            self._source.count,
            owner=self,
            on_done=lambda count: self._note_count(asked, count),
            on_failed=self.failed.emit,
        )

    def show_rows(self, first: int, last: int) -> None:
        """Hear which rows are on screen: pages that are not are no longer wanted."""
        pages = range(max(first, 0) // PAGE, max(last, 0) // PAGE + 1)
        self._wanted = [page for page in self._wanted if page in pages]
        for page in pages:
            self._want(page)

    def row_at(self, number: int) -> Row | None:
        """Return a row if it is in memory and counted; one that is not in memory is asked for."""
        page, at = divmod(number, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            self._want(page)
            return None
        self._pages.move_to_end(page)
        return rows[at] if at < len(rows) and number < self._count.rows else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else self._count.rows

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._source.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell, or what is said of it; None until its page is read."""
        if not index.isValid():
            return None
        row = self.row_at(index.row())
        if role == ROW_ROLE:
            return row
        cell = row.cells[index.column()] if row and index.column() < len(row.cells) else None
        return _shown(cell, self._source.columns[index.column()], role)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return the head of a column; a row has none."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.kind is CellKind.NUMBER else _LEFT
        return column.title if role == Qt.ItemDataRole.DisplayRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask the source for another order."""
        if not 0 <= column < len(self.columns) or not self.columns[column].sortable:
            return
        descending = order is Qt.SortOrder.DescendingOrder
        self._order = Order(self.columns[column].id, descending)
        self.set_source(self._source)

    def _want(self, page: int) -> None:
        if page in self._pages or page in self._reading:
            return
        if page in self._wanted:
            self._wanted.remove(page)
        self._wanted.append(page)
        del self._wanted[:-_MOST_WANTED]
        self._read_next()

    def _read_next(self) -> None:
        """Read what was asked for last: it is what the user looks at."""
        while self._wanted and len(self._reading) < _AT_ONCE:
            self._read(self._wanted.pop())

    def _read(self, page: int) -> None:
        asked, source = self._asked, self._source
        self._reading.add(page)
        self._jobs.read(
            lambda: source.page(page * PAGE, PAGE),
            owner=self,
            on_done=lambda rows: self._note_page(asked, page, rows),
            on_failed=lambda fault: self._note_failure(asked, page, fault),
        )

    def _forget(self) -> None:
        self._asked += 1
        self._pages.clear()
        self._reading.clear()
        self._wanted.clear()

    def _note_count(self, asked: int, count: Count) -> None:
        if asked != self._asked:
            return
        before = self._count.rows
        if count.rows > before:
            self._drop_short_pages()
            self.beginInsertRows(_ROOT, before, count.rows - 1)
        elif count.rows < before:
            self.beginRemoveRows(_ROOT, count.rows, before - 1)
        self._count = count
        if count.rows > before:
            self.endInsertRows()
        elif count.rows < before:
            self.endRemoveRows()
        self.counted.emit(count)

    def _drop_short_pages(self) -> None:
        """Let go of pages read while there were fewer rows."""
        for page in [page for page, rows in self._pages.items() if len(rows) < PAGE]:
            del self._pages[page]

    def _note_page(self, asked: int, page: int, rows: Sequence[Row]) -> None:
        if asked != self._asked:
            return
        self._reading.discard(page)
        self._pages[page] = rows
        while len(self._pages) > PAGES:
            self._pages.popitem(last=False)
        last = min((page + 1) * PAGE, self._count.rows) - 1
        if rows and last >= page * PAGE:
            right = max(len(self.columns) - 1, 0)
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, right))
        self._read_next()

    def _note_failure(self, asked: int, page: int, fault: Fault) -> None:
        """A page that cannot be read is left empty, and said once."""
        if asked != self._asked:
            return
        self._reading.discard(page)
        self._pages[page] = ()
        self.failed.emit(fault)
        self._read_next()


def _shown(cell: Cell | None, column: Column, role: int) -> object:
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return visible(cell.said, limit=MOST_SHOWN) if cell else ""
        case Qt.ItemDataRole.ToolTipRole:
            return tooltip_of(cell.said) if cell else None
        case Qt.ItemDataRole.AccessibleTextRole:
            said = visible(cell.said, limit=MOST_SHOWN) if cell else tr("not read yet")
            return f"{column.title}: {said}"
        case Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.kind is CellKind.NUMBER else _LEFT
        case _:
            return cell if role == CELL_ROLE else None
