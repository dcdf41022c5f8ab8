"""Read the tables of a database that somebody else made, row by row.

A table is read by its own rows, never through an index, which could hide some; no table yields
more rows or bytes than its file can hold; what is damaged is said with its place, and the rest is
still read.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from time import monotonic
from typing import Any, NamedTuple

from workbench.errors import Cancelled, SourceError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import MIB
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.source import Problem, ProblemCode

Cell = None | int | float | str | bytes

#: How the library says that a statement failed. Where its message has bytes that are not UTF-8, as
#: a name in a damaged schema, it cannot make its own error; of some damage it says "no memory".
REFUSALS = (sqlite3.Error, UnicodeDecodeError, MemoryError)
#: Rows are sorted by so many bytes of a key; nothing that we know has a longer one.
MOST_KEY = 2048
#: Rows that are asked for together.
_BATCH = 200
#: Bytes that the smallest row of a table takes in the file: a cell and the pointer to it.
_LEAST_ROW = 4
_ROW_NUMBERS = ("_rowid_", "rowid", "oid")


class DatabaseError(SourceError):
    """A database, or one table of it, that cannot be read; ``code`` says why."""

    def __init__(self, code: str, message: str, *, path: str, place: str | None = None) -> None:
        super().__init__(message, path=path, place=place)
        self.code = code


class Table(NamedTuple):
    """A table as its schema states it.

    Attributes:
        name: its name.
        columns: its columns, without those that are computed.
        computed: the columns that are computed and therefore not read.
        number: how to ask for the number of a row, or "" where rows have none.
    """

    name: str
    columns: tuple[str, ...]
    computed: tuple[str, ...]
    number: str


class Row(NamedTuple):
    """One row.

    Attributes:
        table: the table it stands in.
        number: its number in the table (``rowid``).
        key: what the rows were sorted by, each as the bytes of its text.
        cells: its columns by name.
    """

    table: str
    number: int
    key: tuple[bytes, ...]
    cells: dict[str, Cell]

    @property
    def pointer(self) -> str:
        """Return where it stands, as ``runs[rowid=3]``."""
        return f"{self.table}[rowid={self.number}]"


class Clock:
    """How long one step of the database may take; entered around each."""

    def __init__(self, seconds: float, cancel: Cancel) -> None:
        self._seconds = seconds
        self._cancel = cancel
        self._until = 0.0
        self._late = False

    def __enter__(self) -> None:
        self._until = monotonic() + self._seconds

    def __exit__(self, *_: object) -> None:
        """Leave the step."""

    def is_over(self) -> bool:
        """Tell SQLite whether to stop; a callback may not raise."""
        try:
            self._cancel.check()
        except Cancelled:
            return True
        self._late = monotonic() > self._until
        return self._late

    def require_time(self, file: EvidenceFile) -> None:
        """Raise what a statement was stopped for, if it was.

        Raises:
            Cancelled: the user stopped it.
            DatabaseError: the time is over.
        """
        self._cancel.check()
        if self._late:
            self._late = False
            message = f"{file.display} keeps the reader busy for more than {self._seconds:g} s."
            raise DatabaseError(ProblemCode.LIMIT_EXCEEDED, message, path=file.path)


class _Room:
    """How many bytes a table may still give: hostile rows can share the pages they lie in."""

    def __init__(self, left: int) -> None:
        self._left = left

    def holds(self, cells: Sequence[Cell]) -> bool:
        """Take the cells of a row; tell whether there was room."""
        for cell in cells:
            if type(cell) is str or type(cell) is bytes:
                self._left -= len(cell)
        return self._left >= 0


class Database:
    """An opened database; ``database.open_database`` makes it."""

    def __init__(
        self, connection: sqlite3.Connection, file: EvidenceFile, clock: Clock, size: int
    ) -> None:
        self._connection = connection
        self._file = file
        self._clock = clock
        self._most_bytes = 4 * size + MIB
        self._most_rows = size // _LEAST_ROW + 1
        self._tables: dict[str, Table] = {}
        listed = self._select(
            "SELECT name, ifnull(rootpage, 0) FROM sqlite_master WHERE type IN ('table', 'view')"
        )
        stored = {str(name): bool(page) for name, page in listed}
        #: Plain tables; a view or a virtual table is none, since reading it runs something.
        self.names = tuple(sorted(name for name, is_plain in stored.items() if is_plain))
        #: Views and virtual tables, which are not read.
        self.unread = tuple(sorted(name for name, is_plain in stored.items() if not is_plain))

    def table(self, name: str) -> Table | None:
        """Return what the schema states about a plain table, or None where there is none.

        Raises:
            DatabaseError: the schema cannot be read.
        """
        if name not in self.names:
            return None
        if name not in self._tables:
            self._tables[name] = self._described(name)
        return self._tables[name]

    def count(self, name: str) -> int:
        """Return the number of rows of a plain table.

        Raises:
            DatabaseError: it cannot be read to the end, or has more rows than the file can hold.
        """
        # Without the limit inside, the rows would be counted in one step that nobody can stop.
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {_quoted(name)} NOT INDEXED LIMIT ?)"  # noqa: S608 - see _quoted
        ((found,),) = self._select(sql, (self._most_rows + 1,), table=name)
        if found > self._most_rows:
            raise self._too_much(name, "rows")
        return int(found)

    def rows(self, name: str, *, by: Sequence[str] = ()) -> Iterator[Row | Problem]:
        """Yield the rows of a table, sorted by the text of some columns, then as they lie.

        A row that cannot be read is a problem with its place; the others are still yielded.
        """
        try:
            table = self.table(name)
            if table is None or not table.number:
                reason = "is no plain table" if table is None else "has no row numbers"
                code = ProblemCode.UNSUPPORTED_MEMBER
                raise self._error(code, f"{reason}; it is not read", table=name)
            yield from self._rows(table, by)
        except DatabaseError as error:
            yield Problem(error.code, self._locator(error.place), error.message)

    def _rows(self, table: Table, by: Sequence[str]) -> Iterator[Row | Problem]:
        room = _Room(self._most_bytes)
        listed = self._numbers(table, by)
        while batch := tuple(islice(listed, _BATCH)):
            cells_of = self._cells(table, [number for number, *_ in batch], room)
            for number, *key in batch:
                cells = cells_of[number]
                if isinstance(cells, Problem):
                    yield cells
                else:
                    row = dict(zip(table.columns, cells, strict=True))
                    yield Row(table.name, number, tuple(key), row)

    def _cells(
        self, table: Table, numbers: list[int], room: "_Room"
    ) -> dict[int, tuple[Cell, ...] | Problem]:
        """Return the cells of some rows; where one cannot be read, each is asked for alone."""
        try:
            found = self._asked_for(table, numbers, room)
        except REFUSALS:
            self._clock.require_time(self._file)
            found = {}
        missing = [number for number in numbers if number not in found]
        return {**found, **{number: self._alone(table, number, room) for number in missing}}

    def _alone(self, table: Table, number: int, room: "_Room") -> tuple[Cell, ...] | Problem:
        try:
            return self._asked_for(table, [number], room)[number]
        except KeyError:
            return self._lost(table.name, number, ProblemCode.CORRUPT, "no row has its number")
        except REFUSALS as error:
            self._clock.require_time(self._file)
            return self._lost(table.name, number, code_of(error), words_of(error))

    def _asked_for(
        self, table: Table, numbers: list[int], room: "_Room"
    ) -> dict[int, tuple[Cell, ...]]:
        wanted = ", ".join((table.number, *map(_quoted, table.columns)))
        places = ", ".join("?" * len(numbers))
        source = f"{_quoted(table.name)} NOT INDEXED"
        sql = f"SELECT {wanted} FROM {source} WHERE {table.number} IN ({places})"  # noqa: S608 - see _quoted
        found: dict[int, tuple[Cell, ...]] = {}
        with self._clock:
            for number, *cells in self._connection.execute(sql, numbers):
                found[number] = tuple(cells)
                if not room.holds(cells):
                    raise self._too_much(table.name, "bytes")
        return found

    def _numbers(self, table: Table, by: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield number and key of each row: little enough to be sorted in memory."""
        keys = [f"ifnull(substr(CAST({_quoted(c)} AS BLOB), 1, {MOST_KEY}), x'')" for c in by]
        order = ", ".join(str(n) for n in (*range(2, 2 + len(keys)), 1))
        wanted = ", ".join((table.number, *keys))
        source = f"{_quoted(table.name)} NOT INDEXED"
        sql = f"SELECT {wanted} FROM {source} ORDER BY {order} LIMIT ?"  # noqa: S608 - see _quoted
        listed = self._select(sql, (self._most_rows + 1,), table=table.name)
        for seen, row in enumerate(listed):
            if seen == self._most_rows:
                raise self._too_much(table.name, "rows")
            yield row

    def _select(
        self, sql: str, parameters: tuple[Cell, ...] = (), *, table: str | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of one of our own statements, in batches.

        Raises:
            DatabaseError: the file is damaged, or the time is over.
            Cancelled: the user stopped it.
        """
        try:
            with self._clock:
                cursor = self._connection.execute(sql, parameters)
                batch = cursor.fetchmany(_BATCH)
            while batch:
                yield from batch
                with self._clock:
                    batch = cursor.fetchmany(_BATCH)
        except REFUSALS as error:
            self._clock.require_time(self._file)
            what = f"cannot be read: {words_of(error)}"
            raise self._error(code_of(error), what, table=table) from error

    def _described(self, name: str) -> Table:
        listed = self._select(f"PRAGMA table_xinfo({_quoted(name)})", table=name)
        hidden = {str(column[1]): bool(column[-1]) for column in listed}
        return Table(
            name,
            columns=tuple(column for column in hidden if not hidden[column]),
            computed=tuple(column for column in hidden if hidden[column]),
            number=self._row_number(name, hidden),
        )

    def _row_number(self, name: str, columns: Iterable[str]) -> str:
        """Return how rows of a table are numbered; a column may have taken the usual name."""
        taken = {column.lower() for column in columns}
        for alias in _ROW_NUMBERS:
            if alias in taken:
                continue
            try:
                with self._clock:
                    self._connection.execute(f"SELECT {alias} FROM {_quoted(name)} LIMIT 0")  # noqa: S608 - see _quoted
            except REFUSALS:  # WITHOUT ROWID
                return ""
            return alias
        return ""

    def _lost(self, table: str, number: int, code: str, why: str) -> Problem:
        message = f"{self._file.display}: row {number} of {table} cannot be read: {why}."
        return Problem(code, self._locator(f"{table}[rowid={number}]"), message)

    def _too_much(self, table: str, what: str) -> DatabaseError:
        return self._error(ProblemCode.CORRUPT, f"has more {what} than its file holds", table=table)

    def _error(self, code: str, what: str, *, table: str | None) -> DatabaseError:
        about = f" table {table}" if table is not None else ""
        message = f"{self._file.display}{about} {what}."
        return DatabaseError(code, message, path=self._file.path, place=table)

    def _locator(self, pointer: str | None) -> Locator:
        return Locator(self._file.path, self._file.member, pointer=pointer)


def code_of(error: Exception) -> str:
    """Return the code of the problem that an error of SQLite is."""
    if isinstance(error, sqlite3.DataError | MemoryError):  # string or blob too big
        return ProblemCode.LIMIT_EXCEEDED
    name = getattr(error, "sqlite_errorname", "")
    return ProblemCode.UNREADABLE if name.startswith("SQLITE_IOERR") else ProblemCode.CORRUPT


def words_of(error: Exception) -> str:
    """Return what SQLite says is wrong, as the end of a sentence."""
    if isinstance(error, UnicodeDecodeError):
        return "a name in its schema is damaged and is not UTF-8"
    if isinstance(error, MemoryError):
        return "it asks for more memory than a database may take"
    return str(error)


def text_of(raw: bytes) -> str:
    r"""Return text of the database; bytes in it that are not UTF-8 are written ``\xe9``."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


def _quoted(name: str) -> str:
    """Return a name that the schema states as SQL that is never anything but a name."""
    return '"' + name.replace('"', '""') + '"'
