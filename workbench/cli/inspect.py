"""``workbench inspect``: what is this, what can it show, what can it not show."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.model.contract import inspection_to_json
from workbench.model.inspection import Count, InspectedSource, Inspection
from workbench.model.source import Role
from workbench.model.trust import Trust

_LABEL, _NUMBER = 32, 12

#: What a file is that nothing recognises.
_UNKNOWN = "unknown"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("inspect", help="Say what files are and what they can and cannot show.")(inspect)


def inspect(paths: o.Paths, mapping: o.Mappings = None, as_json: o.AsJson = False) -> int:
    """Inspect and print; nothing is judged, so the exit code is 0 unless it could not be done."""
    from workbench.services import inspection, mappings

    nobody = Trust(at=datetime.now(UTC))
    brought = mappings.brought(mapping or ())
    with work() as (progress, cancel):
        found = inspection.inspect(
            paths, trust=nobody, mappings=brought, progress=progress, cancel=cancel
        )
    if as_json:
        say_json(inspection_to_json(found))
        return 0
    order = tuple(Role)
    for source in sorted(found.sources, key=lambda source: order.index(source.role)):
        _show(source)
    say()
    say(f"{_summed(found)}. Nothing was judged: workbench verify does that.")
    if any(source.format == _UNKNOWN for source in found.sources):
        say(
            "Unknown files were not read. Where one is a log, workbench mapping draft proposes how."
        )
    return 0


def _show(source: InspectedSource) -> None:
    name = source.path if source.member is None else f"{source.path} → {source.member}"
    version = f" ({source.version})" if source.version else ""
    say(name)
    say(f"  {source.role.value}, {source.format}{version}, {source.size:,} bytes")
    say(f"  SHA-256 {source.sha256 or 'not computed'}")
    _show_numbers("holds", source.counts)
    _show_numbers("states of itself", source.control_totals)
    for sentence in source.cannot_show:
        say(f"  cannot show: {sentence}")
    for problem in dict.fromkeys(source.problems):
        say(f"  problem: {problem.message} [{problem.code}]")


def _summed(found: Inspection) -> str:
    """Return how many sources there are, and how many of each role."""
    counted = Counter(source.role for source in found.sources)
    parts = [f"{role.value} {counted[role]:,}" for role in Role if counted[role]]
    return f"{len(found.sources):,} found: {', '.join(parts) or 'nothing'}"


def _show_numbers(title: str, numbers: Mapping[str, Count | str]) -> None:
    """Print a table of numbers; those of several kinds stand below their own heading."""
    if numbers:
        say(f"  {title}:")
    for name, number in numbers.items():
        if isinstance(number, dict):
            say(f"    {_label(name)}")
            for kind, count in number.items():
                say(_row(f"  {_label(kind)}", count))
        else:
            say(_row(_label(name), number))


def _row(label: str, number: int | str) -> str:
    shown = f"{number:,}" if isinstance(number, int) else number
    return f"    {label:<{_LABEL}} {shown:>{_NUMBER}}"


def _label(name: str) -> str:
    return name.replace("_", " ")
