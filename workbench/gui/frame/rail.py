"""The left rail: the pages, in groups; the one shown is marked."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.gui.fonts import Face
from workbench.gui.page import Badge, Group, Page
from workbench.gui.parts import pen
from workbench.gui.parts.boxes import Line, Panel, column
from workbench.gui.parts.painted import report_fault
from workbench.gui.text import set_tooltip, tr
from workbench.gui.theme import Theme

WIDTH, NARROW_WIDTH = 176, 48
_ITEM = 32
_PAD = 8


class RailItem(QAbstractButton):
    """A page: icon, name, number."""

    def __init__(self, theme: Theme, page: Page, key: str) -> None:
        super().__init__()
        self._theme = theme
        self._page = page
        self._key = key
        self._badge: Badge | None = None
        self._narrow = False
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_badge(None)

    def show_badge(self, badge: Badge | None) -> None:
        """Show another number."""
        self._badge = badge
        said = f", {badge.said or badge.text}" if badge else ""
        self.setAccessibleName(f"{tr(self._page.title)}{said}")
        self._tell()

    def be_narrow(self, narrow: bool) -> None:
        """Show the icon only; the name is in the tooltip then."""
        self._narrow = narrow
        self._tell()

    def sizeHint(self) -> QSize:
        """Return its height."""
        return QSize(40, self._theme.px(_ITEM))

    def paintEvent(self, _event: object) -> None:
        """Draw it."""
        painter = QPainter(self)
        try:
            self._draw(painter)
        except Exception:  # noqa: BLE001 - an error here would end the process
            report_fault()
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        chosen = self.isChecked()
        ground = "selection" if chosen else "hover" if self.underMouse() else ""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour(ground))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        size = self._theme.px(16)
        left = (self.width() - size) / 2 if self._narrow else _PAD
        corner = QPointF(left, (self.height() - size) / 2)
        pen.icon(painter, self._theme, corner, self._page.icon, "accent" if chosen else "secondary")
        if not self._narrow:
            self._draw_words(painter, chosen=chosen)
        if self.hasFocus():
            pen.outline(painter, self.rect(), self._theme.colour("accent"), 2)

    def _draw_words(self, painter: QPainter, *, chosen: bool) -> None:
        left = _PAD + self._theme.px(16) + 10
        area = QRect(left, 0, self.width() - left - 28, self.height())
        face = Face.STRONG if chosen else Face.BODY
        pen.write(painter, self._theme, area, tr(self._page.title), face=face)
        if self._badge:
            ink = "failed" if self._badge.is_bad else "secondary"
            end = QRect(self.width() - 48, 0, 40, self.height())
            pen.write(
                painter,
                self._theme,
                end,
                self._badge.text,
                face=Face.NUMBER,
                colour=ink,
                align=pen.RIGHT,
            )

    def _tell(self) -> None:
        key = f" ({self._key})" if self._key else ""
        number = f", {self._badge.text}" if self._badge else ""
        set_tooltip(self, f"{tr(self._page.title)}{number}{key}" if self._narrow else "")
        self.update()


class Rail(Panel):
    """The rail. ``asked`` gives the id of the page that was pressed."""

    asked = Signal(str)

    def __init__(
        self,
        theme: Theme,
        pages: Sequence[Page],
        keys: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "chrome", edges="e", parent=parent)
        self._theme = theme
        apart = {Group.START, Group.TASK}
        self.pages = tuple(p for p in pages if p.group not in apart and not p.under)
        self.items = {page.id: RailItem(theme, page, keys.get(page.id, "")) for page in self.pages}
        self.setAccessibleName(tr("Pages"))
        self._lay_out(self.pages)
        for name, item in self.items.items():
            item.clicked.connect(lambda _checked=False, name=name: self.asked.emit(name))
        self._narrow = False
        self.be_narrow(False)
        theme.changed.connect(self._rescale)

    def choose(self, page: str) -> None:
        """Mark the page that is shown."""
        for name, item in self.items.items():
            item.setChecked(name == page)

    def be_narrow(self, narrow: bool) -> None:
        """Show icons only, or names too."""
        self._narrow = narrow
        self.setFixedWidth(self._theme.px(NARROW_WIDTH if narrow else WIDTH))
        for item in self.items.values():
            item.be_narrow(narrow)

    def _rescale(self) -> None:
        self.be_narrow(self._narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go up and down."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        items = list(self.items.values())
        focused = [n for n, item in enumerate(items) if item.hasFocus()]
        if step and focused:
            items[(focused[0] + step) % len(items)].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def _lay_out(self, pages: Sequence[Page]) -> None:
        stack = column(gap=2)
        stack.setContentsMargins(_PAD, _PAD, _PAD + 1, _PAD)
        before: Group | None = None
        for group, members in groupby(pages, key=lambda page: page.group):
            if group is Group.FOOT:
                stack.addStretch(1)
            elif before is not None:
                stack.addSpacing(5)
                stack.addWidget(Line(self._theme))
                stack.addSpacing(5)
            before = group
            for page in members:
                stack.addWidget(self.items[page.id])
        if before is not Group.FOOT:
            stack.addStretch(1)
        self.setLayout(stack)
