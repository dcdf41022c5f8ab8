"""What is typed about places of the case and not on record yet: it waits until it is, or is not."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from workbench.gui.text import tr
from workbench.model.remark import Place, RemarkKind


class Unsaved(QObject):
    """Tags and notes as they are typed, by place: whoever looks elsewhere does not lose them.

    ``changed`` gives a place of which something was recorded or discarded.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._typed: dict[Place, dict[RemarkKind, str]] = {}

    def at(self, place: Place) -> Mapping[RemarkKind, str]:
        """Return what is typed about a place."""
        return self._typed.get(place, {})

    def keep(self, place: Place, typed: Mapping[RemarkKind, str]) -> None:
        """Take what is typed about a place now."""
        texts = {kind: text for kind, text in typed.items() if text.strip()}
        if texts:
            self._typed[place] = texts
        else:
            self._typed.pop(place, None)

    def recorded(self, place: Place, said: Mapping[RemarkKind, str]) -> None:
        """Let go of what is on record; what was typed since stays."""
        now = self.at(place)
        self.keep(place, {kind: text for kind, text in now.items() if said.get(kind) != text})
        self.changed.emit(place)

    def discard(self, place: Place) -> None:
        """Let go of what is typed about a place."""
        self.keep(place, {})
        self.changed.emit(place)

    def forget(self) -> None:
        """Let go of everything: another case is open."""
        self._typed.clear()

    def said(self) -> str:
        """Say what is not on record yet, or ""."""
        places = [str(place) for place in self._typed]
        if not places:
            return ""
        return tr("What you typed about {} is not on record: add or discard it.").format(
            ", ".join(places)
        )
