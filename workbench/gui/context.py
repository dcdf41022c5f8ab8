"""What a page is given: everything it may use, and nothing it could reach around."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from workbench.gui.commands import Acts
from workbench.gui.faults import Fault
from workbench.gui.jobs import JobRunner
from workbench.gui.parts.inspector import Inspected
from workbench.gui.settings import Settings
from workbench.gui.theme import Theme
from workbench.model.verdict import Dimension, DimensionVerdict


@dataclass(frozen=True, slots=True)
class CaseHeader:
    """What the frame says of the case.

    Attributes:
        title: its name.
        number: the auditor's number, or "".
        as_of: the time that pages show, aware UTC, or None: the end of the period.
        dimensions: the verdict of the case; empty until it was verified.
        sources: how much evidence it holds.
        journal_entries: how many acts its journal holds.
        network: acts that used the network; empty unless the auditor asked for one.
    """

    title: str
    number: str = ""
    as_of: datetime | None = None
    dimensions: Mapping[Dimension, DimensionVerdict] = field(default_factory=dict)
    sources: int = 0
    journal_entries: int = 0
    network: tuple[str, ...] = ()


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
        page: page that shows it.
        place: what that page is asked to show.
    """

    title: str
    detail: str
    icon: str
    page: str
    place: object = None


class Services(Protocol):
    """What the window asks of the program: one object over the open case, made at the start.

    ``find`` is called off the thread of the window.
    """

    def header(self) -> CaseHeader | None:
        """Return what the frame says of the case, or None: no case is open."""
        ...

    def find(self, text: str, kind: FindKind, limit: int) -> Sequence[Hit]:
        """Return what of the case matches a text."""
        ...

    def close(self) -> None:
        """Let go of the case."""
        ...


class NoCase:
    """The services while no case is open."""

    def header(self) -> CaseHeader | None:
        """Return None."""
        return None

    def find(self, _text: str, _kind: FindKind, _limit: int) -> Sequence[Hit]:
        """Return nothing."""
        return ()

    def close(self) -> None:
        """Do nothing."""


class Selection(QObject):
    """What is selected; the inspector follows it."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._current: Inspected | None = None

    @property
    def current(self) -> Inspected | None:
        """What is selected, or None."""
        return self._current

    def select(self, thing: Inspected | None) -> None:
        """Select something."""
        self._current = thing
        self.changed.emit(thing)


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

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._visited):
            self._at += by
            self.asked.emit(*self._visited[self._at])


class Notices(QObject):
    """What the window tells the user, without a box in the way."""

    said = Signal(str)
    failed = Signal(object)
    dropped = Signal(object)

    def say(self, sentence: str) -> None:
        """Say something in the status bar, for a while."""
        self.said.emit(sentence)

    def fail(self, fault: Fault) -> None:
        """Say above the page what went wrong; it stays until the user closes it."""
        self.failed.emit(fault)

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
