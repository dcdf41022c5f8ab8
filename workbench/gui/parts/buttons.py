"""Buttons: their text is plain, their icon is drawn again when the theme changes."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from workbench.gui.fonts import Face
from workbench.gui.icons import SIZE
from workbench.gui.text import action_text, set_tooltip
from workbench.gui.theme import Theme

_GAP = 4
_ARROW = 14
#: What is pressed is at least so high.
_TARGET = 24


class Look(StrEnum):
    """How much a button asks to be pressed: at most one is primary on a page."""

    PLAIN = "plain"
    PRIMARY = "primary"
    LINK = "link"


class Button(QPushButton):
    """A verb and a noun, with an icon where that helps."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        icon: str = "",
        look: Look = Look.PLAIN,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(action_text(text), parent)
        self._theme = theme
        self._icon = icon
        self._look = look
        self.setProperty("look", look.value)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFont(theme.font(Face.BUTTON))
        self._dress()
        theme.changed.connect(self._dress)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take a double click for one: what a button does is not done twice by a nervous hand."""
        event.accept()

    def say(self, text: str) -> None:
        """Show other words."""
        self.setText(action_text(text))
        self.setAccessibleName(text)

    def allow(self, why_not: str) -> None:
        """Enable it, or disable it and say why: no button is off without its reason."""
        self.setEnabled(not why_not)
        set_tooltip(self, why_not)
        self.setAccessibleDescription(why_not)

    def _dress(self) -> None:
        self.setFont(self._theme.font(Face.STRONG if self._look is Look.LINK else Face.BUTTON))
        if self._icon:
            colours = {Look.PRIMARY: "on_accent", Look.LINK: "accent", Look.PLAIN: "secondary"}
            self.setIcon(self._theme.icon(self._icon, colours[self._look], gap=_GAP))
            size = self._theme.px(SIZE)
            self.setIconSize(QSize(size + _GAP, size))


class LinkLine(Button):
    """A link of evidence text: cut at the end where there is no room, whole in its tooltip."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, text, look=Look.LINK, parent=parent)
        self._whole = text

    def sizeHint(self) -> QSize:
        """Return room for all of it."""
        shown = self.fontMetrics().horizontalAdvance(action_text(self._whole))
        return QSize(shown + 2 * _GAP, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return room for a few letters."""
        return QSize(self.fontMetrics().averageCharWidth() * 6, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        super().resizeEvent(event)
        room = self.width() - 2 * _GAP
        mode = Qt.TextElideMode.ElideRight
        cut = self.fontMetrics().elidedText(self._whole, mode, room)
        self.setText(action_text(cut))
        set_tooltip(self, self._whole if cut != self._whole else "")


class DropButton(Button):
    """A button that opens something: an arrow at its right says so."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        icon: str = "",
        *,
        arrow: str = "chevron-down",
        quiet: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, text, icon, parent=parent)
        self._arrow = arrow
        self.setMinimumHeight(theme.px(_TARGET))
        self.setProperty("drop", "true")
        if quiet:
            self.setProperty("look", "quiet")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow over the button."""
        super().paintEvent(event)
        painter = QPainter(self)
        size = self._theme.px(_ARROW)
        shown = self._theme.pixmap(self._arrow, "secondary", self.devicePixelRatio(), size=_ARROW)
        corner = QPointF(self.width() - size - 8, (self.height() - size) / 2)
        painter.drawPixmap(corner, shown)
        painter.end()


class IconButton(QToolButton):
    """An icon alone; its name is in the tooltip and told to assistive technology."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        *,
        checkable: bool = False,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._room = 8 if small else 12
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.rename(name)
        self._dress()
        theme.changed.connect(self._dress)

    def rename(self, name: str) -> None:
        """Give it another name."""
        self.setAccessibleName(name)
        set_tooltip(self, name)

    def show_icon(self, icon: str) -> None:
        """Show another icon."""
        self._icon = icon
        self._dress()

    def _dress(self) -> None:
        size = self._theme.px(SIZE)
        self.setIcon(self._theme.icon(self._icon))
        self.setIconSize(QSize(size, size))
        self.setFixedSize(size + self._room, size + self._room)
