"""``workbench profile``: the chain recipes that are known, in words, and that of an unknown log."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.output import require_writable, write_whole


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Recipes by which logs protect themselves.")
    group.command("list", help="List the profiles that ship with the program.")(list_known)
    group.command("show", help="Explain a profile in words.")(show)
    group.command("infer", help="Search the recipe of a log that no profile describes.")(infer)
    app.add_typer(group, name="profile")


def list_known() -> int:
    """Print one line a profile."""
    from workbench.services import profiles

    for profile in profiles.known():
        say(f"{profile.id:<18} {profile.title}")
    return 0


def show(
    profile: str = typer.Argument(metavar="ID|FILE", help="Id of a shipped profile, or a file."),
) -> int:
    """Print what a profile says."""
    from workbench.services import profiles

    for line in profiles.explain(profiles.find(profile)):
        say(line)
    return 0


def infer(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="A log of one file.")],
    secret: o.Secret = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Keep the profile.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> int:
    """Print the recipe that reproduces the records, or how far the search went."""
    from workbench.services import profiles

    if out is not None:
        require_writable(out, force=force, inputs=[log])
    with work() as (progress, cancel):
        found = profiles.infer(log, secrets=secret or (), progress=progress, cancel=cancel)
    for line in profiles.told(found):
        say(line)
    if found.profile is None:
        return 2
    for line in profiles.explain(found.profile):
        say(line)
    if out is not None:
        write_whole(out, found.text, replace=force)
        say(f"{out}: check it, then verify with `--profile {out}`.")
    return 0
