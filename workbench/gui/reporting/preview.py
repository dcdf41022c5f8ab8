"""The pages of the report as they are: white in every theme, one after another."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.context import WindowContext
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Panel, column, row, scrolled
from workbench.gui.parts.buttons import IconButton
from workbench.gui.parts.painted import Painted
from workbench.gui.reporting.drafting import Draft, Drawn, drawn
from workbench.gui.text import PlainLabel, tr
from workbench.gui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Callable

_MARGIN = 24
_WIDEST = 900
_PAUSE_MS = 60
_A4 = (595.0, 842.0)


class Sheet(Painted):
    """One page on the ground of the window."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._drawn: Drawn | None = None
        self._size = _A4
        self._count = 0
        self.fits_page = False
        self._room = QSize(400, 600)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_page(self, size: tuple[float, float], count: int) -> None:
        """Make room for a page; it is white until it is drawn."""
        self._size, self._count, self._drawn = size, count, None
        self.tell()

    def show_drawn(self, found: Drawn) -> None:
        """Show the page."""
        self._drawn = found
        self.tell()

    def take_room(self, room: QSize) -> None:
        """Fit another width or height."""
        self._room = room
        self.tell()

    def page_width(self) -> int:
        """Return how wide the page is on screen."""
        wide = min(self._room.width() - 2 * _MARGIN, self.theme.px(_WIDEST))
        if self.fits_page:
            tall = self._room.height() - 2 * _MARGIN
            wide = min(wide, round(tall * self._size[0] / self._size[1]))
        return max(wide, 120)

    def draw(self, painter: QPainter) -> None:
        """Draw the page, with a line around it."""
        wide = self.page_width()
        tall = wide * self._size[1] / self._size[0]
        area = QRectF((self.width() - wide) // 2, _MARGIN, wide, round(tall))
        painter.fillRect(area, Qt.GlobalColor.white)
        if self._drawn is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, self._drawn.image)
        painter.setPen(self.theme.colour("line"))
        painter.drawRect(area.adjusted(-1, -1, 0, 0))

    def wanted(self) -> QSize:
        """Return the size of the page and the ground around it."""
        wide = self.page_width()
        tall = round(wide * self._size[1] / self._size[0])
        return QSize(wide + 2 * _MARGIN, tall + 2 * _MARGIN)

    def said(self) -> str:
        """Return what stands on the page."""
        if self._drawn is None:
            return tr("The page is being drawn")
        place = tr("Page {} of {}").format(self._drawn.page + 1, self._count)
        return f"{place}: {self._drawn.words}"


class Preview(QWidget):
    """One page of the report at a time; ``turned`` says which, from 0."""

    turned = Signal(int)

    def __init__(self, context: WindowContext) -> None:
        super().__init__()
        self._context = context
        self._draft: Draft | None = None
        self._page = 0
        theme = context.theme
        self.sheet = Sheet(theme)
        self.place = PlainLabel(theme, "", Face.BODY, "secondary")
        self.back = IconButton(theme, "chevron-left", tr("Previous page"))
        self.forth = IconButton(theme, "chevron-right", tr("Next page"))
        self.fit = IconButton(theme, "maximize", tr("Fit the whole page"), checkable=True)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._draw)
        self.back.clicked.connect(lambda: self.turn(self._page - 1))
        self.forth.clicked.connect(lambda: self.turn(self._page + 1))
        self.fit.toggled.connect(self._fit)
        self._lay_out(theme)

    @property
    def page(self) -> int:
        """The page on screen, from 0."""
        return self._page

    def show_draft(self, draft: Draft) -> None:
        """Show another draft, at the page that was on screen."""
        self._draft = draft
        self.turn(min(self._page, len(draft.pages) - 1))

    def turn(self, page: int) -> None:
        """Turn to a page."""
        if self._draft is None or not 0 <= page < len(self._draft.pages):
            return
        self._page = page
        count = len(self._draft.pages)
        self.place.setText(tr("Page {} of {}").format(page + 1, count))
        self.back.setEnabled(page > 0)
        self.forth.setEnabled(page < count - 1)
        self.sheet.show_page(self._draft.pages[page], count)
        self._area.verticalScrollBar().setValue(0)
        self._draw()
        self.turned.emit(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page into the new width, and draw it sharp once that is settled."""
        super().resizeEvent(event)
        self.sheet.take_room(self._area.viewport().size())
        self._pause.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages."""
        bar = self._area.verticalScrollBar()
        step = {Qt.Key.Key_Down: 48, Qt.Key.Key_Up: -48}
        moves: dict[int, Callable[[], None]] = {
            Qt.Key.Key_PageDown: lambda: self.turn(self._page + 1),
            Qt.Key.Key_PageUp: lambda: self.turn(self._page - 1),
            Qt.Key.Key_Home: lambda: self.turn(0),
            Qt.Key.Key_End: lambda: self.turn(len(self._draft.pages) - 1 if self._draft else 0),
        }
        if event.key() in step:
            bar.setValue(bar.value() + step[Qt.Key(event.key())])
        elif event.key() in moves:
            moves[event.key()]()
        else:
            super().keyPressEvent(event)

    def _fit(self, whole: bool) -> None:
        self.sheet.fits_page = whole
        self.sheet.take_room(self._area.viewport().size())
        self._draw()

    def _draw(self) -> None:
        draft, page = self._draft, self._page
        if draft is None:
            return
        self.sheet.take_room(self._area.viewport().size())
        width = round(self.sheet.page_width() * self.devicePixelRatioF())
        self._context.jobs.read(
            lambda: drawn(draft.pdf, page, width),
            owner=self,
            on_done=lambda found: self._take(draft, found),
            on_failed=self._context.notices.fail,
        )

    def _take(self, draft: Draft, found: Drawn) -> None:
        if draft is self._draft and found.page == self._page:
            self.sheet.show_drawn(found)

    def _lay_out(self, theme: Theme) -> None:
        bar = Panel(theme, edges="s", height=40)
        line = row(gap=4)
        line.setContentsMargins(16, 0, 12, 0)
        line.addWidget(self.place)
        line.addStretch()
        for button in (self.back, self.forth, self.fit):
            line.addWidget(button)
        bar.setLayout(line)
        ground = Panel(theme, "chrome")
        inner = column()
        inner.addWidget(self.sheet)
        inner.addStretch()
        ground.setLayout(inner)
        self._area = scrolled(ground)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Pages of the report"))
        outer = column()
        outer.addWidget(bar)
        outer.addWidget(self._area, 1)
        self.setLayout(outer)
