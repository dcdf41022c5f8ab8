"""Read digests and their signatures, and find by its S3 key where a file lies here."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from workbench.errors import SourceError
from workbench.evidence.archive_kind import whole_place
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.strict_json import parse
from workbench.model.cloudtrail import (
    Digest,
    MalformedDigest,
    Metadata,
    digest_from,
    metadata_from,
    name_of,
    tail_of,
)
from workbench.verify.verifier import Bench

METADATA_BYTES = MIB


@dataclass(frozen=True, slots=True)
class ReadDigest:
    """A digest file as read.

    Attributes:
        file: the file.
        sha256: lower hex of its uncompressed bytes, or "" where they could not be read.
        digest: what it says, or None.
        problem: why it says nothing, or "".
    """

    file: EvidenceFile
    sha256: str
    digest: Digest | None
    problem: str = ""

    @property
    def place(self) -> str:
        """Return where it lies, for people."""
        return whole_place(self.file)


def read_digest(file: EvidenceFile, bench: Bench) -> ReadDigest:
    """Return what a digest file says; a bad one is one without a digest."""
    try:
        data = read_whole(file, limit=bench.limits.document)
    except SourceError as error:
        return ReadDigest(file, "", None, error.message)
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        digest = digest_from(parse(data, what=file.display, limits=bench.limits))
        return ReadDigest(file, sha256, digest)
    except MalformedDigest as error:
        return ReadDigest(file, sha256, None, str(error))
    except SourceError as error:
        return ReadDigest(file, sha256, None, error.message)


@dataclass(frozen=True, slots=True)
class Beside:
    """The metadata of one object, in a file of its own."""

    file: EvidenceFile
    metadata: Metadata


def read_metadata(files: Iterable[EvidenceFile]) -> Iterator[Beside]:
    """Yield what the files say that hold metadata of S3 objects."""
    for file in files:
        try:
            found = metadata_from(parse(read_whole(file, limit=METADATA_BYTES), what=file.display))
        except SourceError:
            continue
        if found is not None:
            yield Beside(file, found)


@dataclass(slots=True)
class Places:
    """Finds files by S3 keys: by the whole key from ``AWSLogs`` on, else by the last name."""

    _by_tail: dict[str, EvidenceFile] = field(default_factory=dict)
    _by_name: dict[str, list[EvidenceFile]] = field(default_factory=dict)

    @classmethod
    def of(cls, files: Sequence[EvidenceFile]) -> "Places":
        """Return the places of some files."""
        places = cls()
        for file in files:
            place = whole_place(file)
            if tail := tail_of(place):
                places._by_tail.setdefault(tail, file)
            places._by_name.setdefault(name_of(place), []).append(file)
        return places

    def at(self, key: str) -> EvidenceFile | None:
        """Return the file that lies where a key says, or whose folders were not kept."""
        tail = tail_of(key)
        exact = self._by_tail.get(tail) if tail else None
        flat = (f for f in self._by_name.get(name_of(key), ()) if not tail_of(whole_place(f)))
        return exact or next(flat, None)

    def called(self, key: str) -> EvidenceFile | None:
        """Return a file that is called as a key, wherever it lies, or None."""
        return next(iter(self._by_name.get(name_of(key), ())), None)


def lies_as_stated(read: ReadDigest) -> bool:
    """Tell whether a digest lies under the key that it states, as far as folders were kept."""
    if read.digest is None:
        return True
    tail, key = tail_of(read.place), read.digest.key
    if tail:
        return tail == tail_of(key)
    return name_of(read.place) == name_of(key)


def metadata_of(key: str, found: Sequence[Beside]) -> list[Beside]:
    """Return the metadata that is called as an object: ``KEY.json``, or with its last name."""
    tail, name = tail_of(key), name_of(key)
    mine = []
    for beside in found:
        place = whole_place(beside.file)
        own = place.rpartition("/")[2]
        if not own.startswith((f"{name}.gz.", f"{name}.")):
            continue
        folder = tail_of(place)
        if not folder or not tail or folder.startswith(tail.rpartition("/")[0] + "/"):
            mine.append(beside)
    return mine
