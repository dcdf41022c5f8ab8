"""Something of the case that is read when it is looked at; it says so until it is there."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault
from workbench.gui.fonts import Face
from workbench.gui.parts.boxes import clear, column
from workbench.gui.text import Paragraph, tr

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

T = TypeVar("T")


class Awaited(QWidget):
    """Reads off the thread of the window, then shows what ``build`` makes of the answer."""

    def __init__(
        self,
        context: WindowContext,
        work: Callable[["CaseStore"], T],
        build: Callable[[T], QWidget],
    ) -> None:
        super().__init__()
        self._theme = context.theme
        self._layout = column(gap=8)
        self.setLayout(self._layout)
        self._say(tr("Reading…"), "tertiary")
        context.services.read(
            work,
            owner=self,
            on_done=lambda answer: self._show(build(answer)),
            on_failed=self._fail,
        )

    def _show(self, widget: QWidget) -> None:
        clear(self._layout)
        self._layout.addWidget(widget)

    def _fail(self, fault: Fault) -> None:
        clear(self._layout)
        self._say(fault.sentence, "failed")

    def _say(self, words: str, colour: str) -> None:
        self._layout.addWidget(Paragraph(self._theme, words, Face.BODY, colour))
