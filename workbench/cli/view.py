"""``workbench view``: questions with a name, kept in the case."""

from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli import query as asking
from workbench.cli.console import say, say_json
from workbench.cli.opening import Folder, Who, opened
from workbench.model import schema
from workbench.model.contract import time_to_json
from workbench.model.query_fields import Area
from workbench.model.view import SavedView

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the view is called.")]
NewName = Annotated[str, typer.Argument(metavar="NEW", help="What it is called from now on.")]
Replace = Annotated[bool, typer.Option("--replace", help="Replace the view of this name.")]


def add_to(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="Saved views: questions with a name. Keep them, ask them again.")
    group.command("list", help="List the views of a case.")(every)
    group.command("save", help="Keep a question under a name.")(save)
    group.command("use", help="Ask the question of a view; prints as query does.")(use)
    group.command("rename", help="Call a view something else.")(rename)
    group.command("remove", help="Keep a view no more.")(remove)
    app.add_typer(group, name="view")


def every(folder: Folder, as_json: o.AsJson = False) -> int:
    """Print a line each; the exit code says only that it was done."""
    from workbench.services import views

    with opened(folder, write=False) as case:
        found = views.every(case)
    if as_json:
        say_json({"schema": schema.VIEWS, "views": [_to_json(view) for view in found]})
        return 0
    for view in found:
        say(f"{view.name}  in {view.area.value}: {view.query or 'everything'}  ({view.who})")
    if not found:
        say("This case has no saved views.")
    return 0


def save(
    folder: Folder, name: Name, query: asking.Wanted = "", area: asking.In = Area.EVENTS,
    replace: Replace = False, who: Who = None,
) -> int:  # fmt: skip
    """Record it; the exit code says only that it was done."""
    from workbench.services import views

    with opened(folder, who=who, write=True) as case:
        kept = views.save(case, name, area, query, replace=replace)
    say(f"Kept as {kept.name}: {kept.query or 'everything'} in {kept.area.value}.")
    return 0


def use(
    folder: Folder, name: Name, first: asking.First = 1, count: asking.Count = 50,
    as_json: o.AsJson = False, as_csv: asking.AsCsv = False,
) -> int:  # fmt: skip
    """Ask and print; the exit code says only that it was done."""
    from workbench.services import views

    with opened(folder, write=False) as case:
        view = views.get(case, name)
    return asking.query(
        folder, view.query, view.area, first=first, count=count, as_json=as_json, as_csv=as_csv
    )


def rename(folder: Folder, name: Name, new: NewName, who: Who = None) -> int:
    """Record it; the exit code says only that it was done."""
    from workbench.services import views

    with opened(folder, who=who, write=True) as case:
        views.rename(case, name, new)
    say(f"{name} is called {new} now.")
    return 0


def remove(folder: Folder, name: Name, who: Who = None) -> int:
    """Record it; the exit code says only that it was done."""
    from workbench.services import views

    with opened(folder, who=who, write=True) as case:
        views.remove(case, name)
    say(f"{name} is kept no more.")
    return 0


def _to_json(view: SavedView) -> dict[str, str | None]:
    return {
        "name": view.name,
        "list": view.area.value,
        "query": view.query,
        "who": view.who,
        "at": time_to_json(view.at),
    }
