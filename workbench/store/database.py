"""The SQLite file of a case: how it is opened, and what its refusals mean in a sentence."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from workbench.errors import StoreError
from workbench.evidence.linear_regex import pattern_of
from workbench.model.case import CASE_FILE
from workbench.model.moment import claimed_ns
from workbench.store import seals

FILE = CASE_FILE
#: Tells our files from other SQLite files (``PRAGMA application_id``): "AWBc".
APPLICATION = 0x41574263
_WAIT_SECONDS = 10.0

_PRAGMAS = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",
)

#: What SQLite raises, through SQLAlchemy or not.
REFUSED = (sqlite3.Error, DBAPIError)

_REFUSALS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk refused to read or write",
    "SQLITE_READONLY": "it cannot be written to",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_BUSY": "another program holds it",
    "SQLITE_LOCKED": "another program holds it",
    "SQLITE_NOTADB": "it is not a case file",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_PERM": "access to it is not allowed",
}


class Mode(StrEnum):
    """How the file is opened (SQLite URI ``mode``)."""

    CREATE = "rwc"
    WRITE = "rw"
    READ = "ro"


def engine_for(file: Path, mode: Mode, *, still: bool = False) -> Engine:
    """Return the engine over a case file.

    Args:
        file: the file.
        mode: how it is opened.
        still: nobody can write to it (a read-only medium), so that SQLite needs no files of
            its own beside it.
    """
    address = f"{file.absolute().as_uri()}?mode={mode}{'&immutable=1' if still else ''}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address,
            uri=True,
            timeout=_WAIT_SECONDS,
            isolation_level=None,  # SQLAlchemy says BEGIN below, not the driver
            check_same_thread=False,
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            _add_functions(connection)
        except BaseException:  # it is no database, or cannot be read
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=QueuePool)
    begin = "BEGIN" if mode is Mode.READ else "BEGIN IMMEDIATE"
    event.listen(engine, "begin", lambda connection: _begin(connection, begin))
    event.listen(engine, "before_cursor_execute", _note)
    return engine


def _begin(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def put_into_one_file(engine: Engine) -> None:
    """Put what stands in the log beside a case file into the file, if nobody is reading it."""
    with suppress(*REFUSED), engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is not None:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def copy_to(engine: Engine, file: Path) -> None:
    """Copy a case file as it is at one moment, while others may go on writing to it.

    Raises:
        StoreError: it could not be read or written.
    """
    with told(f"{file} cannot be written"), engine.connect() as connection:
        raw = connection.connection.driver_connection
        copy = sqlite3.connect(file, isolation_level=None)
        try:
            if raw is not None:
                raw.backup(copy)
        finally:
            copy.close()


def _note(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
    seals.note_write(connection, statement)


def _add_functions(connection: sqlite3.Connection) -> None:
    """Add what compiled queries call (``query_sql``)."""
    for name, arguments, function in _FUNCTIONS:
        connection.create_function(name, arguments, function, deterministic=True)


def _holds(text: object, folded: str) -> bool | None:
    return None if text is None else folded in str(text).lower()


def _matches(text: object, pattern: str) -> bool | None:
    return None if text is None else pattern_of(pattern).search(str(text))


def _as_number(text: object) -> float | None:
    try:
        return float(str(text))
    except ValueError:
        return None


def _as_moment(text: object) -> int | None:
    moment = claimed_ns(text)
    return None if moment is None else moment // 1000


_FUNCTIONS: tuple[tuple[str, int, Callable[..., float | None]], ...] = (
    ("holds", 2, _holds),
    ("matches", 2, _matches),
    ("as_number", 1, _as_number),
    ("as_moment", 1, _as_moment),
)


@contextmanager
def told(what: str) -> Iterator[None]:
    """Turn what SQLite refuses into one sentence that begins with ``what``.

    Raises:
        StoreError: SQLite refused; what was not committed is not there.
    """
    try:
        yield
    except REFUSED as error:
        raise StoreError(f"{what}: {_reason(error)}.") from error
    except UnicodeEncodeError as error:
        raise StoreError(f"{what}: a text in it cannot be written as UTF-8.") from error


def _reason(error: sqlite3.Error | DBAPIError) -> str:
    original = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(original, "sqlite_errorname", "")
    known = (sentence for code, sentence in _REFUSALS.items() if name.startswith(code))
    return next(known, str(original))
