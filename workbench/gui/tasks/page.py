"""A page of one task: a form, its act, why that cannot be done yet, and what came of it."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from workbench.gui.amounts import Unit
from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.page import PageWidget
from workbench.gui.parts.boxes import Line, Panel, boxed, clear, column, row, scrolled
from workbench.gui.parts.buttons import Button, Look
from workbench.gui.parts.fields import Fields
from workbench.gui.parts.form import Form
from workbench.gui.parts.header import MARGIN, PageHeader
from workbench.gui.parts.path_field import PathField
from workbench.gui.signing.words import windowed
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.model.case import CaseChanges
from workbench.model.progress import Cancel, Progress

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

T = TypeVar("T")
#: A line of what came of it: label, and value or what shows it.
Told = tuple[str, str | QWidget]
_WIDEST = 880
_LABEL = 132


class TaskPage(PageWidget):
    """Fields are added to ``form`` and watched; a page says ``why_not``, and does it in ``begin``.

    What was told stays until the act is done again. Work runs off the thread of the window; while
    it runs, nothing can be asked a second time.
    """

    def __init__(
        self,
        context: WindowContext,
        title: str,
        facts: str,
        act: tuple[str, str],
        *,
        label: int = 0,
    ) -> None:
        super().__init__()
        self.context = context
        self.theme = context.theme
        self._label = label or _LABEL
        self._busy = ""
        self._proposed: Path | None = None
        self.form = Form(self.theme)
        self.act = Button(self.theme, act[0], act[1], Look.PRIMARY)
        self.beside = row(gap=8)
        self.back = Button(self.theme, tr("Back"), "chevron-left")
        self.why = Paragraph(self.theme, "", Face.SECONDARY, "secondary")
        self.result = column(gap=8)
        self.act.clicked.connect(self.ask)
        self.back.clicked.connect(lambda: context.acts.run("go.back"))
        self._lay_out(title, facts)

    def why_not(self) -> str:
        """Return why it cannot be done now, or ""."""
        raise NotImplementedError

    def begin(self) -> None:
        """Do it: ``start`` or ``change`` what was asked."""
        raise NotImplementedError

    def suggest(self) -> None:
        """Name a place for what is made next: what there is, is never written over."""

    def propose(self, field: PathField, place: Path) -> None:
        """Name a place, unless the user named one of that kind that nothing is at yet."""
        typed = field.path()
        ours = typed is None or typed == self._proposed or typed.suffix != place.suffix
        if ours or os.path.lexists(typed or place):
            self._proposed = place
            field.show_path(place)

    def refresh(self, changes: CaseChanges) -> None:
        """Look again whether it can be done."""
        self.check()

    def watch(self, *fields: QWidget) -> None:
        """Look again whenever one of these changes; Enter in a line asks for the act."""
        for field in fields:
            match field:
                case QLineEdit():
                    field.textChanged.connect(self.check)
                    field.returnPressed.connect(self.ask)
                case QComboBox():
                    field.currentIndexChanged.connect(self.check)
                case QCheckBox():
                    field.toggled.connect(self.check)
                case _:
                    field.changed.connect(self.check)  # type: ignore[attr-defined]
        self.check()

    def ask(self) -> None:
        """Do it, if it can be done."""
        if not self.why_not() and not self._busy:
            self.begin()

    def check(self, *_changed: object) -> None:
        """Say why it cannot be done."""
        why = self._busy or self.why_not()
        self.act.allow(why)
        self.why.setText(why)
        self.why.recolour("secondary")

    def start(
        self,
        title: str,
        work: Callable[[Progress, Cancel], T],
        done: Callable[[T], None],
        *,
        unit: Unit = Unit.BYTES,
    ) -> None:
        """Do something while no case is open."""
        if self._busy:
            return
        self._be_busy()
        self.context.jobs.start(
            title,
            work,
            unit=unit,
            owner=self,
            on_done=partial(self._done, done),
            on_failed=self.fail,
            on_cancelled=self._stopped,
        )

    def change(
        self,
        title: str,
        work: Callable[["CaseStore", Progress, Cancel], T],
        done: Callable[[T], None],
        *,
        unit: Unit = Unit.BYTES,
    ) -> None:
        """Do something with the open case, on the thread that writes it."""
        if self._busy:
            return
        self._be_busy()
        self.context.services.act(
            title,
            work,
            unit=unit,
            owner=self,
            on_done=partial(self._done, done),
            on_failed=self.fail,
            on_cancelled=self._stopped,
        )

    def do(
        self,
        title: str,
        work: Callable[["CaseStore | None", Progress, Cancel], T],
        done: Callable[[T], None],
    ) -> None:
        """Do something beside the open case: on the thread that writes it, where one is open."""
        if self.context.services.case is None:
            self.start(title, lambda progress, cancel: work(None, progress, cancel), done)
        else:
            self.change(title, work, done)

    def tell(self, title: str, lines: Sequence[Told], said: str = "") -> None:
        """Show what came of it."""
        clear(self.result)
        self.result.addWidget(PlainLabel(self.theme, title, Face.SECTION))
        fields = Fields(self.theme, label=self._label)
        for name, value in lines:
            fields.add(name, value)
        self.result.addWidget(fields)
        if said:
            self.result.addWidget(Paragraph(self.theme, said, Face.SECONDARY, "secondary"))
        self.result.addWidget(Line(self.theme))
        self._area.verticalScrollBar().setValue(0)

    def fail(self, fault: Fault) -> None:
        """Say why it was not done."""
        self._busy = ""
        self.check()
        self.why.setText(windowed(fault.sentence))
        self.why.recolour("failed")

    def _done(self, done: Callable[[T], None], result: T) -> None:
        self._busy = ""
        done(result)
        self.suggest()
        self.check()

    def _stopped(self) -> None:
        self.fail(Fault(tr("Stopped: nothing was written.")))

    def _be_busy(self) -> None:
        clear(self.result)
        self._busy = tr("It is being done.")
        self.check()

    def _lay_out(self, title: str, facts: str) -> None:
        lines = column(gap=8)
        lines.setContentsMargins(MARGIN, 8, MARGIN, MARGIN)
        lines.addLayout(self.result)
        lines.addWidget(self.form)
        lines.addStretch()
        body = boxed(lines)
        body.setMaximumWidth(self.theme.px(_WIDEST))
        self._area = scrolled(body)
        outer = column()
        outer.addWidget(PageHeader(self.theme, title, facts, (self.back,)))
        outer.addWidget(self._area, 1)
        outer.addWidget(self._foot())
        self.setLayout(outer)

    def _foot(self) -> QWidget:
        """Return the act and why it cannot be done: always in sight, however long the form."""
        foot = Panel(self.theme, edges="n")
        line = row(gap=8)
        line.setContentsMargins(MARGIN, 10, MARGIN, 10)
        line.addWidget(self.act)
        line.addLayout(self.beside)
        line.addSpacing(8)
        line.addWidget(self.why, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.setLayout(line)
        return foot
