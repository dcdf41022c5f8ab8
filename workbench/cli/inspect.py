"""``workbench inspect``: what is this, what can it show, what can it not show."""

from collections import Counter
from datetime import UTC, datetime

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.model.contract import inspection_to_json
from workbench.model.inspection import Count, InspectedSource, Inspection
from workbench.model.source import Role
from workbench.model.trust import Trust


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("inspect", help="Say what files are and what they can and cannot show.")(inspect)


def inspect(paths: o.Paths, as_json: o.AsJson = False) -> int:
    """Inspect and print; nothing is judged, so the exit code is 0 unless it could not be done."""
    from workbench.services import inspection

    nobody = Trust(at=datetime.now(UTC))
    with work() as (progress, cancel):
        found = inspection.inspect(paths, trust=nobody, progress=progress, cancel=cancel)
    if as_json:
        say_json(inspection_to_json(found))
        return 0
    order = tuple(Role)
    for source in sorted(found.sources, key=lambda source: order.index(source.role)):
        _show(source)
    say()
    say(f"{_summed(found)}. Nothing was judged: workbench verify does that.")
    return 0


def _show(source: InspectedSource) -> None:
    name = source.path if source.member is None else f"{source.path} → {source.member}"
    version = f" ({source.version})" if source.version else ""
    say(name)
    say(f"  {source.role.value}, {source.format}{version}, {source.size:,} bytes")
    say(f"  SHA-256 {source.sha256 or 'not computed'}")
    for key, count in source.counts.items():
        say(f"  {key.replace('_', ' ')}: {_number(count)}")
    for sentence in source.cannot_show:
        say(f"  cannot show: {sentence}")
    for problem in dict.fromkeys(source.problems):
        say(f"  problem: {problem.message} [{problem.code}]")


def _number(count: Count) -> str:
    if isinstance(count, int):
        return f"{count:,}"
    return ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in count.items())


def _summed(found: Inspection) -> str:
    """Return how many sources there are, and how many of each role."""
    counted = Counter(source.role for source in found.sources)
    parts = [f"{role.value} {counted[role]:,}" for role in Role if counted[role]]
    return f"{len(found.sources):,} found: {', '.join(parts) or 'nothing'}"
