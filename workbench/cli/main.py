"""The ``workbench`` command: what it knows and how a command line is done.

Only the module of the command that is asked for is loaded: the others take longer than it does.
"""

from collections.abc import Sequence
from importlib import import_module

import typer

from workbench import __version__
from workbench.cli import console
from workbench.errors import UsageError

#: A module each, named as its command, in the order of the help.
COMMANDS = (
    "verify", "inspect", "case", "trust", "query", "search", "tag", "note", "view", "timeline",
    "detect", "lineage", "as-of", "diff", "alternate", "reconcile", "check", "finding", "report",
    "countersign", "timestamp", "renew", "verify-report", "package", "ca", "head", "seal",
    "profile", "mapping", "demo", "selftest", "sample", "open",
)  # fmt: skip


def application(commands: Sequence[str] = COMMANDS) -> typer.Typer:
    """Return the command line with these commands."""
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
    app.callback(invoke_without_command=True)(_main)
    for command in commands:
        import_module(f"workbench.cli.{command.replace('-', '_')}").add_to(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        console.say(f"Audit Workbench {__version__}")
        raise typer.Exit(0)


def _main(
    context: typer.Context,
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    if context.invoked_subcommand is None:
        raise UsageError("Say what to do: workbench --help lists the commands.")


def _needed(asked: Sequence[str]) -> Sequence[str]:
    """Return the commands to load: the one that is asked for; none for the version, else all."""
    known = [argument for argument in asked if argument in COMMANDS]
    return () if [*asked] == ["--version"] else known or COMMANDS


def do(arguments: Sequence[str]) -> int:
    """Do what a command line asks for, print the result, return the exit code.

    Not by calling the app: on a closed pipe that would leave with 1, which is a verdict here.
    """
    command = typer.main.get_command(application(_needed(arguments[:1])))
    try:
        with command.make_context("workbench", list(arguments)) as context:
            code = command.invoke(context)
    except typer.Exit as leaving:  # --help and --version
        code = leaving.exit_code
    if not isinstance(code, int):
        raise TypeError(f"{' '.join(arguments[:1])} gave no exit code")
    console.hand_out()
    return code
