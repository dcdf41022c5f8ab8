"""The tables of an MLflow store, whatever its generation: what is there is read, nothing assumed.

A column that nobody maps is kept verbatim as an attribute; a row that belongs to nothing, or has
no key or one that another row has, is a problem with its place.
"""

from collections.abc import Iterator
from datetime import datetime

from workbench.evidence.database_rows import MOST_KEY, Cell, Database, Row
from workbench.evidence.file import EvidenceFile
from workbench.formats.doubts import is_licence, licence_doubt
from workbench.formats.mlflow.words import DEFAULT_WORKSPACE, WORKSPACE
from workbench.formats.times import from_milliseconds
from workbench.model.catalog import Attribute, AttributeGroup, CatalogProblem
from workbench.model.locator import Locator
from workbench.model.progress import Cancel
from workbench.model.source import Problem, ProblemCode

_TIMES = ("_time", "_timestamp", "_timestamp_ms")


class Store:
    """The tables, and what is found wrong with them on the way."""

    def __init__(self, database: Database, file: EvidenceFile, cancel: Cancel) -> None:
        self.database = database
        self.problems: list[Problem] = []
        #: Keys of the logged models that have a row of their own or were found in a tag.
        self.models: set[str] = set()
        self._file = file
        self._cancel = cancel
        self._doubts: dict[tuple[str, str], list[str]] = {}

    @property
    def name(self) -> str:
        """Return how to name the store to a person."""
        return self._file.display

    def lines(self, table: str, *by: str) -> Iterator["Line"]:
        """Yield the rows of a table sorted by some columns; none where there is no such table."""
        for row in self._rows(table, by):
            yield Line(self._file, row)

    def owners(self, table: str, *by: str) -> Iterator["Line"]:
        """Yield the rows of a table sorted by the columns of its key, each key once."""
        previous: tuple[bytes, ...] | None = None
        for line in self.lines(table, *by):
            row = line.row
            if not all(key for key, column in zip(row.key, by, strict=True) if column != WORKSPACE):
                self.skip(row, CatalogProblem.NO_KEY, "has no key")
            elif any(len(key) >= MOST_KEY for key in row.key):
                self.skip(row, ProblemCode.LIMIT_EXCEEDED, f"has a key of {MOST_KEY} bytes or more")
            elif row.key == previous:
                self.skip(row, CatalogProblem.DUPLICATE_KEY, "has the key of another row")
            else:
                yield line
            previous = row.key

    def by(self, table: str, *columns: str) -> tuple[str, ...]:
        """Return the columns of a key, with the workspace where the table has one."""
        known = self.database.table(table)
        parted = known is not None and WORKSPACE in known.columns
        return (*columns, WORKSPACE) if parted else columns

    def children(self, table: str, *by: str) -> "Children":
        """Return the rows of a table that belong to rows of another, sorted as its key is."""
        return Children(self, table, self._rows(table, by))

    def problem(self, code: str, pointer: str, message: str) -> None:
        """Keep what the auditor must know; ``message`` goes on from the name of the file."""
        place = Locator(self._file.path, self._file.member, pointer=pointer)
        self.problems.append(Problem(code, place, f"{self._file.display}: {message}."))

    def doubt(self, code: str, pointer: str, what: str) -> None:
        """Note what is doubtful at a place; the same of many places is told once (``settle``)."""
        if what:
            self._doubts.setdefault((code, what), []).append(pointer)

    def doubt_tags(self, rows: list[Row]) -> None:
        """Note what is doubtful about licences among some tags."""
        for row in rows:
            if is_licence(text(row.cells.get("key"))):
                pointer, value = f"{row.pointer}.value", text(row.cells.get("value"))
                self.doubt(CatalogProblem.UNKNOWN_LICENCE, pointer, licence_doubt(value))

    def settle(self) -> None:
        """Tell what was found doubtful: each thing with its first place, and how many more."""
        for (code, what), places in self._doubts.items():
            more = f", and so {len(places) - 1:,} more" if len(places) > 1 else ""
            self.problem(code, places[0], f"{places[0]} {what}{more}")
        self._doubts.clear()

    def drain(self) -> Iterator[Problem]:
        """Yield what was found wrong since the last call."""
        yield from self.problems
        self.problems.clear()

    def _rows(self, name: str, by: tuple[str, ...]) -> Iterator[Row]:
        table = self.database.table(name)
        if table is None:
            return
        if table.computed:
            what = f"columns of {name} are computed and not read: {', '.join(table.computed)}"
            self.problem(CatalogProblem.COMPUTED_COLUMNS, name, what)
        missing = [column for column in by if column not in table.columns]
        if missing:
            what = f"{name} has no column {', '.join(missing)} and is not read"
            self.problem(CatalogProblem.NO_KEY, name, what)
            return
        for found in self.database.rows(name, by=by):
            self._cancel.check()
            if isinstance(found, Problem):
                self.problems.append(found)
            else:
                yield found

    def skip(self, row: Row, code: str, what: str) -> None:
        """Keep that a row is left out, and why."""
        self.problem(code, row.pointer, f"{row.pointer} {what} and is not read")


