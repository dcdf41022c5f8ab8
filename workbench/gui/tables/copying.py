"""Rows as text for the clipboard: no cell of evidence becomes a formula or a line of its own."""

from collections.abc import Iterable, Sequence

from workbench.evidence.text import safe_cell
from workbench.gui.models.cells import Row

#: Rows that are copied at most; more are exported.
MOST = 10_000


def as_text(rows: Iterable[Row], columns: Sequence[int], *, places: bool = False) -> str:
    """Return rows as lines of cells with tabs between; ``places`` adds where each was read."""
    lines = []
    for row in rows:
        cells = [safe_cell(row.cells[at].said) for at in columns if at < len(row.cells)]
        if places:
            cells.append(safe_cell(str(row.locator)) if row.locator else "")
        lines.append("\t".join(cells))
    return "\n".join(lines)


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as (first, how many) of those that follow each other."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == sum(found[-1]):
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((number, 1))
    return found
