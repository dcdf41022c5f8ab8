"""The ``workbench`` command: one entry, one edge where errors become words and exit codes."""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import typer
from typer.exceptions import TyperException

from workbench import __version__
from workbench.cli import (
    case,
    demo,
    head,
    inspect,
    profile,
    query,
    report,
    sample,
    selftest,
    trust,
    verify,
)
from workbench.cli.console import say_error
from workbench.errors import Cancelled, UsageError, WorkbenchError

NOT_DONE = 3
#: What Typer makes of Ctrl+C.
_INTERRUPTED = 130

app = typer.Typer(
    name="workbench",
    help="Verify exports of ML catalogs and audit logs offline; hand over a signed report.",
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"Audit Workbench {__version__}")
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
    verify,
    inspect,
    case,
    trust,
    query,
    report,
    profile,
    head,
    demo,
    selftest,
    sample,
):
    register.add_to(app)


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code; no exception ends as 0, 1 or 2."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(
        _guarded(
            lambda: app(given, prog_name="workbench", standalone_mode=False),
            as_json="--json" in given,
        )
    )


def _guarded(work: Callable[[], Any], *, as_json: bool) -> int:
    """Return the exit code of ``work``; whatever goes wrong becomes one sentence and 3."""
    try:
        code = work()
    except TyperException as error:
        return _not_done(UsageError(error.format_message()), as_json=as_json)
    except (typer.Abort, KeyboardInterrupt):  # before Typer listens, or at a prompt
        return _not_done(Cancelled("Stopped; nothing was written."), as_json=as_json)
    except WorkbenchError as error:
        return _not_done(error, as_json=as_json)
    except BrokenPipeError:
        return NOT_DONE
    except (OSError, MemoryError) as error:
        return _not_done(WorkbenchError(_machine(error)), as_json=as_json)
    except Exception as error:  # noqa: BLE001 - the edge: a fault of ours must not pass for a verdict
        return _not_done(WorkbenchError(_fault(error)), as_json=as_json)
    if code == _INTERRUPTED:
        return _not_done(Cancelled("Stopped; nothing was written."), as_json=as_json)
    return code if isinstance(code, int) else 0


def _machine(error: OSError | MemoryError) -> str:
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return f"The machine refused: {error.strerror or error}{where}."
    return "This machine has too little free memory for the work."


def _fault(error: Exception) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place else "?"
    kind = type(error).__name__
    return f"A fault of the program itself ({kind} in {where}); no verdict was reached. Report it."


def _not_done(error: WorkbenchError, *, as_json: bool) -> int:
    """Say why on stderr in one line and, with ``--json``, as a document on stdout."""
    if as_json:
        from workbench.model.contract import error_to_json

        print(json.dumps(error_to_json(error), ensure_ascii=True))
    say_error(error)
    return NOT_DONE