class Line:
    """A row with its place; it knows which of its columns were used."""

    __slots__ = ("_file", "_left", "row")

    def __init__(self, file: EvidenceFile, row: Row) -> None:
        self.row = row
        self._file = file
        self._left = dict(row.cells)

    @property
    def locator(self) -> Locator:
        """Return the place of the row."""
        return self.place(self.row.pointer)

    def at(self, column: str) -> Locator:
        """Return the place of one of its columns."""
        return self.place(f"{self.row.pointer}.{column}")

    def place(self, pointer: str) -> Locator:
        """Return another place in the same file."""
        return Locator(self._file.path, self._file.member, pointer=pointer)

    def see(self, column: str) -> str:
        """Return a column as text, "" where it is absent or NULL; it stays an attribute."""
        return text(self.row.cells.get(column))

    def take(self, column: str) -> str:
        """Return a column as text, "" where it is absent or NULL; it is used by that."""
        return text(self._left.pop(column, None))

    def time(self, *columns: str) -> datetime | None:
        """Return the first of some columns that is a time in milliseconds; only that is used."""
        for column in columns:
            time = from_milliseconds(self._left.get(column))
            if time is not None:
                del self._left[column]
                return time
        return None

    def workspace(self) -> tuple[str, ...]:
        """Return what the workspace adds to a key."""
        name = self.take(WORKSPACE)
        return () if name in {"", DEFAULT_WORKSPACE} else (name,)

    def rest(self) -> tuple[Attribute, ...]:
        """Return every column that was not used and is not NULL."""
        return tuple(
            Attribute(
                AttributeGroup.FIELD,
                column,
                text(cell),
                f"{self.row.pointer}.{column}",
                time=from_milliseconds(cell) if column.endswith(_TIMES) else None,
            )
            for column, cell in self._left.items()
            if cell is not None
        )


class Children:
    """Rows that belong to rows of another table, given out as those are gone through in order."""

    def __init__(self, store: Store, table: str, rows: Iterator[Row]) -> None:
        self._store = store
        self._table = table
        self._rows = rows
        self._next = next(rows, None)
        self._orphans = 0
        self._first = ""

    def of(self, line: Line) -> list[Row]:
        """Return the rows of ``line``; rows of something before it belong to nothing."""
        found = []
        while self._next is not None and self._next.key <= line.row.key:
            if self._next.key == line.row.key:
                found.append(self._next)
            else:
                self._orphan(self._next)
            self._next = next(self._rows, None)
        return found

    def settle(self, owner: str) -> None:
        """Tell how many rows belonged to nothing; ``owner`` is what they should belong to."""
        while self._next is not None:
            self._orphan(self._next)
            self._next = next(self._rows, None)
        if self._orphans:
            what = f"{self._orphans} rows of {self._table} belong to no {owner} that is here"
            self._store.problem(CatalogProblem.ORPHAN_ROWS, self._first, what)

    def _orphan(self, row: Row) -> None:
        self._first = self._first or row.pointer
        self._orphans += 1


def text(cell: Cell) -> str:
    """Return a cell as text, as the store wrote it; bytes as SQL spells them."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case bytes():
            return f"x'{cell.hex()}'"
        case float() if cell in {float("inf"), float("-inf")}:
            return "Infinity" if cell > 0 else "-Infinity"
        case _:
            return repr(cell)


def named(rows: list[Row], group: AttributeGroup, name: str, value: str) -> Iterator[Attribute]:
    """Yield rows of a name and a value as attributes."""
    for row in rows:
        pointer = f"{row.pointer}.{value}"
        cells = row.cells
        yield Attribute(group, text(cells.get(name)), text(cells.get(value)), pointer)
