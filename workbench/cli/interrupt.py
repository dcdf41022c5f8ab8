"""Ctrl+C ends with one sentence and exit 3 from the first line to the last, never a traceback.

Three ways, by what is at stake:

* nothing has to be put away (libraries load, options are read, results are printed): the handler
  itself leaves, so that no exception is born where nobody can catch it;
* work is under way: the first signal asks it to stop at its next check, so that workers end and
  private folders go; a second one interrupts it where it stands;
* a prompt waits: the read is interrupted, so that the terminal gets its echo back.

Light, because ``workbench/__main__.py`` imports it before anything else.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from workbench.errors import STOPPED
from workbench.model.progress import Cancel

NOT_DONE = 3

#: Beside Ctrl+C, what asks a program to end: work under way then puts its private folders away.
_ENDINGS = ("SIGTERM", "SIGHUP")

Handler = Callable[[int, FrameType | None], object]


#: What ``--json`` promises when nothing was done; "" once results are being printed.
_document = ""


def take_over() -> None:
    """Answer Ctrl+C from now on, as soon as it is known what to leave with.

    The entry of a checkout starts Python with the signal held back (``packaging/setup``).
    """
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGINT, _leave)


def leave_with(document: str) -> None:
    """Set what is printed on leaving, beside the sentence; what was held back is answered now."""
    global _document
    _document = document
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def let_go() -> None:
    """Answer Ctrl+C no more: the work is done and its exit code stands."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def asks(cancel: Cancel) -> Iterator[None]:
    """Let signals ask the work inside to stop."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        if cancel.asked:
            raise KeyboardInterrupt
        cancel.set()

    endings = (getattr(signal, name) for name in _ENDINGS if hasattr(signal, name))
    ours = [number for number in endings if signal.getsignal(number) is signal.SIG_DFL]
    with _answered(ask, signal.SIGINT, *ours):
        yield


@contextmanager
def interrupts_reading() -> Iterator[None]:
    """Let Ctrl+C interrupt the read inside."""
    with _answered(signal.default_int_handler, signal.SIGINT):
        yield


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """Leave from inside the handler: only system calls, whatever was under way."""
    with suppress(OSError):
        if _document:
            os.write(1, f"{_document}\n".encode())
        os.write(2, f"workbench: {STOPPED}\n".encode())
    os._exit(NOT_DONE)


@contextmanager
def _answered(handler: Handler, *numbers: int) -> Iterator[None]:
    before = [(number, signal.signal(number, handler)) for number in numbers]
    try:
        yield
    finally:
        for number, old in before:
            signal.signal(number, old)
