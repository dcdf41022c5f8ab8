"""What went wrong, in one sentence above the page; it stays until closed and blocks nothing."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from workbench.errors import IndexDamaged
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import Panel, row
from workbench.gui.parts.buttons import Button, IconButton
from workbench.gui.text import Paragraph, PlainLabel, tr
from workbench.gui.theme import Theme


class ErrorStrip(Panel):
    """Shows the last fault, and how many came before it; ``mend_asked``: do what mends it."""

    mend_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "failed_tint", edges="s", parent=parent)
        self._faults: list[Fault] = []
        self._words = Paragraph(theme, "", Face.BODY, "text")
        self._more = PlainLabel(theme, "", Face.SECONDARY, "secondary")
        self.copy_details = Button(theme, tr("Copy details"), "copy")
        self.copy_details.clicked.connect(self._copy)
        self.mend = Button(theme, tr("Rebuild the index"), "database")
        self.mend.clicked.connect(self.mend_asked)
        self.dismiss = IconButton(theme, "x", tr("Close"))
        self.dismiss.clicked.connect(self.close_one)
        line = row(gap=12)
        line.setContentsMargins(24, 6, 8, 7)
        line.addWidget(self._words, 1)
        line.addWidget(self._more)
        line.addWidget(self.copy_details)
        line.addWidget(self.mend)
        line.addWidget(self.dismiss)
        self.setLayout(line)
        self.hide()

    @property
    def sentence(self) -> str:
        """What it says now."""
        return self._faults[-1].sentence if self._faults else ""

    def show_fault(self, fault: Fault) -> None:
        """Show a fault; the same one again is not shown twice."""
        if fault not in self._faults:
            self._faults.append(fault)
        self._tell()

    def close_one(self) -> None:
        """Take the last one away."""
        if self._faults:
            self._faults.pop()
        self._tell()

    def forget(self, code: str) -> None:
        """Take away what was said of a state of affairs that is no more."""
        self._faults = [fault for fault in self._faults if fault.code != code]
        self._tell()

    def _copy(self) -> None:
        fault = self._faults[-1]
        QGuiApplication.clipboard().setText(f"{fault.sentence}\n\n{fault.details}".strip())

    def _tell(self) -> None:
        self.setVisible(bool(self._faults))
        self._words.setText(self.sentence)
        before = len(self._faults) - 1
        self._more.setText(tr("and {} before it").format(before) if before > 0 else "")
        self.copy_details.setVisible(bool(self._faults and self._faults[-1].details))
        damaged = bool(self._faults) and self._faults[-1].code == IndexDamaged.code
        self.mend.setVisible(damaged)
        self.setAccessibleName(self.sentence)
