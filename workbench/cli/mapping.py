"""``workbench mapping``: how the events of plain logs are read, and a mapping of your own."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.evidence.text import visible
from workbench.model.moment import text_of
from workbench.output import require_writable, write_whole

if TYPE_CHECKING:
    from workbench.services.mappings import Trial, TriedRecord

_MOST_FAILED = 20
_WIDTH = 100

Wanted = Annotated[
    str, typer.Argument(metavar="ID|FILE", help="Id of a shipped mapping, or a file.")
]
Log = Annotated[Path, typer.Argument(metavar="LOG", help="A log of one file.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="How the events of plain logs are read.")
    group.command("list", help="List the mappings that ship with the program.")(list_known)
    group.command("show", help="Explain a mapping in words.")(show)
    group.command("draft", help="Propose a mapping of a log, to be edited.")(draft)
    group.command("try", help="Show what a mapping makes of the first records of a log.")(attempt)
    app.add_typer(group, name="mapping")


def list_known() -> int:
    """Print one line a mapping, with what it was made from."""
    from workbench.formats.logs.explaining import GROUNDS
    from workbench.services import mappings

    for mapping in mappings.known():
        say(f"{mapping.id:<24} {mapping.title}; {GROUNDS[mapping.grounds]}")
    return 0


def show(
    mapping: Wanted,
    source: Annotated[bool, typer.Option("--yaml", help="Print its file instead.")] = False,
) -> int:
    """Print what a mapping says."""
    from workbench.services import mappings

    found = mappings.find(mapping)
    for line in found.text.splitlines() if source else mappings.explain(found):
        say(line)
    return 0


def draft(
    log: Log,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to write it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> int:
    """Print or write a mapping that was guessed from the first records of a log."""
    from workbench.services import mappings

    if out is not None:
        require_writable(out, force=force, inputs=[log])
    found = mappings.draft(log)
    if out is None:
        for line in found.text.splitlines():
            say(line)
        return 0
    write_whole(out, found.text.encode(), replace=force)
    say(f"{out}: a proposal. Edit it, then see what it makes of the log:")
    say(f"  workbench mapping try {out} {log}")
    return 0


def attempt(
    mapping: Wanted,
    log: Log,
    count: Annotated[
        int, typer.Option("--count", min=1, max=o.MOST_ROWS, help="Records to show.")
    ] = 3,
) -> int:
    """Print the first records as events, what is not mapped, and what failed; exit 2 if any did."""
    from workbench.services import mappings

    found = mappings.find(mapping)
    with work() as (_, cancel):
        trial = mappings.attempt(found, log, show=count, cancel=cancel)
    say(f"{log}: records lie as {trial.container.value}, read by {found.id}.")
    for line in mappings.explain(found)[1:2]:
        say(line)
    for record in trial.shown:
        for line in _record(record):
            say(line)
    for line in _summary(trial):
        say(line)
    return 2 if trial.failed or not trial.records else 0


def _record(record: "TriedRecord") -> Iterator[str]:
    mapped, place = record.mapped, record.place
    yield ""
    yield f"record {place.record}, byte {place.offset}, {place.length} bytes"
    utc = "no time that can be read" if mapped.time_ns is None else text_of(mapped.time_ns)
    zone = " (no zone is stated)" if mapped.is_naive else ""
    yield f"  time     {utc}{zone}; written {_shown(mapped.time_text) or 'nothing'}"
    for name in ("actor", "action", "object"):
        yield f"  {name:<8} {_shown(getattr(mapped, name) or '') or '-'}"
    yield f"  outcome  {mapped.outcome.value}"
    yield f"  key      {_shown(mapped.key) or '-'}"
    for attribute in record.unmapped:
        yield f"    not mapped: {visible(attribute.name)} = {_shown(attribute.value)}"


def _summary(trial: "Trial") -> Iterator[str]:
    total = trial.records
    yield ""
    more = "; the log goes on" if trial.goes_on else ""
    yield f"{total:,} records tried{more}."
    yield "  found: " + ", ".join(
        f"{part} in {trial.found[part]:,}"
        for part in ("time", "actor", "action", "object", "outcome", "key")
    )
    if not trial.fits:
        yield "  Such a log would not be recognised by this mapping alone: see recognise."
    for name, number in trial.unmapped.most_common(_MOST_FAILED):
        yield f"  not mapped: {visible(name)} in {number:,}"
    for problem in trial.failed[:_MOST_FAILED]:
        yield f"  failed: {visible(problem.message)} [{problem.code}]"
    if len(trial.failed) > _MOST_FAILED:
        yield f"  {len(trial.failed) - _MOST_FAILED:,} more failed."


def _shown(text: str) -> str:
    return visible(text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…")
