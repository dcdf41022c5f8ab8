"""What a verdict word means, why it stands here, what would change it: shown at the word."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.buttons import IconButton
from workbench.gui.parts.mark import Mark, mark_of
from workbench.gui.parts.word import VerdictWord
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.verdict import Dimension, DimensionVerdict, Indication
from workbench.report.glossary import meaning_of, words

WIDTH = 400
_NOT_A_SUSPICION = "Not a suspicion and not an approval."


class Explanation(QFrame):
    """A popover of three paragraphs; Esc or a click beside it closes it."""

    def __init__(
        self,
        theme: Theme,
        verdict: DimensionVerdict,
        *,
        dimension: Dimension | None = None,
        why: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(theme.px(WIDTH))
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(self._head(verdict))
        for title, text in paragraphs(verdict, dimension=dimension, why=why):
            column.addWidget(PlainLabel(theme, title, Face.WORD, "secondary"))
            column.addWidget(Paragraph(theme, text))
        self.setAccessibleName(f"{verdict.indication}: {meaning_of(verdict).meaning}")

    def open_at(self, anchor: QWidget) -> None:
        """Open below ``anchor``, inside the screen."""
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(0, anchor.height() + 6))
        screen = anchor.screen().availableGeometry()
        left = min(corner.x(), screen.right() - self.width() - 8)
        top = min(corner.y(), screen.bottom() - self.height() - 8)
        self.move(max(left, screen.left()), max(top, screen.top()))
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("canvas"))
        painter.setPen(self._theme.colour("ctl"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _head(self, verdict: DimensionVerdict) -> QHBoxLayout:
        row = QHBoxLayout()
        mark = mark_of(verdict)
        row.addWidget(VerdictWord(self._theme, mark, verdict.indication.value))
        if verdict.code:
            row.addWidget(PlainLabel(self._theme, verdict.code, Face.MONO, "secondary"))
        row.addStretch()
        close = IconButton(self._theme, "x", tr("Close"))
        close.clicked.connect(self.close)
        row.addWidget(close)
        return row


def paragraphs(
    verdict: DimensionVerdict, *, dimension: Dimension | None = None, why: str = ""
) -> list[tuple[str, str]]:
    """Return title and text of what is to be said of a verdict."""
    word = meaning_of(verdict)
    general = words()[verdict.indication].meaning
    if verdict.indication is Indication.INDETERMINATE:
        general = f"{tr(_NOT_A_SUSPICION)} {word.meaning}"
    question = words()[dimension].meaning if dimension else ""
    found = [
        (tr("The question"), question),
        (tr("What it means"), general),
        (tr("Why here"), why if why != word.meaning else ""),
        (tr("What would decide it"), word.decides),
    ]
    if mark_of(verdict) is Mark.HALF:
        found.insert(2, (tr("Why only half a mark"), word.meaning))
    return [(title, text) for title, text in found if text]
