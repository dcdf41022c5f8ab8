"""Measure the window, off screen: how soon it is there, and how its table scrolls.

Everything is measured in turn with a peer: a table of a thousand rows, a bare Qt window.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication  # noqa: E402
from rows import Endless  # noqa: E402

from workbench.gui.jobs import JobRunner  # noqa: E402
from workbench.gui.tables.view import Table  # noqa: E402
from workbench.gui.theme import Theme, ThemeChoice  # noqa: E402

BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.resize(1440, 900)
window.show()
app.processEvents()
print(time.time(), flush=True)
"""
#: ``workbench open`` as it is, with the settings and cases of nobody; it is left once it was
#: painted, or once the sample is verified.
OURS = """
import os, sys, tempfile, time
sys.path.insert(0, CHECKOUT)
folder = tempfile.TemporaryDirectory(prefix="workbench-bench-")
os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_DATA_HOME"] = folder.name
from workbench.__main__ import main
from workbench.gui import app
shown = app.show
def over():
    print(time.time(), flush=True)
    folder.cleanup()
    os._exit(0)
def look(window):
    header = window.context.services.header()
    if header is not None and header.dimensions:
        app.QApplication.processEvents()
        over()
def show(window):
    shown(window)
    app.QApplication.processEvents()
    if len(ARGUMENTS) == 1:
        over()
    window.context.jobs.case_changed.connect(lambda _changes: look(window))
app.show = show
sys.argv = ["workbench", *ARGUMENTS]
main()
"""


OPEN, SAMPLE = ["open"], ["open", "--sample"]


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    print_start(options.pairs)
    sys.stdout.flush()
    print_timeline(options.events)
    print_table(options.rows, options.pairs)


def print_timeline(events: int) -> None:
    """Print what a log of so many events does to the window, in a process of its own."""
    script = str(HERE / "timeline.py")
    subprocess.run([sys.executable, "-I", script, "--events", str(events)], check=True)


def print_start(pairs: int) -> None:
    """Print how long it takes until a window is on screen, whole process."""
    ours = OURS.replace("CHECKOUT", repr(str(HERE.parents[1])))
    codes = [BARE, *(ours.replace("ARGUMENTS", repr(given)) for given in (OPEN, SAMPLE))]
    times = [tuple(map(until_shown, codes)) for _ in range(pairs + 1)][1:]
    bare, window, sample = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"start      bare Qt window {bare:.3f} s, `workbench open` painted {window:.3f} s")
    print(f"sample     on screen and verified {sample:.3f} s (medians of {pairs})")


def until_shown(code: str) -> float:
    """Return the seconds from the start of a process to its window on screen."""
    began = time.time()
    command = [sys.executable, "-I", "-c", code]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return float(said) - began


@dataclass(frozen=True, slots=True)
class Stand:
    """A table on screen, and what is done to it."""

    app: QApplication
    table: Table

    def wait_for(self, row: int) -> None:
        """Let the answer arrive."""
        while self.table.rows.row_at(row) is None:
            self.app.processEvents()

    def timed(self, act: Callable[[], object]) -> float:
        """Return the milliseconds of an act and a repaint: how long the window is not free."""
        began = time.perf_counter()
        act()
        self.table.viewport().repaint()
        taken = 1000 * (time.perf_counter() - began)
        self.wait_for(max(self.table.rowAt(0), 0))
        return taken

    def repaint(self, _n: int) -> float:
        """Draw what is on screen."""
        return self.timed(lambda: None)

    def step(self, n: int) -> float:
        """Scroll by three rows."""
        bar = self.table.verticalScrollBar()
        return self.timed(lambda: bar.setValue(bar.value() + (3 if n % 9 else -24)))

    def jump(self, n: int) -> float:
        """Jump somewhere, where nothing was read yet."""
        place = (n + 1) * 7919 * 256 % self.table.rows.rowCount()
        return self.timed(lambda: self.table.verticalScrollBar().setValue(place))

    def end(self, n: int) -> float:
        """Jump to the end, or back."""
        return self.timed(self.table.scrollToTop if n % 2 else self.table.scrollToBottom)


def print_table(rows: int, pairs: int) -> None:
    """Print how a table of many rows scrolls beside one of a thousand."""
    app = QApplication([])
    theme, jobs = Theme(app, ThemeChoice.LIGHT), JobRunner()
    stands = [Stand(app, Table(theme, jobs, Endless(n), name="x")) for n in (1_000, rows)]
    for stand in stands:
        stand.table.resize(1100, 760)
        stand.table.show()
        stand.wait_for(0)
    for act in (Stand.repaint, Stand.step, Stand.jump, Stand.end):
        found = [[act(stand, n) for stand in stands] for n in range(pairs * 8)]
        small, large = (sorted(column) for column in zip(*found, strict=True))
        print(
            f"{act.__name__:10} 1,000 rows {statistics.median(small):.1f} ms; "
            f"{rows:,} rows {statistics.median(large):.1f} ms, "
            f"95 % within {large[int(len(large) * 0.95) - 1]:.1f} ms"
        )
    held = max(stand.table.rows.pages_held for stand in stands)
    print(f"memory     {held} pages of 256 rows held at most", flush=True)
    jobs.close()
    os._exit(0)


if __name__ == "__main__":
    main()
