"""What a page is given: everything it may use, and nothing it could reach around."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from workbench.gui.amounts import Unit
from workbench.gui.commands import Acts
from workbench.gui.faults import Fault
from workbench.gui.jobs import JobRunner
from workbench.gui.parts.inspector import Inspected
from workbench.gui.settings import Settings
from workbench.gui.text import tr
from workbench.gui.theme import Theme
from workbench.gui.unsaved import Unsaved
from workbench.model.case import CaseChanges
from workbench.model.progress import Cancel, Progress
from workbench.model.verdict import Dimension, DimensionVerdict

if TYPE_CHECKING:
    from workbench.services.cases import Standing
    from workbench.store.case_store import CaseStore

T = TypeVar("T")
#: Announced when another case is open, or none any more: pages are built anew.
ANOTHER_CASE = CaseChanges(frozenset({"case"}))


@dataclass(frozen=True, slots=True)
class CaseHeader:
    """What the frame says of the case.

    Attributes:
        title: its name.
        number: the auditor's number, or "".
        dimensions: the verdict of the case; empty until it was verified.
        sources: how much evidence it holds.
        journal_entries: how many acts its journal holds.
        network: acts that used the network; empty unless the auditor asked for one.
        read_only: why nothing can be written to it, or "".
    """

    title: str
    number: str = ""
    dimensions: Mapping[Dimension, DimensionVerdict] = field(default_factory=dict)
    sources: int = 0
    journal_entries: int = 0
    network: tuple[str, ...] = ()
    read_only: str = ""


class FindKind(StrEnum):
    """What the palette looks for; the value is the prefix that asks for it alone."""

    ANYTHING = ""
    RECORDS = "#"
    ACTORS = "@"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something of the case that was found.

    Attributes:
        title: its name.
        detail: what else tells it from others.
        icon: name of an icon.
        page: page that shows it; "" where it is none to go to.
        place: what that page is asked to show (``places``).
        group: under which head it stands; "": what of the case was found.
        narrow: the query that is asked instead where it is chosen, or "".
    """

    title: str
    detail: str
    icon: str
    page: str
    place: object = None
    group: str = ""
    narrow: str = ""


