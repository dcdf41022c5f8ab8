"""``workbench reconcile``: catalog against log against files, and what could not be compared."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.cli.opening import Folder, Who, opened
from workbench.errors import UsageError
from workbench.evidence.text import csv_line
from workbench.model.case import Finding
from workbench.model.reconciliation import Comparison, Line, Mismatch, Reconciled, SideFound
from workbench.model.reconciliation_contract import reconciled_to_json

#: Lines of one kind that are printed; ``--all`` prints them all, as do CSV and JSON.
_MOST = 10
_COLUMNS = ("line", "kind", "about", "name", "detail", "stated", "found", "doubt", "places")

Kinds = Annotated[
    list[Mismatch] | None,
    typer.Option("--kind", metavar="KIND", help="Differences of this kind only.",
                 case_sensitive=False),
]  # fmt: skip
Findings = Annotated[
    list[str] | None,
    typer.Option("--finding", metavar="LINE|KIND",
                 help="Make a finding of a line, by its number, or of all lines of a kind."),
]  # fmt: skip
All = Annotated[bool, typer.Option("--all", help="Print every line of each kind.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print the differences as CSV.")]

#: A line with its number.
_Numbered = tuple[int, Line]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reconcile", help="Hold the catalogs of a case against its logs and its files.")(
        reconcile
    )


def reconcile(
    folder: Folder,
    kind: Kinds = None,
    finding: Findings = None,
    everything: All = False,
    as_json: o.AsJson = False,
    as_csv: AsCsv = False,
    who: Who = None,
) -> int:
    """Compare and print; exit 1 where something differs, 2 where that is not sure, else 0."""
    from workbench.services import findings, reconciling

    with opened(folder, who=who, write=bool(finding)) as case, work() as (_, cancel):
        found = reconciling.reconcile(case, cancel=cancel)
        wanted = [_asked(found, each) for each in finding or []]
        made = [findings.add(case, reconciling.finding_of(lines)) for lines in wanted]
    chosen = [
        (n, line) for n, line in enumerate(found.lines, 1) if line.mismatch in (kind or Mismatch)
    ]
    if as_json:
        say_json(reconciled_to_json(found, chosen))
    elif as_csv:
        for text in _csv_lines(chosen):
            say(text)
    else:
        for text in _lines(found, chosen, made, most=len(chosen) if everything else _MOST):
            say(text)
    return found.exit


def _asked(found: Reconciled, text: str) -> list[Line]:
    """Return the lines that a finding is to be made of."""
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) <= len(found.lines):
        return [found.lines[int(text[:9]) - 1]]
    lines = [line for line in found.lines if line.mismatch.value == text.upper()]
    if not lines:
        raise UsageError(f"There is no difference {text}: name the number of a line, or a kind.")
    return lines


def _lines(
    found: Reconciled, chosen: Sequence[_Numbered], made: Sequence[Finding], *, most: int
) -> Iterator[str]:
    for side in found.sides:
        yield _side(side)
    yield ""
    for comparison in found.comparisons:
        yield from _comparison(comparison)
    for mismatch in Mismatch:
        of_kind = [each for each in chosen if each[1].mismatch is mismatch]
        if of_kind:
            yield ""
            yield from _of_kind(mismatch, of_kind, most)
    yield ""
    yield _summary(found)
    yield from (f"Note: {note}" for note in found.notes)
    yield from (f"Finding {one.id}: {one.title}." for one in made)


def _side(side: SideFound) -> str:
    if side.lack:
        return f"{side.side.value:<8} not there: {side.lack}"
    words = {"catalog": "things", "log": "events", "files": "files"}[side.side.value]
    some = "source" if side.sources == 1 else "sources"
    return f"{side.side.value:<8} {side.items:,} {words} of {side.sources:,} {some}"


def _comparison(comparison: Comparison) -> Iterator[str]:
    name = comparison.between.value
    if not comparison.compared:
        yield f"{name}: NOT COMPARED"
    else:
        yield f"{name}: {comparison.compared:,} compared"
    for reason, count in comparison.left:
        yield f"  not compared: {reason}{f' ({count:,})' if count else ''}"


def _of_kind(mismatch: Mismatch, lines: Sequence[_Numbered], most: int) -> Iterator[str]:
    yield f"{mismatch.heading} ({mismatch.value}, {len(lines):,})"
    for number, line in lines[:most]:
        sign = "?" if line.doubt else "!"
        yield f"  {sign} {number}  {line.kind} {line.name}: {line.detail}"
        if line.doubt:
            yield f"      not sure: {line.doubt}"
        for place in line.places[:4]:
            yield f"      {place.side.value}: {place.ref.locator}"
    if len(lines) > most:
        yield f"  and {len(lines) - most:,} more (--kind {mismatch.value} --all)"


def _summary(found: Reconciled) -> str:
    sure = sum(not line.doubt for line in found.lines)
    open_ones = len(found.lines) - sure
    left = [c.between.value for c in found.comparisons if not c.compared]
    if len(left) == len(found.comparisons):
        return "Nothing was compared."
    parts = [f"{sure:,} {'difference' if sure == 1 else 'differences'}"] if sure else []
    parts += [f"{open_ones:,} not sure"] if open_ones else []
    said = ", ".join(parts) or "No difference in what was compared"
    return f"{said}. Not compared at all: {'; '.join(left)}." if left else f"{said}."


def _csv_lines(chosen: Sequence[_Numbered]) -> Iterator[str]:
    yield csv_line(_COLUMNS)
    for number, line in chosen:
        places = " | ".join(f"{p.side.value}: {p.ref.locator}" for p in line.places)
        yield csv_line(
            (number, line.mismatch.value, line.kind, line.name, line.detail, line.stated,
             line.found, line.doubt, places)
        )  # fmt: skip
