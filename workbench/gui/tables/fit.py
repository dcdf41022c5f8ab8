"""Which columns there is room for, and how wide they are. Columns are hidden, never squeezed."""

from collections.abc import Mapping, Sequence

from workbench.gui.models.cells import Column


def shown(columns: Sequence[Column], room: int) -> list[Column]:
    """Return the columns that fit at their least width; the last in rank goes first."""
    kept = list(columns)
    while len(kept) > 1 and sum(column.least for column in kept) > room:
        last = max(enumerate(kept), key=lambda pair: (pair[1].rank, pair[0]))
        kept.pop(last[0])
    return kept


def widths(columns: Sequence[Column], room: int) -> Mapping[str, int]:
    """Return the width of each column that is shown; together they fill ``room``."""
    kept = shown(columns, room)
    found = {column.id: column.least for column in kept}
    for first in (True, False):  # what one looks for is whole before the rest has its comfort
        wishes = {c.id: max(c.width - c.least, 0) for c in kept if c.stretch is first}
        _grow(found, wishes, room - sum(found.values()))
    spare = room - sum(found.values())
    takers = [column.id for column in kept if column.stretch] or [kept[-1].id] if kept else []
    if spare > 0:
        _grow(found, dict.fromkeys(takers, spare), spare)
    return found


def _grow(found: dict[str, int], wishes: Mapping[str, int], spare: int) -> None:
    """Give each what it wishes, or its share of ``spare``."""
    total = sum(wishes.values())
    if total <= 0 or spare <= 0:
        return
    given = left = min(total, spare)
    for name, wish in wishes.items():
        found[name] += given * wish // total
        left -= given * wish // total
    found[max(wishes, key=lambda name: wishes[name])] += left
