"""What is read off the thread of the window and shown where it was asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from workbench.gui.context import Services
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import clear, column
from workbench.gui.text import Paragraph, tr
from workbench.gui.theme import Theme

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

T = TypeVar("T")


class Later(QWidget):
    """Says that it is being read, then what was read, or why it could not be."""

    def __init__(
        self,
        theme: Theme,
        services: Services,
        work: Callable[["CaseStore"], T],
        build: Callable[[T], QWidget],
        *,
        reading: str = "",
    ) -> None:
        super().__init__()
        self._theme = theme
        self._column = column(gap=0)
        self.setLayout(self._column)
        self._say(reading or tr("Reading…"), "secondary")

        def show(found: T) -> None:
            clear(self._column)
            self._column.addWidget(build(found))

        services.read(work, owner=self, on_done=show, on_failed=self._fail)

    def _fail(self, fault: Fault) -> None:
        clear(self._column)
        self._say(fault.sentence, "text")

    def _say(self, words: str, colour: str) -> None:
        self._column.addWidget(Paragraph(self._theme, words, Face.BODY, colour))
