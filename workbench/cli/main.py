"""The ``workbench`` command: what it knows and how a command line is done."""

from collections.abc import Sequence

import typer

from workbench import __version__
from workbench.cli import (
    case,
    check,
    console,
    demo,
    finding,
    head,
    inspect,
    lineage,
    profile,
    query,
    report,
    sample,
    selftest,
    trust,
    verify,
    verify_report,
)
from workbench.cli import open as window
from workbench.errors import UsageError

app = typer.Typer(
    name="workbench",
    help="Verify exports of ML catalogs and audit logs offline; hand over a signed report.",
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "The exit code is the verdict: 0 everything required passed, 1 something failed, "
        "2 something required could not be proven, 3 the work was not done."
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        console.say(f"Audit Workbench {__version__}")
        raise typer.Exit(0)


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    if context.invoked_subcommand is None:
        raise UsageError("Say what to do: workbench --help lists the commands.")


for register in (
    verify, inspect, case, trust, query, lineage, check, finding, report, verify_report, head,
    profile, demo, selftest, sample, window
):  # fmt: skip
    register.add_to(app)


def do(arguments: Sequence[str]) -> int:
    """Do what a command line asks for, print the result, return the exit code.

    Not by calling the app: on a closed pipe that would leave with 1, which is a verdict here.
    """
    command = typer.main.get_command(app)
    try:
        with command.make_context("workbench", list(arguments)) as context:
            code = command.invoke(context)
    except typer.Exit as asked:  # --help and --version
        code = asked.exit_code
    if not isinstance(code, int):
        raise TypeError(f"{' '.join(arguments[:1])} gave no exit code")
    console.hand_out()
    return code
