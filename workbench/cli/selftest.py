"""``workbench selftest``: run the known-good and known-bad vectors that ship with the program."""

import json

import typer

from workbench.cli import options as o
from workbench.cli.console import say
from workbench.model.progress import Cancel, Silent


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("selftest", help="Check the program itself on vectors with known verdicts.")(
        selftest
    )


def selftest(as_json: o.AsJson = False) -> int:
    """Print each vector and whether its verdict was met; 1 if one was not."""
    from workbench.services import selftest as service
    from workbench.services.verification import verify

    result = service.run(verify, progress=Silent(), cancel=Cancel())
    if as_json:
        print(json.dumps(result.to_json(), indent=1))
        return 0 if result.passed else 1
    for case in result.cases:
        say(f"{'agrees ' if case.agrees else 'DIFFERS'}  {case.id:<44} {case.title}")
        for difference in case.differences:
            say(f"         {difference}")
    say()
    say(f"{result.agreed} of {len(result.cases)} vectors gave their known verdict.")
    return 0 if result.passed else 1
