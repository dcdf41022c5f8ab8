"""The way in, for ``workbench`` and ``python -m workbench``: signals and streams come first."""

import gc
import os
import sys
from pathlib import Path
from typing import NoReturn

from workbench.cli import interrupt
from workbench.errors import Cancelled, OutputError

#: Loading libraries makes many objects and no garbage: looking for it is a tenth of the start.
_SELDOM = (20_000, 20, 20)


def main() -> NoReturn:
    """Run the command line and leave with its exit code.

    Leaves without taking the interpreter down: nothing that happens on the way down (a stream
    that cannot be flushed, a late Ctrl+C) may change an exit code that is a verdict.
    """
    interrupt.take_over()
    gc.set_threshold(*_SELDOM)
    can_speak = sys.stdout is not None
    _fill_closed_streams()
    code = (_run if can_speak else _mute)(sys.argv[1:])
    interrupt.let_go()
    os._exit(code)


def _run(arguments: list[str]) -> int:
    from workbench.cli import failure

    interrupt.leave_with(failure.document(Cancelled(), arguments))
    from workbench.cli.edge import run

    return run(arguments)


def _mute(arguments: list[str]) -> int:
    interrupt.leave_with("")
    from workbench.cli.edge import not_done

    return not_done(OutputError("Standard output is closed: no result could be said."), arguments)


def _fill_closed_streams() -> None:
    """Put the null device where a standard stream is closed: no file of ours gets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - open to the end


if __name__ == "__main__":
    main()
