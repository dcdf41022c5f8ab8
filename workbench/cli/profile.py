"""``workbench profile``: the chain recipes that are known, in words."""

import typer

from workbench.cli.console import say


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Recipes by which logs protect themselves.")
    group.command("list", help="List the profiles that ship with the program.")(list_known)
    group.command("show", help="Explain a profile in words.")(show)
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
