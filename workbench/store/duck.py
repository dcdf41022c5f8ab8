"""The one home of DuckDB: an engine in memory that can reach the index folder and nothing else.

It loads and fetches no extension, opens no file outside the folder (links are resolved before
that is decided), asks no network, and its settings are locked before the first query. SQL is
made by this package only, values are parameters.
"""

import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from workbench.errors import StoreError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "512MB"
THREADS = 2
_SPILL = "spill-"


class Duck:
    """An open engine over one index folder."""

    def __init__(self, folder: Path) -> None:
        """Start it.

        Raises:
            StoreError: it cannot be started.
        """
        import duckdb

        self.folder = folder.absolute()
        self._errors = duckdb.Error
        self._spill = _spill_folder(self.folder)
        with self.told("The index engine cannot be started"):
            self.connection = duckdb.connect(":memory:")
            for statement in _locked_down(self.folder, self._spill):
                self.connection.execute(statement)

    def cursor(self) -> "DuckDBPyConnection":
        """Return another connection to the same engine, for another thread."""
        return self.connection.cursor()

    @contextmanager
    def told(self, what: str) -> Iterator[None]:
        """Turn what DuckDB refuses into one sentence that begins with ``what``.

        Raises:
            StoreError: it refused.
        """
        try:
            yield
        except self._errors as error:
            reason = " ".join(str(error).splitlines()[:1])
            raise StoreError(f"{what}: {reason}") from error

    def close(self) -> None:
        """Stop it and remove what it spilled."""
        self.connection.close()
        if self._spill is not None:
            shutil.rmtree(self._spill, ignore_errors=True)


def _locked_down(folder: Path, spill: Path | None) -> tuple[str, ...]:
    """Return the settings, in an order in which each is still allowed."""
    return (
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET allow_community_extensions = false",
        "SET allow_persistent_secrets = false",
        f"SET memory_limit = '{MEMORY}'",
        f"SET threads = {THREADS:d}",
        f"SET temp_directory = {text(str(spill or ''))}",
        f"SET allowed_directories = [{text(str(folder))}]",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    )


def text(value: str) -> str:
    """Return a text as SQL writes it, for the few places that take no parameter."""
    return "'" + value.replace("'", "''") + "'"


def _spill_folder(folder: Path) -> Path | None:
    """Return a private folder for what does not fit into memory; None where nothing is written."""
    if not os.access(folder, os.W_OK):
        return None
    return Path(mkdtemp(prefix=f"{_SPILL}{_here()}.{os.getpid()}.", dir=folder))


def _here() -> str:
    """Return this machine's name as it can stand in the name of a folder."""
    return re.sub(r"[^A-Za-z0-9-]", "-", platform.node())


def remove_leftovers(folder: Path, *, before: float) -> None:
    """Remove what engines that were killed left behind.

    One that belongs to a process of this machine goes when the process is gone; any other, once
    it was not changed since ``before``.
    """
    for spill in folder.glob(f"{_SPILL}*"):
        with suppress(FileNotFoundError):  # another process removed it meanwhile
            if _is_orphan(spill.name) or spill.stat().st_mtime < before:
                shutil.rmtree(spill, ignore_errors=True)


def _is_orphan(name: str) -> bool:
    """Tell whether a folder belongs to a process of this machine that is there no more."""
    found = re.fullmatch(rf"{_SPILL}{re.escape(_here())}\.(\d+)\..*", name)
    if found is None or os.name != "posix":
        return False
    try:
        os.kill(int(found[1]), 0)  # signal 0: only asks whether it is there
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
