"""What lies on the table when evidence is added: every source with its files and digests."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from workbench.errors import SourceError
from workbench.evidence.drop import Drop
from workbench.evidence.file import EvidenceFile, blocks, sha256_of
from workbench.evidence.limits import MIB
from workbench.evidence.subject import Subject
from workbench.formats.entry import Entry
from workbench.formats.event_columns import blocks_of
from workbench.formats.sniff import event_reader
from workbench.formats.table import Table
from workbench.model.case_source import SourceFile
from workbench.model.event_batch import BLOCK
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem, Role, problems_at
from workbench.verify.evidence_keys import keys_of
from workbench.verify.listing import digest_of_listing

#: Of smaller files the whole digest is computed again, which is as quick.
_WORTH_BLOCKS = MIB

Blocks = tuple[tuple[int, int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """A source as it lies on the table, read and hashed.

    Attributes:
        subject: its files, with what pairing found; for other roles the one file.
        role: its one role.
        sha256: its digest, or "" where it could not be read.
        files: its files with their digests.
        version: version of the format, or None.
        pairs_with: path of the subject that it was paired with, or None.
        cannot_show: what this kind of export cannot show.
        problems: what else the auditor must know.
        blocks: digests of its bytes, where it is one large file.
        keys: fingerprints of keys that its files are made of.
    """

    subject: Subject
    role: Role
    sha256: str
    files: tuple[SourceFile, ...]
    version: str | None = None
    pairs_with: str | None = None
    cannot_show: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    blocks: Blocks = ()
    keys: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """Return its bytes."""
        return sum(file.size for file in self.files)


def everything_on(
    table: Table, drop: Drop, *, progress: Progress, cancel: Cancel
) -> Iterator[Delivered]:
    """Yield every source of a drop, sorted out, read and hashed."""
    for subject in table.subjects:
        seen = table.seen.get((subject.path, subject.member))
        yield _read(
            Delivered(
                subject,
                Role.SUBJECT,
                "",
                (),
                version=seen.version if seen else None,
                cannot_show=seen.cannot_show if seen else (),
                problems=problems_at(drop.problems, subject.path, subject.member),
            ),
            progress,
            cancel,
        )
    for entry in table.entries:
        yield _read(_of_entry(entry, drop), progress, cancel)
    for file in table.containers:
        problems = problems_at(drop.problems, file.path, file.member)
        archive = Subject(file.path, file.member, "archive", (file,))
        yield _read(Delivered(archive, Role.CONTEXT, "", (), problems=problems), progress, cancel)


def _of_entry(entry: Entry, drop: Drop) -> Delivered:
    file = entry.file
    return Delivered(
        Subject(file.path, file.member, entry.seen.format, (file,)),
        entry.role,
        "",
        (),
        version=entry.seen.version,
        pairs_with=entry.pairs_with,
        cannot_show=entry.seen.cannot_show,
        problems=problems_at(drop.problems, file.path, file.member),
    )


def _read(source: Delivered, progress: Progress, cancel: Cancel) -> Delivered:
    """Read and hash the files of a source; one that cannot be read has no digest and a problem."""
    files: list[SourceFile] = []
    problems = list(source.problems)
    found: Blocks = ()
    keys: set[str] = set()
    for file in source.subject.files:
        try:
            digest, found = hashed(file, cancel=cancel, whole=_is_log(source))
        except SourceError as error:
            digest, found = "", ()
            place = Locator(file.path, file.member)
            problems.append(Problem(error.code, place, error.message))
        keys |= keys_of(file) if _may_be_key(source) else set()
        files.append(SourceFile(file.path, file.member, file.size, digest, _parts(file)))
        progress.advance(file.size, file.size, file.display)
    whole = not source.subject.base and len(files) == 1
    return replace(
        source,
        sha256=files[0].sha256 if whole else _listing(source.subject, files),
        files=tuple(files),
        problems=tuple(dict.fromkeys(problems)),
        blocks=found if whole else (),
        keys=frozenset(keys),
    )


def _may_be_key(source: Delivered) -> bool:
    """Tell whether keys that a source is made of came with the evidence.

    A certificate in a signature's own chain is an element of a path, and what lies in an archive
    is looked at by itself.
    """
    return source.role is not Role.SIGNATURE and source.subject.format != "archive"


def _is_log(source: Delivered) -> bool:
    """Tell whether who reads the records computes digests of the blocks on the way."""
    return source.subject.container is not None and event_reader(source.subject) is None


def hashed(file: EvidenceFile, *, cancel: Cancel, whole: bool = False) -> tuple[str, Blocks]:
    """Return the digest of a file, and of its blocks where it is large.

    Args:
        file: the file.
        cancel: checked once a block.
        whole: leave out the blocks: who reads the records of a log computes them anyway.

    Raises:
        SourceError: it cannot be read.
    """
    if whole or file.size < _WORTH_BLOCKS:
        return sha256_of(file, cancel=cancel), ()
    digest, offset = hashlib.sha256(), 0
    found: list[tuple[int, int, bytes]] = []
    for block in blocks(file, cancel=cancel, size=16 * BLOCK):
        digest.update(block)
        found.extend(blocks_of(offset, block))
        offset += len(block)
    return digest.hexdigest(), tuple(found)


def _parts(file: EvidenceFile) -> tuple[str, ...]:
    return file.parts if file.member is None else ()


def _listing(subject: Subject, files: list[SourceFile]) -> str:
    """Return the digest of a source of many files; "" where one of them could not be read."""
    if not all(file.sha256 for file in files):
        return ""
    return digest_of_listing(
        ((f.path if f.member is None else f"{f.path}/{f.member}")[len(subject.base) :], f.sha256)
        for f in files
    )
