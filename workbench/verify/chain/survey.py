"""Go once over a log: hash the file, walk its pieces here or in other processes, join the results.

Memory stays bounded whatever the log holds: pieces in flight are few, good records become one
stretch, and beyond ``MOST_STRETCHES`` breaks the rest is only counted.
"""

import hashlib
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field, replace

from workbench.errors import WorkbenchError
from workbench.evidence.file import EvidenceFile, blocks, read_range, read_whole
from workbench.evidence.limits import LIMITS, MIB
from workbench.model.profile import ChainProfile
from workbench.model.recipe import Name
from workbench.verify.chain.ahead import LARGE, hand_over
from workbench.verify.chain.engine import Engine, engine_for
from workbench.verify.chain.facts import Stretch
from workbench.verify.chain.following import extend
from workbench.verify.chain.frame import BOM, Cut, Document, cut_document, records_of
from workbench.verify.chain.grown import Beginning, NotGrownError, OldPart
from workbench.verify.chain.keyed import Secrets
from workbench.verify.chain.layout import cuts_of
from workbench.verify.chain.linking import linked
from workbench.verify.chain.piece import NO_EDGE, Edge, Signers, Task, Walked, take_latest, walk
from workbench.verify.chain.quick import quick_path
from workbench.verify.chain.reading import TABLE
from workbench.verify.chain.rows import cut_rows
from workbench.verify.chain.selection import Rows
from workbench.verify.heads.merkle import Accumulator
from workbench.verify.verifier import Bench

SMALL = 4 * MIB
#: Of a MiB and more each worker keeps twice the memory, and is no faster.
PIECE = 896 * 1024
#: Where each record is read by itself pieces are smaller: work that is cancelled ends with one.
EXACT_PIECE = 128 * 1024
IN_FLIGHT = 8
MOST_STRETCHES = 10_000
#: Pieces kept for finding records again: two, as records are compared with earlier ones.
MOST_KEPT = 2

#: Offset and length in the file, and what came out.
Piece = tuple[int, int, Walked]


@dataclass(frozen=True, slots=True)
class Log:
    """A log to be surveyed: the file, how its records lie in it, and by which recipe.

    ``path`` leads to the array of records in a JSON document; ``rows`` are those of its records
    that are one of the chains in it.
    """

    file: EvidenceFile
    container: str
    profile: ChainProfile
    secrets: Secrets = field(default_factory=Secrets)
    path: Name = ()
    record_limit: int = LIMITS.record
    rows: Rows | None = None

    @property
    def size(self) -> int:
        """Return how many bytes are gone over."""
        return self.file.size if self.rows is None else self.rows.size

    def cut_again(self, offset: int, data: bytes) -> Cut:
        """Return a piece that was cut before; the first one holds the header of a table."""
        if self.container != TABLE:
            return Cut(offset, data)
        layout = self.profile.container
        layout = replace(layout, header=layout.header and offset <= len(BOM))
        cut = next(cut_rows(iter([data]), layout, replace(LIMITS, record=self.record_limit)))
        return replace(cut, offset=offset)


