"""What protects a value that is shown: a lock, a link, or nothing, with the word for it."""

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme
from workbench.model.catalog import Protection

_LOOK = {
    Protection.SIGNED: ("lock", "passed", "Signed"),
    Protection.HASHED: ("link", "accent", "Hashed"),
    Protection.UNPROTECTED: ("circle-dashed", "tertiary", "Unprotected"),
}
_GAP = 7
_SIZE = 14


def protection_word(protection: Protection) -> str:
    """Return the word."""
    return _LOOK[protection][2]


def paint_protection(painter: QPainter, theme: Theme, area: QRect, protection: Protection) -> None:
    """Draw mark and word in ``area``, from its left."""
    icon, colour, word = _LOOK[protection]
    size = theme.px(_SIZE)
    ratio = painter.device().devicePixelRatio()
    at = QPointF(area.left(), area.top() + (area.height() - size) / 2)
    painter.drawPixmap(at, theme.pixmap(icon, colour, ratio, size=_SIZE))
    rest = area.adjusted(size + _GAP, 0, 0, 0)
    pen.write(painter, theme, rest, word, face=Face.SECONDARY, colour="secondary")


class ProtectionMark(Painted):
    """The mark of one field, with its word."""

    def __init__(self, theme: Theme, protection: Protection, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._protection = protection
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        paint_protection(painter, self.theme, self.rect(), self._protection)

    def wanted(self) -> QSize:
        """Return room for the longest word, so that marks of a column line up."""
        longest = max(
            pen.width_of(self.theme, word, Face.SECONDARY) for _, _, word in _LOOK.values()
        )
        height = max(self.theme.px(_SIZE), self.theme.metrics(Face.SECONDARY).height())
        return QSize(self.theme.px(_SIZE) + _GAP + longest + 1, height)

    def said(self) -> str:
        """Return the word."""
        return protection_word(self._protection)
