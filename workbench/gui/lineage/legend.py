"""What each line of the picture means: its dashes, its mark, its words."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from workbench.gui.fonts import Face
from workbench.gui.lineage.paint import STYLES
from workbench.gui.parts import pen
from workbench.gui.parts.mark import SMALL, paint_mark
from workbench.gui.parts.painted import Painted
from workbench.gui.text import tr
from workbench.model.lineage import EdgeStatus

_HEIGHT, _SAMPLE, _GAP = 30, 44, 24
_MARGIN = 24


class Legend(Painted):
    """All four, seen in the picture or not."""

    def draw(self, painter: QPainter) -> None:
        """Draw each: a line with its mark, and its words."""
        left, middle = _MARGIN, self.height() / 2
        for status in reversed(EdgeStatus):
            colour, dashes, mark, words = STYLES[status]
            line = QPen(self.theme.colour(colour), 1.6)
            if dashes:
                line.setDashPattern(list(dashes))
            line.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(line)
            painter.drawLine(QPointF(left, middle), QPointF(left + _SAMPLE, middle))
            centre = QPointF(left + _SAMPLE / 2, middle)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour("canvas"))
            painter.drawEllipse(centre, SMALL / 2 + 2, SMALL / 2 + 2)
            paint_mark(painter, self.theme, centre - QPointF(SMALL / 2, SMALL / 2), mark, SMALL)
            left += _SAMPLE + 8
            area = QRect(round(left), 0, max(self.width() - round(left), 0), self.height())
            text = tr(words)
            written = pen.write(
                painter, self.theme, area, text, face=Face.SECONDARY, colour="secondary"
            )
            left += written + _GAP

    def wanted(self) -> QSize:
        """Return its height."""
        return QSize(480, self.theme.px(_HEIGHT))

    def said(self) -> str:
        """Return the words."""
        return tr("Lines: ") + ", ".join(tr(words) for *_, words in STYLES.values())
