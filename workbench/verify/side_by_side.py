"""Go over files several at a time: who hashes leaves the interpreter free for the others."""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import TypeVar

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
    """Files that are being read, and how far that is."""

    def __init__(self, total: int, progress: Progress, cancel: Cancel) -> None:
        self._total, self._progress, self._cancel = total, progress, cancel
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
                self._progress.advance(self._done, self._total, file.display)


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
    ordered = sorted(set(files), key=lambda file: (-file.size, file.path, file.member or ""))
    total = sum(file.size for file in ordered)
    reading = Reading(total, progress, cancel)
    # While some wait for the interpreter, others hash.
    threads = min(len(ordered), 2 * cores(), MOST_THREADS)
    if threads < 2 or total < _FEW:
        return {file: _done(work, file, reading) for file in ordered}
    pool = ThreadPoolExecutor(threads)
    try:
        futures = {file: pool.submit(_done, work, file, reading) for file in ordered}
        return {file: future.result() for file, future in futures.items()}
    finally:  # also at Ctrl+C: no thread goes on reading
        reading.stop()
        pool.shutdown(cancel_futures=True)


def _done(
    work: Callable[[EvidenceFile, Reading], T], file: EvidenceFile, reading: Reading
) -> T | SourceError:
    try:
        return work(file, reading)
    except SourceError as error:
        return error
