"""``workbench inspect``: what is this, what can it show, what can it not show."""

from datetime import UTC, datetime

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work
from workbench.model.contract import inspection_to_json
from workbench.model.inspection import InspectedSource
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
    for source in found.sources:
        _show(source)
    return 0


def _show(source: InspectedSource) -> None:
    name = source.path if source.member is None else f"{source.path} → {source.member}"
    version = f" ({source.version})" if source.version else ""
    say(name)
    say(f"  {source.role.value}, {source.format}{version}, {source.size:,} bytes")
    say(f"  SHA-256 {source.sha256 or 'not computed'}")
    for key, count in source.counts.items():
        say(f"  {key}: {count}")
    for sentence in source.cannot_show:
        say(f"  cannot show: {sentence}")
    for problem in source.problems:
        say(f"  problem: {problem.message} [{problem.code}]")
