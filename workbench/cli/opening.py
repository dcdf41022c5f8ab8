"""Open a case for one command, and say what must not be passed over."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

Folder = Annotated[Path, typer.Argument(help="Folder NAME.case.", metavar="CASE")]
Who = Annotated[
    str | None, typer.Option("--who", metavar="NAME", help="Who does it (default: your login).")
]
Of = Annotated[
    Path | None,
    typer.Option(
        "--case",
        metavar="CASE",
        help="Case that this belongs to: its evidence is not written into, and its journal says "
        "which server was asked.",
        parser=o.named_path,
    ),
]


@contextmanager
def opened(folder: Path, *, who: str | None = None, write: bool | None) -> Iterator["CaseStore"]:
    """Open a case for one command and close it again; ``write`` as ``open_case`` takes it."""
    from workbench.services import cases

    with cases.open_case(folder, who=who or cases.login(), write=write) as case:
        if warning := cases.warning_of(case):
            say(f"Warning: {warning}")
        yield case


@contextmanager
def belonging(folder: Path | None, *, asks: bool) -> Iterator["CaseStore | None"]:
    """Open the case that something belongs to, or yield None; ``asks``: a server will be asked."""
    if folder is None:
        yield None
        return
    with opened(folder, write=asks) as case:
        yield case
