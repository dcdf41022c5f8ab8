"""The one edge where errors become words and exit codes: no exception ends as 0, 1 or 2."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePath

from workbench.cli import console, failure, interrupt
from workbench.errors import Cancelled, UsageError, WorkbenchError


def run(arguments: Sequence[str]) -> int:
    """Do what a command line asks for; whatever goes wrong becomes one sentence and 3."""
    try:
        from workbench.cli.main import do

        return do(arguments)
    except BrokenPipeError:  # whoever read our words has read enough
        return interrupt.NOT_DONE
    except BaseException as error:  # noqa: BLE001 - a fault of ours must not pass for a verdict
        return not_done(_told(error), arguments)


def not_done(error: WorkbenchError, arguments: Sequence[str]) -> int:
    """Say why on stderr in one line and, with ``--json``, as a document on stdout."""
    interrupt.let_go()  # a late Ctrl+C must not say it all a second time
    console.forget()
    if document := failure.document(error, arguments):
        console.say(document)
    with suppress(OSError, WorkbenchError):
        console.hand_out()
    with suppress(OSError):
        console.say_error(error)
    return interrupt.NOT_DONE


def _told(error: BaseException) -> WorkbenchError:
    match error:
        case WorkbenchError():
            return error
        case KeyboardInterrupt():
            return Cancelled()
        case ImportError():
            return WorkbenchError(f"A part of the program could not be loaded: {error}.")
        case OSError():
            where = f" ({error.filename})" if error.filename else ""
            return WorkbenchError(f"The machine refused: {error.strerror or error}{where}.")
        case MemoryError():
            return WorkbenchError("This machine has too little free memory for the work.")
        case _:
            return _usage(error) or WorkbenchError(_fault(error))


def _usage(error: BaseException) -> UsageError | None:
    """Return what the library says about a command line that makes no sense."""
    from typer.exceptions import TyperException

    return UsageError(error.format_message()) if isinstance(error, TyperException) else None


def _fault(error: BaseException) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "?"
    if place is not None:
        where = f"{PurePath(place.tb_frame.f_code.co_filename).name}, line {place.tb_lineno}"
    kind = type(error).__name__
    return f"A fault of the program itself ({kind} in {where}); no verdict was reached. Report it."
