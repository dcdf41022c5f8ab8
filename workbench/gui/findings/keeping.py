"""Keep what is written: soon after the last key, at once where the user goes on, and at the end.

What holds here:

* what is written goes into the case through the one service, so the journal has old and new;
* a save that is under way never overwrites what was typed meanwhile: it is saved after it;
* at the end, when nothing runs any more, what is left is written on the spot.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.gui.context import WindowContext
from workbench.gui.faults import Fault, fault_of
from workbench.gui.findings import asking
from workbench.gui.text import tr
from workbench.model.case import Finding

#: After the last key; and after the first, for one who types without end.
PAUSE_MS, MOST_MS = 900, 5_000


class Kept(StrEnum):
    """Where what is written is."""

    KEPT = "kept"
    WAITING = "waiting"
    FAILED = "failed"


class Keeper(QObject):
    """Keeps what is written; ``told`` gives where the text is, and what went wrong."""

    told = Signal(object, str)

    def __init__(self, context: WindowContext, written: Callable[[], Finding | None]) -> None:
        super().__init__()
        self._context = context
        self._written = written
        self._kept: Finding | None = None
        #: Sent and not confirmed yet, or refused: by number, the last state.
        self._pending: dict[str, Finding] = {}
        self._refused: set[str] = set()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._most = QTimer(self, singleShot=True, interval=MOST_MS)
        self._pause.timeout.connect(self.save)
        self._most.timeout.connect(self.save)

    @property
    def is_clean(self) -> bool:
        """Whether everything that is written is in the case."""
        return not self._pending and self._left() is None

    def newest(self, finding: Finding) -> Finding:
        """Return what was written of a finding, where that is not in the case yet."""
        return self._pending.get(finding.id, finding)

    def take(self, finding: Finding) -> None:
        """Keep this finding from now on; what the case holds of it is this."""
        self._kept = finding

    def note_edit(self) -> None:
        """Hear that something was typed."""
        self._pause.start()
        if not self._most.isActive():
            self._most.start()
        self.told.emit(Kept.WAITING, "")

    def save(self) -> None:
        """Save what is written and not saved; saves are done one after another."""
        self._pause.stop()
        self._most.stop()
        draft = self._left()
        if draft is None:
            return
        self._pending[draft.id] = draft
        self._refused.discard(draft.id)
        self._context.services.act(
            tr("Keep {}").format(draft.id),
            lambda case, _progress, _cancel: asking.change(case, draft),
            listed=False,
            owner=self,
            on_done=lambda _changes: self._saved(draft),
            on_failed=lambda fault: self._failed(draft, fault),
        )

    def finish(self) -> str:
        """Write what is left, now that nothing runs any more; return why that is not possible."""
        self._pause.stop()
        self._most.stop()
        if (draft := self._left()) is not None:
            self._pending[draft.id] = draft
        case = self._context.services.case
        if case is None or not case.writable:
            return ""
        try:
            for number in list(self._pending):
                asking.change(case, self._pending[number])
                del self._pending[number]
        except Exception as error:  # noqa: BLE001 - the window must say it, whatever it is
            fault = fault_of(error)
            self._refused.update(self._pending)
            self.told.emit(Kept.FAILED, fault.sentence)
            return fault.sentence
        self._kept = draft or self._kept
        return ""

    def _left(self) -> Finding | None:
        """Return what is written where that is neither kept nor on its way."""
        draft = self._written()
        if draft is None or self._kept is None or draft.id != self._kept.id:
            return None
        on_its_way = draft.id in self._pending and draft.id not in self._refused
        before = self._pending[draft.id] if on_its_way else self._kept
        return None if same(draft, before) else draft

    def _saved(self, draft: Finding) -> None:
        if self._kept is not None and self._kept.id == draft.id:
            self._kept = draft
        if self._pending.get(draft.id) is draft:
            del self._pending[draft.id]
        if self.is_clean:
            self.told.emit(Kept.KEPT, "")

    def _failed(self, draft: Finding, fault: Fault) -> None:
        if self._pending.get(draft.id) is draft:
            self._refused.add(draft.id)
        self.told.emit(Kept.FAILED, fault.sentence)


def same(one: Finding, other: Finding) -> bool:
    """Tell whether two states say the same; who and when do not count."""
    return replace(one, author="", modified=None) == replace(other, author="", modified=None)
