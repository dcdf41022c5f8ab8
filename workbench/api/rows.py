"""Rows of a list of a case: asked once, read in pages, as objects or as columns."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from workbench.api import html
from workbench.errors import UsageError
from workbench.model.event import IndexedEvent
from workbench.model.kept import Cell, Listed, flat
from workbench.model.moment import FIRST, LAST, moment_of

if TYPE_CHECKING:
    import numpy as np

R = TypeVar("R", bound=IndexedEvent | Listed)
Page = Callable[[int, int], Sequence[R]]

_BATCH = 1000
_SHOWN = 20
#: Columns that are times, in whichever list they stand.
_TIMES = frozenset({"time", "created", "ended"})


class Rows(Sequence[R], Generic[R]):
    """The rows that satisfy a query, as the case was when it was asked.

    A sequence: ``len(rows)``, ``rows[0]``, ``rows[10:20]``, ``for row in rows``. Rows are read a
    page at a time, so that millions of them take no memory until they are asked for as columns.
    """

    def __init__(self, total: int, page: "Page[R]", blank: R) -> None:
        """Take what reads a page (position of its first row from 0, count), and an empty row."""
        self._total = total
        self._page = page
        self._blank = blank

    def __len__(self) -> int:
        return self._total

    @overload
    def __getitem__(self, at: int) -> R: ...
    @overload
    def __getitem__(self, at: slice) -> list[R]: ...
    def __getitem__(self, at: int | slice) -> R | list[R]:
        places = range(self._total)[at]
        if isinstance(places, int):
            return self._page(places, 1)[0]
        if places.step == 1:
            return list(self._between(places.start, places.stop))
        return [self._page(place, 1)[0] for place in places]

    def __iter__(self) -> Iterator[R]:
        return self._between(0, self._total)

    def _between(self, first: int, end: int) -> Iterator[R]:
        for start in range(first, end, _BATCH):
            yield from self._page(start, min(_BATCH, end - start))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns, those of ``workbench query --csv``."""
        return tuple(flat(self._blank))

    def columns(self) -> dict[str, list[Cell]]:
        """Return everything as plain values, a list for each column."""
        columns: dict[str, list[Cell]] = {name: [] for name in self.names}
        for row in self:
            for name, cell in flat(row).items():
                columns[name].append(cell)
        return columns

    def to_numpy(self) -> "np.ndarray[Any, np.dtype[np.void]]":
        """Return everything as one structured array: ``rows.to_numpy()["actor"]``.

        Times are ``datetime64[ns]`` in UTC as claimed, and ``NaT`` where none was read; whole
        numbers are ``int64`` in columns where each row has one; all else are objects.
        """
        import numpy as np

        columns = {name: _typed(name, cells) for name, cells in self.columns().items()}
        kinds = [(name, column.dtype) for name, column in columns.items()]
        table = np.empty(self._total, dtype=kinds)
        for name, column in columns.items():
            table[name] = column
        return table

    def to_pandas(self) -> Any:  # noqa: ANN401 - a DataFrame, where pandas is installed
        """Return everything as a ``pandas.DataFrame``.

        Raises:
            UsageError: pandas is not installed; it does not come with this program.
        """
        try:
            import pandas  # type: ignore[import-not-found, import-untyped, unused-ignore]
        except ImportError:
            raise UsageError(
                "pandas is not installed here: to_numpy() and columns() give the same rows "
                "without it."
            ) from None
        table = self.to_numpy()
        return pandas.DataFrame({name: table[name] for name in self.names})

    def __repr__(self) -> str:
        return f"<{self._total:,} rows: {', '.join(self.names)}>"

    def _repr_html_(self) -> str:
        shown = self[:_SHOWN]
        said = f"{self._total:,} rows"
        more = f"{said}; the first {len(shown)} are shown" if len(shown) < self._total else said
        return html.table(self.names, (flat(row).values() for row in shown), caption=more)


def _typed(name: str, cells: Sequence[Cell]) -> "np.ndarray[Any, np.dtype[Any]]":
    import numpy as np

    if name in _TIMES:
        moments = ["NaT" if ns is None else ns for ns in map(_moment, cells)]
        return np.array(moments, dtype="datetime64[ns]")
    if cells and all(isinstance(cell, int) for cell in cells):
        return np.array(cells, dtype=np.int64)
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def _moment(cell: Cell) -> int | None:
    """Return nanoseconds since 1970, or None where they are none or no array can hold them."""
    ns = moment_of(cell) if isinstance(cell, str) else None
    return ns if ns is not None and FIRST < ns <= LAST else None
