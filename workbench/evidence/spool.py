"""The private folder for what comes out of archives, and how much may come out."""

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from workbench.errors import LimitError
from workbench.evidence.file import identity_of
from workbench.evidence.limits import Limits
from workbench.model.source import Identity

_CREATE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)


class Spool:
    """A folder of mode 0700, made at first use and gone at exit, however the exit comes.

    Files in it are called by number: no name that evidence gives ever becomes a path.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._left = 0
        self._made = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def root(self) -> str:
        """Return the folder; it is made now if there is none yet."""
        if self._folder is None:
            self._folder = private_folder()
            free = shutil.disk_usage(self._folder.name).free
            self._left = int(free * self._limits.free_disk_share)
        return self._folder.name

    def new(self) -> "SpoolFile":
        """Return a new empty file to write to.

        Raises:
            LimitError: there is no room for one more file.
        """
        name = str(self._made)
        self._made += 1
        return SpoolFile(self, name)

    def spend(self, count: int) -> None:
        """Take ``count`` bytes (negative: give back) from what may be filled.

        Raises:
            LimitError: that is more than is left.
        """
        if count > self._left:
            share = round(self._limits.free_disk_share * 100)
            raise LimitError(f"would fill more than {share} % of the free disk")
        self._left -= count

    def discard(self, name: str, size: int) -> None:
        """Delete a closed file and give its room back."""
        Path(self.root, name).unlink()
        self.spend(-size)


def private_folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a new folder that nobody else may look into; it is gone once it is closed."""
    try:
        return tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_room(error) from error


class SpoolFile:
    """One file of the spool while it is written; it is deleted when writing fails.

    Attributes:
        name: its name in the spool.
        identity: what a later look is compared with, once it is closed.
    """

    def __init__(self, spool: Spool, name: str) -> None:
        self.name = name
        self.identity = Identity(0, 0, 0, 0)
        self._spool = spool
        self._size = 0
        try:
            self._descriptor = os.open(f"{spool.root}{os.sep}{name}", _CREATE, 0o600)
        except OSError as error:
            raise _no_room(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.identity = identity_of(os.fstat(self._descriptor))
        finally:
            os.close(self._descriptor)
        if kind is not None:
            self._spool.discard(self.name, self._size)

    def write(self, data: bytes) -> None:
        """Append ``data``.

        Raises:
            LimitError: the disk would be too full.
        """
        self._spool.spend(len(data))
        self._size += len(data)
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except OSError as error:
                raise _no_room(error) from error


class Meter:
    """How many bytes may still come out of an archive, for those that it has (VERDICTS 8)."""

    def __init__(self, packed: int, limits: Limits, outer: "Meter | None" = None) -> None:
        self._ratio = limits.ratio
        self._left = limits.ratio * packed + limits.ratio_slack
        self._outer = outer

    def take(self, count: int) -> None:
        """Take ``count`` bytes, here and from the archive around.

        Raises:
            LimitError: more came out than may.
        """
        self._left -= count
        if self._left < 0:
            raise LimitError(f"holds more than {self._ratio} bytes for each byte in the archive")
        if self._outer is not None:
            self._outer.take(count)


def _no_room(error: OSError) -> LimitError:
    return LimitError(f"could not be written to the private folder: {error.strerror}")
