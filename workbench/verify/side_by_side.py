"""Go over files several at a time: who hashes leaves the interpreter free for the others."""

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from typing import Generic, TypeVar

from workbench.errors import Cancelled, SourceError
from workbench.evidence.file import EvidenceFile, blocks
from workbench.evidence.limits import MIB
from workbench.model.progress import Cancel, Progress
from workbench.verify.pool import cores

T = TypeVar("T")

MOST_THREADS = 16
#: Fewer bytes are read before a second thread is at work.
_FEW = MIB


class Reading:
    """Files that are being read, and how far that is.

    Attributes:
        total: bytes of them all.
    """

    def __init__(self, progress: Progress, cancel: Cancel) -> None:
        self.total = 0
        self._progress, self._cancel = progress, cancel
        self._done, self._lock, self._stopped = 0, Lock(), Event()

    def stop(self) -> None:
        """Let no thread go on reading."""
        self._stopped.set()

    def blocks(self, file: EvidenceFile, size: int) -> Iterator[bytes]:
        """Yield the bytes of a file in blocks of at most ``size``.

        Raises:
            SourceError: it cannot be read, or is not the file of the intake.
            Cancelled: the user stopped it.
        """
        for block in blocks(file, cancel=self._cancel, size=size):
            if self._stopped.is_set():
                raise Cancelled("Stopped.")
            yield block
            with self._lock:
                self._done += len(block)
                self._progress.advance(self._done, self.total, file.display)


class SideBySide(Generic[T]):
    """Work on files: the biggest can be begun before it is known what becomes of the others."""

    def __init__(
        self,
        work: Callable[[EvidenceFile, Reading], T],
        *,
        progress: Progress,
        cancel: Cancel,
    ) -> None:
        self._work, self._reading = work, Reading(progress, cancel)
        self._pool: ThreadPoolExecutor | None = None
        self._begun: dict[EvidenceFile, Future[T | SourceError]] = {}

    def begin(self, files: Iterable[EvidenceFile], *, total: int) -> None:
        """Begin with some files, biggest first; ``total``: bytes of all that are known of."""
        ordered = _ordered({*files} - self._begun.keys())
        self._reading.total = total
        self._pool = self._pool or ThreadPoolExecutor(min(cores(), MOST_THREADS))
        for file in ordered:
            self._begun[file] = self._pool.submit(self._done, file)

    def results(self, files: Iterable[EvidenceFile]) -> dict[EvidenceFile, T | SourceError]:
        """Return what the work makes of each file, or why it could not be read.

        Raises:
            Cancelled: the user stopped the work.
        """
        ordered = _ordered({*files})
        total = sum(file.size for file in ordered)
        if not self._begun and (len(ordered) < 2 or total < _FEW):
            self._reading.total = total
            return {file: self._done(file) for file in ordered}
        self.begin(ordered, total=total)
        return {file: self._begun[file].result() for file in ordered}

    def end(self) -> None:
        """Let no thread go on reading, also at Ctrl+C."""
        self._reading.stop()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _done(self, file: EvidenceFile) -> T | SourceError:
        try:
            return self._work(file, self._reading)
        except SourceError as error:
            return error


def side_by_side(
    files: Collection[EvidenceFile],
    work: Callable[[EvidenceFile, Reading], T],
    *,
    progress: Progress,
    cancel: Cancel,
) -> dict[EvidenceFile, T | SourceError]:
    """Return what ``work`` makes of each file, or why it could not be read; biggest files first.

    Raises:
        Cancelled: the user stopped the work.
    """
    working = SideBySide(work, progress=progress, cancel=cancel)
    try:
        return working.results(files)
    finally:
        working.end()


def _ordered(files: Iterable[EvidenceFile]) -> list[EvidenceFile]:
    return sorted(files, key=lambda file: (-file.size, file.path, file.member or ""))
