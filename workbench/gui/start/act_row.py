"""Something that can be done: icon, title, what it does, its keys. The whole row is a button."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.press_row import PressRow
from workbench.gui.theme import Theme

HEIGHT = 50
_ICON = 16
_TEXT = 30


class ActRow(PressRow):
    """The row. ``pressed`` says that it was clicked, or Enter or Space pressed on it."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        detail: str,
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._icon = icon
        self._title = title
        self._detail = detail
        self._key = key
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        self.draw_hover(painter)
        at = QPointF(0, (self.height() - self.theme.px(_ICON)) / 2)
        pen.icon(painter, self.theme, at, self._icon, "accent")
        room = self.width() - self._draw_key(painter)
        half = self.height() // 2
        left = self.theme.px(_TEXT)
        upper = QRect(left, 6, room - left, half - 6)
        lower = QRect(left, half, room - left, half - 6)
        pen.write(painter, self.theme, upper, self._title, face=Face.STRONG, colour="accent")
        quiet = {"face": Face.SECONDARY, "colour": "secondary"}
        pen.write(painter, self.theme, lower, self._detail, **quiet)  # type: ignore[arg-type]

    def wanted(self) -> QSize:
        """Return its size."""
        return QSize(280, self.theme.px(HEIGHT))

    def said(self) -> str:
        """Return title and what it does."""
        return f"{self._title}, {self._detail}"

    def _draw_key(self, painter: QPainter) -> int:
        """Draw the keys at the right; return the room they take."""
        if not self._key:
            return 0
        width = pen.width_of(self.theme, self._key, Face.SMALL_HEAD) + 14
        height = self.theme.px(20)
        box = QRect(self.width() - width - 1, (self.height() - height) // 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(self.theme.colour("line"))
        painter.setBrush(self.theme.colour("chrome"))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        pen.write(
            painter,
            self.theme,
            box,
            self._key,
            face=Face.SMALL_HEAD,
            colour="secondary",
            align=pen.CENTRE,
        )
        return width + 8
