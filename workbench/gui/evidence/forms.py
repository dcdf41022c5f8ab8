"""What the auditor states of evidence: how it came, and how much there was."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.gui.context import WindowContext, read_only
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import column
from workbench.gui.parts.buttons import Button
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.model.case import ControlTotalState, Custody
from workbench.model.case_source import CaseSource, Delivery

_PAIR = re.compile(r"\s*([\w.]+)\s*[=:\t ]\s*([\d,. ]+?)\s*")


class CustodyForm(QWidget):
    """Four fields and a button; what is stated goes into the journal."""

    def __init__(self, context: WindowContext, delivery: Delivery) -> None:
        super().__init__()
        self._context = context
        self._delivery = delivery
        custody = delivery.custody
        at = "" if custody.received_at is None else custody.received_at.isoformat()
        self.received_from = QLineEdit(custody.received_from)
        self.at = QLineEdit(at.replace("+00:00", "Z"))
        self.how = QLineEdit(custody.received_how)
        self.note = QLineEdit(custody.note)
        self.at.setPlaceholderText("2026-07-01T09:30Z")
        self.why = Paragraph(context.theme, "", Face.SECONDARY, "secondary")
        self.save = Button(context.theme, tr("State this"), "save")
        self.save.clicked.connect(self._save)
        self.at.textChanged.connect(self._check)
        stack = column(gap=4)
        for label, field in (
            (tr("From"), self.received_from),
            (tr("When"), self.at),
            (tr("How"), self.how),
            (tr("Note"), self.note),
        ):
            stack.addWidget(PlainLabel(context.theme, label, Face.SECONDARY, "secondary"))
            field.setAccessibleName(label)
            stack.addWidget(field)
            stack.addSpacing(4)
        stack.addWidget(self.save)
        stack.addWidget(self.why)
        self.setLayout(stack)
        self._check()

    def custody(self) -> Custody:
        """Return what was typed.

        Raises:
            ValueError: the time is none.
        """
        text = self.at.text().strip()
        time = datetime.fromisoformat(text) if text else None
        if time is not None:
            time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        return Custody(
            self.received_from.text().strip(),
            time,
            self.how.text().strip(),
            self.note.text().strip(),
        )

    def _check(self) -> None:
        why = read_only(self._context.services)
        try:
            self.custody()
        except (ValueError, OverflowError):
            why = tr("When it came needs a time like 2026-07-01T09:30Z, or nothing.")
        self.save.allow(why)
        self.why.setText(why)

    def _save(self) -> None:
        from workbench.services import cases

        custody, delivery = self.custody(), self._delivery.id
        self._context.services.act(
            tr("State custody"),
            lambda case, _progress, _cancel: cases.change_custody(case, delivery, custody),
            listed=False,
            on_failed=self._context.notices.fail,
        )


class TotalsForm(QWidget):
    """The totals that were stated, and a field for more: one or several ``name = number``."""

    def __init__(self, context: WindowContext, source: CaseSource) -> None:
        super().__init__()
        self._context = context
        self._source = source
        theme = context.theme
        stack = column(gap=6)
        for total in source.totals:
            counted = tr("not counted") if total.counted is None else f"{total.counted:,}"
            differs = total.state is not ControlTotalState.MATCH
            said = tr("{}: {} stated, {} counted here").format(
                total.name, f"{total.stated:,}", counted
            )
            stack.addWidget(
                Paragraph(theme, said, Face.BODY, "indeterminate" if differs else "text")
            )
        self.field = QLineEdit()
        self.field.setPlaceholderText("events = 41200")
        self.field.setAccessibleName(tr("Control totals, as events = 41200"))
        self.state = Button(theme, tr("State totals"), "clipboard-paste")
        self.state.clicked.connect(self._save)
        self.field.textChanged.connect(self._check)
        self.field.returnPressed.connect(self._save)
        told = tr("What the sender says there is, to be compared with what is counted here.")
        stack.addWidget(Paragraph(theme, told, Face.SECONDARY, "secondary"))
        stack.addWidget(self.field)
        stack.addWidget(self.state)
        self.setLayout(stack)
        self._check()

    def _check(self) -> None:
        why = read_only(self._context.services)
        if not why and not totals_of(self.field.text()):
            why = tr("Name a total and a number, as events = 41200.")
        self.state.allow(why)

    def _save(self) -> None:
        from workbench.services import cases

        totals, source = totals_of(self.field.text()), self._source.id
        if totals and self.state.isEnabled():
            self._context.services.act(
                tr("State control totals"),
                lambda case, _progress, _cancel: cases.state_totals(case, source, totals),
                listed=False,
                on_failed=self._context.notices.fail,
            )


def totals_of(text: str) -> Mapping[str, int]:
    """Return what ``events = 41,200; runs = 7`` states; nothing where a part says nothing."""
    totals: dict[str, int] = {}
    for part in re.split(r"[;\n]", text):
        found = _PAIR.fullmatch(part)
        digits = re.sub(r"[,. ]", "", found[2]) if found else ""
        if not found or not digits.isascii() or not digits.isdigit() or len(digits) > 15:
            return {}
        totals[found[1]] = int(digits)
    return totals
