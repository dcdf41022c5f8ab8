"""The proof trail: what was done, after which clause, with what result, and how to redo it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button
from workbench.gui.parts.mark import MEDIUM, Mark, VerdictMark, mark_of
from workbench.gui.parts.word import VerdictWord
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.verdict import DimensionVerdict, Step

_NUMBER = 24
_TITLE = 64


def titled(did: str) -> tuple[str, str]:
    """Return the first words of a step as its title, and the rest of them."""
    if len(did) <= _TITLE:
        return did.removesuffix("."), ""
    for stop in (": ", " (", "; ", ", "):
        head, found, rest = did.partition(stop)
        if found and 8 <= len(head) <= _TITLE:
            return head, (f"({rest}" if stop == " (" else rest)
    half = (_TITLE - 1) // 2
    return f"{did[:half].rstrip()}…{did.removesuffix('.')[-half:].lstrip()}", did


def recipe_of(steps: Sequence[Step]) -> str:
    """Return the shell lines that redo the trail by hand, each under what it does."""
    with_recipe = ((n, step) for n, step in enumerate(steps, 1) if step.recipe)
    return "\n\n".join(
        f"# {n}. {' '.join(step.did.split())}\n{step.recipe}{_prints(step)}"
        for n, step in with_recipe
    )


def _prints(step: Step) -> str:
    return "".join(f"\n# prints: {line}" for line in step.prints.splitlines())


class ProofTrail(QWidget):
    """Numbered steps. ``marks`` says what each gave, where that is known."""

    recipe_copied = Signal(str)

    def __init__(
        self,
        theme: Theme,
        steps: Sequence[Step] = (),
        *,
        verdict: DimensionVerdict | None = None,
        marks: Sequence[Mark | None] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps = tuple(steps)
        self._marks = tuple(marks)
        outer = column(gap=0)
        self.setLayout(outer)
        outer.addWidget(self._head(verdict))
        outer.addSpacing(8)
        outer.addWidget(Line(theme))
        outer.addSpacing(12)
        outer.addWidget(self._body())
        outer.addStretch()
        self.setAccessibleName(f"Proof trail of {len(self._steps)} steps")

    def copy_recipe(self) -> None:
        """Copy the shell lines."""
        recipe = recipe_of(self._steps)
        QGuiApplication.clipboard().setText(recipe)
        self.recipe_copied.emit(recipe)

    def _head(self, verdict: DimensionVerdict | None) -> QWidget:
        line = row(gap=8)
        if verdict is not None:
            line.addWidget(VerdictWord(self._theme, mark_of(verdict), verdict.indication.value))
        line.addStretch()
        button = Button(self._theme, tr("Copy recipe"), "copy")
        none = tr("No step of this trail can be redone with a shell line.")
        button.allow("" if any(step.recipe for step in self._steps) else none)
        button.clicked.connect(self.copy_recipe)
        line.addWidget(button)
        return boxed(line)

    def _body(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, _NUMBER)
        grid.setColumnStretch(1, 1)
        for number, step in enumerate(self._steps, 1):
            self._add(grid, number, step)
        return body

    def _add(self, grid: QGridLayout, number: int, step: Step) -> None:
        top = Qt.AlignmentFlag.AlignTop
        line = grid.rowCount()
        left = column(gap=4)
        left.addWidget(PlainLabel(self._theme, str(number), Face.STRONG, "tertiary"))
        if number < len(self._steps):
            rail = Line(self._theme, upright=True)
            left.addWidget(rail, 1, Qt.AlignmentFlag.AlignLeft)
            left.setContentsMargins(0, 0, 0, 4)
        else:
            left.addStretch()
        grid.addWidget(boxed(left), line, 0)
        grid.addWidget(self._words(step), line, 1, top)
        mark = self._marks[number - 1] if number <= len(self._marks) else None
        if mark is not None:
            grid.addWidget(VerdictMark(self._theme, mark, MEDIUM), line, 2, top)

    def _words(self, step: Step) -> QWidget:
        words = column(gap=1)
        words.setContentsMargins(0, 0, 8, 14)
        title, rest = titled(step.did)
        words.addWidget(Paragraph(self._theme, title, Face.BUTTON))
        clause = " · ".join(part for part in (step.clause, rest) if part)
        if clause:
            words.addWidget(Paragraph(self._theme, clause, Face.SECONDARY, "secondary"))
        words.addWidget(Paragraph(self._theme, step.result, Face.MONO))
        return boxed(words)
