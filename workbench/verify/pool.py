"""Worker processes for small picklable pieces of verification."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context


@contextmanager
def workers() -> Iterator[Executor | None]:
    """Yield an executor that spawns processes when there is a piece to run, or None.

    None where there is one core, or where the system lends no semaphores (``/dev/shm`` may be
    read-only): the pieces then run in this process, with the same result.
    """
    pool = _pool()
    try:
        yield pool
    finally:
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pool() -> ProcessPoolExecutor | None:
    if cores() < 2:
        return None
    try:
        return ProcessPoolExecutor(cores(), get_context("spawn"), initializer=_ignore_interrupts)
    except (OSError, ImportError):  # no semaphores: bugs.python.org/issue3770
        return None


def _ignore_interrupts() -> None:
    """Leave Ctrl+C to the parent: it cancels, and a worker prints no traceback of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
