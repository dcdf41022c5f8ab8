"""The one way in which text reaches the screen, so that evidence cannot dress it up.

Qt reads any text that looks like HTML as HTML in labels, tooltips and message boxes: an evidence
file named ``<img src=…>`` would be drawn. What holds here (VERDICTS section 8), and a test finds
any second way:

* labels are plain text, always;
* tooltips, which have no plain mode, are escaped;
* what cannot be seen or moves what can be seen (control and bidi characters) is shown as a mark;
* ``&`` in a button or menu is a letter, not a shortcut.
"""

import html
from math import ceil

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from workbench.evidence.text import visible
from workbench.gui.fonts import Face
from workbench.gui.theme import Theme

#: Characters that are shown at most: evidence may hold a text of millions, and laying it out
#: would hold up the window. The ends are shown; the view of the bytes has all of it.
MOST_SHOWN = 4_000
MOST_IN_TIP = 2_000
_WIDTHS_KEPT = 4


def tr(text: str) -> str:
    """Return our own words in the user's language; verdict words and codes stay as they are."""
    return QCoreApplication.translate("workbench", text)


def tooltip_of(text: str) -> str:
    """Return text for a tooltip: escaped, because Qt would guess whether it is HTML."""
    lines = (html.escape(visible(line)) for line in text[:MOST_IN_TIP].split("\n"))
    return f"<p style='white-space: pre-wrap'>{'<br>'.join(lines)}</p>" if text else ""


def set_tooltip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip; nothing is said in a tooltip only."""
    widget.setToolTip(tooltip_of(text))


def action_text(text: str) -> str:
    """Return text for a button, tab or menu: ``&`` is a letter there."""
    return visible(text).replace("&", "&&")


def _shortened(text: str) -> str:
    """Return both ends of a text that is too long to be shown."""
    half = MOST_SHOWN // 2
    return text if len(text) <= MOST_SHOWN else f"{text[:half]} … {text[-half:]}"


class PlainLabel(QLabel):
    """Text as it is. It takes its face and colour from the theme, also when that changes."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        face: Face = Face.BODY,
        colour: str = "text",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._face = face
        self._colour = colour
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self._dress()
        theme.changed.connect(self._dress)

    def setText(self, text: str) -> None:
        """Show ``text``, line by line, with what is hidden in it made visible."""
        shown = "\n".join(visible(line) for line in _shortened(text).split("\n"))
        super().setText(shown)

    def recolour(self, colour: str) -> None:
        """Use another token."""
        self._colour = colour
        self._dress()

    def _dress(self) -> None:
        self.setFont(self._theme.font(self._face))
        palette = self.palette()
        palette.setColor(self.foregroundRole(), self._theme.colour(self._colour))
        self.setPalette(palette)


class Paragraph(PlainLabel):
    """Text over several lines. Long names and digests are broken, so that none is cut off.

    Its width never pushes anything aside; the context menu copies what it says.
    """

    _PROSE = 72

    def __init__(
        self, theme: Theme, text: str = "", face: Face = Face.BODY, colour: str = "text"
    ) -> None:
        self._shapes: dict[int, QTextLayout] = {}
        super().__init__(theme, text, face, colour)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        """Show ``text`` over as many lines as it takes."""
        self._shapes.clear()
        super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Lay out anew when the face changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._shapes.clear()

    def hasHeightForWidth(self) -> bool:
        """Say that a narrow one is taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        return ceil(self._laid_out(width).boundingRect().height())

    def sizeHint(self) -> QSize:
        """Return the width of a line that is easy to read, or less."""
        widest = self.fontMetrics().averageCharWidth() * self._PROSE
        shape = self._laid_out(widest)
        lines = (shape.lineAt(n).naturalTextWidth() for n in range(shape.lineCount()))
        height = ceil(shape.boundingRect().height())
        return QSize(min(ceil(max(lines, default=0)) + 1, widest), height)

    def minimumSizeHint(self) -> QSize:
        """Return room for a word."""
        return QSize(40, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all lines."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        self._laid_out(self.width()).draw(painter, QPointF(0, 0))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy what it says."""
        menu = QMenu(self)
        menu.addAction(tr("Copy text"), self.copy)
        menu.exec(event.globalPos())

    def copy(self) -> None:
        """Copy what it says."""
        QGuiApplication.clipboard().setText(self.text())

    def _laid_out(self, width: int) -> QTextLayout:
        """Return the lines; layouts ask for the same few widths again and again."""
        if width not in self._shapes:
            if len(self._shapes) >= _WIDTHS_KEPT:
                self._shapes.clear()
            self._shapes[width] = self._lay_out(width)
        return self._shapes[width]

    def _lay_out(self, width: int) -> QTextLayout:
        """Lay out lines that break at words, and inside long ones; Qt's label cannot."""
        shape = QTextLayout(self.text().replace("\n", "\u2028"), self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        shape.setTextOption(option)
        shape.beginLayout()
        top = 0.0
        while (line := shape.createLine()).isValid():
            line.setLineWidth(max(width, 8))
            line.setPosition(QPointF(0, top))
            top += line.height()
        shape.endLayout()
        return shape


class ElidingLabel(PlainLabel):
    """One line that ends in … where there is no room; the whole is in tooltip and name."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        face: Face = Face.BODY,
        colour: str = "text",
        *,
        middle: bool = False,
    ) -> None:
        self._whole = ""
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        super().__init__(theme, text, face, colour)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Show as much of ``text`` as there is room for."""
        self._whole = visible(text, limit=MOST_SHOWN)
        super().setText(self._whole)
        self.setAccessibleName(self._whole)
        self._tell_the_whole()

    def minimumSizeHint(self) -> QSize:
        """Return room for an elided letter or two."""
        return QSize(min(24, super().sizeHint().width()), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the whole in a tooltip when it does not fit."""
        super().resizeEvent(event)
        self._tell_the_whole()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when the face changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._tell_the_whole()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what there is room for."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self._whole, self._mode, area.width())
        painter.drawText(area, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)

    def _tell_the_whole(self) -> None:
        needed = self.fontMetrics().horizontalAdvance(self._whole)
        set_tooltip(self, self._whole if needed > self.contentsRect().width() > 0 else "")
