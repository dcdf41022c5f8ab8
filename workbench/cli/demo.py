"""``workbench demo``: a big log with a known fault, to try the program or any other on."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options as o
from workbench.cli.console import say, work
from workbench.errors import UsageError
from workbench.model.verdict import DiagnosisClass


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", help="Write a signed demo log, with a fault planted if you like.")(demo)


def demo(
    folder: Annotated[
        Path, typer.Argument(help="New folder to write.", metavar="DIR", parser=o.named_path)
    ],
    events: Annotated[
        int, typer.Option("--events", metavar="N", min=1, max=o.MOST_ROWS, help="Number of events.")
    ] = 100_000,
    tamper: Annotated[
        str | None, typer.Option("--tamper", metavar="CLASS", help="Diagnosis class to plant.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Same seed, same log.")] = 1,
) -> int:
    """Write the demo and say how to verify it."""
    from workbench.services.demo import make_demo

    planted = None if tamper is None else _class_of(tamper)
    with work() as (progress, cancel):
        result = make_demo(
            folder, events=events, tamper=planted, seed=seed, progress=progress, cancel=cancel
        )
    for line in result.lines():
        say(line)
    return 0


def _class_of(name: str) -> DiagnosisClass:
    try:
        return DiagnosisClass(name.strip().upper().replace("-", "_"))
    except ValueError:
        names = ", ".join(DiagnosisClass)
        raise UsageError(f"{name} is not a diagnosis class; they are: {names}.") from None
