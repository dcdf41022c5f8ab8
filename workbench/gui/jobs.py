"""Long work off the thread of the window.

What holds here:

* work is a plain function of ``progress`` and ``cancel``; it knows no Qt;
* one thread writes the case, so that writes come one after another; a few read; a few compute;
* this object outlives every job and owns the signals; a job is given bound signals only, because
  an object that lives in a pool's thread would be destroyed there;
* answers come back on the thread of the window, and not to a widget that is gone, nor to one that
  has asked anew (``read``) or asks no more (``drop``);
* closing asks all work to stop, waits for a bounded time, and says whether it has stopped.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from threading import Lock
from types import MethodType
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from workbench.errors import Cancelled
from workbench.gui.amounts import Unit
from workbench.gui.faults import Fault, fault_of
from workbench.model.progress import Cancel, Progress
from workbench.model.rate import Rate, Tally

#: Progress is drawn at most ten times a second.
EVERY = 0.1
#: How long closing waits for work to stop, in milliseconds.
PATIENCE = 5_000

T = TypeVar("T")
Work = Callable[[Progress, Cancel], T]
Emit = Callable[..., None]


class Lane(StrEnum):
    """Which threads a job runs on, and how many there are."""

    WRITE = "write"
    READ = "read"
    COMPUTE = "compute"


_THREADS = {Lane.WRITE: 1, Lane.READ: 2, Lane.COMPUTE: 2}


class JobState(StrEnum):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as it is at a moment.

    Attributes:
        id: its number.
        title: verb and noun.
        unit: what it counts.
        state: where it is.
        done: how much is finished.
        total: of how much, or None.
        what: what it is at, or "".
        rate: how much a second, or None while that is estimated.
        left: seconds left, or None.
        seconds: how long it took, once it ended.
        amount: how much it did in all, once it ended.
        fault: what went wrong, once it failed.
        note: what is to be said of its result, or "".
    """

    id: int
    title: str
    unit: Unit = Unit.BYTES
    state: JobState = JobState.WAITING
    done: int = 0
    total: int | None = None
    what: str = ""
    rate: float | None = None
    left: float | None = None
    seconds: float = 0.0
    amount: int = 0
    fault: Fault | None = None
    note: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}


class _Throttled:
    """A progress that says something at most ten times a second, from any thread."""

    def __init__(self, job: int, say: Emit) -> None:
        self._job = job
        self._say = say
        self._last = 0.0
        self._lock = Lock()
        self._tally = Tally()

    def advance(self, done: int, total: int | None, what: str) -> None:
        """Say how far the work is, unless that was said just now."""
        now = time.monotonic()
        with self._lock:
            self._tally.add(done, total, what)
            if now - self._last < EVERY:
                return
            self._last = now
        self._say(self._job, done, total, what)

    @property
    def amount(self) -> int:
        """How much was done in all, also of what was not said."""
        with self._lock:
            return self._tally.amount


class _Job(QRunnable):
    """Work on a pool's thread. It owns no Qt object: it was given bound signals."""

    def __init__(self, job: int, work: Work[Any], *, begun: Emit, said: Emit, over: Emit) -> None:
        super().__init__()
        self.setAutoDelete(False)  # Python owns it, and lets it go when it is over
        self.cancel = Cancel()
        self._job = job
        self._work = work
        self._begun = begun
        self._said = said
        self._over = over

    def run(self) -> None:
        """Do it; whatever goes wrong is an answer."""
        self._begun(self._job)
        result: object = None
        error: BaseException | None = None
        progress = _Throttled(self._job, self._said)
        try:
            self.cancel.check()
            result = self._work(progress, self.cancel)
        except BaseException as problem:  # noqa: BLE001 - the edge of a thread
            error = problem
        self._over(self._job, result, error, progress.amount)


@dataclass(slots=True)
class _Entry:
    job: _Job
    view: JobView
    rate: Rate
    owner: QObject | None
    listed: bool
    on_done: Callable[[Any], None] | None
    on_failed: Callable[[Fault], None] | None
    on_cancelled: Callable[[], None] | None = None

    def tell_nobody(self) -> None:
        """Forget who asked."""
        self.on_done = self.on_failed = self.on_cancelled = None


