"""The top bar: case, four verdicts, search, palette, help."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from workbench.gui.commands import CommandTable
from workbench.gui.context import CaseHeader
from workbench.gui.fonts import Face
from workbench.gui.frame.verdict_cell import VerdictCell
from workbench.gui.parts import pen
from workbench.gui.parts.boxes import Panel, row
from workbench.gui.parts.buttons import IconButton
from workbench.gui.parts.filter_bar import SearchField
from workbench.gui.parts.painted import report_fault
from workbench.gui.text import tr
from workbench.gui.theme import Theme
from workbench.model.verdict import Dimension

HEIGHT = 48
_SEARCH, _SEARCH_NARROW = 220, 150
_PROGRAM = "Audit Workbench"


class CaseButton(QPushButton):
    """Name and number of the case; pressed, it offers other cases."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._title = _PROGRAM
        self._facts = ""
        self.setFlat(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._rescale()
        theme.changed.connect(self._rescale)

    def show_case(self, title: str, facts: str) -> None:
        """Show another case; without a title it is the name of the program."""
        self._title, self._facts = title or _PROGRAM, facts
        self.setEnabled(bool(title))
        self.setAccessibleName(", ".join(part for part in (self._title, facts) if part))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for both lines."""
        title = pen.width_of(self._theme, self._title, Face.STRONG) + 26
        facts = pen.width_of(self._theme, self._facts, Face.SMALL_HEAD)
        return QSize(min(max(title, facts) + 8, self._theme.px(330)), self._theme.px(40))

    def minimumSizeHint(self) -> QSize:
        """Return room for a few words."""
        return QSize(80, self._theme.px(40))

    def _rescale(self) -> None:
        self.setFixedHeight(self._theme.px(40))
        self.updateGeometry()

    def paintEvent(self, _event: object) -> None:
        """Draw both lines, and an arrow."""
        painter = QPainter(self)
        try:
            self._draw(painter)
        except Exception:  # noqa: BLE001 - an error here would end the process
            report_fault()
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        half = self.height() // 2
        line = self._theme.px(18)
        top = half - line + 1 if self._facts else half - line // 2
        upper = QRect(2, top, self.width() - 26, line)
        width = pen.write(painter, self._theme, upper, self._title, face=Face.STRONG)
        if self.isEnabled():
            pen.icon(
                painter,
                self._theme,
                QPointF(width + 8, top + (line - self._theme.px(16)) / 2),
                "chevron-down",
            )
        if self._facts:
            lower = QRect(2, half + 1, self.width() - 4, self._theme.px(16))
            pen.write(
                painter, self._theme, lower, self._facts, face=Face.SMALL_HEAD, colour="secondary"
            )
        if self.hasFocus():
            pen.outline(painter, self.rect(), self._theme.colour("accent"), 2)


class TopBar(Panel):
    """The bar. ``menu_asked`` gives the widget to open below."""

    menu_asked = Signal(object)
    case_asked = Signal(object)
    dimension_asked = Signal(object)
    searched = Signal(str)

    def __init__(self, theme: Theme, commands: CommandTable, parent: QWidget | None = None) -> None:
        super().__init__(theme, "chrome", edges="s", height=HEIGHT, parent=parent)
        self._theme = theme
        self.menu = IconButton(theme, "menu", tr("Menu"))
        self.case = CaseButton(theme)
        self.cells = {which: VerdictCell(theme, which) for which in Dimension}
        self.search = SearchField(theme, tr("Search the case"), key="Ctrl+F")
        self.palette_button = IconButton(theme, "command", tr("Command palette (Ctrl+K)"))
        self.help = IconButton(theme, "circle-question-mark", tr("Explain this (F1)"))
        self._has_case = False
        self._lay_out()
        self._connect(commands)
        self.show_header(None)
        theme.changed.connect(self._adapt)

    def show_header(self, header: CaseHeader | None) -> None:
        """Show another case, or that none is open."""
        self._has_case = header is not None
        locked = tr("open for reading only") if header and header.read_only else ""
        facts = (header.number, locked) if header else ()
        told = " · ".join(fact for fact in facts if fact)
        self.case.show_case(header.title if header else "", told)
        for which, cell in self.cells.items():
            cell.setVisible(header is not None)
            cell.show_verdict(header.dimensions.get(which) if header else None)
        self._adapt()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show less where there is less room."""
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        narrow = self.window().width() < NARROW
        self.search.setVisible(self._has_case)
        self.search.setFixedWidth(self._theme.px(_SEARCH_NARROW if narrow else _SEARCH))

    def _lay_out(self) -> None:
        line = row(gap=0)
        line.setContentsMargins(10, 0, 12, 1)
        line.addWidget(self.menu)
        line.addSpacing(8)
        line.addWidget(self.case)
        line.addSpacing(12)
        edge = Panel(self._theme, "chrome", edges="e")
        edge.setFixedWidth(1)
        line.addWidget(edge)
        for cell in self.cells.values():
            line.addWidget(cell)
        line.addStretch(1)
        for widget, space in (
            (self.search, 8),
            (self.palette_button, 0),
            (self.help, 0),
        ):
            line.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
            line.addSpacing(space)
        self.setLayout(line)

    def _connect(self, commands: CommandTable) -> None:
        self.menu.clicked.connect(lambda: self.menu_asked.emit(self.menu))
        self.case.clicked.connect(lambda: self.case_asked.emit(self.case))
        self.palette_button.clicked.connect(lambda: commands.run("view.palette"))
        self.help.clicked.connect(lambda: commands.run("help.explain"))
        self.search.returnPressed.connect(lambda: self.searched.emit(self.search.text()))
        for cell in self.cells.values():
            cell.pressed.connect(self.dimension_asked)


#: Below this the rail shows icons only, and the top bar less.
NARROW = 1366
