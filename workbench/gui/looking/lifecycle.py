"""The life of a model version as steps: what was decided when, and how far each record stands."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.mark import MEDIUM, Mark, colour_of, paint_mark
from workbench.gui.parts.painted import Painted
from workbench.gui.theme import Theme

_HEIGHT = 58


@dataclass(frozen=True, slots=True)
class LifeStep:
    """A step.

    Attributes:
        title: what was decided.
        when: claimed time, short, or what is missing.
        mark: how far the records of it stand.
    """

    title: str
    when: str
    mark: Mark


class Lifecycle(Painted):
    """Steps from left to right; a line leads to each, broken where its record is."""

    def __init__(
        self, theme: Theme, steps: tuple[LifeStep, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._steps = steps
        self.tell()

    def draw(self, painter: QPainter) -> None:
        """Draw lines, marks and words."""
        size, count = self.theme.px(MEDIUM), max(len(self._steps), 1)
        pitch = self.width() // count
        for number, step in enumerate(self._steps):
            left = number * pitch
            if number + 1 < count:
                self._line(painter, left + size + 4, left + pitch - 4, self._steps[number + 1])
            paint_mark(painter, self.theme, QPointF(left, 2), step.mark, size)
            colour = "text" if step.mark is Mark.PASSED else colour_of(step.mark)
            top = size + 6
            for text, face, ink in (
                (step.title, Face.WORD, colour),
                (step.when, Face.SMALL, "secondary"),
            ):
                area = QRect(left, top, pitch - 6, self.theme.px(16))
                pen.write(painter, self.theme, area, text, face=face, colour=ink)
                top += self.theme.px(17)

    def wanted(self) -> QSize:
        """Return its height."""
        return QSize(240, self.theme.px(_HEIGHT))

    def said(self) -> str:
        """Return the steps in words."""
        return "; ".join(f"{s.title} {s.when}, {s.mark.value}" for s in self._steps)

    def _line(self, painter: QPainter, left: int, right: int, to: LifeStep) -> None:
        middle = 2 + self.theme.px(MEDIUM) // 2
        colour = self.theme.colour("ctl" if to.mark is Mark.PASSED else colour_of(to.mark))
        step = 1 if to.mark is Mark.PASSED else 8
        for x in range(left, right, step):
            pen.fill(painter, QRect(x, middle, min(step if step == 1 else 5, right - x), 2), colour)
