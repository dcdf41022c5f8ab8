"""``workbench note``: sentences on sources, things and events."""

from typing import Annotated

import typer

from workbench.cli.console import say
from workbench.cli.opening import Folder, Who, opened
from workbench.cli.remarking import adding, listing
from workbench.model.remark import RemarkKind

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Its number, as the list has it.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Notes on sources, things and events: write them, take them back.")
    group.command("add", help="Write a note on something; the journal keeps it.")(
        adding(RemarkKind.NOTE)
    )
    group.command("remove", help="Take a note back; the journal keeps both.")(remove)
    group.command("list", help="List the notes of a case.")(listing(RemarkKind.NOTE))
    app.add_typer(group, name="note")


def remove(folder: Folder, number: Number, who: Who = None) -> int:
    """Record it; the exit code says only that it was done."""
    from workbench.services import remarks

    with opened(folder, who=who, write=True) as case:
        remarks.remove(case, number)
    say(f"Note {number} is taken back.")
    return 0
