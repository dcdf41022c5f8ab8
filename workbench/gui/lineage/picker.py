"""Find a thing to put in the middle: a field, and what its name fits."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from workbench.gui.context import WindowContext
from workbench.gui.looking.kinds import icon_of
from workbench.gui.models.cells import Cell, Column, ListSource, Row, Tone
from workbench.gui.parts.boxes import column
from workbench.gui.parts.filter_bar import SearchField
from workbench.gui.tables.view import Table
from workbench.gui.text import tr
from workbench.model.lineage import detail_of

if TYPE_CHECKING:
    from workbench.services.lineage import CaseLineage

_WIDTH, _HEIGHT = 420, 320
_MOST = 200
_PAUSE_MS = 120
_COLUMNS = (
    Column("name", "Thing", width=230, least=120, stretch=True),
    Column("what", "What", width=150, least=90),
)


class ThingPicker(QFrame):
    """Opens below a button; ``picked`` gives the thing."""

    picked = Signal(object)

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._context = context
        self._lineage: CaseLineage | None = None
        self._asked = 0
        self.setObjectName("picker")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.field = SearchField(context.theme, tr("Name, version or key"))
        nothing = ListSource(_COLUMNS, noun=tr("things"))
        self.table = Table(context.theme, context.jobs, nothing, name=tr("Things"), margin=12)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.horizontalHeader().hide()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.table.clicked.connect(lambda _index: self._pick())
        layout = column(margin=8, gap=8)
        layout.addWidget(self.field)
        layout.addWidget(self.table, 1)
        self.setLayout(layout)

    def open(self, lineage: "CaseLineage", below: QWidget) -> None:
        """Open it below a widget."""
        self._lineage = lineage
        theme = self._context.theme
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self.move(below.mapToGlobal(QPoint(0, below.height() + 4)))
        self.field.clear()
        self._look()
        self.show()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the list while the field has the keys; Enter takes, Esc leaves."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            last = self.table.rows.rowCount() - 1
            self.table.selectRow(min(max(self.table.currentIndex().row() + step, 0), last))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._pick()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _look(self) -> None:
        lineage, text = self._lineage, self.field.text()
        if lineage is None:
            return
        self._asked += 1
        asked = self._asked
        self._context.jobs.read(
            lambda: _found(lineage, text),
            owner=self,
            on_done=lambda found: self._show(asked, found),
            on_failed=self._context.notices.fail,
        )

    def _show(self, asked: int, found: ListSource) -> None:
        if asked == self._asked:
            self.table.show_source(found)
            self.table.reveal(0)

    def _pick(self) -> None:
        row = self.table.row()
        if row is not None:
            self.hide()
            self.picked.emit(row.key)


def _found(lineage: "CaseLineage", text: str) -> ListSource:
    from workbench.services import lineage as lineages

    rows = tuple(
        Row(
            (
                Cell(f"{thing.called} {thing.version}".rstrip(), icon=icon_of(thing)),
                Cell(detail_of(thing), Tone.QUIET),
            ),
            node,
        )
        for node, thing in lineages.matching(lineage, text, most=_MOST)
    )
    return ListSource(_COLUMNS, rows, tr("things"))
