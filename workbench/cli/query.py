"""``workbench query``: ask for events, things, findings and the rest of a case."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json
from workbench.cli.opening import Folder, opened
from workbench.evidence.text import aligned, csv_of_rows, visible
from workbench.model import schema
from workbench.model.kept import Cell, Listed, flat
from workbench.model.query_fields import FIELDS, Area

if TYPE_CHECKING:
    from workbench.model.event import IndexedEvent
    from workbench.store.case_store import CaseStore

_BATCH = 1000
_EVERYTHING = 0

Wanted = Annotated[str, typer.Argument(help="What to look for; see --fields.", metavar="TEXT")]
In = Annotated[Area, typer.Option("--in", help="Which list.", metavar="LIST", case_sensitive=False)]
Count = Annotated[
    int,
    typer.Option("--count", min=0, max=o.MOST_ROWS, help="Rows to print; 0 prints them all."),
]
First = Annotated[
    int, typer.Option("--first", min=1, max=o.MOST_ROWS, help="Number of the first row.")
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print the rows as CSV.")]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("query", help="Ask for events, things, findings and the rest of a case.")(query)


def query(
    folder: Folder,
    text: Wanted = "",
    area: In = Area.EVENTS,
    sort: Annotated[str, typer.Option("--sort", metavar="FIELD")] = "",
    descending: Annotated[bool, typer.Option("--descending", help="The greatest first.")] = False,
    first: First = 1,
    count: Count = 50,
    fields: Annotated[bool, typer.Option("--fields", help="List what can be asked for.")] = False,
    as_json: o.AsJson = False,
    as_csv: AsCsv = False,
) -> int:
    """Ask and print; the exit code says only that it was done."""
    if fields:
        return _show_fields(area)
    with opened(folder, write=False) as case:
        total, rows = _asked(case, area, text, sort, descending, first - 1, count)
        _print(case, area, total, rows, first, as_json=as_json, as_csv=as_csv)
    return 0


def _show_fields(area: Area) -> int:
    for field in FIELDS[area].completions():
        words = f" ({', '.join(field.words)})" if field.words else ""
        say(f"{field.name:<16} {field.kind.value:<9} {field.title}{words}")
    return 0


_Rows = Iterator[Sequence["IndexedEvent | Listed"]]


def _asked(
    case: "CaseStore",
    area: Area,
    text: str,
    sort: str,
    descending: bool,
    first: int,
    count: int,
) -> tuple[int, _Rows]:
    """Return how many rows there are, and those that are wanted, page by page."""
    if area is Area.EVENTS:
        return _events(case, text, sort, descending, first, count)
    from workbench.services import investigation

    head = investigation.listed(case, area, text, by=sort, descending=descending, count=0)
    pages = (
        investigation.listed(
            case, area, text, by=sort, descending=descending, first=at, count=most
        ).rows
        for at, most in _pages(head.total, first, count)
    )
    return head.total, pages


def _events(
    case: "CaseStore", text: str, sort: str, descending: bool, first: int, count: int
) -> tuple[int, _Rows]:
    from workbench.services.investigation import Events, event_order

    order = event_order(sort, descending=descending)
    events = Events(case, text)
    total = events.count()
    if count == _EVERYTHING and total > _BATCH:
        events.prepare(order)
    pages = (
        events.page(first=at, count=most, order=order) for at, most in _pages(total, first, count)
    )
    return total, pages


def _pages(total: int, first: int, count: int) -> Iterator[tuple[int, int]]:
    end = total if count == _EVERYTHING else min(total, first + count)
    for at in range(first, end, _BATCH):
        yield at, min(_BATCH, end - at)


def _print(
    case: "CaseStore",
    area: Area,
    total: int,
    pages: _Rows,
    first: int,
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    from workbench.services import remarks

    said = remarks.remarked(case)
    rows = ({**flat(row), **said.columns(row)} for page in pages for row in page)
    if as_csv:
        for line in csv_of_rows(rows):
            say(line)
        return
    if as_json:
        found = list(rows)
        head = {"schema": schema.QUERY, "list": area, "total": total, "first": first}
        say_json({**head, "rows": found})
        return
    shown = list(rows)
    for line in table_lines(shown):
        say(line)
    say(f"{len(shown):,} of {total:,} {area.value}.")


def table_lines(rows: Sequence[Mapping[str, Cell]]) -> Iterator[str]:
    """Yield rows below the names of their columns, each cell in its place; "-" is an empty one."""
    if not rows:
        return
    names = list(rows[0])
    table = [names, *([_shown(row.get(name)) for name in names] for row in rows)]
    yield from aligned(table)


def _shown(cell: Cell) -> str:
    return "-" if cell in {None, ""} else visible(str(cell))
