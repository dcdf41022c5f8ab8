"""The ``workbench`` command: one edge where errors become words and exit codes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import PurePath

import typer
from typer.exceptions import TyperException

from workbench import __version__
from workbench.cli import (
    console,
    demo,
    failure,
    head,
    inspect,
    interrupt,
    profile,
    report,
    sample,
    selftest,
    verify,
    verify_report,
)
from workbench.errors import Cancelled, UsageError, WorkbenchError

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
    verify, inspect, report, verify_report, head, profile, demo, selftest, sample
):  # fmt: skip
    register.add_to(app)


def run(arguments: Sequence[str]) -> int:
    """Return the exit code of a command line; no exception ends as 0, 1 or 2."""
    return _guarded(lambda: _done(arguments), arguments)


def _done(arguments: Sequence[str]) -> int:
    """Do what is asked for and print it.

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


def _guarded(work: Callable[[], int], arguments: Sequence[str]) -> int:
    """Return the exit code of ``work``; whatever goes wrong becomes one sentence and 3."""
    try:
        return work()
    except BrokenPipeError:  # whoever read our words has read enough
        return interrupt.NOT_DONE
    except BaseException as error:  # noqa: BLE001 - the edge: a fault of ours must not pass for a verdict
        return _not_done(_told(error), arguments)


def _told(error: BaseException) -> WorkbenchError:
    match error:
        case WorkbenchError():
            return error
        case TyperException():
            return UsageError(error.format_message())
        case KeyboardInterrupt() | typer.Abort():
            return Cancelled()
        case OSError():
            where = f" ({error.filename})" if error.filename else ""
            return WorkbenchError(f"The machine refused: {error.strerror or error}{where}.")
        case MemoryError():
            return WorkbenchError("This machine has too little free memory for the work.")
        case _:
            return WorkbenchError(_fault(error))


def _fault(error: BaseException) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "?"
    if place is not None:
        where = f"{PurePath(place.tb_frame.f_code.co_filename).name}, line {place.tb_lineno}"
    kind = type(error).__name__
    return f"A fault of the program itself ({kind} in {where}); no verdict was reached. Report it."


def _not_done(error: WorkbenchError, arguments: Sequence[str]) -> int:
    """Say why on stderr in one line and, with ``--json``, as a document on stdout."""
    console.forget()
    if document := failure.document(error, arguments):
        console.say(document)
    with suppress(OSError, WorkbenchError):
        console.hand_out()
    with suppress(OSError):
        console.say_error(error)
    return interrupt.NOT_DONE