class Services(Protocol):
    """What the window asks of the program: one object over the open case, made at the start.

    How a page uses it:

    * ``standing`` is how the case stands after the last act, at once and without waiting;
    * ``read(lambda case: …)`` asks the case anything that may take 10 ms, on a reader thread; the
      answer comes back on the thread of the window, unless the widget that asked is gone;
    * ``act("Add finding", lambda case, progress, cancel: …)`` changes the case, on the one thread
      that writes it. Every act that is recorded on the way is announced: ``standing`` and
      ``header`` are made anew, then ``JobRunner.case_changed`` is emitted (the window refreshes
      itself and its pages), then ``on_done`` is told;
    * ``case`` is the open ``CaseStore`` itself, for the services that take one; it is never
      written to but in an ``act``, and never used where it could be another one by now.

    With no case open ``read`` and ``act`` do nothing.
    """

    @property
    def case(self) -> "CaseStore | None":
        """The open case, or None."""
        ...

    @property
    def standing(self) -> "Standing | None":
        """How the case stands after the last act, or None."""
        ...

    def header(self) -> CaseHeader | None:
        """Return what the frame says of the case, or None: no case is open."""
        ...

    def read(
        self,
        work: Callable[["CaseStore"], T],
        *,
        owner: QObject | None = None,
        on_done: Callable[[T], None] | None = None,
        on_failed: Callable[[Fault], None] | None = None,
    ) -> None:
        """Ask the case something, off the thread of the window."""
        ...

    def act(
        self,
        title: str,
        work: Callable[["CaseStore", Progress, Cancel], T],
        *,
        unit: Unit = Unit.ITEMS,
        listed: bool = True,
        owner: QObject | None = None,
        on_done: Callable[[T], None] | None = None,
        on_failed: Callable[[Fault], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
    ) -> None:
        """Change the case, on the thread that writes it; ``listed`` gives it a row of the jobs."""
        ...

    def find(self, text: str, kind: FindKind, limit: int) -> Sequence[Hit]:
        """Return what of the case matches a text; called off the thread of the window."""
        ...

    def close(self) -> None:
        """Let go of the case; nothing runs any more."""
        ...


def read_only(services: Services) -> str:
    """Return why nothing can be written to the case, or ""."""
    header = services.header()
    return header.read_only if header else tr("No case is open.")


class Selection(QObject):
    """What is selected; the inspector follows it.

    ``wanted`` says that the user asked to see it: the inspector opens if it was closed.
    """

    changed = Signal(object)
    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._current: Inspected | None = None
        self._page = ""
        self._kept: dict[str, Inspected | None] = {}

    @property
    def current(self) -> Inspected | None:
        """What is selected, or None."""
        return self._current

    def select(self, thing: Inspected | None) -> None:
        """Select something."""
        self._current = thing
        self.changed.emit(thing)

    def turn_to(self, page: str) -> None:
        """Go to a page: what was selected there is selected again, never what is of another."""
        if page != self._page:
            self._kept[self._page] = self._current
            self._page = page
            self.select(self._kept.get(page))

    def forget(self) -> None:
        """Select nothing on any page: another case is open."""
        self._kept.clear()
        self.select(None)

    def show(self, thing: Inspected) -> None:
        """Select something and open the inspector on it."""
        self.select(thing)
        self.wanted.emit()


class Navigation(QObject):
    """Where the user is, and how he came there."""

    asked = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._visited: list[tuple[str, object]] = []
        self._at = -1

    @property
    def can_go_back(self) -> bool:
        """Whether there is a page before."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a page after."""
        return self._at < len(self._visited) - 1

    def go(self, page: str, place: object = None) -> None:
        """Go to a page, and there to a place."""
        here = self._visited[self._at] if self._visited else None
        if here != (page, place):
            del self._visited[self._at + 1 :]
            self._visited.append((page, place))
            self._at = len(self._visited) - 1
        self.asked.emit(page, place)

    def back(self) -> None:
        """Go to the page before."""
        self._step(-1)

    def forward(self) -> None:
        """Go to the page after."""
        self._step(1)

    def forget(self) -> None:
        """Forget where he was: another case is open."""
        self._visited.clear()
        self._at = -1

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._visited):
            self._at += by
            self.asked.emit(*self._visited[self._at])


class Notices(QObject):
    """What the window tells the user, without a box in the way."""

    said = Signal(str)
    failed = Signal(object)
    dropped = Signal(object)
    network = Signal(str)

    def say(self, sentence: str) -> None:
        """Say something in the status bar, for a while."""
        self.said.emit(sentence)

    def fail(self, fault: Fault) -> None:
        """Say above the page what went wrong; it stays until the user closes it."""
        self.failed.emit(fault)

    def use_network(self, server: str) -> None:
        """Say that a server was asked: the window may not call itself offline any more."""
        self.network.emit(server)

    def drop(self, paths: Sequence[Path]) -> None:
        """Say that files were dropped on the window."""
        self.dropped.emit(tuple(paths))


@dataclass(frozen=True, slots=True)
class WindowContext:
    """Handed to every page.

    Attributes:
        theme: how things look.
        jobs: runs work.
        settings: what the user chose.
        services: what the program can do with the open case.
        selection: what is selected.
        navigation: where the user is.
        acts: who does what a command asks for.
        notices: what the user is told, and what he dropped.
        opened: paths that the window was opened with.
        unsaved: what is typed about places and not on record yet.
    """

    theme: Theme
    jobs: JobRunner
    settings: Settings
    services: Services
    selection: Selection
    navigation: Navigation
    acts: Acts
    notices: Notices
    opened: tuple[Path, ...] = ()
    unsaved: Unsaved = field(default_factory=Unsaved)
