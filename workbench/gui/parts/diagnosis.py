"""One break: what it is, where, what is stored and what was computed, what that leaves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Line, boxed, column, row
from workbench.gui.parts.buttons import Button, IconButton, LinkLine, Look
from workbench.gui.parts.causes import Cause, Holds, causes_of, notes_of
from workbench.gui.parts.digest import grouped
from workbench.gui.parts.mark import LARGE, SMALL, VerdictMark, mark_of
from workbench.gui.text import ElidingLabel, Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.locator import Locator
from workbench.model.verdict import Diagnosis, Indication
from workbench.report.glossary import headline, words

_LABEL = 92
_ALL = 64


@dataclass(frozen=True, slots=True)
class DiagnosisView:
    """What a card shows.

    Attributes:
        diagnosis: the break.
        indication: what it did to the subject.
        place: where it lies, or None where that is not known.
        event: what the record says happened, as claimed, or "".
        when: between which times the change was made, as far as anchors bound it, or "".
        holds: what still holds.
        sought: whether what rests on it is still being looked for.
    """

    diagnosis: Diagnosis
    indication: Indication
    place: Locator | None = None
    event: str = ""
    when: str = ""
    holds: tuple[Holds, ...] = ()
    sought: bool = False


class DiagnosisCard(QWidget):
    """The card. ``blast_chosen`` gives the entry of the blast radius that was pressed."""

    show_bytes = Signal()
    new_finding = Signal()
    blast_chosen = Signal(str)

    def __init__(self, theme: Theme, view: DiagnosisView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = view
        outer = column(gap=0)
        self.setLayout(outer)
        outer.addLayout(self._head())
        outer.addSpacing(6)
        outer.addWidget(Paragraph(theme, self._meaning()))
        outer.addSpacing(12)
        outer.addWidget(self._facts())
        outer.addSpacing(10)
        outer.addWidget(Line(theme))
        outer.addSpacing(10)
        outer.addLayout(self._columns())
        outer.addStretch()
        self.setAccessibleName(f"{view.indication}: {headline(view.diagnosis)}")

    def _head(self) -> QHBoxLayout:
        line = row(gap=8)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(VerdictMark(self._theme, mark_of(self._view.indication), LARGE), 0, top)
        named = column(gap=1)
        named.addWidget(Paragraph(self._theme, headline(self._view.diagnosis), Face.SECTION))
        code = self._view.diagnosis.kind.value
        named.addWidget(ElidingLabel(self._theme, code, Face.MONO, "secondary"))
        line.addLayout(named, 1)
        bytes_button = Button(self._theme, tr("Show bytes"), "binary")
        place = self._view.place
        known = place is not None and place.offset is not None
        bytes_button.allow("" if known else tr("No single place in the bytes shows this."))
        bytes_button.clicked.connect(self.show_bytes)
        self.finding = Button(self._theme, tr("New finding"), "flag", Look.PRIMARY)
        self.finding.clicked.connect(self.new_finding)
        line.addWidget(bytes_button, 0, top)
        line.addWidget(self.finding, 0, top)
        return line

    def _meaning(self) -> str:
        word = words()[self._view.diagnosis.kind]
        decides = f"{tr('What would decide it:')} {word.decides}" if word.decides else ""
        said = (word.meaning, self._view.when, decides, *notes_of(self._view.diagnosis))
        return " ".join(part for part in said if part)

    def _facts(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, self._theme.px(_LABEL))
        grid.setColumnStretch(1, 1)
        diagnosis = self._view.diagnosis
        self._fact(grid, tr("Place"), self._place())
        self._fact(grid, tr("Event"), self._event())
        differs = diagnosis.stored != diagnosis.recomputed
        self._fact(grid, tr("Stored"), self._value(diagnosis.stored))
        colour = "failed" if differs and diagnosis.stored else "text"
        self._fact(grid, tr("Recomputed"), self._value(diagnosis.recomputed, colour))
        return box

    def _fact(self, grid: QGridLayout, label: str, value: QWidget | None) -> None:
        if value is not None:
            line = grid.rowCount()
            name = PlainLabel(self._theme, label, Face.SECONDARY, "secondary")
            grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(value, line, 1)

    def _place(self) -> QWidget | None:
        text = place_words(self._view.diagnosis, self._view.place)
        if not text:
            return None
        line = row(gap=2)
        line.addWidget(ElidingLabel(self._theme, text, Face.MONO, middle=True))
        copy = IconButton(self._theme, "copy", tr("Copy the place"), small=True)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        line.addWidget(copy)
        line.addStretch()
        return boxed(line)

    def _event(self) -> QWidget | None:
        return Paragraph(self._theme, self._view.event) if self._view.event else None

    def _value(self, value: str, colour: str = "text") -> QWidget | None:
        if not value:
            return None
        shown = grouped(value, 8) if re.fullmatch("[0-9a-f]{16,}", value) else value
        return Paragraph(self._theme, shown, Face.MONO, colour)

    def _columns(self) -> QHBoxLayout:
        line = row(gap=24)
        diagnosis = self._view.diagnosis
        parts = (
            (tr("What still holds"), [self._hold(each) for each in self._view.holds]),
            (tr("Innocent causes"), self._causes(causes_of(diagnosis))),
            (tr("Blast radius"), [self._blast(each) for each in diagnosis.blast_radius[:_ALL]]),
        )
        nothing = (
            tr("Nothing that was checked."),
            tr("None is known for this kind of break."),
            tr("Looking for what rests on it…")
            if self._view.sought
            else tr("Nothing else in the case is known to rest on it."),
        )
        for (title, rows), empty in zip(parts, nothing, strict=True):
            line.addWidget(self._column(title, rows, empty), 1, Qt.AlignmentFlag.AlignTop)
        return line

    def _column(self, title: str, rows: Sequence[QWidget], empty: str) -> QWidget:
        stack = column(gap=6)
        stack.addWidget(PlainLabel(self._theme, title, Face.STRONG))
        for each in rows:
            stack.addWidget(each)
        if not rows:
            stack.addWidget(Paragraph(self._theme, empty, Face.SECONDARY, "secondary"))
        stack.addStretch()
        return boxed(stack)

    def _hold(self, holds: Holds) -> QWidget:
        texts = ((holds.text, Face.BODY, "text"), (holds.detail, Face.SECONDARY, "secondary"))
        return self._marked(VerdictMark(self._theme, holds.mark, SMALL), texts)

    def _causes(self, causes: Sequence[Cause]) -> list[QWidget]:
        """Return the causes under what testing them gave: said once, not for each of them."""
        rows: list[QWidget] = []
        for state in dict.fromkeys(cause.state for cause in causes):
            rows.append(PlainLabel(self._theme, state.value, Face.WORD, "secondary"))
            rows += [
                Paragraph(self._theme, cause.text, Face.SECONDARY)
                for cause in causes
                if cause.state is state
            ]
        return rows

    def _marked(self, mark: QWidget, texts: Sequence[tuple[str, Face, str]]) -> QWidget:
        line = row(gap=8)
        top = Qt.AlignmentFlag.AlignTop
        stack = column(gap=0)
        for text, face, colour in texts:
            stack.addWidget(Paragraph(self._theme, text, face, colour))
        holder = column()
        holder.setContentsMargins(0, 2 if isinstance(mark, VerdictMark) else 0, 0, 0)
        holder.addWidget(mark)
        line.addWidget(boxed(holder), 0, top)
        line.addWidget(boxed(stack), 1, top)
        return boxed(line)

    def _blast(self, entry: str) -> QWidget:
        link = LinkLine(self._theme, entry)
        link.clicked.connect(lambda: self.blast_chosen.emit(entry))
        return link


def place_words(diagnosis: Diagnosis, place: Locator | None) -> str:
    """Return record, offset and length as one line to copy."""
    parts = []
    if diagnosis.path:
        parts.append(diagnosis.path)
    if diagnosis.record is not None:
        last = diagnosis.last
        one = f"record {diagnosis.record:,}"
        parts.append(one if last is None else f"records {diagnosis.record:,} – {last:,}")
    offset = diagnosis.offset if place is None or place.offset is None else place.offset
    if offset is not None:
        parts.append(f"offset {offset:,}")
    if place is not None and place.length is not None:
        parts.append(f"{place.length:,} bytes")
    return " · ".join(parts)
