"""The left of the view of rules: what the auditor states for those that ask for it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from workbench.errors import WorkbenchError
from workbench.gui.detection import asking
from workbench.gui.fonts import Face
from workbench.gui.insights.asking import stated_hours
from workbench.gui.parts.boxes import Panel, boxed, column, scrolled
from workbench.gui.parts.header import MARGIN
from workbench.gui.parts.path_field import PathField
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.detection import Stated

WIDTH = 264


class StatingPanel(Panel):
    """Working hours, leavers, rules of one's own; ``changed`` says that a field is another."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, edges="e")
        self._theme = theme
        self.hours, self.days, self.zone = QLineEdit(), QLineEdit("mon-fri"), QLineEdit()
        kinds = tr("YAML files (*.yaml *.yml)")
        self.leavers = PathField(theme, tr("File of leavers"), saves=False, kinds=kinds)
        self.folder = PathField(theme, tr("Folder of rules"), saves=False, folder=True)
        self.why = Paragraph(theme, "", Face.SECONDARY, "failed")
        stack = column(gap=4)
        stack.setContentsMargins(MARGIN, 12, 12, 12)
        stack.addWidget(PlainLabel(theme, tr("What you state"), Face.STRONG))
        told = tr("Rules that ask for it are not applicable without it: nothing is guessed.")
        stack.addWidget(Paragraph(theme, told, Face.SECONDARY, "secondary"))
        self._add(stack, tr("Working hours"), self.hours, "08:00-18:00")
        self._add(stack, tr("Working days"), self.days, "mon-fri")
        self._add(stack, tr("Their time zone"), self.zone, "Europe/Berlin, +02:00")
        stack.addSpacing(8)
        for field, name, hint in (
            (self.leavers, tr("Who left, and when"), tr("a YAML file")),
            (self.folder, tr("Rules of your own"), tr("a folder of *.yaml")),
        ):
            stack.addSpacing(4)
            stack.addWidget(PlainLabel(theme, name, Face.SECONDARY, "secondary"))
            field.field.setPlaceholderText(hint)
            field.changed.connect(self.changed)
            stack.addWidget(field)
        stack.addSpacing(8)
        stack.addWidget(self.why)
        stack.addStretch()
        outer = column()
        outer.setContentsMargins(0, 0, 1, 0)
        outer.addWidget(scrolled(boxed(stack)))
        self.setLayout(outer)
        self.setFixedWidth(theme.px(WIDTH))

    def stated(self) -> Stated:
        """Return what is stated.

        Raises:
            WorkbenchError: it cannot be understood, or a file cannot be read.
        """
        path = self.leavers.path()
        gone = None if path is None else asking.leavers(path)
        hours = stated_hours(self.hours.text(), self.days.text(), self.zone.text())
        return Stated(gone, hours)

    def rules_folder(self) -> Path | None:
        """Return the folder of rules that the user brings, or None."""
        return self.folder.path()

    def show_wrong(self, error: WorkbenchError | None) -> None:
        """Say what cannot be understood; None takes it away."""
        self.why.setText(error.message if error is not None else "")

    def _add(self, stack: QVBoxLayout, label: str, field: QLineEdit, hint: str) -> None:
        stack.addSpacing(4)
        stack.addWidget(PlainLabel(self._theme, label, Face.SECONDARY, "secondary"))
        field.setPlaceholderText(hint)
        field.setAccessibleName(label)
        field.textChanged.connect(self.changed)
        stack.addWidget(field)
