"""Go over the tiles of a log once: leaves, roots at every stated size, what does not agree."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.errors import SourceError
from workbench.evidence.file import read_whole
from workbench.model.verdict import Diagnosis, DiagnosisClass
from workbench.verify.heads.merkle import HASH_BYTES, Accumulator
from workbench.verify.tlog.tiles import (
    BUNDLE_BYTES,
    CT_BUNDLE_BYTES,
    WIDTH,
    MalformedBundle,
    Tile,
    Tiles,
    entries_of,
    root_of,
)
from workbench.verify.verifier import Bench

#: So many records that differ are written out; the rest is counted.
MOST_RECORDS = 1000


@dataclass(frozen=True, slots=True)
class Differing:
    """An entry whose leaf hash is not the one in its tile.

    Attributes:
        index: its number from 0.
        bundle: where it lies.
        tile: where its leaf hash lies.
        stored: that leaf hash.
        made: the leaf hash of the entry.
    """

    index: int
    bundle: Tile
    tile: Tile
    stored: bytes
    made: bytes


@dataclass(slots=True)
class Survey:
    """What was found in the tiles of a log.

    Attributes:
        size: leaves in a row from the first one on, by tiles and entries together.
        roots: root over the leaves of the tiles at each size asked for.
        entry_roots: the same over the entries themselves, where these differ anywhere.
        differing: entries that are not what their tile says.
        differing_count: how many there are.
        files: diagnoses of tiles that contradict other tiles.
        entries: entries that were hashed.
        unhashed: leaves whose entries are not here.
        gap: whether tiles follow after a missing one.
        unread: what could not be read.
    """

    size: int = 0
    roots: dict[int, bytes] = field(default_factory=dict)
    entry_roots: dict[int, bytes] = field(default_factory=dict)
    differing: list[Differing] = field(default_factory=list)
    differing_count: int = 0
    files: list[Diagnosis] = field(default_factory=list)
    entries: int = 0
    unhashed: int = 0
    gap: bool = False
    unread: list[SourceError] = field(default_factory=list)


def survey(tiles: Tiles, marks: Iterable[int], bench: Bench) -> Survey:
    """Return what the tiles of a log say."""
    return _Surveyor(tiles, list(marks), bench).survey()


class _Surveyor:
    def __init__(self, tiles: Tiles, marks: list[int], bench: Bench) -> None:
        self._tiles = tiles
        self._bench = bench
        self._found = Survey()
        self._by_tiles = Accumulator(marks)
        self._by_entries = Accumulator(marks)
        self._roots: list[bytes] = []  # of the full tiles of level 0
        self._bundles: tuple[list[Tile], list[bytes]] = ([], [])

    def survey(self) -> Survey:
        leaves = self._tiles.levels.get(0, {})
        numbers = sorted({*leaves, *self._tiles.entries})
        for number in range(len(numbers)):
            self._bench.cancel.check()
            self._bench.progress.advance(number, len(numbers), "tiles")
            if numbers[number] != number or not self._take(number):
                follows = numbers[number] != number or number < len(numbers) - 1
                self._found.gap = follows
                break
        self._found.size = self._by_tiles.size
        self._found.roots = self._by_tiles.roots
        if self._found.differing_count:
            self._found.entry_roots = self._by_entries.roots
        self._higher_levels()
        return self._found

    def _take(self, number: int) -> bool:
        """Take one tile of leaves and its entries; False: the log cannot go on after it."""
        stored = self._read_tile(self._tiles.levels.get(0, {}).get(number, []))
        made = self._hash_entries(number)
        if stored is None and made is None:
            return False
        leaves = stored if stored is not None else made or b""
        own, before = leaves, self._found.differing_count
        if stored is not None and made is not None:
            own = self._compare(number, stored, made)
            leaves += own[len(leaves) :]  # entries go on after the hashes that are here
        self._found.unhashed += len(leaves) // HASH_BYTES if made is None else 0
        if made is not None and self._found.differing_count == before:
            self._versions(*self._bundles)  # else the widest is known to be the wrong one
        self._by_tiles.add_packed(leaves)
        self._by_entries.add_packed(own)
        full = len(leaves) == WIDTH * HASH_BYTES
        self._roots += [root_of(leaves)] if full else []
        return full

    def _compare(self, number: int, stored: bytes, made: bytes) -> bytes:
        """Hold entries against their tile; return the leaves as the entries have them."""
        bundle, tile = self._tiles.entries[number][0], self._tiles.levels[0][number][0]
        count = min(len(stored), len(made)) // HASH_BYTES
        for n in range(count):
            one = slice(n * HASH_BYTES, (n + 1) * HASH_BYTES)
            if stored[one] != made[one]:
                self._found.differing_count += 1
                if self._found.differing_count <= MOST_RECORDS:
                    found = Differing(number * WIDTH + n, bundle, tile, stored[one], made[one])
                    self._found.differing.append(found)
        if len(made) < len(stored):
            self._found.unhashed += (len(stored) - len(made)) // HASH_BYTES
            return made + stored[len(made) :]
        return made

    def _hash_entries(self, number: int) -> bytes | None:
        """Return the leaf hashes of a bundle; older, narrower versions have to begin it."""
        versions = self._tiles.entries.get(number, [])
        widest = self._read(versions[0]) if versions else None
        if widest is None:
            return None
        certificates = self._tiles.of_certificates
        leaves, ends = bytearray(), [0]
        try:
            for end, leaf in entries_of(widest, of_certificates=certificates):
                leaves += leaf
                ends.append(end)
        except MalformedBundle as bad:
            record = number * WIDTH + bad.entry + 1
            kind = DiagnosisClass.MALFORMED_RECORD
            self._found.files.append(
                Diagnosis(kind, record=record, path=versions[0].name, offset=bad.offset)
            )
        self._found.entries += len(ends) - 1
        if len(ends) - 1 != versions[0].width:
            why = f"It has to hold {versions[0].width} entries, and holds {len(ends) - 1}."
            self._bad(versions[0], why)
        self._bundles = versions, [widest[: ends[min(v.width, len(ends) - 1)]] for v in versions]
        return bytes(leaves)

    def _read_tile(self, versions: list[Tile]) -> bytes | None:
        """Return the hashes of a tile; older, narrower versions have to begin it."""
        widest = self._read(versions[0]) if versions else None
        if widest is None:
            return None
        if len(widest) != versions[0].width * HASH_BYTES:
            why = f"It has to hold {versions[0].width} hashes of 32 bytes."
            self._bad(versions[0], why)
            widest = widest[: min(len(widest), WIDTH * HASH_BYTES) // HASH_BYTES * HASH_BYTES]
        self._versions(versions, [widest[: v.width * HASH_BYTES] for v in versions])
        return widest

    def _versions(self, versions: list[Tile], beginnings: list[bytes]) -> None:
        """Hold older versions of a tile against the widest; most of them say which one is wrong."""
        pairs = list(zip(versions, beginnings, strict=True))[1:]
        wrong = [v for v, right in pairs if (data := self._read(v)) is not None and data != right]
        if len(wrong) > 1 and 2 * len(wrong) > len(pairs):
            wrong = versions[:1]
        for tile in wrong:
            self._bad(tile, "Versions of this tile do not begin alike, as one that grows does.")

    def _higher_levels(self) -> None:
        """Recompute each hash of a higher tile from the tiles below it."""
        below = self._roots
        for level in range(1, 64):
            numbers = self._tiles.levels.get(level)
            if not numbers or not below:
                break
            roots: list[bytes] = []
            for number in range((len(below) + WIDTH - 1) // WIDTH):
                right = b"".join(below[number * WIDTH : (number + 1) * WIDTH])
                for tile in numbers.get(number, []):
                    self._hold(tile, right)
                if len(right) == WIDTH * HASH_BYTES:
                    roots.append(root_of(right))
            below = roots

    def _hold(self, tile: Tile, right: bytes) -> None:
        data = self._read(tile)
        if data is None:
            return
        common = min(len(data), len(right))
        if len(data) != tile.width * HASH_BYTES or data[:common] != right[:common]:
            self._bad(tile, "Its hashes are not those of the tiles below it.")

    def _bad(self, tile: Tile, why: str) -> None:
        kind = DiagnosisClass.FILE_ALTERED
        self._found.files.append(Diagnosis(kind, count=1, path=tile.name, explanations=(why,)))

    def _read(self, tile: Tile) -> bytes | None:
        limit = CT_BUNDLE_BYTES if self._tiles.of_certificates else BUNDLE_BYTES
        try:
            return read_whole(tile.file, limit=limit)
        except SourceError as error:
            self._found.unread.append(error)
            return None


def changed_records(found: Survey, *, tile_is_wrong: bool) -> Iterator[Diagnosis]:
    """Yield what to say of entries and leaf hashes that differ.

    Args:
        found: what was found.
        tile_is_wrong: whether the heads agree with the entries, and not with the tiles.
    """
    if tile_is_wrong:
        why = "Its hashes are not those of the entries; the heads agree with the entries."
        for name in dict.fromkeys(one.tile.name for one in found.differing):
            kind = DiagnosisClass.FILE_ALTERED
            yield Diagnosis(kind, count=1, path=name, explanations=(why,))
        return
    for one in found.differing:
        yield Diagnosis(
            DiagnosisClass.RECORD_ALTERED,
            record=one.index + 1,
            count=1,
            path=one.bundle.name,
            stored=one.stored.hex(),
            recomputed=one.made.hex(),
        )