class JobRunner(QObject):
    """Runs work and tells what becomes of it.

    ``case_changed`` is emitted by whoever acts on the case (``Services.act``), from its thread.
    """

    started = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)
    case_changed = Signal(object)
    faulted = Signal(object)
    _begun = Signal(int)
    _said = Signal(int, object, object, str)
    _over = Signal(int, object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = count(1)
        self._entries: dict[int, _Entry] = {}
        #: A job is let go only after its thread has surely left it.
        self._resting: deque[_Job] = deque(maxlen=16)
        self._pools: Mapping[Lane, QThreadPool] = {lane: QThreadPool(self) for lane in Lane}
        for lane, pool in self._pools.items():
            pool.setMaxThreadCount(_THREADS[lane])
            pool.setExpiryTimeout(-1)  # a thread keeps its connection to the case
        self._begun.connect(self._note_begun)
        self._said.connect(self._note_progress)
        self._over.connect(self._note_over)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is waiting or running."""
        return not self._entries

    @property
    def running(self) -> tuple[JobView, ...]:
        """The jobs that a user sees, in the order in which they were started."""
        return tuple(entry.view for entry in self._entries.values() if entry.listed)

    def start(
        self,
        title: str,
        work: Work[T],
        *,
        unit: Unit = Unit.BYTES,
        lane: Lane = Lane.COMPUTE,
        owner: QObject | None = None,
        on_done: Callable[[T], None] | None = None,
        on_failed: Callable[[Fault], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
        listed: bool = True,
    ) -> int:
        """Run a job and return its number.

        Args:
            title: verb and noun.
            work: does it.
            unit: what it counts.
            lane: which threads it runs on.
            owner: the widget that asked: once it is gone, nobody is told.
            on_done: told its result.
            on_failed: told what went wrong.
            on_cancelled: told that the user stopped it.
            listed: it has a row among the jobs; not for what is over at once.
        """
        view = JobView(next(self._numbers), title, unit)
        entry = self._entry(view, work, owner, listed=listed)
        entry.on_done, entry.on_failed, entry.on_cancelled = on_done, on_failed, on_cancelled
        if listed:
            self.started.emit(view)
        self._pools[lane].start(entry.job)
        return view.id

    def read(
        self,
        work: Callable[[], T],
        *,
        owner: QObject | None = None,
        on_done: Callable[[T], None] | None = None,
        on_failed: Callable[[Fault], None] | None = None,
    ) -> int:
        """Read something short; it has no row among the jobs.

        Where the same method of the same object asks again before it was told, it is told the
        newer answer alone: two are read at a time, and either may come first.
        """
        for older in self._entries.values():
            if isinstance(on_done, MethodType) and older.on_done == on_done:
                self.drop(older.view.id)

        def quiet(_progress: Progress, _cancel: Cancel) -> T:
            return work()

        view = JobView(next(self._numbers), "")
        entry = self._entry(view, quiet, owner, listed=False)
        entry.on_done, entry.on_failed = on_done, on_failed
        self._pools[Lane.READ].start(entry.job)
        return view.id

    def cancel(self, job: int) -> None:
        """Ask a job to stop; one that waits never begins."""
        if job in self._entries:
            self._entries[job].job.cancel.set()

    def drop(self, job: int) -> None:
        """Ask a job to stop; nobody is told what became of it, also where it is over already."""
        if job in self._entries:
            self._entries[job].job.cancel.set()
            self._entries[job].tell_nobody()

    def close(self, patience_ms: int = PATIENCE) -> bool:
        """Ask all work to stop and wait for it; return whether it has stopped."""
        for entry in self._entries.values():
            entry.job.cancel.set()
        end = time.monotonic() + patience_ms / 1000
        left = (max(round((end - time.monotonic()) * 1000), 1) for _ in Lane)
        stopped = [
            pool.waitForDone(ms) for pool, ms in zip(self._pools.values(), left, strict=True)
        ]
        return all(stopped)

    def _entry(
        self, view: JobView, work: Work[Any], owner: QObject | None, *, listed: bool
    ) -> _Entry:
        job = _Job(
            view.id,
            work,
            begun=self._begun.emit,
            said=self._said.emit,
            over=self._over.emit,
        )
        entry = _Entry(job, view, Rate(time.monotonic()), owner, listed, None, None)
        self._entries[view.id] = entry
        return entry

    def _note_begun(self, job: int) -> None:
        entry = self._entries[job]
        entry.rate = Rate(time.monotonic())
        self._show(entry, replace(entry.view, state=JobState.RUNNING))

    def _note_progress(self, job: int, done: int, total: int | None, what: str) -> None:
        entry = self._entries.get(job)
        if entry is None:
            return
        entry.rate.add(time.monotonic(), done)
        view = replace(entry.view, done=done, total=total, what=what)
        self._show(entry, replace(view, rate=entry.rate.per_second(), left=entry.rate.left(total)))

    def _show(self, entry: _Entry, view: JobView) -> None:
        entry.view = view
        if entry.listed:
            self.progressed.emit(view)

    def _note_over(
        self, job: int, result: object, error: BaseException | None, amount: int
    ) -> None:
        entry = self._entries.pop(job)
        self._resting.append(entry.job)
        fault = None if error is None or isinstance(error, Cancelled) else fault_of(error)
        state = JobState.DONE if error is None else JobState.CANCELLED
        view = replace(
            entry.view,
            state=JobState.FAILED if fault else state,
            seconds=time.monotonic() - entry.rate.started,
            amount=amount,
            fault=fault,
        )
        if entry.listed:
            self.ended.emit(view)
        if fault and fault.details:
            self.faulted.emit(fault)
        self._answer(entry, result, fault, done=error is None)

    def _answer(self, entry: _Entry, result: object, fault: Fault | None, *, done: bool) -> None:
        """Tell who asked, if it is still there."""
        if entry.owner is not None and not shiboken6.isValid(entry.owner):
            return
        if done and entry.on_done:
            entry.on_done(result)
        elif fault and entry.on_failed:
            entry.on_failed(fault)
        elif not done and not fault and entry.on_cancelled:
            entry.on_cancelled()
