"""Garbage of any thread is collected on the thread of the window, and only while it is there."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from workbench.gui.collecting import Collector


class Loop:
    """Refers to itself: only a collector finds that nobody else does."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def parent() -> Iterator[QObject]:
    made = QObject()
    Collector(made)
    yield made
    if Shiboken.isValid(made):
        Shiboken.delete(made)


def test_garbage_of_another_thread_is_collected_here(parent: QObject, qtbot: QtBot) -> None:
    seen: list[int] = []

    def litter() -> None:
        for _ in range(3 * gc.get_threshold()[0]):
            weakref.finalize(Loop(), lambda: seen.append(threading.get_ident()))

    gc.collect()
    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    assert not seen
    qtbot.waitUntil(lambda: bool(seen))
    assert set(seen) == {threading.get_ident()}


def test_without_a_window_the_interpreter_collects_as_ever(parent: QObject) -> None:
    assert not gc.isenabled()
    Shiboken.delete(parent)
    assert gc.isenabled()
