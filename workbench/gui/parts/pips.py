"""The level of assurance as four rising bars, filled up to the level."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme
from workbench.model.verdict import LEVEL_NAMES

BAR, GAP, HEIGHT = 4, 1, 12
WIDTH = 4 * BAR + 3 * GAP
_SHARES = (0.4, 0.6, 0.8, 1.0)
_WORD_GAP = 8


def level_name(level: int) -> str:
    """Return the word of a level."""
    return LEVEL_NAMES[min(max(level, 0), 4)]


def paint_pips(painter: QPainter, theme: Theme, at: QPoint, level: int) -> None:
    """Draw the four bars with their upper left corner at ``at``."""
    for number, share in enumerate(_SHARES):
        height = round(HEIGHT * share)
        bar = QRect(at.x() + number * (BAR + GAP), at.y() + HEIGHT - height, BAR, height)
        if number < level:
            pen.fill(painter, bar, theme.colour("level_4"))
        else:
            pen.outline(painter, bar, theme.colour("ctl"))


class LevelPips(Painted):
    """The four bars, and the word beside them."""

    def __init__(
        self, theme: Theme, level: int, *, word: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_level(level, word=word)

    def show_level(self, level: int, *, word: str | None = None) -> None:
        """Show another level; ``word`` stands in for its name, "" for none."""
        self._level = level
        self._word = level_name(level) if word is None else word
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw bars and word."""
        paint_pips(painter, self.theme, QPoint(0, (self.height() - HEIGHT) // 2), self._level)
        area = self.rect().adjusted(WIDTH + _WORD_GAP, 0, 0, 0)
        pen.write(painter, self.theme, area, self._word, face=Face.SECONDARY, colour="secondary")

    def wanted(self) -> QSize:
        """Return room for bars and word."""
        word = pen.width_of(self.theme, self._word, Face.SECONDARY)
        height = max(self.theme.metrics(Face.SECONDARY).height(), HEIGHT)
        return QSize(WIDTH + (_WORD_GAP + word + 1 if word else 0), height)

    def said(self) -> str:
        """Return level and word."""
        return f"level {self._level}, {level_name(self._level)}"
