"""The base of everything that we paint ourselves.

A Python error inside ``paintEvent`` or ``sizeHint`` can end the whole process, so none leaves
this class: it is handed to the program's own hook, and the part stays empty. What is painted is
also said in words, for those who cannot see it.
"""

import sys

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import Theme


def report_fault() -> None:
    """Hand the error being handled to the program's hook, which shows it in one sentence."""
    sys.excepthook(*sys.exc_info())


class Painted(QWidget):
    """A part that paints itself: ``draw``, ``wanted`` and ``said`` are all it must say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.tell)

    def draw(self, painter: QPainter) -> None:
        """Paint it."""
        raise NotImplementedError

    def wanted(self) -> QSize:
        """Return the size it wants."""
        raise NotImplementedError

    def said(self) -> str:
        """Return what it shows, in words."""
        raise NotImplementedError

    def tell(self) -> None:
        """Say and draw anew, after what is shown has changed."""
        self.setAccessibleName(self.said())
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it, and a focus ring."""
        painter = QPainter(self)
        try:
            self.draw(painter)
        except Exception:  # noqa: BLE001 - an error here would end the process
            report_fault()
        if self.hasFocus() and self.focusPolicy() & Qt.FocusPolicy.TabFocus:
            self._draw_focus(painter)
        painter.end()

    def sizeHint(self) -> QSize:
        """Return the size it wants."""
        try:
            return self.wanted()
        except Exception:  # noqa: BLE001 - an error here would end the process
            report_fault()
            return QSize(16, 16)

    def minimumSizeHint(self) -> QSize:
        """Return its height; it can be narrowed."""
        return QSize(16, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew in other colours."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.EnabledChange}:
            self.update()

    def _draw_focus(self, painter: QPainter) -> None:
        painter.resetTransform()
        painter.setClipping(False)
        pen = painter.pen()
        pen.setColor(self.theme.colour("accent"))
        pen.setWidth(2)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
