"""The top bar: case, four verdicts, search, time, palette, help."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from workbench.gui.commands import CommandTable
from workbench.gui.context import CaseHeader
from workbench.gui.fonts import Face
from workbench.gui.frame.verdict_cell import VerdictCell
from workbench.gui.parts import pen
from workbench.gui.parts.boxes import Panel, row
from workbench.gui.parts.buttons import DropButton, IconButton
from workbench.gui.parts.filter_bar import SearchField
from workbench.gui.parts.painted import report_fault
from workbench.gui.text import tr
from workbench.gui.theme import Theme
from workbench.model.verdict import Dimension
from workbench.report.phrases import moment

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
        """Show another case; without facts it is the name of the program."""
        self._title, self._facts = title, facts
        self.setEnabled(bool(facts))
        self.setAccessibleName(f"{title}, {facts}" if facts else title)
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
        if self._facts:
            pen.icon(
                painter,
                self._theme,
                QPointF(width + 8, top + (line - self._theme.px(16)) / 2),
                "chevron-down",
            )
            lower = QRect(2, half + 1, self.width() - 4, self._theme.px(16))
            pen.write(
                painter, self._theme, lower, self._facts, face=Face.SMALL_HEAD, colour="secondary"
            )
        if self.hasFocus():
            pen.outline(painter, self.rect(), self._theme.colour("accent"), 2)


class TopBar(Panel):
    """The bar. ``menu_asked`` and ``as_of_asked`` give the widget to open below."""

    menu_asked = Signal(object)
    case_asked = Signal(object)
    as_of_asked = Signal(object)
    dimension_asked = Signal(object)
    searched = Signal(str)

    def __init__(self, theme: Theme, commands: CommandTable, parent: QWidget | None = None) -> None:
        super().__init__(theme, "chrome", edges="s", height=HEIGHT, parent=parent)
        self._theme = theme
        self.menu = IconButton(theme, "menu", tr("Menu"))
        self.case = CaseButton(theme)
        self.cells = {which: VerdictCell(theme, which) for which in Dimension}
        self.search = SearchField(theme, tr("Search the case"), key="Ctrl+F")
        self.as_of = DropButton(theme, "", "history")
        self.as_of_narrow = IconButton(theme, "history", tr("As of"))
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
        facts = [header.number] if header and header.number else []
        as_of = header.as_of if header else None
        when = tr("as of {}").format(moment(as_of)) if as_of else tr("end of period")
        title = header.title if header else _PROGRAM
        self.case.show_case(title, " · ".join((*facts, when)) if header else "")
        for which, cell in self.cells.items():
            cell.setVisible(header is not None)
            cell.show_verdict(header.dimensions.get(which) if header else None)
        told = tr("As of: {}").format(moment(as_of) if as_of else tr("end of period"))
        self.as_of.say(told)
        self.as_of_narrow.rename(told)
        historic = "historic" if as_of else ""
        self.as_of.setProperty("look", historic or "plain")
        self.as_of.style().unpolish(self.as_of)
        self.as_of.style().polish(self.as_of)
        self._adapt()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show less where there is less room."""
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        narrow = self.window().width() < NARROW
        self.search.setVisible(self._has_case)
        self.search.setFixedWidth(self._theme.px(_SEARCH_NARROW if narrow else _SEARCH))
        self.as_of.setVisible(self._has_case and not narrow)
        self.as_of_narrow.setVisible(self._has_case and narrow)

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
            (self.as_of, 4),
            (self.as_of_narrow, 0),
            (self.palette_button, 0),
            (self.help, 0),
        ):
            line.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
            line.addSpacing(space)
        self.setLayout(line)

    def _connect(self, commands: CommandTable) -> None:
        self.menu.clicked.connect(lambda: self.menu_asked.emit(self.menu))
        self.case.clicked.connect(lambda: self.case_asked.emit(self.case))
        self.as_of.clicked.connect(lambda: self.as_of_asked.emit(self.as_of))
        self.as_of_narrow.clicked.connect(lambda: self.as_of_asked.emit(self.as_of_narrow))
        self.palette_button.clicked.connect(lambda: commands.run("view.palette"))
        self.help.clicked.connect(lambda: commands.run("help.explain"))
        self.search.returnPressed.connect(lambda: self.searched.emit(self.search.text()))
        for cell in self.cells.values():
            cell.pressed.connect(self.dimension_asked)


#: Below this the rail shows icons only, and the top bar less.
NARROW = 1366
