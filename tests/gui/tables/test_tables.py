"""Millions of rows, of which only some pages are in memory; columns that are never squeezed."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui.hostile import HTML, TEXTS
from workbench.errors import SourceError
from workbench.gui.models.cells import (
    Cell,
    CellKind,
    Column,
    Count,
    ListSource,
    Order,
    Row,
    Tone,
)
from workbench.gui.models.paged_table import CELL_ROLE, PAGE, PAGES, PagedTable
from workbench.gui.parts.mark import Mark
from workbench.gui.tables.copying import as_text, runs
from workbench.gui.tables.fit import shown, widths
from workbench.gui.tables.footer import TableFooter
from workbench.gui.tables.view import Table
from workbench.model.catalog import Protection
from workbench.model.locator import Locator

MANY = 5_000_000
COLUMNS = (
    Column("record", "Record", CellKind.NUMBER, width=90, least=70, rank=0, sortable=True),
    Column("action", "Action", width=160, least=100, rank=0, stretch=True, sortable=True),
    Column("outcome", "Outcome", width=90, least=80, rank=2),
    Column("digest", "Digest", CellKind.MONO, width=150, least=120, rank=3),
)


@dataclass
class Made:
    """Rows without end; it counts what is asked of it."""

    rows: int = MANY
    columns: Sequence[Column] = COLUMNS
    asked: list[int] = field(default_factory=list)
    gate: threading.Event | None = None
    descending: bool = False
    counted: threading.Event | None = None

    def count(self) -> Count:
        if self.counted is not None:
            self.counted.wait(10)
        return Count(self.rows, of=2 * self.rows, noun="events")

    def page(self, first: int, size: int) -> Sequence[Row]:
        if self.gate is not None:
            self.gate.wait(10)
        self.asked.append(first)
        last = min(first + size, self.rows)
        return [self._row(self.rows - 1 - n if self.descending else n) for n in range(first, last)]

    def ordered(self, order: Order) -> "Made":
        return Made(self.rows, self.columns, self.asked, self.gate, order.descending)

    def _row(self, n: int) -> Row:
        cells = (Cell(f"{n:,}"), Cell(f"=cmd|{n}"), Cell("ok"), Cell(f"{n:064x}"))
        return Row(cells, n, Locator("log.jsonl", record=n + 1, offset=n * 80))


@pytest.fixture
def table(qtbot, theme, jobs):
    made = Table(theme, jobs, Made(), name="Events")
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitUntil(lambda: made.rows.row_at(0) is not None)
    return made


def test_millions_of_rows_are_there_at_once_and_few_are_read(qtbot, table):
    assert table.rows.rowCount() == MANY
    qtbot.wait(50)
    assert len(table.rows.source.asked) <= 2


def test_the_end_is_a_jump_away(qtbot, table):
    table.scrollToBottom()
    qtbot.waitUntil(lambda: table.rows.row_at(MANY - 1) is not None)
    assert table.rows.row_at(MANY - 1).cells[0].text == f"{MANY - 1:,}"
    assert len(table.rows.source.asked) <= 5


def test_memory_holds_few_pages_however_far_one_scrolls(qtbot, table):
    for page in range(PAGES + 20):
        number = page * PAGE
        table.rows.row_at(number)
        qtbot.waitUntil(lambda number=number: table.rows.row_at(number) is not None)
    assert table.rows.pages_held == PAGES


def test_pages_that_scrolled_away_are_not_read(qtbot, theme, jobs):
    source = Made(gate=threading.Event())
    model = PagedTable(jobs, source)
    qtbot.waitUntil(lambda: model.rowCount() == MANY)
    for page in range(40):
        model.row_at(page * PAGE)
    model.show_rows(39 * PAGE, 39 * PAGE + 30)
    source.gate.set()
    qtbot.waitUntil(lambda: model.row_at(39 * PAGE) is not None)
    assert len(source.asked) <= 4
    assert 39 * PAGE in source.asked


def test_what_is_not_read_yet_is_a_placeholder_and_nothing_waits(qtbot, theme, jobs):
    source = Made(gate=threading.Event())
    model = PagedTable(jobs, source)
    qtbot.waitUntil(lambda: model.rowCount() == MANY)
    assert model.data(model.index(0, 1)) == ""
    assert model.data(model.index(0, 1), CELL_ROLE) is None
    with qtbot.waitSignal(model.dataChanged) as caught:
        source.gate.set()
    first, last = caught.args[0], caught.args[1]
    assert (first.row(), last.row(), last.column()) == (0, PAGE - 1, 3)
    assert model.data(model.index(0, 2)) == "ok"


def test_a_row_is_there_once_it_is_counted(qtbot, theme, jobs):
    source = Made(counted=threading.Event())
    model = PagedTable(jobs, source)
    model.row_at(0)
    qtbot.waitUntil(lambda: model.pages_held == 1)
    assert (model.rowCount(), model.row_at(0)) == (0, None)
    source.counted.set()
    qtbot.waitUntil(lambda: model.rowCount() == MANY)
    assert model.row_at(0).key == 0


def test_an_answer_to_an_old_question_is_thrown_away(qtbot, theme, jobs):
    slow = Made(rows=10, gate=threading.Event())
    model = PagedTable(jobs, slow)
    qtbot.waitUntil(lambda: model.rowCount() == 10)
    model.row_at(0)
    model.set_source(Made(rows=3))
    qtbot.waitUntil(lambda: model.rowCount() == 3)
    slow.gate.set()
    model.row_at(0)
    qtbot.waitUntil(lambda: model.row_at(0) is not None)
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert model.rowCount() == 3
    assert model.row_at(5) is None


def test_rows_that_are_counted_later_appear(qtbot, theme, jobs):
    source = Made(rows=100)
    model = PagedTable(jobs, source)
    qtbot.waitUntil(lambda: model.rowCount() == 100)
    model.row_at(0)
    qtbot.waitUntil(lambda: model.row_at(0) is not None)
    source.rows = 300
    model.recount()
    qtbot.waitUntil(lambda: model.rowCount() == 300)
    model.row_at(200)
    qtbot.waitUntil(lambda: model.row_at(200) is not None)
    source.rows = 7
    model.recount()
    qtbot.waitUntil(lambda: model.rowCount() == 7)


def test_a_page_that_cannot_be_read_is_told_once(qtbot, theme, jobs):
    class Unreadable(Made):
        def page(self, first: int, size: int) -> Sequence[Row]:
            raise SourceError("The index is gone.")

    model = PagedTable(jobs, Unreadable())
    qtbot.waitUntil(lambda: model.rowCount() == MANY)
    told = []
    model.failed.connect(told.append)
    for _ in range(5):
        model.row_at(0)
        qtbot.wait(5)
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(30)
    assert [fault.sentence for fault in told] == ["The index is gone."]


def test_ordering_is_asked_of_the_source_by_a_click_on_the_head(qtbot, table):
    head = table.horizontalHeader()
    at = QPoint(head.sectionViewportPosition(0) + 30, 14)
    for first in ("0", f"{MANY - 1:,}"):
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
        table.rows.row_at(0)
        qtbot.waitUntil(lambda: table.rows.row_at(0) is not None)
        assert table.rows.row_at(0).cells[0].text == first
        qtbot.wait(QApplication.doubleClickInterval() + 50)
    before = table.rows.source
    outcome = QPoint(head.sectionViewportPosition(2) + 20, 14)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=outcome)
    assert table.rows.source is before, "a column that cannot be ordered by does nothing"


def test_rows_have_one_height_and_no_proxy(table):
    assert table.rowHeight(0) == table.rowHeight(MANY - 1) == 26
    assert table.model() is table.rows


def test_rows_are_copied_as_text_that_is_no_formula(qtbot, table):
    table.selectRow(2)
    table.setFocus()
    with qtbot.waitSignal(table.copied) as caught:
        qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert caught.args == [1]
    assert QGuiApplication.clipboard().text() == f"2\t'=cmd|2\tok\t{2:064x}"


def test_rows_are_copied_with_the_place_each_was_read_from(qtbot, table):
    table.selectRow(2)
    table.setFocus()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(table.copied):
        qtbot.keyClick(table, Qt.Key.Key_C, keys)
    assert QGuiApplication.clipboard().text().endswith("\tlog.jsonl, record 3, byte 160")


def test_a_row_is_chosen_alone_whatever_keys_are_held_down(qtbot, table):
    table.selectRow(2)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyPress(table, Qt.Key.Key_Control, held)
    table.selectRow(2)
    table.reveal(5)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [5]
    qtbot.keyRelease(table, Qt.Key.Key_Control)


def test_where_no_row_is_selected_the_clipboard_keeps_what_it_holds(qtbot, table):
    QGuiApplication.clipboard().setText("a digest to compare")
    table.clearSelection()
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "a digest to compare"


def test_rows_that_are_not_in_memory_are_read_to_be_copied(qtbot, table):
    table.selectAll()
    with qtbot.waitSignal(table.copied) as caught:
        table.copy()
    assert caught.args == [10_000]
    assert len(QGuiApplication.clipboard().text().splitlines()) == 10_000


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_cell_of_evidence_is_plain_visible_text(qtbot, theme, jobs, text):
    row = Row((Cell(text), Cell(text), Cell(text), Cell(text)))
    made = Table(theme, jobs, ListSource(COLUMNS, (row,)), name="Events")
    qtbot.addWidget(made)
    made.resize(600, 200)
    made.show()
    qtbot.waitUntil(lambda: made.rows.row_at(0) is not None)
    made.grab()
    index = made.rows.index(0, 1)
    assert made.rows.data(index).isprintable()
    assert "<img" not in made.rows.data(index, Qt.ItemDataRole.ToolTipRole)
    assert "\n" not in as_text([row], [0])
    assert made.rows.data(index, Qt.ItemDataRole.AccessibleTextRole).startswith("Action: ")


@pytest.mark.parametrize("kind", CellKind)
def test_every_kind_of_cell_is_painted_and_said(qtbot, theme, jobs, kind):
    columns = (Column("x", "X", kind, width=200),)
    cells = [
        Cell(),
        Cell(HTML, Tone.STRONG),
        Cell("Signed", mark=Mark.PASSED),
        Cell(level=3),
        Cell(protection=Protection.SIGNED),
        Cell(chips=("1 key", "2 deploy", "3 a very long one indeed")),
        Cell("x", icon="box"),
    ]
    made = Table(theme, jobs, ListSource(columns, tuple(Row((c,)) for c in cells)), name="X")
    qtbot.addWidget(made)
    made.resize(230, 300)
    made.show()
    qtbot.waitUntil(lambda: made.rows.row_at(0) is not None)
    made.grab()
    assert [made.rows.data(made.rows.index(n, 0)) for n in range(7)] == [
        "", HTML, "Signed", "level 3", "signed", "1 key, 2 deploy, 3 a very long one indeed", "x",
    ]  # fmt: skip


def test_enter_opens_and_letters_go_to_the_window(qtbot, table):
    table.selectRow(1)
    table.setFocus()
    with qtbot.waitSignal(table.opened) as caught:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert caught.args[0].key == 1
    qtbot.keyClicks(table, "v= ")
    assert table.currentIndex().row() == 1, "letters do not search the rows"
    assert table.property("letters") is True


def test_the_chosen_row_is_told_once_it_is_read(qtbot, table):
    with qtbot.waitSignal(table.chosen, check_params_cb=lambda row: row is not None) as caught:
        table.reveal(MANY - 10)
    assert caught.args[0].key == MANY - 10


def test_columns_are_hidden_by_rank_never_squeezed(table):
    def titles() -> list[str]:
        return [table.rows.columns[at].title for at in table.shown_columns()]

    assert titles() == ["Record", "Action", "Outcome", "Digest"]
    table.resize(340, 400)
    assert titles() == ["Record", "Action", "Outcome"]
    table.resize(240, 400)
    assert titles() == ["Record", "Action"]
    table.resize(900, 400)
    assert len(titles()) == 4


def test_columns_fill_the_table(table):
    for width in (900, 700, 420):
        table.resize(width, 400)
        total = sum(table.columnWidth(at) for at in table.shown_columns())
        assert total == table.viewport().width()


def test_columns_are_chosen_and_the_chooser_says_for_which_there_is_no_room(table):
    menu = QMenu()
    table.resize(340, 400)
    table.fill_chooser(menu)
    assert [action.text() for action in menu.actions()][3] == "Digest (no room)"
    menu.actions()[2].toggle()
    assert 2 not in table.shown_columns()
    table.resize(900, 400)
    assert table.shown_columns() == [0, 1, 3]


def test_export_asks_for_all_rows_and_the_columns_on_screen(qtbot, table):
    table.show_column("outcome", shown=False)
    with qtbot.waitSignal(table.export_asked) as caught:
        table.export()
    assert caught.args[0].columns == ("record", "action", "digest")
    assert caught.args[0].source is table.rows.source


def test_footer_counts_of_how_many(qtbot, theme, table):
    footer = TableFooter(theme, table.rows)
    qtbot.addWidget(footer)
    footer.show_count(Count(49, of=1146, noun="artifacts"))
    assert footer._count.text() == "49 of 1,146 artifacts"
    footer.show_count(Count(61_204, more=True, noun="events"))
    assert footer._count.text() == "61,204+ … events"
    assert str(Count(3, of=3, noun="rows")) == "3 rows"


def test_a_list_is_ordered_by_value_not_by_spelling():
    source = ListSource(COLUMNS, tuple(Row((Cell(t),) * 4) for t in ("9", "1,000", "10")))
    ordered = source.ordered(Order("record"))
    assert [row.cells[0].text for row in ordered.rows] == ["9", "10", "1,000"]
    back = source.ordered(Order("record", descending=True))
    assert [row.cells[0].text for row in back.rows] == ["1,000", "10", "9"]


columns = st.lists(
    st.builds(
        Column,
        id=st.uuids().map(str),
        title=st.just("X"),
        width=st.integers(20, 300),
        least=st.integers(20, 200),
        rank=st.integers(0, 5),
        stretch=st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@given(columns, st.integers(30, 3000))
def test_no_column_is_narrower_than_its_least_and_all_room_is_used(given_columns, room):
    found = widths(given_columns, room)
    least = {column.id: column.least for column in given_columns}
    assert found
    assert all(width >= least[name] for name, width in found.items())
    if len(found) > 1 or sum(least[name] for name in found) <= room:
        assert sum(found.values()) == room


@given(columns, st.integers(30, 3000))
def test_what_matters_most_is_hidden_last(given_columns, room):
    kept = {column.id for column in shown(given_columns, room)}
    hidden = [column.rank for column in given_columns if column.id not in kept]
    assert all(
        column.rank <= min(hidden) for column in given_columns if column.id in kept and hidden
    )


@given(st.sets(st.integers(0, 200)))
def test_runs_hold_every_number_once(numbers):
    found = runs(sorted(numbers))
    assert [n for first, count in found for n in range(first, first + count)] == sorted(numbers)


def test_a_table_without_rows_says_why(qtbot, theme, jobs):
    columns = (Column("a", "A", stretch=True),)
    made = Table(theme, jobs, ListSource(columns, (), "keys"), name="Keys")
    qtbot.addWidget(made)
    qtbot.waitUntil(lambda: not made.rows.count.more)
    assert made.nothing == "No keys."
    made.rows._count = replace(made.rows.count, of=12)
    assert made.nothing == "None of 12 keys satisfies the filter."
    made.grab()


def test_the_chooser_names_a_column_whose_head_is_a_letter(qtbot, theme, jobs):
    columns = (Column("a", "A", stretch=True), Column("i", "I", name="Integrity"))
    made = Table(theme, jobs, ListSource(columns), name="Sources")
    qtbot.addWidget(made)
    menu = QMenu()
    made.fill_chooser(menu)
    assert [action.text().partition(" (")[0] for action in menu.actions()] == ["A", "Integrity"]


def test_what_stretches_is_whole_before_the_rest_has_its_comfort():
    columns = (Column("name", "Name", width=230, least=140, stretch=True),
               Column("owner", "Owner", width=150, least=84))  # fmt: skip
    found = widths(columns, 320)
    assert found == {"name": 230, "owner": 90}


def test_what_nobody_has_looked_for_is_not_said_to_be_absent(qtbot, table) -> None:
    table.show_source(ListSource(COLUMNS, (), "differences", "Not compared yet."))
    qtbot.waitUntil(lambda: table.nothing == "Not compared yet.")
    assert str(table.rows.count) == "Not compared yet"
    table.show_source(ListSource(COLUMNS, (), "differences"))
    qtbot.waitUntil(lambda: table.nothing == "No differences.")
