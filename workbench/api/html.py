"""Tables for a notebook. Evidence is text in them: visible, escaped, never markup."""

from collections.abc import Iterable
from html import escape

from workbench.evidence.text import visible
from workbench.model.kept import Cell

_LONGEST = 200


def text(value: Cell) -> str:
    """Return what may stand in HTML for a value, everything hidden in it shown as a mark."""
    return "" if value is None else escape(visible(str(value), limit=_LONGEST))


def table(names: Iterable[str], rows: Iterable[Iterable[Cell]], *, caption: str = "") -> str:
    """Return a table; every cell, name and the caption are plain text."""
    head = "".join(f"<th>{text(name)}</th>" for name in names)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    said = f"<caption>{text(caption)}</caption>" if caption else ""
    return f"<table>{said}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: Iterable[Cell]) -> str:
    return "".join(f"<td>{text(cell)}</td>" for cell in row)
