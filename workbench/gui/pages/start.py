"""Start: what can be done without a case, and the cases that were open lately."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.page import Group, Page, PageWidget
from workbench.gui.parts import pen
from workbench.gui.parts.boxes import Line, boxed, column, row, scrolled
from workbench.gui.parts.painted import Painted
from workbench.gui.parts.word_icon import WordIcon
from workbench.gui.start.act_row import ActRow
from workbench.gui.start.recent_list import RecentList
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme

_WIDTH = 1180
_DROP = 96

#: Command, icon, title, what it does, keys.
ACTS = (
    ("evidence.add", "folder-open", "Open evidence…", "Files or ZIP archives", "Ctrl+O"),
    ("evidence.add_folder", "folder", "Open a folder…", "All files below it", ""),
    (
        "case.new",
        "file-plus",
        "New case…",
        "Name, client, period and your name; evidence can follow",
        "Ctrl+N",
    ),
    ("case.open", "archive", "Open case…", "A folder NAME.case", "Ctrl+Shift+N"),
    (
        "case.sample",
        "flask-conical",
        "Open the sample case",
        "A tampered log, signed models and two catalogs",
        "",
    ),
    (
        "report.check",
        "badge-check",
        "Check a signed report or package…",
        "What a stranger should conclude from it",
        "Ctrl+R",
    ),
    (
        "folder.seal",
        "lock",
        "Seal a folder…",
        "For the side that is audited, before it hands evidence over",
        "",
    ),
)
STEPS = (
    ("1", "Take in", "Every file is hashed and its records counted."),
    ("2", "Verify", "Chains, signatures and times are recomputed here."),
    ("3", "Report", "Findings and proofs go into a signed PDF."),
)


class DropArea(Painted):
    """Where files can be dropped; a click or Enter asks for them."""

    def __init__(self, theme: Theme, context: WindowContext) -> None:
        super().__init__(theme)
        self._context = context
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        line = row(gap=16)
        line.setContentsMargins(24, 0, 24, 0)
        line.addWidget(WordIcon(theme, "archive-restore", "secondary", size=24))
        words = column(gap=2)
        words.addStretch()
        words.addWidget(PlainLabel(theme, tr("Drop a file, folder or ZIP here"), Face.SECTION))
        told = tr("Recognised by content. Opened read-only, never changed.")
        words.addWidget(PlainLabel(theme, told, Face.BODY, "secondary"))
        words.addStretch()
        line.addLayout(words, 1)
        self.setLayout(line)
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw ground and dashed edge."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("chrome"))
        painter.drawRoundedRect(area, 6, 6)
        pen.dash(painter, area, self.theme.colour("ctl"), radius=6)

    def wanted(self) -> QSize:
        """Return its size."""
        return QSize(320, self.theme.px(_DROP))

    def said(self) -> str:
        """Return what it is for."""
        return tr("Drop a file, folder or ZIP anywhere in the window")

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Ask for files."""
        self._context.acts.run("evidence.add")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for files."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._context.acts.run("evidence.add")
        else:
            super().keyPressEvent(event)


class StartPage(PageWidget):
    """The page."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._theme = context.theme
        self.drop = DropArea(context.theme, context)
        self.rows: dict[str, ActRow] = {}
        self.recent = RecentList(context)
        middle = row(gap=0)
        middle.setContentsMargins(24, 48, 24, 24)
        middle.addStretch(1)
        middle.addWidget(self._columns(), 20)
        middle.addStretch(1)
        outer = column()
        outer.addWidget(scrolled(boxed(middle)))
        self.setLayout(outer)

    def reveal(self, _place: object) -> None:
        """List the cases again."""
        self.recent.refresh()

    def _columns(self) -> QWidget:
        line = row(gap=32)
        left = column(gap=0)
        left.addWidget(PlainLabel(self._theme, tr("Start an audit"), Face.START))
        left.addSpacing(4)
        what = tr(
            "See what an export can prove and what it cannot, then hand over a signed report."
        )
        left.addWidget(Paragraph(self._theme, what, Face.BODY, "secondary"))
        left.addSpacing(20)
        left.addWidget(self.drop)
        left.addSpacing(12)
        for command, icon, title, detail, key in ACTS:
            made = ActRow(self._theme, icon, tr(title), tr(detail), key)
            made.pressed.connect(lambda command=command: self._context.acts.run(command))
            self.rows[command] = made
            left.addWidget(made)
            left.addWidget(Line(self._theme))
        left.addSpacing(24)
        left.addLayout(self._steps())
        left.addStretch()
        line.addLayout(left, 10)
        line.addWidget(Line(self._theme, upright=True))
        line.addWidget(self.recent, 10)
        box = boxed(line)
        box.setMaximumWidth(self._theme.px(_WIDTH))
        return box

    def _steps(self) -> QHBoxLayout:
        line = row(gap=24)
        for number, title, told in STEPS:
            part = row(gap=12)
            top = Qt.AlignmentFlag.AlignTop
            part.addWidget(PlainLabel(self._theme, number, Face.STRONG, "tertiary"), 0, top)
            words = column(gap=2)
            words.addWidget(PlainLabel(self._theme, tr(title), Face.STRONG))
            words.addWidget(Paragraph(self._theme, tr(told), Face.SECONDARY, "secondary"))
            words.addStretch()
            part.addLayout(words, 1)
            line.addLayout(part, 1)
        return line


PAGE = Page("start", "Start", "house", 1, Group.START, StartPage, inspects=False)
