"""What a finding is beside its texts: where it is, how grave, whose, by when, from what."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.findings.editor import PARTS
from workbench.gui.fonts import Face
from workbench.gui.parts import pen
from workbench.gui.parts.boxes import Line, clear, column, row
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.mark import Mark
from workbench.gui.parts.painted import Painted
from workbench.gui.parts.word import VerdictWord
from workbench.gui.parts.writing import Choice, DayEdit, LineEdit, labelled
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.case import Finding, FindingState, Severity

_STEP = 24
NOT_ESTABLISHED = "Not established"


class StateSteps(Painted):
    """The states one under the other; arrows and the mouse choose one."""

    edited = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.state = FindingState.DRAFT
        self._is_off = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.tell()

    def show_state(self, state: FindingState) -> None:
        """Show another state."""
        self.state = state
        self.tell()

    def lock(self, *, locked: bool) -> None:
        """Let nothing be chosen."""
        self._is_off = locked

    def draw(self, painter: QPainter) -> None:
        """Draw dots on a line."""
        theme, step = self.theme, self.theme.px(_STEP)
        painter.fillRect(11, step // 2, 1, step * (len(FindingState) - 1), theme.colour("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for number, state in enumerate(FindingState):
            chosen = state is self.state
            middle = number * step + step / 2
            painter.setPen(QPen(theme.colour("accent" if chosen else "ctl"), 1.5))
            painter.setBrush(theme.colour("accent" if chosen else "canvas"))
            painter.drawEllipse(QRectF(11.5 - 4, middle - 4, 8, 8))
            area = self.rect().adjusted(26, 0, 0, 0)
            area.setTop(number * step)
            area.setHeight(step)
            face, ink = (Face.STRONG, "text") if chosen else (Face.BODY, "secondary")
            pen.write(painter, theme, area, tr(state.value.capitalize()), face=face, colour=ink)

    def wanted(self) -> QSize:
        """Return room for all of them."""
        return QSize(120, self.theme.px(_STEP) * len(FindingState))

    def said(self) -> str:
        """Return the state."""
        return tr("State: {}").format(tr(self.state.value))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the state under the pointer."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(event.position().toPoint().y() // self.theme.px(_STEP))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the state above or below."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self._choose(list(FindingState).index(self.state) + by)

    def place_of(self, state: FindingState) -> QPoint:
        """Return where a state stands."""
        step = self.theme.px(_STEP)
        return QPoint(40, list(FindingState).index(state) * step + step // 2)

    def _choose(self, number: int) -> None:
        states = list(FindingState)
        if self._is_off or not 0 <= number < len(states) or states[number] is self.state:
            return
        self.show_state(states[number])
        self.edited.emit()


class FindingDetails(QWidget):
    """The fields at the right; ``edited`` and ``left`` as in the editor."""

    edited = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.saved = PlainLabel(theme, "", Face.SECONDARY, "secondary")
        self.state = StateSteps(theme)
        self.severity = Choice(theme, tr("Severity"), list(Severity))
        self.owner = LineEdit(theme, tr("Action owner"), tr("Who answers for the action"))
        self.due = DayEdit(theme, tr("Due"))
        self._facts = column()
        self._notes = column(gap=8)
        for field in (self.state, self.severity, self.owner, self.due):
            field.edited.connect(self.edited)
        self.owner.left.connect(self.left)
        self.due.left.connect(self.left)
        self._lay_out()

    def show_finding(self, finding: Finding) -> None:
        """Show another finding, or another state of this one."""
        self.state.show_state(finding.state)
        self.severity.show_word(finding.severity)
        self.owner.show_text(finding.owner)
        self.due.show_day(finding.due)
        self.show_facts(finding)

    def show_facts(self, finding: Finding) -> None:
        """Show what nobody writes here, and what is to be said of what is written."""
        _refill(self._facts, [self._fields(finding)])
        _refill(self._notes, map(self._note, notes_on(finding)))

    def written(self, finding: Finding) -> Finding:
        """Return a finding with what is written here."""
        return replace(
            finding,
            state=self.state.state,
            severity=Severity(self.severity.word()),
            owner=self.owner.value(),
            due=self.due.day(),
        )

    def lock(self, *, locked: bool) -> None:
        """Let nothing be written, where the case cannot be."""
        self.state.lock(locked=locked)
        self.severity.setEnabled(not locked)
        self.owner.setReadOnly(locked)
        self.due.setReadOnly(locked)

    def _fields(self, finding: Finding) -> Fields:
        fields = Fields(self._theme, label=76)
        fields.add(tr("Prepared"), finding.author or tr("Not stated"))
        if finding.modified is not None:
            changed = f"{finding.modified.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
            fields.add(tr("Changed"), changed, face=Face.NUMBER)
        if finding.origin:
            fields.add(tr("Made from"), finding.origin)
        return fields

    def _note(self, note: str) -> QWidget:
        line = row(gap=8)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(VerdictWord(self._theme, Mark.INDETERMINATE, ""), 0, top)
        line.addWidget(Paragraph(self._theme, note, Face.SECONDARY, "secondary"), 1)
        box = QWidget()
        box.setLayout(line)
        return box

    def _lay_out(self) -> None:
        theme = self._theme
        head = row(gap=8)
        head.addWidget(PlainLabel(theme, tr("Status"), Face.STRONG))
        head.addStretch()
        head.addWidget(self.saved)
        layout = column(gap=12)
        layout.addLayout(head)
        layout.addWidget(self.state)
        layout.addWidget(Line(theme))
        layout.addWidget(labelled(theme, tr("Severity"), self.severity))
        layout.addWidget(labelled(theme, tr("Action owner"), self.owner))
        layout.addWidget(labelled(theme, tr("Due"), self.due))
        layout.addWidget(Line(theme))
        layout.addLayout(self._facts)
        layout.addLayout(self._notes)
        layout.addStretch()
        self.setLayout(layout)


def notes_on(finding: Finding) -> list[str]:
    """Return what is to be said of a finding before it goes into a report."""
    empty = [tr(title) for name, title, _ in PARTS if not getattr(finding, name).strip()]
    notes = []
    if empty:
        notes.append(tr("Not written yet: {}.").format(", ".join(empty)))
    if finding.cause.strip().lower().startswith(NOT_ESTABLISHED.lower()):
        notes.append(tr("Cause says “not established”. That is allowed; say what you asked for."))
    if not finding.evidence:
        notes.append(tr("No evidence is linked."))
    return notes


def _refill(layout: QVBoxLayout, widgets: Iterable[QWidget]) -> None:
    clear(layout)
    for widget in widgets:
        layout.addWidget(widget)
