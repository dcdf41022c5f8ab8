"""The command palette: everything that can be done or found, by typing a few letters."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.gui.commands import CommandTable
from workbench.gui.context import Hit, WindowContext
from workbench.gui.fonts import Face
from workbench.gui.frame.keycap import paint_keys
from workbench.gui.frame.palette_items import Item, listed, wanted
from workbench.gui.parts import pen
from workbench.gui.parts.painted import Painted
from workbench.gui.text import tr
from workbench.gui.theme import Theme

WIDTH, TOP = 640, 88
_FIELD, _FOOT, _ROW, _HEAD = 44, 34, 32, 26
#: All that is found list by list: a few rows of each, and what leads to the rest.
_MOST_HITS = 60
_PAUSE_MS = 120


class PaletteList(Painted):
    """The rows; the chosen one is tinted, and never out of sight."""

    run = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._items: list[Item] = []
        self._typed = ""
        self._why_empty = ""
        self._chosen = -1
        self._first = 0
        self.setMouseTracking(True)
        self.tell()

    @property
    def chosen(self) -> Item | None:
        """The chosen row, or None."""
        return self._items[self._chosen] if 0 <= self._chosen < len(self._items) else None

    def show_items(self, items: Sequence[Item], typed: str, why_empty: str = "") -> None:
        """Show other rows, or why there are none; the first that can run is chosen."""
        self._items = list(items)
        self._typed = typed
        self._why_empty = why_empty or tr("Nothing found")
        self._chosen, self._first = -1, 0
        self.step(1)

    def step(self, by: int) -> None:
        """Choose the next row that is no head."""
        rows = [n for n, item in enumerate(self._items) if item.run]
        if rows:
            ahead = [n for n in rows if (n - self._chosen) * by > 0]
            self._chosen = (ahead or rows)[0 if by > 0 else -1]
        self._keep_in_sight()
        self.tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is chosen in sight."""
        super().resizeEvent(event)
        self._first = 0
        self._keep_in_sight()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Show rows further up or down."""
        by = -1 if event.angleDelta().y() > 0 else 1
        last = next((n for n in range(len(self._items)) if self._fits_from(n)), 0)
        self._first = max(0, min(self._first + by, last))
        self.update()

    @property
    def _room(self) -> int:
        """Return the height for rows: a margin above, and the lines of the panel."""
        return self.height() - 8

    def _fits_from(self, first: int) -> bool:
        rows = self._items[first:]
        return sum(map(self._height, rows)) <= self._room

    def _keep_in_sight(self) -> None:
        """Show the rows from where the chosen one, and the head above it, is among them."""
        at = max(self._chosen, 0)
        if at < self._first:
            self._first = at - 1 if at and self._items[at - 1].run is None else at
        while self._first < at and not self._is_in_sight(at):
            self._first += 1

    def _is_in_sight(self, at: int) -> bool:
        above = sum(map(self._height, self._items[self._first : at + 1]))
        return above <= self._room

    def wanted(self) -> QSize:
        """Return room for all rows."""
        return QSize(WIDTH, sum(self._height(item) for item in self._items) + 12)

    def said(self) -> str:
        """Return the chosen row in words."""
        item = self.chosen
        return f"{item.title}, {item.detail}".rstrip(", ") if item else self._why_empty

    def draw(self, painter: QPainter) -> None:
        """Draw the rows."""
        if not self._items:
            area = self.rect().adjusted(18, 0, -18, 0)
            pen.write(painter, self.theme, area, self._why_empty, colour="secondary")
        top = 6
        for number, item in enumerate(self._items[self._first :], start=self._first):
            area = QRect(6, top, self.width() - 12, self._height(item))
            if item.run is None:
                head = area.adjusted(12, 4, -12, 0)
                face, ink = Face.HEAD, "secondary"
                pen.write(painter, self.theme, head, item.title, face=face, colour=ink)
            else:
                self._draw_item(painter, area, item, chosen=number == self._chosen)
            top += area.height()
        self._draw_bar(painter)

    def _draw_bar(self, painter: QPainter) -> None:
        """Draw which part of the rows is in sight, where not all are."""
        heights = list(map(self._height, self._items))
        room, all_of_them = self._room, sum(heights)
        if 0 < room < all_of_them:
            top = 6 + room * sum(heights[: self._first]) // all_of_them
            bar = QRect(self.width() - 5, top, 3, room * room // all_of_them)
            painter.fillRect(bar, self.theme.colour("ctl"))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose what the pointer is over."""
        number = self._row_at(event.position().toPoint().y())
        if number >= 0 and self._items[number].run and number != self._chosen:
            self._chosen = number
            self.tell()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Run it."""
        number = self._row_at(event.position().toPoint().y())
        if number >= 0 and self._items[number].run:
            self.run.emit(self._items[number])

    def _height(self, item: Item) -> int:
        return self.theme.px(_ROW if item.run else _HEAD)

    def _row_at(self, y: int) -> int:
        top = 6
        for number, item in enumerate(self._items[self._first :], start=self._first):
            top += self._height(item)
            if y < top:
                return number
        return -1

    def _draw_item(self, painter: QPainter, area: QRect, item: Item, *, chosen: bool) -> None:
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour("selection"))
            painter.drawRoundedRect(QRectF(area), 4, 4)
        if item.icon:
            size = self.theme.px(16)
            corner = QPointF(area.left() + 12, area.top() + (area.height() - size) / 2)
            pen.icon(painter, self.theme, corner, item.icon, "accent" if chosen else "secondary")
        keys = paint_keys(painter, self.theme, area.adjusted(0, 0, -12, 0), item.key)
        inner = area.adjusted(12 + self.theme.px(16) + 10, 0, -keys - 24, 0)
        width = self._draw_title(painter, inner, item)
        rest = inner.adjusted(width + 10, 0, 0, 0)
        pen.write(painter, self.theme, rest, item.detail, face=Face.SECONDARY, colour="secondary")

    def _draw_title(self, painter: QPainter, area: QRect, item: Item) -> int:
        """Write the title; the letters typed are heavier."""
        ink = "tertiary" if item.why_not else "text"
        cut = len(self._typed) if item.title.lower().startswith(self._typed.lower()) else 0
        width = 0
        for text, face in ((item.title[:cut], Face.STRONG), (item.title[cut:], Face.BODY)):
            if text:
                rest = area.adjusted(width, 0, 0, 0)
                width += pen.write(painter, self.theme, rest, text, face=face, colour=ink)
        return width


class Palette(QWidget):
    """Lies over the window with a veil; Esc, or a click beside it, closes it."""

    def __init__(self, context: WindowContext, table: CommandTable, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._table = table
        self._theme = context.theme
        self._hits: Sequence[Hit] = ()
        self._before: QWidget | None = None
        self._asked = 0
        self._said = ""
        self.field = QLineEdit(self)
        self.field.setProperty("look", "bare")
        self.field.setAccessibleName(tr("Command palette"))
        self.field.setPlaceholderText(tr("Type a command, a page, or something of the case"))
        self.field.installEventFilter(self)
        self.list = PaletteList(self._theme, self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._find)
        self.field.textChanged.connect(self._typed)
        self.list.run.connect(self._run)
        window.installEventFilter(self)
        self.hide()

    def open(self, text: str = "") -> None:
        """Open with a text in its field."""
        self._before = self.window().focusWidget()
        self._hits = ()
        self.field.setText(text)
        self._list()
        self.show()
        self.raise_()
        self._place()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_layer(self) -> None:
        """Close, and give the focus back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the choice while typing; follow the size of the window."""
        if watched is self.field and isinstance(event, QKeyEvent):
            return event.type() is QEvent.Type.KeyPress and self._key(event)
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw veil and panel."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 51 if self._is_light() else 128))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(self._theme.colour("ctl"))
        painter.setBrush(self._theme.colour("canvas"))
        panel = self._panel()
        painter.drawRoundedRect(QRectF(panel).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        line = self._theme.colour("line")
        field = self._theme.px(_FIELD)
        painter.fillRect(panel.left() + 1, panel.top() + field, panel.width() - 2, 1, line)
        foot = QRect(panel.left() + 1, panel.bottom() - self._theme.px(_FOOT), panel.width(), 1)
        painter.fillRect(foot.left(), foot.top(), panel.width() - 2, 1, line)
        size = self._theme.px(16)
        corner = QPointF(panel.left() + 17, panel.top() + (field - size) / 2)
        pen.icon(painter, self._theme, corner, "search")
        paint_keys(
            painter, self._theme, QRect(panel.left(), panel.top(), panel.width() - 12, field), "Esc"
        )
        self._draw_foot(painter, panel)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Close when clicked beside the panel."""
        if not self._panel().contains(event.position().toPoint()):
            self.close_layer()

    def _is_light(self) -> bool:
        return self._theme.colour("canvas").lightness() > 128

    def _panel(self) -> QRect:
        width = min(self._theme.px(WIDTH), self.width() - 32)
        height = self._theme.px(_FIELD + _FOOT) + self.list.sizeHint().height()
        height = min(height, self.height() - TOP - 16)
        return QRect((self.width() - width) // 2, TOP, width, height)

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        self.setGeometry(parent.rect())
        panel = self._panel()
        field = self._theme.px(_FIELD)
        left = panel.left() + 17 + self._theme.px(16) + 7
        self.field.setGeometry(left, panel.top() + 1, panel.right() - 70 - left, field - 2)
        top = panel.top() + field + 1
        room = panel.height() - self._theme.px(_FIELD + _FOOT) - 2
        self.list.setGeometry(panel.left() + 1, top, panel.width() - 2, room)
        self.update()

    def _draw_foot(self, painter: QPainter, panel: QRect) -> None:
        height = self._theme.px(_FOOT)
        foot = QRect(panel.left() + 12, panel.bottom() - height, panel.width() - 24, height)
        left = foot.left()
        for keys, words in (("↑ ↓", tr("choose")), ("Enter", tr("run"))):
            area = QRect(left, foot.top(), foot.width(), height)
            left += paint_keys(painter, self._theme, area, keys, align=pen.LEFT) + 7
            rest = QRect(left, foot.top(), foot.width(), height)
            face, ink = Face.SECONDARY, "secondary"
            left += pen.write(painter, self._theme, rest, words, face=face, colour=ink) + 16
        hint = tr("Prefix > commands, # records, @ actors")
        pen.write(
            painter,
            self._theme,
            foot,
            hint,
            face=Face.SECONDARY,
            colour="secondary",
            align=pen.RIGHT,
        )

    def _key(self, event: QKeyEvent) -> bool:
        match Qt.Key(event.key()):
            case Qt.Key.Key_Down:
                self.list.step(1)
            case Qt.Key.Key_Up:
                self.list.step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if self.list.chosen:
                    self._run(self.list.chosen)
            case Qt.Key.Key_Escape:
                self.close_layer()
            case Qt.Key.Key_Tab | Qt.Key.Key_Backtab:
                pass  # the field keeps the focus; arrows move the choice
            case _:
                return False
        return True

    def _run(self, item: Item) -> None:
        self.close_layer()
        if item.run is not None:
            item.run()

    def _typed(self) -> None:
        self._hits = ()
        self._asked += 1  # an answer to what stood there before comes too late
        finds = wanted(self.field.text()).finds
        self._said = tr("Searching…") if finds else ""
        self._list()
        self._place()
        self._pause.start()

    def _list(self) -> None:
        text = self.field.text()
        items = listed(text, self._table, self._hits, self._go)
        self.list.show_items(items, wanted(text).text, self._said)

    def _go(self, hit: Hit) -> None:
        if hit.narrow:
            self.open(hit.narrow)
        else:
            self._context.navigation.go(hit.page, hit.place)

    def _find(self) -> None:
        asked = wanted(self.field.text())
        if not asked.finds:
            return
        number, find = self._asked, self._context.services.find
        self._context.jobs.read(
            lambda: find(asked.text, asked.kind, _MOST_HITS),
            owner=self,
            on_done=lambda hits: self._found(number, hits, ""),
            on_failed=lambda fault: self._found(number, (), fault.sentence),
        )

    def _found(self, number: int, hits: Sequence[Hit], said: str) -> None:
        if number == self._asked and self.isVisible():
            self._hits, self._said = hits, said
            self._list()
            self._place()
