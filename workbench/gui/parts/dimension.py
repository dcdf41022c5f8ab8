"""One of the four questions, its answer, why, and how much of the evidence it is about."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.explain import Explanation
from workbench.gui.parts.mark import LARGE, Mark, mark_of
from workbench.gui.parts.proportion import Counts, ProportionBar
from workbench.gui.parts.word import VerdictWord
from workbench.gui.text import ElidingLabel, Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.verdict import Dimension, DimensionVerdict
from workbench.report.glossary import words

QUESTIONS = {
    Dimension.INTEGRITY: "Do the bytes match their digests?",
    Dimension.AUTHENTICITY: "Who says so?",
    Dimension.COMPLETENESS: "Is anything missing?",
    Dimension.TIME: "Not later than when, says whom?",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dimension block shows.

    Attributes:
        dimension: the question.
        verdict: the answer, or None: not all that it is about was verified.
        sentence: why, in one sentence.
        counts: of which parts.
    """

    dimension: Dimension
    verdict: DimensionVerdict | None
    sentence: str
    counts: Counts


class DimensionBlock(QWidget):
    """Name, question, mark and word, code, sentence, bar. The word explains itself."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, answer: Answer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._name = PlainLabel(theme, "", Face.STRONG)
        self._question = ElidingLabel(theme, "", Face.SECONDARY, "secondary")
        self._word = VerdictWord(
            theme, Mark.NONE, "", size=LARGE, face=Face.TITLE, asks=answer.verdict is not None
        )
        self._code = ElidingLabel(theme, "", Face.MONO, "secondary")
        self._sentence = Paragraph(theme, "", Face.BODY)
        self._bar = ProportionBar(theme, answer.counts)
        for widget, space in (
            (self._name, 2),
            (self._question, 8),
            (self._word, 4),
            (self._code, 6),
            (self._sentence, 8),
        ):
            column.addWidget(widget)
            column.addSpacing(space)
        column.addStretch()
        column.addWidget(self._bar)
        self._word.explain.connect(self.explain)
        self.show_answer(answer)

    def show_answer(self, answer: Answer) -> None:
        """Show another answer."""
        self._answer = answer
        verdict = answer.verdict
        self._name.setText(words()[answer.dimension].short)
        self._question.setText(QUESTIONS[answer.dimension])
        word = verdict.indication.value if verdict else tr("Not verified")
        self._word.show_word(mark_of(verdict), word)
        self._code.setText(verdict.code or "" if verdict else "")
        self._sentence.setText(answer.sentence)
        self._bar.show_counts(answer.counts)
        self.setAccessibleName(f"{words()[answer.dimension].short} {word}: {answer.counts}")

    def explain(self) -> None:
        """Open the explanation at the word."""
        answer = self._answer
        if answer.verdict is None:
            return
        Explanation(
            self._theme,
            answer.verdict,
            dimension=answer.dimension,
            why=answer.sentence,
            parent=self,
        ).open_at(self._word)
        self.chosen.emit(answer.dimension)
