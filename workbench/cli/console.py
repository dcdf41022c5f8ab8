"""How the command line speaks: visible text only, one place that writes to the terminal."""

import sys
import time

from workbench.errors import WorkbenchError
from workbench.evidence.text import visible

_QUIET_SECONDS = 1.0
_EVERY_SECONDS = 0.2


def say(line: str = "") -> None:
    """Print one line; what comes from evidence is made visible, never interpreted."""
    encoding = sys.stdout.encoding or "utf-8"
    print(visible(line).encode(encoding, "replace").decode(encoding))


def say_error(error: WorkbenchError) -> None:
    """Print one line on stderr: what went wrong, where, and nothing else."""
    place = f" [{error.place}]" if error.place else ""
    text = visible(" ".join(f"{error.message}{place}".split()))
    encoding = sys.stderr.encoding or "utf-8"
    print(f"workbench: {text}".encode(encoding, "replace").decode(encoding), file=sys.stderr)


class Terminal:
    """A progress line on stderr, only on a terminal and only for work that takes a while."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._last = self._started
        self._shown = sys.stderr.isatty()
        self._drawn = False

    def advance(self, done: int, total: int | None, what: str) -> None:
        """Draw how far the work is, at most five times a second."""
        now = time.monotonic()
        if not self._shown or now - self._started < _QUIET_SECONDS:
            return
        if now - self._last < _EVERY_SECONDS:
            return
        self._last = now
        share = f"{100 * done / total:3.0f} %" if total else f"{done / 1e6:,.0f} MB"
        print(f"\r\x1b[K{share}  {visible(what, limit=60)}", end="", file=sys.stderr, flush=True)
        self._drawn = True

    def close(self) -> None:
        """Take the line away."""
        if self._drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