@dataclass(slots=True)
class Survey:
    """What one pass over a log found.

    Attributes:
        log: what was surveyed.
        sha256: lower hex digest of the file.
        records: how many.
        stretches: in order, numbered from record 1 of the file.
        names: top-level members seen.
        crlf: lines that end in CRLF.
        bom: whether the file begins with a byte order mark.
        newline_at_end: whether the last line has its end.
        roots: RFC 6962 roots at the sizes asked for.
        unsealed: for each seal, records that carry none.
        sealed: for each seal, records whose seal is right.
        signers: who signed a record, with the latest time claimed.
        lacking: names of secrets that records need and nobody gave.
        oldest: of the recipes that records are by, the oldest: 0 the newest of all.
        edge: how the records lie to the end of the audit period.
        overflow: whether there were more breaks than are listed.
        document: the rest of the JSON document, for a bundle.
        pieces: (first record, offset, length) of each piece, to find a record again.
        old: the part that was judged before and only hashed now.
        not_grown: why a part that was judged before was judged again.
        beginnings: the log beside what it was delivered in place of.
        relinked: records that were given another previous digest than that of the record before,
            with what they would have with it.
        told: how many bytes progress was told of.
    """

    log: Log
    sha256: str = ""
    records: int = 0
    stretches: list[Stretch] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    crlf: int = 0
    bom: bool = False
    newline_at_end: bool = True
    roots: dict[int, bytes] = field(default_factory=dict)
    unsealed: list[int] = field(default_factory=list)
    sealed: list[int] = field(default_factory=list)
    signers: Signers = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    oldest: int = 0
    edge: Edge = NO_EDGE
    overflow: bool = False
    document: Document | None = None
    pieces: list[tuple[int, int, int]] = field(default_factory=list)
    old: OldPart | None = None
    not_grown: NotGrownError | None = None
    beginnings: tuple[Beginning, ...] = ()
    relinked: dict[int, str | None] = field(default_factory=dict)
    told: int = 0
    _kept: dict[int, tuple[tuple[int, bytes], ...]] = field(default_factory=dict)

    def number_of(self, record: int) -> int:
        """Return the number in the file of a record of this chain."""
        return record if self.log.rows is None else self.log.rows.number_of(record)

    def record(self, number: int) -> tuple[int, bytes] | None:
        """Return offset and bytes of a record by its number from 1; None where it has none.

        An oversized record has no bytes to return.
        """
        if not 1 <= number <= self.records:
            return None
        if self.log.rows is not None:
            return self.log.rows.record(self.log.file, number, self.log.record_limit)
        at = bisect_right(self.pieces, (number, self.log.file.size + 1, 0)) - 1
        first, offset, length = self.pieces[at]
        if self.document is not None:
            if not self._kept:
                self._kept[0] = tuple(records_of(self.document.cut))
            return self._kept[0][number - 1]
        if length > self.log.record_limit + PIECE:
            return offset, b""
        if offset not in self._kept:
            cut = self.log.cut_again(offset, read_range(self.log.file, offset, length))
            if len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[offset] = tuple(records_of(cut))
        records = self._kept[offset]
        return records[number - first] if number - first < len(records) else None


def survey(
    log: Log, bench: Bench, *, marks: Iterable[int] = (), old: OldPart | None = None
) -> Survey:
    """Return what a log holds.

    Args:
        log: the log.
        bench: limits, progress, cancel and executor.
        marks: numbers of records at which the RFC 6962 root is wanted.
        old: the part that was judged before, to be hashed only.

    Raises:
        JsonError: a JSON document cannot be read, or holds no list of records where it should.
        SourceError: the file cannot be read, or changed meanwhile.
        Cancelled: the user stopped it.
        NotGrownError: the old part is not what was judged.
    """
    found = Survey(log, old=old)
    sizes = tuple(marks)
    tree = Accumulator(sizes) if sizes else None
    cuts = cuts_of_log(found, bench)
    period = bench.expectation.period
    plan = Task(
        Cut(0, b""),
        log.profile,
        log.secrets,
        bench.limits.record,
        leaves=bool(sizes),
        edge=None if period is None else period.last.timestamp(),
        make=None if bench.tap is None else bench.tap.begin(log.file),
        by_column=log.file.size >= LARGE,
    )
    for offset, length, walked in _walked(cuts, plan, log.size, bench):
        _add(found, offset, length, walked)
        if tree is not None:
            tree.add_packed(walked.leaves)
        if bench.tap is not None and walked.made is not None:
            bench.tap.take(log.file, walked.made)
        bench.cancel.check()
        found.told = offset + length
        bench.progress.advance(found.told, log.file.size, log.file.display)
    found.roots = {} if tree is None else tree.roots
    return found


def find(log: Log, bench: Bench, wanted: frozenset[str]) -> dict[str, tuple[int, ...]]:
    """Return the numbers of the records that store each wanted digest as their own."""
    plan = Task(Cut(0, b""), log.profile, record_limit=bench.limits.record, wanted=wanted)
    places: dict[str, list[int]] = {}
    records, again = 0, Survey(log, told=log.file.size)  # a second way through is not told of
    for _, _, walked in _walked(cuts_of_log(again, bench), plan, log.size, bench):
        for digest, number in walked.found:
            places.setdefault(digest, []).append(records + number)
        records += walked.records
        bench.cancel.check()
    return {digest: tuple(numbers) for digest, numbers in places.items()}


def cuts_of_log(found: Survey, bench: Bench) -> Iterator[Cut]:
    """Yield the records of a log; where they do not store the previous digest, with that."""
    log = found.log
    cuts = _cuts(found, bench) if log.rows is None else log.rows.cuts(log.file, bench.limits.record)
    return linked(cuts, Engine(log.profile, log.secrets))


