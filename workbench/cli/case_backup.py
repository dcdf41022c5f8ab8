"""``workbench case backup`` and ``restore``: a case as one file, and a case of it again."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.console import say, work
from workbench.cli.opening import Folder, opened

Out = Annotated[Path, typer.Argument(help="File to write.", metavar="FILE")]
Backup = Annotated[Path, typer.Argument(help="The backup.", metavar="FILE")]
New = Annotated[Path, typer.Argument(help="Folder of the new case.", metavar="DIR")]


def backup(
    folder: Folder,
    out: Out,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> int:
    """Write a backup and print its digests."""
    from workbench.services import cases

    with work() as (_, cancel), opened(folder, write=False) as case:
        made = cases.back_up(case, out, force=force, cancel=cancel)
    say(f"{out}: {made.entries:,} acts, head {made.head}.")
    for name, digest in made.files.items():
        say(f"  {digest}  {name}")
    say("Evidence is not in it, nor the index, which is made anew from evidence.")
    return 0


def restore(file: Backup, folder: New) -> int:
    """Make a case of a backup."""
    from workbench.services import cases
    from workbench.store.case_store import named

    with work() as (progress, cancel):
        made = cases.restore(file, folder, progress=progress, cancel=cancel)
    say(f"{named(folder)}: {made.entries:,} acts, head {made.head}; every digest is as listed.")
    say("The index is not there yet; make it from the evidence:")
    say(f"  workbench case index {named(folder)}")
    return 0
