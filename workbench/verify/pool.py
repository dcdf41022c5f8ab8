"""Worker processes for small picklable pieces of verification, started by the first of them."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from mmap import mmap
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

from workbench.errors import Cancelled

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

A = TypeVar("A")
P = ParamSpec("P")
T = TypeVar("T")

#: Bytes of a piece that fits into shared memory, and how many pieces do.
_PLACE, _PLACES = 2 << 20, 12
#: More than the blocks of a piece take; it is never touched, so that it takes no memory itself.
_KEPT = 8 << 20
#: Memory that is shared with forked workers: what is made before the fork is the same for both.
_shared: Any = None
#: In a worker: whether the work was stopped.
_stopped: Any = None


@contextmanager
def workers() -> Iterator[Executor | None]:
    """Yield an executor that starts processes when there is a piece to run; None on one core."""
    _keep_freed_memory()
    if cores() < 2:
        yield None
        return
    pool = _Pool()
    try:
        yield pool
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def submit_with(executor: Executor, fn: Callable[[bytes, A], T], data: bytes, rest: A) -> Future[T]:
    """Hand a piece and its bytes to a worker, by memory that both see where there is such."""
    if isinstance(executor, _Pool):
        return executor.submit_with(fn, data, rest)
    return executor.submit(fn, data, rest)


class _Pool(Executor):
    """Processes that Ctrl+C does not reach, not even while their interpreter starts.

    Interrupts are left to the parent: it cancels. What is held back here is inherited.
    """

    def __init__(self) -> None:
        self._is_new = True
        self._workers: Executor | None = None
        self._places: list[int] = []
        self._stopped: Event | None = None

    def submit_with(self, fn: Callable[[bytes, A], T], data: bytes, rest: A) -> Future[T]:
        """Hand over a piece; its bytes lie in shared memory, where a place is free, till then."""
        if self._is_new:
            self._start()
        if not self._places or len(data) > _PLACE:
            return self.submit(fn, data, rest)
        place = self._places.pop()
        _shared[place : place + len(data)] = data
        future = self.submit(_with_shared, fn, place, len(data), rest)
        future.add_done_callback(lambda _: self._places.append(place))
        return future

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand a piece to a worker; where there can be none, run it at once."""
        if self._is_new:
            self._start()
        if self._workers is None:
            future: Future[T] = Future()
            future.set_result(fn(*args, **kwargs))
            return future
        with _interrupts_held_back():
            return self._workers.submit(partial(_unless_stopped, fn), *args, **kwargs)

    def stop(self) -> None:
        """Let workers finish what they are at, and begin nothing more."""
        if self._stopped is not None:
            self._stopped.set()

    def _start(self) -> None:
        global _shared
        self._is_new, forked = False, _is_alone()
        if not forked and _would_run_again():
            return
        try:
            self._workers, self._stopped = _processes("fork" if forked else "spawn")
        except (OSError, ImportError):  # /dev/shm may be read-only: bugs.python.org/issue3770
            return
        if forked:
            _shared = mmap(-1, _PLACES * _PLACE)
            self._places = [_PLACE * n for n in range(_PLACES)]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers, if any were started."""
        if self._workers is not None:
            self._workers.shutdown(wait=wait, cancel_futures=cancel_futures)


def _with_shared(fn: Callable[[bytes, A], T], place: int, length: int, rest: A) -> T:
    """Run a piece on bytes that the parent has put into the memory that both see."""
    return fn(_shared[place : place + length], rest)


def _unless_stopped(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a piece in a worker, unless nobody waits for it any more."""
    if _stopped.is_set():
        raise Cancelled
    return fn(*args, **kwargs)


def _processes(how: Literal["fork", "spawn"]) -> tuple[Executor, "Event"]:
    """Return a pool of processes, and what tells them to stop.

    Raises:
        OSError, ImportError: the system lends no semaphores for one.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    context = get_context(how)
    stopped = context.Event()
    pool = ProcessPoolExecutor(cores(), context, initializer=_prepare_worker, initargs=(stopped,))
    return pool, stopped


def _keep_freed_memory() -> None:
    """Let the C library keep what one piece frees for the next one, instead of giving it back.

    glibc learns from the largest block that was freed (mallopt(3), M_MMAP_THRESHOLD); else the
    system would clear the memory of each piece anew, a sixth of the time that a piece takes.
    """
    bytes(_KEPT)


def _is_alone() -> bool:
    """Tell whether this process may be forked: it is known to have one thread only.

    A copy of another thread's locks would never be released: so the window, or who has opened
    a database, spawns. The command line forks: its workers are there at once, and share memory.
    """
    try:
        return sys.platform == "linux" and len([*Path("/proc/self/task").iterdir()]) == 1
    except OSError:
        return False


def _would_run_again() -> bool:
    """Tell whether a spawned worker would run somebody's script anew, as it runs its main module.

    Ours and what ``python -m`` names are made for that; a notebook and a prompt have no file. What
    a stranger's script asks for is done in its own process, on one core.
    """
    main = sys.modules["__main__"]
    is_script = getattr(main, "__spec__", None) is None and hasattr(main, "__file__")
    return is_script and "workbench.__main__" not in sys.modules


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


def _prepare_worker(stopped: "Event") -> None:
    """Take no interrupt (where they cannot be held back), and outlive no parent.

    What a forked one has of its parent's way to end is not its own.
    """
    global _stopped
    _stopped = stopped
    _keep_freed_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    # NumPy would start a thread a core for what is never done here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the parent, killed perhaps: nobody else would tell a waiting worker."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
