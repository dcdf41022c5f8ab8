"""A page of the window: one file in ``pages`` that binds ``PAGE`` adds one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtWidgets import QWidget

from workbench.gui.commands import Act
from workbench.gui.context import WindowContext
from workbench.model.case import CaseChanges


class Group(IntEnum):
    """Where in the rail a page stands; groups have a line between them."""

    START = 0
    CASE = 1
    LOOK = 2
    JUDGE = 3
    JOURNAL = 4
    FOOT = 5
    #: A single task: not in the rail, reached by its command.
    TASK = 6


@dataclass(frozen=True, slots=True)
class Badge:
    """A number beside the name of a page."""

    text: str
    is_bad: bool = False
    said: str = ""


class PageWidget(QWidget):
    """What a page builds. It is told what changed and reads it again; it never polls."""

    def refresh(self, changes: CaseChanges) -> None:
        """Read again what an act of the auditor touched."""

    def reveal(self, place: object) -> None:
        """Show a place on the page; None is the page as it is."""

    def keep_typed(self) -> str:
        """Write what is typed and not in the case yet; return why it cannot be, or "".

        Called when the window closes and no work runs any more, so it may write on the spot.
        """
        return ""

    def acts(self) -> Mapping[str, Act]:
        """Return the commands that this page does while it is on screen."""
        return {}


def no_badge(_context: WindowContext) -> Badge | None:
    """Return nothing."""
    return None


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        id: its name in code and settings.
        title: its name.
        icon: name of its icon.
        order: where it stands in its group; Ctrl+1 to Ctrl+9 and Ctrl+0 follow it.
        group: where in the rail it stands.
        build: makes its widget, when it is first looked at.
        badge: returns the number beside its name, or None.
        inspects: it uses the inspector.
        inspects_narrow: the inspector is open below 1366 pixels too.
        of_case: it shows the open case; without one it cannot be gone to.
        view: what it is called among the views of its page, or "": it is alone.
        under: id of the page in the rail that it is another view of, or "": it is in the rail.
    """

    id: str
    title: str
    icon: str
    order: int
    group: Group
    build: Callable[[WindowContext], PageWidget]
    badge: Callable[[WindowContext], Badge | None] = no_badge
    inspects: bool = True
    inspects_narrow: bool = True
    of_case: bool = True
    view: str = ""
    under: str = ""

    @property
    def home(self) -> str:
        """Return the id of the page in the rail."""
        return self.under or self.id


def views_of(pages: Iterable[Page], page: Page) -> list[Page]:
    """Return the views of a page, the one in the rail first; none where it has no other."""
    found = [each for each in pages if each.home == page.home]
    ordered = sorted(found, key=lambda each: (bool(each.under), each.order))
    return ordered if len(ordered) > 1 else []
