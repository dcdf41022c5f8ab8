"""How the command line speaks: one place that writes to the terminal.

What is said is kept until the work is done and then written whole: no half verdict stands there
when something goes wrong on the way.
"""

import json
import shutil
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager

from workbench.cli import failure, interrupt
from workbench.errors import OutputError, WorkbenchError
from workbench.evidence.text import visible
from workbench.model.progress import Cancel
from workbench.model.rate import Rate, span

_QUIET_SECONDS = 1.0
_EVERY_SECONDS = 0.2
_LONGEST_WARNING = 400

#: Lines, each with the column at which it goes on where a terminal is too narrow for it.
_said: list[tuple[str, int]] = []


def say(line: str = "", *, hang: int | None = None) -> None:
    """Say one line; what comes from evidence is made visible, never interpreted.

    Args:
        line: what to say.
        hang: column at which it goes on where it is wrapped; default: two beyond its indent.
    """
    indent = len(line) - len(line.lstrip(" "))
    _said.append((visible(line), indent + 2 if hang is None else hang))


def say_json(document: object) -> None:
    """Say a document, which stands alone; it is ASCII, so nothing in it moves a terminal."""
    forget()
    _said.extend((line, 0) for line in json.dumps(document, indent=1).splitlines())


def forget() -> None:
    """Take back what was said and not yet handed out."""
    _said.clear()


def hand_out() -> None:
    """Write what was said to standard output.

    Raises:
        BrokenPipeError: nobody reads it any more.
        OutputError: it could not be written.
    """
    interrupt.leave_with("")
    text = "".join(f"{line}\n" for line in _laid_out())
    _said.clear()
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"Standard output could not be written: {error.strerror}.") from error


def _laid_out() -> Iterator[str]:
    """Yield the lines: wrapped for a terminal, whole for a file or another program.

    No word is cut: a path or a digest can be copied as it stands.
    """
    if not sys.stdout.isatty():
        yield from (line for line, _ in _said)
        return
    width = shutil.get_terminal_size().columns
    for line, hang in _said:
        yield from textwrap.wrap(
            line, width, subsequent_indent=" " * hang, replace_whitespace=False,
            expand_tabs=False, break_long_words=False, break_on_hyphens=False,
        ) or [""]  # fmt: skip


def say_error(error: WorkbenchError) -> None:
    """Write one line to standard error: what went wrong, where, and nothing else."""
    encoding = sys.stderr.encoding or "utf-8"
    line = failure.sentence(error)
    print(line.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)


def warn(sentence: str) -> None:
    """Write what to know before long work starts to standard error, one line."""
    encoding = sys.stderr.encoding or "utf-8"
    line = visible(f"Warning: {sentence}", limit=_LONGEST_WARNING)
    print(line.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)


@contextmanager
def work() -> Iterator[tuple["Terminal", Cancel]]:
    """Give long work its progress line, and what asks it to stop."""
    terminal, cancel = Terminal(), Cancel()
    with interrupt.asks(cancel):
        try:
            yield terminal, cancel
        finally:
            terminal.close()


class Terminal:
    """A progress line on stderr, only on a terminal and only for work that takes a while."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._last = self._started
        self._rate = Rate(self._started)
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
        line = f"{self._how_far(now, done, total)}  {visible(what, limit=40)}"
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        self._drawn = True

    def _how_far(self, now: float, done: int, total: int | None) -> str:
        """Return the share that is done, how fast, and how long the rest will take."""
        self._rate.add(now, done)
        share = f"{100 * done / total:3.0f} %" if total else f"{done / 1e6:,.0f} MB"
        speed, left = self._rate.per_second(), self._rate.left(total)
        told = [] if speed is None else [f"{speed / 1e6:,.0f} MB/s"]
        told += [] if left is None else [f"{span(left)} left"]
        return "  ".join([share, *told])

    def close(self) -> None:
        """Take the line away."""
        if self._drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
