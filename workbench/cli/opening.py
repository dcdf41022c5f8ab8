"""Open a case for one command, and say what must not be passed over."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import say

if TYPE_CHECKING:
    from workbench.store.case_store import CaseStore

Folder = Annotated[Path, typer.Argument(help="Folder NAME.case.", metavar="CASE")]
Who = Annotated[
    str | None, typer.Option("--who", metavar="NAME", help="Who does it (default: your login).")
]


@contextmanager
def opened(folder: Path, *, who: str | None = None, write: bool | None) -> Iterator["CaseStore"]:
    """Open a case for one command and close it again; ``write`` as ``open_case`` takes it."""
    from workbench.services import cases

    with cases.open_case(folder, who=who or cases.login(), write=write) as case:
        if warning := cases.warning_of(case):
            say(f"Warning: {warning}")
        yield case
