"""What stands between the case and its report: what blocks, what is allowed, what is done."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import clear, column, row
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.mark import MEDIUM, Mark, VerdictMark
from workbench.gui.parts.word_icon import WordIcon
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.services.reports import Note

_MOST = 8


class Ready(QWidget):
    """The list; ``went`` gives the page where something can be done."""

    went = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines = column(gap=10)
        outer = column(gap=10)
        outer.addWidget(PlainLabel(theme, tr("Ready to sign?"), Face.SECTION))
        outer.addLayout(self._lines)
        self.setLayout(outer)

    def show_notes(self, notes: "Iterable[Note]") -> None:
        """Show them, the gravest first."""
        clear(self._lines)
        order = ("blocks", "allowed", "done")
        found = sorted(notes, key=lambda note: order.index(note.weight))
        for note in found[:_MOST]:
            self._add(note.weight, note.what, note.detail, note.page)
        if len(found) > _MOST:
            more = tr("and {} more: see Findings").format(f"{len(found) - _MOST:,}")
            self._lines.addWidget(Paragraph(self._theme, more, Face.SECONDARY, "secondary"))
        again = tr("All evidence is hashed again before the signature.")
        self._add("done", again, tr("A digest that differs stops it."), "")

    def _add(self, weight: str, what: str, detail: str, page: str) -> None:
        theme = self._theme
        line, words = row(gap=8), column(gap=2)
        top = Qt.AlignmentFlag.AlignTop
        mark = {"blocks": Mark.FAILED, "allowed": Mark.INDETERMINATE}.get(weight)
        icon: QWidget = (
            WordIcon(theme, "check") if mark is None else VerdictMark(theme, mark, MEDIUM)
        )
        line.addWidget(icon, 0, top)
        words.addWidget(Paragraph(theme, what))
        said = tr("Blocks the report. {}").format(detail) if weight == "blocks" else detail
        if said:
            words.addWidget(Paragraph(theme, said, Face.SECONDARY, "secondary"))
        line.addLayout(words, 1)
        if page:
            button = Button(theme, tr("Open"), look=Look.LINK)
            button.setAccessibleName(tr("Open {}").format(page))
            button.clicked.connect(lambda: self.went.emit(page))
            line.addWidget(button, 0, top)
        self._lines.addLayout(line)
