"""The cases that were open lately, with their worst verdict in words."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from workbench.gui import recent
from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.boxes import Line, clear, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.mark import MEDIUM, Mark, colour_of, paint_mark
from workbench.gui.parts.press_row import PressRow
from workbench.gui.recent import Recent
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.report.phrases import day

FEW = 6
_ROW = 56
_VERDICT, _OPENED = 0.45, 0.84


class RecentRow(PressRow):
    """A case: title and number, worst verdict, when it was open. ``pressed`` opens it."""

    def __init__(self, theme: Theme, case: Recent, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._case = case
        self._there = case.is_there
        self.tell()

    @property
    def is_there(self) -> bool:
        """Whether the case is where it was."""
        return self._there

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        self.draw_hover(painter)
        half = self.height() // 2
        verdict, opened = round(self.width() * _VERDICT), round(self.width() * _OPENED)
        ink = "text" if self._there else "tertiary"
        write = pen.write
        theme, case = self.theme, self._case
        upper = QRect(0, 8, verdict - 12, half - 8)
        lower = QRect(0, half, verdict - 12, half - 8)
        write(painter, theme, upper, case.title, face=Face.STRONG, colour=ink)
        detail = case.detail if self._there else tr("Moved or deleted since last time")
        write(painter, theme, lower, detail, face=Face.SECONDARY, colour="secondary")
        mark = Mark[case.mark] if self._there else Mark.NONE
        word = case.verdict if self._there else tr("Locate…")
        size = theme.px(MEDIUM)
        corner = QRect(verdict, (self.height() - size) // 2, size, size)
        paint_mark(painter, theme, corner.topLeft().toPointF(), mark, size)
        area = QRect(verdict + size + 6, 0, opened - verdict - size - 18, self.height())
        write(painter, theme, area, word, face=Face.WORD, colour=colour_of(mark))
        area = QRect(opened, 0, self.width() - opened, self.height())
        write(painter, theme, area, day_of(case.opened), face=Face.SECONDARY, colour="secondary")

    def wanted(self) -> QSize:
        """Return its size."""
        return QSize(320, self.theme.px(_ROW))

    def said(self) -> str:
        """Return title, verdict and when it was open."""
        word = self._case.verdict if self._there else tr("moved or deleted since last time")
        return f"{self._case.title}, {word}, {day_of(self._case.opened)}"


class RecentList(QWidget):
    """The list."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._theme = context.theme
        self._all = False
        self.rows: list[RecentRow] = []
        self._list = column(gap=0)
        outer = column(gap=0)
        outer.addLayout(self._list)
        outer.addStretch()
        self.setLayout(outer)
        self.refresh()

    def refresh(self) -> None:
        """List the cases again."""
        clear(self._list)
        self.rows = []
        found = recent.recents(self._context.settings)
        self._list.addLayout(self._head(has_cases=bool(found)))
        self._list.addSpacing(12)
        self._list.addWidget(Line(self._theme))
        if not found:
            why = tr("No case was opened here yet. What you open is listed here with its verdict.")
            self._list.addSpacing(12)
            self._list.addWidget(Paragraph(self._theme, why, Face.BODY, "secondary"))
            return
        for case in found if self._all else found[:FEW]:
            made = RecentRow(self._theme, case)
            made.pressed.connect(lambda case=case: self._open(case))
            self.rows.append(made)
            self._list.addWidget(made)
            self._list.addWidget(Line(self._theme))
        if len(found) > FEW and not self._all:
            more = Button(self._theme, tr("Show all {} cases").format(len(found)), look=Look.LINK)
            more.clicked.connect(self._show_all)
            self._list.addSpacing(8)
            self._list.addWidget(more)

    def _show_all(self) -> None:
        self._all = True
        self.refresh()

    def _head(self, *, has_cases: bool) -> QHBoxLayout:
        line = row(gap=0)
        line.addWidget(PlainLabel(self._theme, tr("Recent cases"), Face.SECTION), 45)
        verdict = PlainLabel(self._theme, tr("Verdict"), Face.SECONDARY, "secondary")
        opened = PlainLabel(self._theme, tr("Opened"), Face.SECONDARY, "secondary")
        line.addWidget(verdict, 39)
        line.addWidget(opened, 16)
        verdict.setVisible(has_cases)
        opened.setVisible(has_cases)
        return line

    def _open(self, case: Recent) -> None:
        if Path(case.place).is_dir():
            self._context.notices.drop([Path(case.place)])
        else:
            self._locate(case)

    def _locate(self, case: Recent) -> None:
        """Ask where a case went."""
        dialog = QFileDialog(self.window(), tr("Where is {} now?").format(case.title))
        dialog.setFileMode(QFileDialog.FileMode.Directory)

        def found(names: list[str]) -> None:
            recent.forget(self._context.settings, case.place)
            self._context.notices.drop([Path(name) for name in names])

        dialog.filesSelected.connect(found)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def day_of(iso: str) -> str:
    """Return a day as ``Today 13:52`` or ``12 Oct 2026``, in UTC; "" for what is none."""
    try:
        time = datetime.fromisoformat(iso)
    except ValueError:
        return ""
    if time.astimezone(UTC).date() == datetime.now(UTC).date():
        return f"{tr('Today')} {time.astimezone(UTC):%H:%M}"
    return day(time)
