"""A finding as it is written: five parts with their question, evidence, response and retest."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.gui.findings.evidence import EvidenceList
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.header import MARGIN
from workbench.gui.parts.writing import LineEdit, TextEdit
from workbench.gui.text import PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.case import Finding

LABEL = 124
_WIDEST = 880
#: Field, name, question.
PARTS = (
    ("criteria", "Criteria", "What should be"),
    ("condition", "Condition", "What is"),
    ("cause", "Cause", "Why it happened"),
    ("consequence", "Consequence", "So what"),
    ("corrective_action", "Corrective action", "What to do"),
)
_HINTS = {
    "criteria": "The rule, with its clause",
    "condition": "What the evidence shows, in numbers and places",
    "cause": "“Not established” is an answer; say what was asked for",
    "consequence": "What rests on it, and what cannot be told any more",
    "corrective_action": "What would put it right, and what would keep it right",
}
AFTER = (
    ("response", "Management response", "Not yet received."),
    ("retest", "Retest", "Open until there is a response."),
)


class FindingEditor(QWidget):
    """All texts of a finding. ``edited`` at each change, ``left`` when the user goes on."""

    edited = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.number = PlainLabel(theme, "", Face.MONO, "secondary")
        self.title = LineEdit(theme, tr("Title"), tr("One line that says it all"), Face.SECTION)
        self.texts = {
            name: TextEdit(theme, f"{tr(title)}: {tr(question)}", tr(_HINTS[name]))
            for name, title, question in PARTS
        } | {name: TextEdit(theme, tr(title), tr(hint)) for name, title, hint in AFTER}
        self.evidence = EvidenceList(theme)
        for field in self._fields():
            field.edited.connect(self.edited)
            field.left.connect(self.left)
        self._lay_out()

    def show_finding(self, finding: Finding) -> None:
        """Show another finding, or another state of this one."""
        self.number.setText(finding.id)
        self.title.show_text(finding.title)
        for name, field in self.texts.items():
            field.show_text(getattr(finding, name))

    def written(self, finding: Finding) -> Finding:
        """Return a finding with what is written here; a title is never empty."""
        texts: dict[str, Any] = {name: field.value() for name, field in self.texts.items()}
        title = self.title.value()
        return replace(finding, title=title if title.strip() else finding.title, **texts)

    def lock(self, *, locked: bool) -> None:
        """Let nothing be written, where the case cannot be."""
        for field in self._fields():
            field.setReadOnly(locked)

    def _fields(self) -> list[LineEdit | TextEdit]:
        return [self.title, *self.texts.values()]

    def _lay_out(self) -> None:
        theme = self._theme
        head = row(gap=12)
        head.addWidget(self.number)
        head.addWidget(self.title, 1)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        grid.setColumnMinimumWidth(0, theme.px(LABEL))
        grid.setColumnStretch(1, 1)
        for at, (name, title, question) in enumerate(PARTS):
            grid.addWidget(self._label(title, question), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self.texts[name], at, 1)
        after = row(gap=16)
        for name, title, _hint in AFTER:
            box = column(gap=6)
            box.addWidget(PlainLabel(theme, tr(title), Face.STRONG))
            box.addWidget(self.texts[name])
            box.addStretch()
            after.addLayout(box, 1)
        form = column(gap=16)
        form.addLayout(head)
        form.addLayout(grid)
        form.addWidget(Line(theme))
        form.addWidget(self.evidence)
        form.addWidget(Line(theme))
        form.addLayout(after)
        form.addStretch()
        inner = boxed(form)
        inner.setMaximumWidth(theme.px(_WIDEST))
        outer = row()
        outer.setContentsMargins(MARGIN, 16, MARGIN, 24)
        outer.addWidget(inner, 1)
        self.setLayout(outer)

    def _label(self, title: str, question: str) -> QWidget:
        box = column(gap=2)
        box.setContentsMargins(0, 4, 0, 0)
        box.addWidget(PlainLabel(self._theme, tr(title), Face.STRONG))
        box.addWidget(PlainLabel(self._theme, tr(question), Face.SECONDARY, "secondary"))
        label = boxed(box)
        label.setFixedWidth(self._theme.px(LABEL))
        return label
