"""Collect garbage on the thread of the window alone: what Qt made must go where it was made.

Python collects on whatever thread has just made an object. Where that is a reader's, widgets that
nobody refers to any more would be taken down there, under the hands of the window.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 200


class Collector(QObject):
    """Collects in place of the interpreter, as long as its parent lives."""

    def __init__(self, parent: QObject) -> None:
        """Take over."""
        super().__init__(parent)
        self._most = gc.get_threshold()
        gc.disable()
        timer = QTimer(self, interval=_EVERY_MS)
        timer.timeout.connect(self.look)
        timer.start()
        self.destroyed.connect(_give_back)

    def look(self) -> None:
        """Collect the oldest generation that is due, as the interpreter would."""
        counts = gc.get_count()
        due = [number for number in range(3) if counts[number] > self._most[number] > 0]
        if due:
            gc.collect(max(due))


def _give_back() -> None:
    gc.enable()


def keep_what_is_loaded() -> None:
    """Let collections pass over the libraries, which are all loaded by now.

    A full collection that walks them holds up the window for 0.1 s, at any moment.
    """
    gc.collect()
    gc.freeze()
