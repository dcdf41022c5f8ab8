"""Worker processes for small picklable pieces of verification, started by the first of them."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def workers() -> Iterator[Executor | None]:
    """Yield an executor that spawns processes when there is a piece to run; None on one core."""
    if cores() < 2:
        yield None
        return
    pool = _Pool()
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Pool(Executor):
    """Processes that Ctrl+C does not reach, not even while their interpreter starts.

    Interrupts are left to the parent: it cancels. What is held back here is inherited.
    """

    def __init__(self) -> None:
        self._is_new = True
        self._workers: Executor | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand a piece to a worker; where there can be none, run it at once."""
        if self._is_new:
            self._is_new = False
            self._workers = _processes()
        if self._workers is None:
            future: Future[T] = Future()
            future.set_result(fn(*args, **kwargs))
            return future
        with _interrupts_held_back():
            return self._workers.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers, if any were started."""
        if self._workers is not None:
            self._workers.shutdown(wait=wait, cancel_futures=cancel_futures)


def _processes() -> Executor | None:
    """Return a pool of processes; None where the system lends no semaphores for one.

    ``/dev/shm`` may be read-only (bugs.python.org/issue3770).
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    try:
        return ProcessPoolExecutor(cores(), get_context("spawn"), initializer=_prepare_worker)
    except (OSError, ImportError):
        return None


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
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
