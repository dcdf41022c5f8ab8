"""Worker processes for small picklable pieces of verification."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


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
        return _Pool(cores(), get_context("spawn"), initializer=_prepare_worker)
    except (OSError, ImportError):  # no semaphores: bugs.python.org/issue3770
        return None


class _Pool(ProcessPoolExecutor):
    """Starts workers that Ctrl+C does not reach, not even while their interpreter starts.

    Interrupts are left to the parent: it cancels. What is held back here is inherited.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with _interrupts_held_back():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare_worker() -> None:
    """Take no interrupt (where they cannot be held back), and outlive no parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the parent, killed perhaps: nobody else would tell a waiting worker."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
