"""The tiles of a log, by level and number, and the entries in a bundle (C2SP tlog-tiles)."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.evidence.file import EvidenceFile
from workbench.evidence.subject import Subject
from workbench.verify.heads.merkle import leaf_hash

WIDTH = 256
#: A bundle of full width whose entries are as long as they may be, and the tile of CT likewise.
BUNDLE_BYTES = WIDTH * (2 + 65_535)
CT_BUNDLE_BYTES = 64 * 1024 * 1024
#: As ``formats.tile_log`` recognises them.
_TILE = re.compile(
    r"tile/(?P<level>\d{1,2}|entries|data)/(?P<number>(?:x\d{3}/)*\d{3})"
    r"(?:\.p/(?P<width>[1-9]\d{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile, or one bundle of entries.

    Attributes:
        number: its number within its level.
        width: hashes or entries that it has to hold.
        file: its file.
        name: its path within the log.
    """

    number: int
    width: int
    file: EvidenceFile
    name: str


@dataclass(slots=True)
class Tiles:
    """All tiles of a log: each level, and the entries, by number, the widest version first.

    Attributes:
        levels: by level; level 0 holds leaf hashes.
        entries: bundles of entries.
        of_certificates: whether entries lie there as logs of certificates write them.
        bad: names that a tile cannot have.
    """

    levels: dict[int, dict[int, list[Tile]]] = field(default_factory=dict)
    entries: dict[int, list[Tile]] = field(default_factory=dict)
    of_certificates: bool = False
    bad: list[str] = field(default_factory=list)


def tiles_of(subject: Subject) -> Tiles:
    """Return the tiles of a log."""
    found = Tiles()
    for file in subject.files:
        name = file.place.removeprefix(subject.base)
        match = _TILE.fullmatch(name)
        if match is None:
            continue
        width = int(match["width"] or WIDTH)
        number = int("".join(re.findall(r"\d{3}", match["number"])))
        tile = Tile(number, width, file, name)
        if width > WIDTH or (match["width"] and width == WIDTH):
            found.bad.append(name)
        elif match["level"] in {"entries", "data"}:
            found.of_certificates = found.of_certificates or match["level"] == "data"
            found.entries.setdefault(number, []).append(tile)
        else:
            found.levels.setdefault(int(match["level"]), {}).setdefault(number, []).append(tile)
    for numbers in (*found.levels.values(), found.entries):
        for versions in numbers.values():
            versions.sort(key=lambda tile: -tile.width)
    return found


class MalformedBundle(Exception):  # noqa: N818 - it never leaves this package: a place, as data
    """A bundle that is no sequence of entries: its first bad entry, and where that begins."""

    def __init__(self, entry: int, offset: int) -> None:
        super().__init__(entry, offset)
        self.entry = entry
        self.offset = offset


def entries_of(bundle: bytes, *, of_certificates: bool) -> Iterator[tuple[int, bytes]]:
    """Yield where each entry of a bundle ends, and its leaf hash.

    Raises:
        MalformedBundle: an entry goes on after the end of the bundle.
    """
    at = number = 0
    read = _certificate if of_certificates else _entry
    while at < len(bundle):
        end, leaf = read(bundle, at)
        if end > len(bundle):
            raise MalformedBundle(number, at)
        yield end, leaf_hash(leaf)
        at, number = end, number + 1


def _entry(bundle: bytes, at: int) -> tuple[int, bytes]:
    """Return the end of an entry, and the entry; the end lies beyond the bundle where it is cut."""
    end = _after(bundle, at, 2)
    return end, bundle[at + 2 : end]


def _certificate(bundle: bytes, at: int) -> tuple[int, bytes]:
    """Return the end of a TileLeaf (static-ct-api), and the leaf of RFC 6962 3.4 that it is."""
    kind = int.from_bytes(bundle[at + 8 : at + 10])
    if kind not in {0, 1}:
        return len(bundle) + 1, b""
    end = _after(bundle, at + 10 + 32 * kind, 3)  # a certificate, or issuer and its request
    end = _after(bundle, end, 2)  # extensions
    leaf = b"\0\0" + bundle[at:end]
    if kind:
        end = _after(bundle, end, 3)  # the precertificate, not part of the leaf
    return _after(bundle, end, 2), leaf


def _after(bundle: bytes, at: int, size: int) -> int:
    """Return what comes after a field that is preceded by its length in ``size`` bytes."""
    if at + size > len(bundle):
        return len(bundle) + 1
    return at + size + int.from_bytes(bundle[at : at + size])


def root_of(hashes: bytes) -> bytes:
    """Return the root over a full tile: 256 hashes."""
    while len(hashes) > hashlib.sha256().digest_size:
        pairs = (hashes[i : i + 64] for i in range(0, len(hashes), 64))
        hashes = b"".join(hashlib.sha256(b"\x01" + pair).digest() for pair in pairs)
    return hashes
