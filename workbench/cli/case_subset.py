"""``workbench case subset``: a part of a case to hand over, with pseudonyms for names."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.cli.opening import Folder, Who, opened
from workbench.errors import UsageError
from workbench.model.query_fields import Area

if TYPE_CHECKING:
    from workbench.services import subset as service

Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="NEW", help="Folder to make.", parser=o.named_path),
]
Mapping = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="Who stands behind which pseudonym: yours to keep; one that is there is gone on with.",
        parser=o.named_path,
    ),
]
Also = Annotated[
    Path | None,
    typer.Option(
        "--also", metavar="FILE", help="Further names to replace, one a line.", parser=o.named_path
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option("--keep", metavar="COLUMN", help="Column of persons to leave as it is."),
]


def subset(
    folder: Folder,
    out: Out = None,
    mapping: Mapping = None,
    events: Annotated[
        str | None, typer.Option("--events", metavar="QUERY", help='Which events; "" is all.')
    ] = None,
    things: Annotated[
        str | None, typer.Option("--things", metavar="QUERY", help='Which things; "" is all.')
    ] = None,
    findings: Annotated[
        str | None, typer.Option("--findings", metavar="QUERY", help='Which findings; "" is all.')
    ] = None,
    also: Also = None,
    keep: Keep = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Let stay what only looks like a person's.")
    ] = False,
    look: Annotated[
        bool, typer.Option("--look", help="Say what may point to a person; write nothing.")
    ] = False,
    who: Who = None,
) -> int:
    """Write chosen events, things and findings; with --look, only say what would be in them."""
    from workbench.services import subset as service

    queries = {Area.EVENTS: events, Area.THINGS: things, Area.FINDINGS: findings}
    if all(query is None for query in queries.values()):
        raise UsageError("Say what to hand over: --events, --things or --findings QUERY.")
    asked = service.Asked(queries, _names(also), frozenset(keep or ()), accept)
    if look:
        with work() as (_, cancel), opened(folder, write=False) as case:
            _show_personal("Holds", service.survey(case, asked, cancel=cancel))
        return 0
    if out is None or mapping is None:
        raise UsageError("Say where it goes and who keeps the names: -o NEW --mapping FILE.")
    with work() as (progress, cancel), opened(folder, who=who, write=True) as case:
        made = service.write(case, out, mapping, asked, progress=progress, cancel=cancel)
    _show(out, mapping, made)
    return 0


def _names(also: Path | None) -> tuple[str, ...]:
    if also is None:
        return ()
    from workbench.evidence.file import read_whole, single

    text = read_whole(single(also)).decode("utf-8", "replace")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _show(out: Path, mapping: Path, made: "service.Subset") -> None:
    say(f"Subset        {out}")
    for area, count in made.rows.items():
        say(f"  {area.value:<12}{count:,}")
    for area, count in made.withheld.items():
        say(f"Withheld      {area.value}: {count:,}")
    say(f"Pseudonyms    {made.replaced:,} names; who they are: {mapping} (keep it to yourself)")
    _show_personal("Held", made.before)
    _show_personal("Left", made.after)


def _show_personal(verb: str, found: "service.Personal") -> None:
    for kind, count in found.counts.items():
        say(f"{verb:<14}{count:,} x {kind.value}: {'; '.join(found.places[kind][:5])}")
    if not found.counts:
        say(f"{verb:<14}nothing that looks like a person's")
