"""Write what we make: whole or not at all, and never over the user's files unasked."""

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from workbench.errors import UsageError, WorkbenchError


def require_writable(path: Path, *, force: bool = False, inputs: Iterable[Path] = ()) -> None:
    """Refuse early what ``write_whole`` would have to refuse after long work.

    Args:
        path: file to be written.
        force: whether a file that is there may be replaced.
        inputs: evidence, keys and trust files: nothing is written over or below one of them.

    Raises:
        UsageError: it exists already and ``force`` was not given, its folder is missing, or it
            lies in what is being verified.
    """
    for given in inputs:
        if path.resolve().is_relative_to(given.resolve()):
            raise UsageError(f"{path} lies in {given}, which is an input and never written to.")
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError(f"{path} is not a place for a file: name one in an existing folder.")
    if path.exists() and not force:
        raise UsageError(f"{path} exists already; name another file or say --force.")
    if not os.access(path.parent, os.W_OK):
        raise UsageError(f"{path.parent} cannot be written to.")


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` under a temporary name, flush it to disk, and rename it.

    Raises:
        WorkbenchError: it could not be written; nothing is left behind.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()
        raise WorkbenchError(f"{path} could not be written: {error.strerror}.") from error
