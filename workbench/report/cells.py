"""Rows of flowables as elements: which cell, label or entry each of them is the content of."""

from collections.abc import Sequence
from typing import Any

from workbench.report.figures import Picture
from workbench.report.tags import Element, Role, Scope

Row = Sequence[Any]


def as_table(
    rows: Sequence[Row], *, heads: int = 0, labels: bool = False, within: Element | None = None
) -> Element:
    """Make rows a table; ``heads`` rows are heads, and the first column where it has ``labels``."""
    whole = Element(Role.TABLE, within)
    for number, row in enumerate(rows):
        line = whole.child(Role.ROW)
        for at, cell in enumerate(row):
            if number < heads:
                fill(line.child(Role.HEAD, scope=Scope.COLUMN), cell)
            elif labels and at == 0:
                fill(line.child(Role.HEAD, scope=Scope.ROW), cell)
            else:
                fill(line.child(Role.CELL), cell)
    return whole


def as_list(rows: Sequence[Row], within: Element | None = None) -> Element:
    """Make rows of a mark and a text a list."""
    whole = Element(Role.LIST, within)
    for mark, text in rows:
        item = whole.child(Role.ITEM)
        fill(item.child(Role.LABEL), mark)
        fill(item.child(Role.BODY), text)
    return whole


def fill(element: Element, content: Any) -> None:  # noqa: ANN401 - ReportLab ships no types
    """Let an element hold a flowable, or several; a single text is the element's own."""
    items = content if isinstance(content, list) else [content]
    for item in items:
        if isinstance(item, Picture):
            item.tag = element.child(Role.FIGURE, alt=item.alt) if item.alt else None
        else:
            item.tag = element if len(items) == 1 else element.child(Role.PARAGRAPH)
