"""``workbench diff``: what changed between two exports of one catalog."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.cli.opening import opened
from workbench.errors import UsageError
from workbench.evidence.text import csv_line
from workbench.model import schema
from workbench.model.contract import Json, locator_to_json
from workbench.model.difference import Change, Compared, Difference

_COLUMNS = ("change", "about", "kind", "key", "name", "field", "before", "after", "same_by")
_MARKS = {Change.ADDED: "+", Change.REMOVED: "-", Change.RENAMED: ">", Change.CHANGED: "~"}

Earlier = Annotated[str, typer.Argument(help="The earlier export.", metavar="EARLIER")]
Later = Annotated[str, typer.Argument(help="The later export.", metavar="LATER")]
InCase = Annotated[
    Path | None,
    typer.Option(
        "--case",
        metavar="CASE",
        help="Compare two sources of a case; name them by their numbers.",
        parser=o.named_path,
    ),
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print the differences as CSV.")]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff", help="Say what changed between two exports of one catalog.")(diff)


def diff(
    earlier: Earlier,
    later: Later,
    case: InCase = None,
    as_json: o.AsJson = False,
    as_csv: AsCsv = False,
) -> int:
    """Compare and print; the exit code is 0 where nothing differs and 1 where something does."""
    found = _compared(earlier, later, case)
    if as_json:
        say_json(_document(found))
    elif as_csv:
        for line in _csv_lines(found):
            say(line)
    else:
        _show(found)
    return 1 if found.differences else 0


def _compared(earlier: str, later: str, folder: Path | None) -> Compared:
    from workbench.services import comparing

    with work() as (progress, cancel):
        if folder is None:
            paths = o.named_path(earlier), o.named_path(later)
            return comparing.compare(*paths, progress=progress, cancel=cancel)
        numbers = _number(earlier), _number(later)
        with opened(folder, write=False) as case:
            return comparing.compare_kept(case, *numbers, cancel=cancel)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UsageError(f"Sources of a case are named by their numbers; {text} is none.")
    return int(text)


def _show(found: Compared) -> None:
    for each in found.differences:
        say(_line(each))
    for problem in found.problems:
        say(f"problem: {problem}")
    counted = Counter(each.change for each in found.differences)
    parts = [f"{counted[change]:,} {change.value}" for change in Change if counted[change]]
    say(f"{', '.join(parts) or 'No difference'}. The same in both: {found.same_things:,} things, "
        f"{found.same_relations:,} relations.")  # fmt: skip
    if found.problems:
        say("What could not be read was not compared.")


def _line(each: Difference) -> str:
    name = f" ({each.name})" if each.name not in {"", each.key} else ""
    what = f"{_MARKS[each.change]} {each.kind} {each.key}{name}"
    if each.change is Change.RENAMED and each.same_by is not None:
        return f"{what}: is now {each.after} ({each.same_by.value})"
    if each.field:
        before, after = (repr(side) if side is not None else "nothing" for side in
                         (each.before, each.after))  # fmt: skip
        return f"{what}: {each.field.removeprefix('field ')}: {before} → {after}"
    return what


def _flat(each: Difference) -> dict[str, str | None]:
    return {name: getattr(each, name) for name in _COLUMNS}


def _document(found: Compared) -> Json:
    rows = [
        {
            **_flat(each),
            "earlier": locator_to_json(each.earlier) if each.earlier else None,
            "later": locator_to_json(each.later) if each.later else None,
        }
        for each in found.differences
    ]
    return {
        "schema": schema.DIFF,
        "earlier": found.earlier,
        "later": found.later,
        "differences": rows,
        "same_things": found.same_things,
        "same_relations": found.same_relations,
        "problems": list(found.problems),
    }


def _csv_lines(found: Compared) -> Iterator[str]:
    yield csv_line((*_COLUMNS, "earlier", "later"))
    for each in found.differences:
        places = (str(place) if place else None for place in (each.earlier, each.later))
        yield csv_line((*_flat(each).values(), *places))