def _cuts(found: Survey, bench: Bench) -> Iterator[Cut]:
    log = found.log
    if log.container == "json-array":
        data = read_whole(log.file, limits=bench.limits)
        found.sha256 = hashlib.sha256(data).hexdigest()
        found.bom = data.startswith(BOM)
        what = log.file.display
        found.document = cut_document(data, log.path, limits=bench.limits, what=what)
        yield found.document.cut
        return
    digest, start = hashlib.sha256(), 0 if found.old is None else found.old.earlier.size
    hashed = _hashed(found, digest, bench)
    for cut in cuts_of(hashed, log.file, log.container, log.profile.container, bench.limits):
        yield replace(cut, offset=start + cut.offset) if start else cut
    found.sha256 = digest.hexdigest()


def _hashed(found: Survey, digest: "hashlib._Hash", bench: Bench) -> Iterator[bytes]:
    last, size = b"\n", EXACT_PIECE if quick_path(found.log.profile) is None else PIECE
    read = 0
    for n, block in enumerate(blocks(found.log.file, cancel=bench.cancel, size=size)):
        found.bom = found.bom or (n == 0 and block.startswith(BOM))
        last = block[-1:]
        read += len(block)
        if read - found.told > (IN_FLIGHT + 2) * size:  # one record without end holds all others up
            found.told = read
            bench.progress.advance(read, found.log.file.size, found.log.file.display)
        if n == 0 and found.old is not None:
            yield b""  # what follows is not the beginning of the file
        new = _beyond_old(found, block, digest, bench)
        digest.update(new)
        yield new
    found.newline_at_end = last == b"\n" or found.log.file.cut_off


def _beyond_old(found: Survey, block: bytes, digest: "hashlib._Hash", bench: Bench) -> bytes:
    """Return what of a block was not judged before; hash the rest."""
    old = found.old
    if old is None or not old.left:
        return block
    part = block[: old.left]
    digest.update(part)
    old.take(part)
    bench.progress.advance(old.earlier.size - old.left, found.log.file.size, found.log.file.display)
    if not old.left:
        engine = engine_for(found.log.profile, found.log.secrets)
        stretch = old.stretch(engine, digest.hexdigest())
        found.stretches, found.records = [stretch], stretch.count
        found.pieces = list(old.pieces)
        found.names |= set(old.earlier.not_covered)
    return block[len(part) :]


def _walked(cuts: Iterable[Cut], plan: Task, size: int, bench: Bench) -> Iterator[Piece]:
    """Walk cuts in order, in this process where the file is small, else by the executor."""
    if bench.executor is None or size < SMALL:
        for cut in cuts:
            yield cut.offset, cut.length, walk(replace(plan, cut=cut))
        return
    try:
        yield from _in_flight(cuts, plan, bench.executor)
    except BrokenExecutor as error:
        raise WorkbenchError("A worker process died; try again, or with less memory in use.") from (
            error
        )


def _in_flight(cuts: Iterable[Cut], plan: Task, executor: Executor) -> Iterator[Piece]:
    waiting: deque[tuple[int, int, Future[Walked]]] = deque()
    for cut in cuts:
        waiting.append((cut.offset, cut.length, hand_over(executor, plan, cut)))
        if len(waiting) >= IN_FLIGHT:
            yield _finished(*waiting.popleft())
    while waiting:
        yield _finished(*waiting.popleft())


def _finished(offset: int, length: int, future: "Future[Walked]") -> Piece:
    return offset, length, future.result()


def _add(found: Survey, offset: int, length: int, walked: Walked) -> None:
    if walked.records:
        found.pieces.append((found.records + 1, offset, length))
    for stretch in walked.stretches:
        if len(found.stretches) >= MOST_STRETCHES:
            found.overflow = True
            break
        moved = replace(stretch, first=stretch.first + found.records)
        extend(found.stretches, moved, found.log.profile)
    found.edge = found.edge.then(walked.edge, found.records)
    found.records += walked.records
    found.names |= walked.names
    found.crlf += walked.crlf
    take_latest(found.signers, walked.signers)
    found.lacking |= walked.lacking
    found.unsealed = _summed(found.unsealed, walked.unsealed)
    found.sealed = _summed(found.sealed, walked.sealed)


def _summed(left: list[int], right: tuple[int, ...]) -> list[int]:
    return [a + b for a, b in zip(left or [0] * len(right), right, strict=True)]
