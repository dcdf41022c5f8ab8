"""The files that make up an SQLite database: what its header states, what lies beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, blocks, read_range
from workbench.evidence.spool import Spool
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.source import Problem, ProblemCode

MAGIC = b"SQLite format 3\x00"
HEADER_BYTES = 100
#: What may lie beside a database and changes what it says.
JOURNALS = ("-wal", "-journal")
#: File format 3.0: the last bytes of a journal that names a super-journal.
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


@dataclass(frozen=True, slots=True)
class Header:
    """What a database states about itself (file format 1.3).

    Attributes:
        page_size: bytes of a page.
        pages: how many pages it has, or None where it does not state it.
        changes: how many transactions have changed the file.
        written_by: version of SQLite that wrote it last, as ``3.45.1``, or "".
    """

    page_size: int
    pages: int | None
    changes: int
    written_by: str


def is_database(file: EvidenceFile) -> bool:
    """Tell whether a file begins as a database does; one that cannot be read is none."""
    try:
        return read_range(file, 0, len(MAGIC)) == MAGIC
    except SourceError:
        return False


def header_of(file: EvidenceFile) -> Header:
    """Return what the header of a database states."""
    raw = read_range(file, 0, HEADER_BYTES).ljust(HEADER_BYTES, b"\0")
    page_size = _number(raw, 16, 2)
    page_size = 65536 if page_size == 1 else page_size
    changes, stated, version = _number(raw, 24), _number(raw, 28), _number(raw, 96)
    # 1.3.7: the size counts only where it was written together with the last change.
    pages = stated if stated and changes == _number(raw, 92) else None
    written_by = f"{version // 1_000_000}.{version // 1000 % 1000}.{version % 1000}"
    return Header(page_size, pages, changes, written_by if version else "")


def _number(raw: bytes, at: int, length: int = 4) -> int:
    return int.from_bytes(raw[at : at + length], "big")


def wrong_size(files: Sequence[EvidenceFile]) -> tuple[Problem, ...]:
    """Return that a database has more or fewer bytes than its header states, if it has.

    With a write-ahead log or journal beside it, it may well be in the middle of a change.

    Raises:
        SourceError: it cannot be read.
    """
    main, *others = files
    header = header_of(main)
    changing = any(file.size and journals(main, file) for file in others)
    stated = main.size if header.pages is None else header.pages * header.page_size
    if changing or stated == main.size:
        return ()
    code = ProblemCode.TRUNCATED if main.size < stated else ProblemCode.TRAILING_DATA
    message = f"{main.display} states {stated} bytes and has {main.size}."
    return (Problem(code, Locator(main.path, main.member), message),)


def journals(main: EvidenceFile, other: EvidenceFile) -> bool:
    """Tell whether ``other`` is the write-ahead log or the journal of ``main``."""
    return other.place.removeprefix(main.place) in JOURNALS


def super_journal(file: EvidenceFile) -> bool:
    """Tell whether a journal names another file, which a roll-back would open and delete."""
    tail = read_range(file, max(0, file.size - len(_JOURNAL_MAGIC)), len(_JOURNAL_MAGIC))
    return file.name.endswith("-journal") and tail == _JOURNAL_MAGIC


def copied(spool: Spool, files: Sequence[EvidenceFile], cancel: Cancel) -> str:
    """Copy a database and what lies beside it to the private folder; return its path there.

    Raises:
        SourceError: a file cannot be read, or there is no room.
    """
    main, *beside = files
    copy = _copy(spool, main, cancel)
    for file in beside:
        suffix = file.place.removeprefix(main.place)
        _copy(spool, file, cancel).rename(f"{copy}{suffix}")
    return str(copy)


def _copy(spool: Spool, file: EvidenceFile, cancel: Cancel) -> Path:
    root = spool.root
    with spool.new() as target:
        for block in blocks(file, cancel=cancel):
            target.write(block)
    return Path(root, target.name)
