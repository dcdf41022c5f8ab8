"""The few fields in which the user states what a part of the timeline needs."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from workbench.gui.fonts import Face
from workbench.gui.insights.asking import Said
from workbench.gui.parts.boxes import row
from workbench.gui.text import PlainLabel, tr
from workbench.gui.theme import Theme
from workbench.model.timeline import PartName

_OF = {
    PartName.GAPS: ("times",),
    PartName.BURSTS: ("times", "burst"),
    PartName.REGRESSIONS: ("tolerance",),
    PartName.SESSIONS: ("quiet",),
    PartName.OFF_HOURS: ("hours", "days", "zone"),
    PartName.AROUND: ("within",),
}
#: Label, hint, width.
_FIELDS = {
    "times": ("Times the usual", "10", 56),
    "burst": ("Records at least", "20", 56),
    "tolerance": ("Tolerated", "0s", 56),
    "quiet": ("Pause that ends one", "30m", 56),
    "hours": ("Hours", "08:00-18:00", 104),
    "days": ("Days", "mon-fri", 84),
    "zone": ("Zone", "Europe/Berlin", 124),
    "within": ("±", "5m", 56),
}


class Knobs(QWidget):
    """Fields with their labels; ``changed`` on Enter, or when a changed one is left."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._shown: Said = Said()
        self.fields: dict[str, QLineEdit] = {}
        self._labels: dict[str, PlainLabel] = {}
        line = row(gap=8)
        line.addStretch(1)
        for name, (label, hint, width) in _FIELDS.items():
            words = PlainLabel(theme, tr(label), Face.SECONDARY, "secondary")
            field = QLineEdit(getattr(self._shown, name))
            field.setPlaceholderText(hint)
            field.setAccessibleName(tr(label))
            field.setFixedWidth(theme.px(width))
            field.editingFinished.connect(self._finished)
            self.fields[name], self._labels[name] = field, words
            line.addWidget(words)
            line.addWidget(field)
        self.setLayout(line)

    def show_part(self, name: PartName) -> None:
        """Show the fields of a part."""
        for field in _FIELDS:
            shown = field in _OF.get(name, ())
            self.fields[field].setVisible(shown)
            self._labels[field].setVisible(shown)

    def said(self, before: Said) -> Said:
        """Return what is stated, as far as these fields say it."""
        typed = {name: field.text() for name, field in self.fields.items()}
        self._shown = replace(before, **typed)  # type: ignore[arg-type]  # all of them are texts
        return self._shown

    def _finished(self) -> None:
        shown = self._shown
        if any(field.text() != getattr(shown, name) for name, field in self.fields.items()):
            self.changed.emit()
