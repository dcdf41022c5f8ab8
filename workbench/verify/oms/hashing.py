"""Hash the files of a model: every byte once, several files at a time."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Event, Lock
from typing import Protocol

import blake3

from workbench.errors import Cancelled, SourceError
from workbench.evidence.file import EvidenceFile, blocks
from workbench.evidence.limits import MIB
from workbench.model.progress import Progress
from workbench.verify.pool import cores
from workbench.verify.verifier import Bench

BLOCK = MIB
MOST_THREADS = 16


class Hasher(Protocol):
    """A hash that is fed with bytes."""

    def update(self, data: bytes | memoryview, /) -> object:
        """Take in more bytes."""
        ...

    def hexdigest(self) -> str:
        """Return the digest as lower hex."""
        ...


_ALGORITHMS: Mapping[str, Callable[[], Hasher]] = {
    "sha256": hashlib.sha256,
    "blake2b": hashlib.blake2b,
    "blake3": blake3.blake3,
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the content of a file is written as digests: the algorithm, and bytes of a shard."""

    hash_type: str
    shard_size: int | None = None


WHOLE = Recipe("sha256")

#: Digests of a file in a recipe: one of the whole file, or one a shard.
Content = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileDigests:
    """What one pass over a file gave: its digests in each recipe asked for."""

    by_recipe: Mapping[Recipe, Content]

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of all its bytes."""
        return self.by_recipe[WHOLE][0]


#: What became of each file: its digests, or why it could not be read.
Hashed = Mapping[EvidenceFile, FileDigests | SourceError]


def hash_files(files: Iterable[EvidenceFile], recipes: Iterable[Recipe], bench: Bench) -> Hashed:
    """Return the digests of each file in each recipe and in SHA-256, the biggest file first.

    Raises:
        Cancelled: the user stopped the work.
    """
    wanted = tuple(dict.fromkeys((WHOLE, *recipes)))
    ordered = sorted(set(files), key=lambda file: (-file.size, file.path, file.member or ""))
    tally = _Tally(bench.progress, sum(file.size for file in ordered))
    stop = Event()
    pool = ThreadPoolExecutor(min(len(ordered), _threads()) or 1)
    try:
        work = partial(_hash_file, recipes=wanted, tally=tally, stop=stop, bench=bench)
        futures = {file: pool.submit(work, file) for file in ordered}
        return {file: _outcome(future) for file, future in futures.items()}
    finally:  # also at Ctrl+C: no thread goes on reading
        stop.set()
        pool.shutdown(cancel_futures=True)


def digests_of(data: Iterable[bytes], recipe: Recipe) -> Content:
    """Return the digests of bytes that come in blocks."""
    taker = _Taker(recipe)
    for block in data:
        taker.take(block)
    return taker.content()


def _threads() -> int:
    return min(cores(), MOST_THREADS)


def _outcome(future: Future[FileDigests]) -> FileDigests | SourceError:
    try:
        return future.result()
    except SourceError as error:
        return error


def _hash_file(
    file: EvidenceFile, *, recipes: Sequence[Recipe], tally: "_Tally", stop: Event, bench: Bench
) -> FileDigests:
    if file.problem is not None:
        error = SourceError(f"{file.display} was not delivered cleanly.", path=file.path)
        error.code = file.problem
        raise error
    takers = {recipe: _Taker(recipe) for recipe in recipes}
    for block in blocks(file, cancel=bench.cancel, size=BLOCK):
        if stop.is_set():
            raise Cancelled("Stopped.")
        for taker in takers.values():
            taker.take(block)
        tally.add(len(block), file.display)
    return FileDigests({recipe: taker.content() for recipe, taker in takers.items()})


class _Taker:
    """Feeds bytes to one hash, or to one hash a shard."""

    def __init__(self, recipe: Recipe) -> None:
        self._new = _ALGORITHMS[recipe.hash_type]
        self._shard_size = recipe.shard_size
        self._left = recipe.shard_size or 0
        self._hasher = self._new()
        self._done: list[str] = []

    def take(self, block: bytes) -> None:
        if self._shard_size is None:
            self._hasher.update(block)
            return
        data = memoryview(block)
        while len(data):
            part, data = data[: self._left], data[self._left :]
            self._hasher.update(part)
            self._left -= len(part)
            if self._left == 0:
                self._close()

    def _close(self) -> None:
        self._done.append(self._hasher.hexdigest())
        self._hasher, self._left = self._new(), self._shard_size or 0

    def content(self) -> Content:
        """Return the digests; a file without bytes has no shard."""
        if self._shard_size is None:
            return (self._hasher.hexdigest(),)
        rest = (self._hasher.hexdigest(),) if self._left < self._shard_size else ()
        return (*self._done, *rest)


class _Tally:
    """Tells a progress of the bytes that several threads have done."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0
        self._lock = Lock()

    def add(self, count: int, what: str) -> None:
        with self._lock:
            self._done += count
            self._progress.advance(self._done, self._total, what)
