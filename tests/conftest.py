"""What holds for every test."""

import os
import signal
from collections.abc import Iterator

import pytest
from casework import closing_cases
from hypothesis import HealthCheck, settings

from tests.conformance.table import pytest_terminal_summary

__all__ = ["pytest_terminal_summary"]

# How long a test takes is measured in packaging/bench, not judged here: a machine may be busy.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The run that decides whether a change lands draws the same examples each time; all others
# draw anew.
settings.register_profile("same", settings.get_profile("untimed"), derandomize=True)
settings.load_profile("same" if os.environ.get("CI") else "untimed")

# No test opens a window on somebody's screen; whoever wants to see one says so.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_configure() -> None:
    """Answer signals as programs do that a person starts, however this run was started."""
    for name, usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, usual)


@pytest.fixture(autouse=True)
def ctrl_c_is_answered_as_before() -> Iterator[None]:
    """Undo that the edge ignores Ctrl+C at its end: what later tests start would inherit that."""
    before = signal.getsignal(signal.SIGINT)
    yield
    if signal.getsignal(signal.SIGINT) is not before:
        signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def cases_are_closed() -> Iterator[None]:
    """Close the cases that a test left open: from Python 3.13 on, SQLite complains of them."""
    with closing_cases():
        yield
