"""What a long function is given to say how far it is and to hear that it should stop."""

from threading import Event
from typing import Protocol

from workbench.errors import Cancelled


class Progress(Protocol):
    """Told about work done; a front end draws it."""

    def advance(self, done: int, total: int | None, what: str) -> None:
        """Say that ``done`` of ``total`` bytes (``None``: unknown) of ``what`` are finished."""
        ...


class Silent:
    """A progress that nobody watches."""

    def advance(self, done: int, total: int | None, what: str) -> None:
        """Say nothing."""


class Cancel:
    """A flag that a front end sets and a long function checks once a batch."""

    def __init__(self) -> None:
        self._event = Event()

    def set(self) -> None:
        """Ask the work to stop at its next check."""
        self._event.set()

    @property
    def asked(self) -> bool:
        """Tell whether the work was asked to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise ``Cancelled`` if the work should stop."""
        if self.asked:
            raise Cancelled
