"""What ``workbench tag`` and ``workbench note`` share: places, and how a remark is printed."""

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json
from workbench.cli.opening import Folder, Who, opened
from workbench.model import schema
from workbench.model.kept import flat
from workbench.model.remark import Remark, RemarkKind, place_of

On = Annotated[
    str,
    typer.Argument(
        metavar="PLACE",
        help="A source (3), a thing of it (3/run/abc) or an event of it (3:1845).",
    ),
]
OnOnly = Annotated[str, typer.Option("--on", metavar="PLACE", help="Those on one place only.")]
Text = Annotated[str, typer.Argument(metavar="TEXT", help="What to say.")]


def adding(kind: RemarkKind) -> Callable[[Folder, str, str, str | None], int]:
    """Return the command that puts a remark of a kind on record."""

    def add(folder: Folder, place: On, text: Text, who: Who = None) -> int:
        """Record it; the exit code says only that it was done."""
        from workbench.services import remarks

        with opened(folder, who=who, write=True) as case:
            say(_line(remarks.add(case, kind, place_of(place), text)))
        return 0

    return add


def listing(kind: RemarkKind) -> Callable[[Folder, str, bool], int]:
    """Return the command that lists the remarks of a kind."""

    def every(folder: Folder, on: OnOnly = "", as_json: o.AsJson = False) -> int:
        """Print a line each; the exit code says only that it was done."""
        from workbench.services import remarks

        with opened(folder, write=False) as case:
            said = remarks.at(case, place_of(on)) if on else remarks.every(case)
        _print([remark for remark in said if remark.kind is kind], kind, as_json=as_json)
        return 0

    return every


def _print(found: list[Remark], kind: RemarkKind, *, as_json: bool) -> None:
    if as_json:
        rows = [flat(remark) for remark in found]
        head = {"schema": schema.QUERY, "list": "notes", "total": len(rows), "first": 1}
        say_json({**head, "rows": rows})
        return
    for line in _lines(found, kind):
        say(line)


def _lines(found: Iterable[Remark], kind: RemarkKind) -> list[str]:
    return [*map(_line, found)] or [f"This case has no {kind.value}s."]


def _line(remark: Remark) -> str:
    when = f"{remark.at:%Y-%m-%d %H:%M} UTC"
    return f"{remark.number}  {remark.place}  {remark.text}  ({remark.who}, {when})"
