"""What stands in a table: columns, cells, rows, and where they are read from."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from workbench.gui.parts.mark import Mark
from workbench.model.catalog import Protection
from workbench.model.locator import Locator


class CellKind(StrEnum):
    """How a column is drawn."""

    TEXT = "text"
    PATH = "path"
    NUMBER = "number"
    MONO = "mono"
    MARK = "mark"
    PIPS = "pips"
    CHIPS = "chips"
    PROTECTION = "protection"
    PAIR = "pair"


class Tone(StrEnum):
    """How a text stands out; the value is the token of its colour."""

    NORMAL = "text"
    STRONG = "strong"
    QUIET = "secondary"
    LINK = "accent"
    AMBER = "indeterminate"
    RED = "failed"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value.

    Attributes:
        text: what it says; it is copied, exported and read out.
        tone: how it stands out.
        icon: name of an icon before the text, or "".
        mark: mark before the text, or None.
        level: level of assurance, or None.
        protection: what protects it, or None.
        chips: small labels.
        detail: second line of a ``PAIR``.
    """

    text: str = ""
    tone: Tone = Tone.NORMAL
    icon: str = ""
    mark: Mark | None = None
    level: int | None = None
    protection: Protection | None = None
    chips: tuple[str, ...] = ()
    detail: str = ""

    @property
    def said(self) -> str:
        """What it says, also where it is only drawn."""
        if self.text:
            return f"{self.text}, {self.detail}" if self.detail else self.text
        if self.mark is not None:
            return self.mark.value
        if self.level is not None:
            return f"level {self.level}"
        if self.protection is not None:
            return self.protection.value
        return ", ".join(self.chips)


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        id: its name in queries and settings.
        title: its head.
        kind: how it is drawn.
        width: pixels it wants.
        least: pixels below which it is hidden instead of squeezed.
        rank: 0 stays longest; of equal ranks the last goes first.
        stretch: takes what room is left.
        sortable: the source can order by it.
        hidden: shown only when the user asks for it.
        name: what it is called where there is room, or "": its head says all.
    """

    id: str
    title: str
    kind: CellKind = CellKind.TEXT
    width: int = 120
    least: int = 60
    rank: int = 1
    stretch: bool = False
    sortable: bool = False
    hidden: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: one cell a column, what it is, and where it was read."""

    cells: tuple[Cell, ...]
    key: object = None
    locator: Locator | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are; ``more`` while they are still being counted.

    ``unasked``: why nobody has looked yet, which is not to be taken for none.
    """

    rows: int
    more: bool = False
    of: int | None = None
    noun: str = "rows"
    unasked: str = ""

    def __str__(self) -> str:
        """Return ``49 of 1,146 artifacts``, ``61,204+ … events``."""
        if self.unasked:
            return self.unasked.removesuffix(".")
        if self.more:
            return f"{self.rows:,}+ … {self.noun}"
        whole = "" if self.of is None or self.of == self.rows else f" of {self.of:,}"
        return f"{self.rows:,}{whole} {self.noun}"


@dataclass(frozen=True, slots=True)
class Order:
    """By which column rows are ordered."""

    column: str
    descending: bool = False


class PageSource(Protocol):
    """Where rows come from. ``count`` and ``page`` are called off the thread of the window."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns, in order."""
        ...

    def count(self) -> Count:
        """Return how many rows there are."""
        ...

    def page(self, first: int, size: int) -> Sequence[Row]:
        """Return up to ``size`` rows from row ``first`` on, from 0."""
        ...

    def ordered(self, order: Order) -> "PageSource":
        """Return the same rows in another order."""
        ...


@dataclass(frozen=True, slots=True)
class ListSource:
    """Rows that are all there: for short lists, and for tests."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    noun: str = "rows"
    unasked: str = ""

    def count(self) -> Count:
        """Return how many there are."""
        return Count(len(self.rows), noun=self.noun, unasked=self.unasked)

    def page(self, first: int, size: int) -> Sequence[Row]:
        """Return some of them."""
        return self.rows[first : first + size]

    def ordered(self, order: Order) -> "ListSource":
        """Return them ordered by what a column says; numbers by their value."""
        (at,) = [n for n, column in enumerate(self.columns) if column.id == order.column]
        rows = sorted(self.rows, key=lambda row: _value(row.cells[at].said))
        rows = rows[::-1] if order.descending else rows
        return ListSource(self.columns, tuple(rows), self.noun, self.unasked)


def _value(text: str) -> tuple[int, float, str]:
    digits = text.replace(",", "")
    try:
        return (0, float(digits), text)
    except ValueError:
        return (1, 0.0, text)
