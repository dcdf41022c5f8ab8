"""Write one segment of the index: events, their terms, and digests of the evidence they lie in.

Texts are dictionary-coded: an event holds numbers of terms, the terms stand once in a file of
their own. So a question is asked of each term once, not of each event. A dictionary that grows
too large is begun anew; a text then has two numbers, which is allowed.

The segment is written into a folder of its own, and put in its place by rename only when its act
is committed: what a killed program leaves behind is never looked at.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from workbench.errors import StoreError
from workbench.evidence.file import sha256_of, single
from workbench.model.event_batch import NO_TIME, EventBatch, Texts
from workbench.model.progress import Cancel
from workbench.store.duck import Duck, text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Column = NDArray[np.generic]

PART_ROWS = 500_000
MOST_TERMS = 500_000
NO_TERM = -1
NEW = "new-"

_EVENTS = """
COPY (SELECT source, record, "offset", length, nullif(time_ns, {no_time}) AS time_ns,
    nullif(actor, -1) AS actor, nullif(action, -1) AS action, nullif(object, -1) AS object,
    outcome, malformed, nullif(said, -1) AS said FROM rows)
TO {file} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2)
"""
_TERMS = "COPY (SELECT * FROM terms) TO {file} (FORMAT parquet, COMPRESSION zstd)"
_BLOCKS = "COPY (SELECT * FROM blocks) TO {file} (FORMAT parquet, COMPRESSION zstd)"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of a segment and the digest by which it is believed."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class WrittenSegment:
    """A segment that is complete and lies in a folder of its own, not yet in its place.

    Attributes:
        folder: where it lies.
        files: its files.
        events: events of each source in it.
        last_term: the greatest number of a term, or the one it began after.
    """

    folder: Path
    files: tuple[WrittenFile, ...]
    events: dict[int, int]
    last_term: int


@dataclass(slots=True)
class _Terms:
    """The dictionary; numbers go on and on, and only the newest texts are remembered."""

    last: int
    known: dict[str, int] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def of(self, value: str) -> int:
        found = self.known.get(value)
        if found is not None:
            return found
        if len(self.known) >= MOST_TERMS:
            self.known.clear()
        self.last += 1
        self.known[value] = self.last
        self.ids.append(self.last)
        self.texts.append(value)
        return self.last


class SegmentWriter:
    """Takes batches source by source and writes them in parts of bounded size."""

    def __init__(self, index: Path, *, last_term: int) -> None:
        """Begin a segment.

        Args:
            index: folder of the index; made if it is not there.
            last_term: the greatest number of a term in the index so far.

        Raises:
            StoreError: the folder cannot be written.
        """
        try:
            index.mkdir(mode=0o700, exist_ok=True)
            self._folder = Path(mkdtemp(prefix=NEW, dir=index))
        except OSError as error:
            raise StoreError(f"The index cannot be written: {error.strerror}.") from error
        self._duck = Duck(index)
        self._terms = _Terms(last_term)
        self._source = 0
        self._rows = 0
        self._parts: list[dict[str, Column]] = []
        self._blocks: list[tuple[int, int, int, bytes]] = []
        self._events: dict[int, int] = {}
        self._numbers: dict[str, int] = {}

    def begin(self, source: int) -> None:
        """Say that the next batches are of this source, from its first record on."""
        self._source = source
        self._events[source] = 0

    def add(self, batch: EventBatch) -> None:
        """Take the next records of the source.

        Raises:
            StoreError: they could not be written.
        """
        first = self._events[self._source] + 1
        if batch.count:
            self._parts.append(self._columns(batch, first))
            self._events[self._source] += batch.count
            self._rows += batch.count
        self.add_blocks(self._source, batch.blocks)
        if self._rows >= PART_ROWS or len(self._terms.texts) >= MOST_TERMS:
            self._flush_events()

    def add_blocks(self, source: int, blocks: Iterable[tuple[int, int, bytes]]) -> None:
        """Take digests of the bytes of any source: offset, length, SHA-256."""
        self._blocks.extend((source, *block) for block in blocks)
        if len(self._blocks) >= PART_ROWS:
            self._flush_blocks()

    def finish(self) -> WrittenSegment:
        """Write what is left and return the segment; it is not yet in its place.

        Raises:
            StoreError: it could not be written; nothing is left of it.
        """
        try:
            self._flush_events()
            self._flush_blocks()
            files = tuple(_written(file) for file in sorted(self._folder.iterdir()))
        except BaseException:
            self.abandon()
            raise
        self._duck.close()
        return WrittenSegment(self._folder, files, dict(self._events), self._terms.last)

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._duck.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _columns(self, batch: EventBatch, first: int) -> "dict[str, Column]":
        import numpy as np

        malformed = np.zeros(batch.count, dtype=np.bool_)
        malformed[list(batch.malformed)] = True
        said = np.full(batch.count, NO_TERM, dtype=np.int64)
        for place, spelled in batch.unread:
            said[place] = self._terms.of(spelled)
        return {
            "source": np.full(batch.count, self._source, dtype=np.int32),
            "record": np.arange(first, first + batch.count, dtype=np.int64),
            "offset": np.frombuffer(batch.offsets, dtype=np.int64),
            "length": np.frombuffer(batch.lengths, dtype=np.int64),
            "time_ns": np.frombuffer(batch.times, dtype=np.int64),
            "actor": self._numbered(batch.actor),
            "action": self._numbered(batch.action),
            "object": self._numbered(batch.object),
            "outcome": _coded(batch.outcome, batch.outcomes.__getitem__, batch.outcomes[None]),
            "malformed": malformed,
            "said": said,
        }

    def _numbered(self, texts: Texts) -> "Column":
        return _coded(texts, self._terms.of, NO_TERM)

    def _flush_events(self) -> None:
        import numpy as np

        if self._parts:
            rows = {name: np.concatenate([p[name] for p in self._parts]) for name in self._parts[0]}
            self._copy("events", "rows", rows, _EVENTS)
        self._parts.clear()
        self._rows = 0
        if self._terms.texts:
            terms: dict[str, Column] = {
                "id": np.array(self._terms.ids, dtype=np.int64),
                "text": np.array(self._terms.texts, dtype=object),
            }
            self._copy("terms", "terms", terms, _TERMS)
        self._terms.ids.clear()
        self._terms.texts.clear()

    def _flush_blocks(self) -> None:
        import numpy as np

        if not self._blocks:
            return
        source, offset, length, digest = zip(*self._blocks, strict=True)
        blocks: dict[str, Column] = {
            "source": np.array(source, dtype=np.int32),
            "offset": np.array(offset, dtype=np.int64),
            "length": np.array(length, dtype=np.int32),
            "sha256": np.array([value.hex() for value in digest], dtype=object),
        }
        self._copy("blocks", "blocks", blocks, _BLOCKS)
        self._blocks.clear()

    def _copy(self, kind: str, view: str, columns: "Mapping[str, Column]", statement: str) -> None:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        file = self._folder / f"{kind}-{self._numbers[kind]:04}.parquet"
        sql = statement.format(file=text(str(file.absolute())), no_time=NO_TIME)
        with self._duck.told("The index could not be written"):
            self._duck.connection.register(view, columns)
            self._duck.connection.execute(sql)
            self._duck.connection.unregister(view)


def _coded(texts: Texts, number: Callable[[str], int], none: int) -> "Ints":
    """Return the number of each event's text; of those without, ``none``."""
    import numpy as np

    numbers = np.array([*map(number, texts.each), none], dtype=np.int64)
    found: Ints = numbers[np.frombuffer(texts.codes, dtype=np.int32)]  # NO_TEXT is the last one
    return found


def _written(file: Path) -> WrittenFile:
    return WrittenFile(file.name, sha256_of(single(file), cancel=Cancel()), file.stat().st_size)
