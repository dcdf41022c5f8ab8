"""Measure the timeline over a large log: the longest time for which the window was not free."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1])]
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEventLoop, Qt, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from workbench.gui.app import discover_pages, make_application, make_window  # noqa: E402
from workbench.gui.main_window import MainWindow  # noqa: E402
from workbench.gui.pages.timeline import TimelinePage  # noqa: E402
from workbench.gui.settings import Settings  # noqa: E402
from workbench.gui.timeline.asking import Question  # noqa: E402
from workbench.model.case import Engagement  # noqa: E402
from workbench.model.progress import Cancel, Silent  # noqa: E402
from workbench.services import cases  # noqa: E402

_PATIENCE_S = 300
SCHEDULER = Path("/proc/thread-self/schedstat")


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        case = make_case(Path(folder), options.events)
        app = make_application()
        settings = Settings(Path(folder) / "settings")
        window = make_window(app, (), pages=discover_pages(), settings=settings)
        window.resize(1440, 900)
        window.show()
        window.context.services.open(case)
        wait(lambda: window.rail.isVisible() and window.context.jobs.is_idle)
        print_timeline(app, window, options.events)
        window.context.jobs.close()
        window.context.services.close()
    sys.stdout.flush()
    os._exit(0)


def make_case(folder: Path, events: int) -> Path:
    """Return a case with a demo log of so many events, indexed."""
    demo = folder / "demo"
    command = [sys.executable, "-m", "workbench", "demo", str(demo), "--events", str(events)]
    subprocess.run(command, check=True, capture_output=True, cwd=HERE.parents[1])
    with cases.create(folder / "bench.case", Engagement("Bench"), who="bench") as case:
        cases.add_evidence(case, [demo], progress=Silent(), cancel=Cancel())
        return case.folder


class Watch:
    """How long the thread of the window was away from its events, at most."""

    def __init__(self) -> None:
        self._now = (0, 0)
        self._longest = (0, 0)
        self._timer = QTimer(interval=0, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def over(
        self, name: str, act: Callable[[], object], done: Callable[[], bool]
    ) -> tuple[float, float]:
        """Print and return the longest block of an act until it is done, in milliseconds.

        Beside it stands the longest block less the time for which the thread was ready to run and
        had no processor: on a machine that is busy with other things that is theirs, not ours.
        """
        self._longest = (0, 0)
        self._now = moment()
        self._timer.start()
        began = time.perf_counter()
        act()
        wait(done)
        self._timer.stop()
        whole = 1000 * (time.perf_counter() - began)
        longest, ours = (each / 1e6 for each in self._longest)
        print(
            f"timeline   {name:16} longest block {longest:4.0f} ms, {ours:4.0f} ms less the wait "
            f"for a processor; done in {whole:,.0f} ms"
        )
        return longest, ours

    def _tick(self) -> None:
        before, self._now = self._now, moment()
        block = self._now[0] - before[0]
        ours = block - (self._now[1] - before[1])
        self._longest = max(self._longest[0], block), max(self._longest[1], ours)


def moment() -> tuple[int, int]:
    """Return the time, and how long this thread has waited for a processor (Linux), in ns."""
    waited = 0
    if SCHEDULER.exists():
        waited = int(SCHEDULER.read_text().split()[1])
    return time.perf_counter_ns(), waited


class Desk:
    """The window with its timeline, and what a user does there."""

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        self._app = app
        self._window = window

    @property
    def page(self) -> TimelinePage:
        """The timeline, once it was opened."""
        page = self._window.stack.currentWidget()
        if not isinstance(page, TimelinePage):
            sys.exit("the timeline did not open")
        return page

    def open(self) -> None:
        """Go to the timeline."""
        self._window.context.navigation.go("timeline")

    def scroll(self) -> None:
        """Scroll by three rows, sixty times."""
        for step in range(60):
            self.page.table.verticalScrollBar().setValue(3 * step)
            self._app.processEvents()

    def jump(self, share: float) -> None:
        """Jump somewhere."""
        bar = self.page.table.verticalScrollBar()
        bar.setValue(int(bar.maximum() * share))

    def seen(self) -> bool:
        """Whether the rows on screen are there."""
        table = self.page.table
        return table.rows.row_at(max(table.rowAt(0), 0)) is not None

    def idle(self) -> bool:
        """Whether everything has arrived."""
        empty = not self.page.table.rows.rowCount()
        return self._window.context.jobs.is_idle and (empty or self.seen())

    def ready(self) -> bool:
        """Whether rows and histogram are there for the first time."""
        counts = self.page.histogram.said().startswith("0 events")
        return not counts and self.page.table.rows.rowCount() > 0 and self.idle()

    def brushed(self) -> bool:
        """Whether a brush has been followed."""
        return 0 < self.page.table.rows.count.rows < (self.page.table.rows.count.of or 0)


def print_timeline(app: QApplication, window: MainWindow, events: int) -> None:
    """Print the longest block of each thing that a user does."""
    watch, desk = Watch(), Desk(app, window)
    blocks = [watch.over("open", desk.open, desk.ready)]
    page, bad = desk.page, Question("action:deploy OR outcome=failure")
    acts: tuple[tuple[str, Callable[[], object], Callable[[], bool]], ...] = (
        ("scroll", desk.scroll, desk.seen),
        ("jump to 50 %", lambda: desk.jump(0.5), desk.seen),
        ("jump to 93 %", lambda: desk.jump(0.93), desk.seen),
        ("jump to the end", lambda: desk.jump(1.0), desk.seen),
        ("order by actor", lambda: page.table.order_by("actor"), desk.idle),
        ("jump in it", lambda: desk.jump(0.5), desk.seen),
        ("filter", lambda: page.ask(bad), desk.idle),
        ("take filter away", lambda: page.ask(Question()), desk.idle),
        ("brush", lambda: page.histogram.set_brush((40, 60)), desk.brushed),
    )
    blocks += [watch.over(*act) for act in acts]
    longest, ours = (max(column) for column in zip(*blocks, strict=True))
    print(
        f"timeline   {events:,} events: the window was free again within {longest:.0f} ms, within "
        f"{ours:.0f} ms less the wait for a processor"
    )


def wait(done: Callable[[], bool]) -> None:
    """Let the window live until something is so."""
    end = time.monotonic() + _PATIENCE_S
    loop = QEventLoop()
    while not done():
        if time.monotonic() > end:
            sys.exit("the timeline was not ready in time")
        loop.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


if __name__ == "__main__":
    main()
