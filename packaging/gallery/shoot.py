"""Open the real window, off screen, and take its picture: each page, theme and size."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pages import SampleServices, gallery
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from sample import load

from workbench.gui.amounts import Unit
from workbench.gui.app import discover_pages, make_application, make_window
from workbench.gui.jobs import Lane
from workbench.gui.main_window import MainWindow
from workbench.gui.places import AsOfAt, RecordAt, ThingAt
from workbench.gui.settings import Settings
from workbench.gui.theme import ThemeChoice
from workbench.model.progress import Cancel, Progress

SIZES = {"1280": (1280, 800), "1440": (1440, 900), "1920": (1920, 1080)}
PALETTE = "palette"
#: What a page is asked to show for its picture.
PLACES = {
    "timeline": RecordAt(1, 1845),
    "catalog": ThingAt(7, "model_version/credit-scoring/8"),
    "insights": RecordAt(1, 1845),
    "as_of": AsOfAt("2026-06-30"),
    "lineage": ThingAt(7, "model_version/credit-scoring/8"),
}
THEMES = (ThemeChoice.LIGHT, ThemeChoice.DARK)


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(prog="packaging/screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", action="append", help="only this page (may be repeated)")
    parser.add_argument("--size", choices=SIZES, action="append")
    parser.add_argument("--scale", type=float, default=1.0, help="size of text, 0.9 to 1.5")
    parser.add_argument("--theme", choices=[t.value for t in ThemeChoice], action="append")
    parser.add_argument(
        "--gallery", action="store_true", help="the gallery, though there are pages"
    )
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    shoot(options)


def shoot(options: argparse.Namespace) -> None:
    """Open one window, and turn it to every page, theme and size."""
    app = make_application()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder  # where the sample case is made
        settings = Settings(Path(folder))
        window = (
            gallery_window(app, settings)
            if options.gallery
            else make_window(app, (), pages=discover_pages(), settings=settings)
        )
        settings.choose("text_scale", options.scale)
        window.show()
        if not options.gallery and options.page != ["start"]:
            window.commands.run("case.sample")
            wait_until(lambda: is_verified(window))
            window.jobs.clear_ended()
        for size, theme, page in wanted(options, window):
            window.resize(*SIZES[size])
            settings.choose("theme", theme)
            turn(window, page)
            window.grab().save(str(options.folder / f"{page}-{theme}-{size}.png"))
        window.close()


def gallery_window(app: QApplication, settings: Settings) -> MainWindow:
    """Return the window with all parts, over services that know the sample."""
    sample = load()
    return make_window(
        app,
        (),
        services=lambda _jobs, _settings: SampleServices(sample),
        pages=gallery(sample),
        settings=settings,
    )


def is_verified(window: MainWindow) -> bool:
    """Tell whether the sample case is open and judged."""
    standing = window.context.services.standing
    done = standing is not None and standing.verification is not None
    return done and window.context.jobs.is_idle


def wait_until(is_so: Callable[[], bool], *, most_ms: int = 120_000) -> None:
    """Let the window live until something is so."""
    deadline = QDeadlineTimer(most_ms)
    while not is_so():
        if deadline.hasExpired():
            raise SystemExit("The sample case was not verified in time.")
        settle(50)


def wanted(options: argparse.Namespace, window: MainWindow) -> Iterator[tuple[str, str, str]]:
    """Yield size, theme and page of every picture."""
    themes = options.theme or [theme.value for theme in THEMES]
    pages = options.page or [*(page.id for page in window.stack.pages), PALETTE]
    yield from product(options.size or SIZES, themes, pages)


def turn(window: MainWindow, page: str) -> None:
    """Go to a page and let everything arrive."""
    if page == PALETTE:
        open_palette(window)
    else:
        stop_jobs(window)
        window.palette_layer.hide()
        window.context.navigation.go(page, PLACES.get(page, "picture"))
    window.setFocus()
    deadline = QDeadlineTimer(60_000)
    settle(300)
    while page != PALETTE and not window.context.jobs.is_idle and not deadline.hasExpired():
        settle(50)
    settle(150)


def open_palette(window: MainWindow) -> None:
    """Open the palette over running jobs."""
    window.context.navigation.go("timeline", "picture")
    jobs = window.context.jobs
    if jobs.is_idle:
        jobs.start("Verify cloudtrail-digests.zip", pretend(786_491, 31_400), unit=Unit.RECORDS)
        jobs.start("Take in delivery-2.zip", pretend(4_820_000_000, 412_000_000))
        jobs.start("Check signatures", lambda _p, _c: None, lane=Lane.WRITE)
        settle(3_600)
    window.palette_layer.open("ver")


def stop_jobs(window: MainWindow) -> None:
    """Take the running jobs away again."""
    for job in window.context.jobs.running:
        window.context.jobs.cancel(job.id)
    settle(200)
    window.jobs.clear_ended()


def pretend(total: int, rate: int) -> Callable[[Progress, Cancel], None]:
    """Return work that does nothing at a rate."""

    def work(progress: Progress, cancel: Cancel) -> None:
        began = time.monotonic()
        while not cancel._event.wait(0.05):  # noqa: SLF001 - pretending
            done = round((time.monotonic() - began) * rate)
            progress.advance(min(done, total), total, "")

    return work


def settle(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
