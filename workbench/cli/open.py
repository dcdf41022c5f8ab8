"""``workbench open``: the window. It is loaded by name: the command line does not know Qt."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.errors import UsageError, WorkbenchError

_WINDOW = "workbench.gui.app"
Opened = Annotated[
    list[Path] | None,
    typer.Argument(help="A case, or evidence to look at.", metavar="[PATH…]", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("open", help="Open the window, with a case or evidence if you name one.")(
        open_window
    )


def open_window(
    paths: Opened = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Open the sample case, verified.")
    ] = False,
) -> int:
    """Open the window and stay until it is closed."""
    if sample and paths:
        raise UsageError("--sample opens the sample case; name no PATH beside it.")
    return int(_window().run(tuple(paths or ()), sample=sample))


def _window() -> Any:  # noqa: ANN401 - a module
    try:
        return import_module(_WINDOW)
    except ImportError as error:
        raise WorkbenchError(
            f"The window's libraries cannot be loaded here ({error.msg}); "
            "the other commands work without them."
        ) from error
