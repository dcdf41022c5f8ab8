"""``workbench timeline``: the events of a case in time, and what is odd about them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json
from workbench.cli.opening import Folder, opened
from workbench.cli.query import table_lines
from workbench.cli.working import Days, Hours, Zone, working_hours
from workbench.errors import UsageError
from workbench.evidence.text import csv_of_rows
from workbench.model import schema
from workbench.model.contract import Json
from workbench.model.timeline import Pace, PartName, span_of

if TYPE_CHECKING:
    from workbench.model.kept import Cell
    from workbench.model.timeline import Part

_BAR = 50
_MOST = 100_000
_TITLES = {
    PartName.SOURCES: "Sources: times as claimed, and how far they are trusted",
    PartName.HISTOGRAM: "Events over claimed time (UTC)",
    PartName.GAPS: "Gaps: no record for unusually long, the longest first",
    PartName.BURSTS: "Bursts: unusually many records, the largest first",
    PartName.REGRESSIONS: "Clock regressions: records that claim to be before their predecessor",
    PartName.EVENTS: "Events of all sources by claimed time, repeats in a row folded",
    PartName.REPEATS: "Repeats: the same said again and again, the most often first",
    PartName.SEEN: "First and last seen, newcomers first",
    PartName.PIVOTS: "Who did what to what",
    PartName.SESSIONS: "Sessions of each actor",
    PartName.OFF_HOURS: "Outside working hours",
    PartName.AROUND: "What else happened then",
}
#: What stands in other columns too, or has its place in ``--json`` and ``--csv`` only.
_NOT_SHOWN = frozenset({"last_source", "last_record"})

Wanted = Annotated[str, typer.Argument(help="Only these; see query --fields.", metavar="TEXT")]
Show = Annotated[
    list[PartName] | None,
    typer.Option("--show", metavar="PART", case_sensitive=False,
                 help=f"What to show: {', '.join(PartName)}."),
]  # fmt: skip
Around = Annotated[
    str | None, typer.Option("--around", metavar="PATH:RECORD", help="What else happened then.")
]
Within = Annotated[str, typer.Option("--within", metavar="SPAN", help="How far around it.")]
Times = Annotated[
    int, typer.Option("--times", min=2, max=1_000_000, help="So many times the usual is unusual.")
]
Burst = Annotated[int, typer.Option("--burst", min=2, max=100_000, help="Records of a burst.")]
Quiet = Annotated[str, typer.Option("--quiet", metavar="SPAN", help="Pause that ends a session.")]
Tolerance = Annotated[
    str, typer.Option("--tolerance", metavar="SPAN", help="By which a clock may go back.")
]
First = Annotated[
    int, typer.Option("--first", min=1, max=o.MOST_ROWS, help="Number of the first event.")
]
Count = Annotated[int, typer.Option("--count", min=1, max=_MOST, help="Rows of each part.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print the rows of one part as CSV.")]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("timeline", help="Show the events of a case in time, and what is odd.")(timeline)


def timeline(
    folder: Folder,
    text: Wanted = "",
    show: Show = None,
    around: Around = None,
    within: Within = "5m",
    hours: Hours = None,
    days: Days = "mon-fri",
    zone: Zone = None,
    times: Times = 10,
    burst: Burst = 20,
    quiet: Quiet = "30m",
    tolerance: Tolerance = "0s",
    first: First = 1,
    count: Count = 20,
    as_json: o.AsJson = False,
    as_csv: AsCsv = False,
) -> int:
    """Ask and print; the exit code says only that it was done."""
    from workbench.services.timeline import CaseTimeline, Near, Wish

    pace = Pace(times, burst, span_of(quiet), span_of(tolerance))
    stated = working_hours(hours, days, zone)
    far = span_of(within)
    near = None if around is None else Near(around, far)
    wish = Wish(stated, near, first - 1)
    wanted = _wanted(show, around=around, hours=hours, as_csv=as_csv)
    with opened(folder, write=False) as case:
        asked = CaseTimeline(case, text, pace=pace, most=count)
        parts = [asked.part(name, wish) for name in wanted]
    if as_json:
        say_json(_document(text, parts))
    elif as_csv:
        for line in csv_of_rows(parts[0].rows):
            say(line)
    else:
        _say(parts)
    return 0


def _wanted(
    show: list[PartName] | None, *, around: str | None, hours: str | None, as_csv: bool
) -> Sequence[PartName]:
    from workbench.services.timeline import OVERVIEW

    extra = [PartName.OFF_HOURS] if hours else []
    overview = [PartName.AROUND] if around else [*OVERVIEW, *extra]
    wanted = list(dict.fromkeys(show or overview))
    if as_csv and len(wanted) != 1:
        raise UsageError("CSV is of one part: say which, as --show gaps.")
    return wanted


def _document(text: str, parts: "Sequence[Part]") -> Json:
    return {
        "schema": schema.TIMELINE,
        "query": text,
        "parts": [
            {
                "part": part.name.value,
                "total": part.total,
                "notes": list(part.notes),
                "rows": [dict(row) for row in part.rows],
            }
            for part in parts
        ],
    }


def _say(parts: "Sequence[Part]") -> None:
    for number, part in enumerate(parts):
        if number:
            say()
        say(_TITLES[part.name])
        for note in part.notes:
            say(f"  {note}")
        if part.name is PartName.HISTOGRAM:
            lines = _bars(part.rows)
        else:
            lines = table_lines([_shown(row) for row in part.rows])
        for line in lines:
            say(f"  {line}")
        if not part.total:
            say("  None.")
        elif len(part.rows) < part.total:
            say(f"  {len(part.rows):,} of {part.total:,} are shown (--count).")


def _shown(row: "Mapping[str, Cell]") -> "dict[str, Cell]":
    return {name: cell for name, cell in row.items() if name not in _NOT_SHOWN}


def _bars(rows: "Sequence[Mapping[str, Cell]]") -> Iterator[str]:
    """Yield a bar a span; what is not empty has a mark at least."""
    counts = [int(row["events"] or 0) for row in rows]
    most = max(counts, default=0)
    for row, count in zip(rows, counts, strict=True):
        bar = "#" * -(-count * _BAR // most) if most else ""
        yield f"{str(row['first'])[:19]:<19} {count:>10,} {bar}".rstrip()
