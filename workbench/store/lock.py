"""One writer for a case: a lock that the operating system takes away from whoever dies."""

import os
import sqlite3
from pathlib import Path

from workbench.errors import CaseInUse, CaseNotWritable

FILE = "writer.lock"


class WriterLock:
    """Held as long as a case is open for writing.

    It is SQLite's own lock on an empty file beside the case file: the same on every system, and
    gone with the process that held it.
    """

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            CaseInUse: another program holds it.
            CaseNotWritable: the folder cannot be written to.
        """
        file = folder / FILE
        if not os.access(folder, os.W_OK):  # SQLite would lock a file there, and fail later
            raise _not_writable(folder)
        try:
            self._connection = sqlite3.connect(
                file, timeout=0, isolation_level=None, check_same_thread=False
            )
            self._take(folder)
        except sqlite3.Error as error:
            raise _not_writable(folder) from error

    def _take(self, folder: Path) -> None:
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            self._connection.close()
            if error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise CaseInUse(
                    f"{folder} is being written to by another program; "
                    "until that closes it, it can only be read.",
                    path=str(folder),
                ) from error
            raise

    def release(self) -> None:
        """Let the next writer in."""
        self._connection.close()


def _not_writable(folder: Path) -> CaseNotWritable:
    return CaseNotWritable(
        f"{folder} cannot be written to; it can be opened for reading. To go on with it, copy the "
        "folder to where it can be written.",
        path=str(folder),
    )
