"""``workbench tag``: words on sources, things and events, by which they are found again."""

import typer

from workbench.cli.console import say
from workbench.cli.opening import Folder, Who, opened
from workbench.cli.remarking import On, Text, adding, listing
from workbench.model.remark import RemarkKind, place_of


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Tags on sources, things and events: put them, take them away.")
    group.command("add", help="Put a tag on something; the journal keeps it.")(
        adding(RemarkKind.TAG)
    )
    group.command("remove", help="Take a tag away; the journal keeps that too.")(remove)
    group.command("list", help="List the tags of a case.")(listing(RemarkKind.TAG))
    app.add_typer(group, name="tag")


def remove(folder: Folder, place: On, text: Text, who: Who = None) -> int:
    """Record it; the exit code says only that it was done."""
    from workbench.services import remarks

    with opened(folder, who=who, write=True) as case:
        remarks.untag(case, place_of(place), text)
    say(f"{place} has the tag {text} no more.")
    return 0
