"""What a package is worth: the four questions, who put it there, and the proof."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.dimension import QUESTIONS
from workbench.gui.parts.mark import mark_of
from workbench.gui.parts.trail import ProofTrail
from workbench.gui.parts.word import VerdictWord
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.verdict import Dimension, SubjectVerdict
from workbench.report.glossary import words

if TYPE_CHECKING:
    from workbench.model.verification import Verification

_NAME, _WORD = 132, 180


def shown_package(theme: Theme, found: "Verification") -> QWidget:
    """Return the verdict on a package in four dimensions, and how to go on."""
    stack = column(gap=8)
    judged = [source for source in found.sources if source.verdict is not None]
    if not judged:
        nothing = tr("Nothing in it is signed: it is no package.")
        stack.addWidget(Paragraph(theme, nothing, Face.BODY, "failed"))
    for source in judged:
        if source.verdict is not None:
            stack.addWidget(PlainLabel(theme, source.path, Face.SECTION))
            _add_answers(theme, stack, source.verdict)
    inside = tr(
        "What lies in it is not judged by that: it is what the signer put there. Unpack it, and "
        "check report.pdf here, with the folder evidence at hand."
    )
    if judged:
        stack.addWidget(Paragraph(theme, inside, Face.BODY, "secondary"))
    return boxed(stack)


def _add_answers(theme: Theme, stack: QVBoxLayout, verdict: SubjectVerdict) -> None:
    for which in Dimension:
        answer = verdict.dimension(which)
        line = row(gap=12)
        name = PlainLabel(theme, words()[which].short, Face.STRONG)
        name.setFixedWidth(theme.px(_NAME))
        word = VerdictWord(theme, mark_of(answer), answer.indication.value)
        word.setMinimumWidth(theme.px(_WORD))
        line.addWidget(name)
        line.addWidget(word)
        line.addWidget(PlainLabel(theme, answer.code or "", Face.MONO, "secondary"))
        line.addStretch()
        stack.addLayout(line)
        question = Paragraph(theme, tr(QUESTIONS[which]), Face.SECONDARY, "secondary")
        stack.addWidget(question)
    for diagnosis in verdict.diagnoses:
        place = diagnosis.path or ""
        stack.addWidget(Paragraph(theme, f"{diagnosis.kind.value} {place}", Face.BODY, "failed"))
    for note in (*verdict.not_covered, *verdict.notes):
        stack.addWidget(Paragraph(theme, note, Face.BODY, "secondary"))
    stack.addWidget(Line(theme))
    stack.addWidget(PlainLabel(theme, tr("Proof trail"), Face.SECTION))
    stack.addWidget(ProofTrail(theme, verdict.steps))
    stack.addSpacing(8)
