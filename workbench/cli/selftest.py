"""``workbench selftest``: run the known-good and known-bad vectors that ship with the program."""

import typer

from workbench.cli import options as o
from workbench.cli.console import say, say_json, work


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("selftest", help="Check the program itself on vectors with known verdicts.")(
        selftest
    )


def selftest(as_json: o.AsJson = False) -> int:
    """Print each vector and whether its verdict was met; 1 if one was not."""
    from workbench.services import selftest as service
    from workbench.services.verification import verify

    with work() as (progress, cancel):
        result = service.run(verify, progress=progress, cancel=cancel)
    if as_json:
        say_json(result.to_json())
        return 0 if result.passed else 1
    for case in result.cases:
        say(f"{'agrees ' if case.agrees else 'DIFFERS'}  {case.id:<44} {case.title}")
        for difference in case.differences:
            say(f"         {difference}")
    say()
    say(f"{result.agreed} of {len(result.cases)} vectors gave their known verdict.")
    return 0 if result.passed else 1
