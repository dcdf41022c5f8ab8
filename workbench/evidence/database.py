"""Open an SQLite file that somebody else made: the one place where evidence is a database.

What holds here, whatever the file says (VERDICTS section 8):

* the evidence is read through a handle below the drop's own folder, or as a private copy; its
  bytes, and the folder that it lies in, are afterwards what they were before;
* a write-ahead log or journal beside it is taken into account in a private copy only;
* nothing in it runs: no trigger, view, virtual table, extension, or function of its schema;
* every step has a limit of time, every cell one of bytes.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from workbench.evidence.database_files import (
    Header,
    copied,
    header_of,
    journals,
    super_journal,
)
from workbench.evidence.database_rows import (
    REFUSALS,
    Clock,
    Database,
    DatabaseError,
    code_of,
    text_of,
    words_of,
)
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import MIB, Limits
from workbench.evidence.spool import Spool
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.source import Problem, ProblemCode

_OPEN_FILES = Path("/proc/self/fd")
_STEPS_PER_LOOK_AT_THE_CLOCK = 20_000
_LIMITS = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: MIB,
    sqlite3.SQLITE_LIMIT_COLUMN: 2000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 3,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 8,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 250,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_SETTINGS = (
    "PRAGMA query_only = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",  # a file that is cut while it is mapped would end the process
    "PRAGMA temp_store = MEMORY",  # nothing of the evidence goes to a folder of temporary files
    "PRAGMA automatic_index = OFF",
)
_FUNCTIONS = {"count", "substr", "ifnull"}


@dataclass(frozen=True, slots=True)
class Views:
    """A database as whoever used it would have seen it, and as its file alone shows it.

    Attributes:
        current: with what a write-ahead log or journal beside it adds or takes back.
        stored: the file alone, where something lies beside it and it can be read alone.
        header: what the file states about itself.
        beside: the write-ahead log and journal that were taken into account.
        problems: what is wrong with what lies beside it.
    """

    current: Database
    stored: Database | None
    header: Header
    beside: tuple[EvidenceFile, ...]
    problems: tuple[Problem, ...]


@contextmanager
def open_database(
    files: Sequence[EvidenceFile], *, limits: Limits, cancel: Cancel
) -> Iterator[Views]:
    """Open a database for reading; private copies are gone afterwards.

    Args:
        files: the database, then what lies beside it (``-wal``, ``-journal``, ``-shm``).
        limits: time of a step, bytes of a cell, room for private copies.
        cancel: checked while a statement runs.

    Raises:
        DatabaseError: it cannot be opened at all.
        SourceError: its bytes cannot be read, or change meanwhile.
    """
    main = files[0]
    beside = tuple(file for file in files[1:] if file.size and journals(main, file))
    header = header_of(main)
    problems = tuple(_leads_elsewhere(file) for file in beside if super_journal(file))
    taken = tuple(file for file in beside if not super_journal(file))
    with ExitStack() as stack:
        opening = _Opening(stack, stack.enter_context(Spool(limits)), limits, cancel)
        if not taken:
            yield Views(opening.alone(main), None, header, (), problems)
            return
        stored = opening.alone_if_readable(main)
        try:
            current = opening.together(main, taken)
        except DatabaseError as error:
            place = Locator(taken[0].path, taken[0].member)
            problems += (Problem(error.code, place, error.message),)
            current, stored, taken = stored or opening.alone(main), None, ()
        yield Views(current, stored, header, taken, problems)


def _leads_elsewhere(file: EvidenceFile) -> Problem:
    message = (
        f"{file.display} names another file, which rolling back would open and delete; "
        "the journal is left out and the database read without it."
    )
    return Problem(ProblemCode.UNSUPPORTED_MEMBER, Locator(file.path, file.member), message)


@dataclass(frozen=True, slots=True)
class _Opening:
    """What it takes to open a file; all that was opened is closed with the stack."""

    stack: ExitStack
    spool: Spool
    limits: Limits
    cancel: Cancel

    def alone(self, main: EvidenceFile) -> Database:
        """Open the file itself where its handle can be passed on, else a private copy."""
        if _OPEN_FILES.is_dir():
            path = _OPEN_FILES / str(self.stack.enter_context(main.open()).fileno())
            before = _handles_on(main)
            database = self._connected(str(path), "mode=ro&immutable=1", main, main.size)
            # SQLite follows the handle to a path and opens that: is it still the very same file?
            if _handles_on(main) > before:
                return database
        copy = copied(self.spool, (main,), self.cancel)
        return self._connected(copy, "mode=ro&immutable=1", main, main.size)

    def alone_if_readable(self, main: EvidenceFile) -> Database | None:
        """Open the file itself; alone it may be in the middle of a change."""
        try:
            return self.alone(main)
        except DatabaseError:
            return None

    def together(self, main: EvidenceFile, beside: tuple[EvidenceFile, ...]) -> Database:
        """Open private copies; SQLite takes in what lies beside the database as ever."""
        copy = copied(self.spool, (main, *beside), self.cancel)
        size = main.size + sum(file.size for file in beside)
        return self._connected(copy, "mode=rw", main, size)

    def _connected(self, path: str, how: str, file: EvidenceFile, size: int) -> Database:
        clock = Clock(self.limits.database_seconds, self.cancel)
        try:
            connection = sqlite3.connect(
                f"file:{quote(path)}?{how}", uri=True, isolation_level=None, check_same_thread=False
            )
            self.stack.callback(connection.close)
            for limit, value in _LIMITS.items():
                connection.setlimit(limit, value)
            cell = max(MIB, min(self.limits.record, size))
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, cell)
            connection.text_factory = text_of
            connection.set_progress_handler(clock.is_over, _STEPS_PER_LOOK_AT_THE_CLOCK)
            with clock:
                for setting in _SETTINGS:
                    connection.execute(setting)
            connection.set_authorizer(_authorize)
        except REFUSALS as error:
            clock.require_time(file)
            message = f"{file.display} cannot be opened as a database: {words_of(error)}."
            raise DatabaseError(code_of(error), message, path=file.path) from error
        return Database(connection, file, clock, size)


def _handles_on(file: EvidenceFile) -> int:
    """Return how many open descriptors of this process are on the file of the intake."""
    wanted = file.identity.device, file.identity.inode
    found = 0
    with os.scandir(_OPEN_FILES) as entries:
        for entry in entries:
            try:
                status = entry.stat()
            except OSError:  # closed meanwhile
                continue
            found += (status.st_dev, status.st_ino) == wanted
    return found


def _authorize(
    action: int, one: str | None, two: str | None, _database: str | None, inside: str | None
) -> int:
    """Allow our own statements and nothing that a view or trigger would do."""
    allowed = inside is None and (
        action in {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
        or (action == sqlite3.SQLITE_FUNCTION and two in _FUNCTIONS)
        or (action == sqlite3.SQLITE_PRAGMA and one == "table_xinfo")
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
