"""``workbench lineage``: what a thing was made from, what rests on it, how far that is proven."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.cli.opening import Folder, opened
from workbench.errors import UsageError
from workbench.model.alternate import Crossing
from workbench.output import require_writable, write_whole

_FORMATS = ("text", "svg", "pdf", "json", "graphml", "csv")

Of = Annotated[
    str,
    typer.Option(
        "--of", metavar="NAME[:VERSION]|KEY", help="Thing in the middle: a name or a key."
    ),
]
Up = Annotated[int, typer.Option("--up", metavar="N", min=0, help="Steps towards its data.")]
Down = Annotated[
    int, typer.Option("--down", metavar="N", min=0, help="Steps towards what rests on it.")
]
Alternates = Annotated[
    Crossing,
    typer.Option(
        "--alternates", metavar="WHICH", case_sensitive=False,
        help="Follow one thing into other exports: none, sure (same strong digest, or confirmed "
        "by the auditor), all (whatever links them).",
    ),
]  # fmt: skip
As = Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"{', '.join(_FORMATS)}.")]
Out = Annotated[
    Path | None,
    typer.Option("-o", "--out", metavar="FILE", help="File to write.", parser=o.named_path),
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("lineage", help="Show what a thing was made from and what rests on it.")(lineage)


def lineage(
    folder: Folder,
    of: Of,
    up: Up = 1,
    down: Down = 1,
    form: As = "text",
    alternates: Alternates = Crossing.SURE,
    out: Out = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> int:
    """Print or write a part of the lineage; the exit code says only that it was done."""
    _require_possible(form, out, folder, force=force)
    from workbench.services import lineage as lineages

    with opened(folder, write=False) as case, work() as (_, cancel):
        graph = lineages.read(case, crossing=alternates, cancel=cancel)
        focus = lineages.find(graph, of)
        view = graph.view(focus, up=up, down=down)
        title = f"Lineage of {graph.name(focus)}"
        data = lineages.exported(graph, view, lineages.Format(form), title=title, cancel=cancel)
    if out is None:
        for line in data.decode().splitlines():
            say(line, hang=0)
        return 0
    write_whole(out, data)
    say(f"{out}: {view.things:,} things, {view.relations:,} edges, {len(data):,} bytes.")
    return 0


def _require_possible(form: str, out: Path | None, folder: Path, *, force: bool) -> None:
    if form not in _FORMATS:
        raise UsageError(f"Lineage is written as {', '.join(_FORMATS)}; not as {form}.")
    if out is not None:
        require_writable(out, force=force, inputs=[folder])
    elif form == "pdf":
        raise UsageError("A PDF goes to a file: name it with -o FILE.")
