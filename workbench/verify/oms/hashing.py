"""Hash the files of a model: every byte once, several files at a time."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import blake3

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import MIB
from workbench.model.source import ProblemCode
from workbench.verify.content import known_digest
from workbench.verify.side_by_side import Reading, side_by_side
from workbench.verify.verifier import Bench

BLOCK = MIB


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
    """Return the digests of each file in each recipe and in SHA-256.

    What was hashed on another way through its bytes is not hashed again.

    Raises:
        Cancelled: the user stopped the work.
    """
    wanted = tuple(dict.fromkeys((WHOLE, *recipes)))
    work = partial(_hash_file, recipes=wanted, known=bench.digests)
    return side_by_side(tuple(files), work, progress=bench.progress, cancel=bench.cancel)


def digests_of(data: Iterable[bytes], recipe: Recipe) -> Content:
    """Return the digests of bytes that come in blocks."""
    taker = _Taker(recipe)
    for block in data:
        taker.take(block)
    return taker.content()


def _hash_file(
    file: EvidenceFile,
    reading: Reading,
    *,
    recipes: Sequence[Recipe],
    known: Mapping[tuple[EvidenceFile, str], bytes],
) -> FileDigests:
    # What is called an archive and is none has all its bytes, and these are what was signed.
    if file.problem not in {None, ProblemCode.NOT_AN_ARCHIVE}:
        error = SourceError(f"{file.display} was not delivered cleanly.", path=file.path)
        error.code = file.problem or error.code
        raise error
    digest = known_digest(file, WHOLE.hash_type, known) if set(recipes) == {WHOLE} else None
    if digest is not None:
        return FileDigests({WHOLE: (digest.hex(),)})
    takers = {recipe: _Taker(recipe) for recipe in recipes}
    for block in reading.blocks(file, BLOCK):
        for taker in takers.values():
            taker.take(block)
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
