"""One file of a drop: a reference that can be handed to another process, and how to open it."""

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from workbench.errors import LimitError, SourceError
from workbench.evidence.handles import open_below
from workbench.evidence.limits import LIMITS, Limits
from workbench.model.progress import Cancel
from workbench.model.source import Identity, ProblemCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

BLOCK = 256 * 1024

#: Of what has no bytes to read.
NOTHING = Identity(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file, or a member of an archive, as found at intake. Small and picklable.

    Attributes:
        path: file of the drop as the auditor sees it, ``/`` separated.
        member: name inside an archive, or None.
        root: absolute folder below which it lies (the drop, or our private folder).
        parts: its path below ``root``, one name each, never ``..``; () where there are no bytes.
        identity: size, time, inode and device at intake.
        problem: code of what keeps it from being green (``ProblemCode``), or None.
    """

    path: str
    member: str | None
    root: str
    parts: tuple[str, ...]
    identity: Identity
    problem: str | None = None

    @property
    def size(self) -> int:
        """Return its bytes, decompressed for a member of an archive."""
        return self.identity.size

    @property
    def name(self) -> str:
        """Return its last name, of the member if it is one."""
        return (self.member or self.path).rsplit("/", 1)[-1]

    @property
    def cut_off(self) -> bool:
        """Tell whether it may go on after the bytes that were delivered."""
        return self.problem in {ProblemCode.TRUNCATED, ProblemCode.CORRUPT}

    @property
    def place(self) -> str:
        """Return where it lies, ``/`` separated, an archive counting as a folder."""
        return self.path if self.member is None else f"{self.path}/{self.member}"

    @property
    def display(self) -> str:
        """Return how to name it to a person."""
        return self.path if self.member is None else f"{self.path} → {self.member}"

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open it read-only and check, before and after, that it is the file of the intake.

        Raises:
            SourceError: it cannot be opened or read, is no plain file, or has changed since.
        """
        if not self.parts:
            raise self._error(self.problem or ProblemCode.UNREADABLE, "has no bytes to read")
        try:
            descriptor = open_below(Path(self.root), self.parts)
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error
        try:
            self._require_unchanged(descriptor)
            with _Stream(descriptor, self._unreadable) as stream:
                yield stream
            self._require_unchanged(descriptor)
        finally:
            os.close(descriptor)

    def _require_unchanged(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise self._error(ProblemCode.NOT_A_PLAIN_FILE, "is not a plain file")
        if identity_of(status) != self.identity:
            raise self.changed()

    def changed(self) -> SourceError:
        """Return the error that says that it is no longer the file of the intake."""
        return self._error(ProblemCode.EVIDENCE_CHANGED, "changed while it was read")

    def _unreadable(self, error: OSError | ValueError) -> SourceError:
        reason = getattr(error, "strerror", None) or str(error)
        return self._error(ProblemCode.UNREADABLE, f"cannot be read: {reason}")

    def _error(self, code: str, what: str) -> SourceError:
        error = SourceError(f"{self.display} {what}.", path=self.path, place=self.member)
        error.code = code
        return error


class _Stream(io.FileIO):
    """An opened file that says in a sentence that its medium cannot be read."""

    def __init__(self, descriptor: int, explain: "Callable[[OSError], SourceError]") -> None:
        super().__init__(descriptor, "rb", closefd=False)
        self._explain = explain

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            return super().read(-1 if size is None else size) or b""
        except OSError as error:
            raise self._explain(error) from error

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        try:
            return super().readinto(buffer) or 0
        except OSError as error:
            raise self._explain(error) from error


def identity_of(status: os.stat_result) -> Identity:
    """Return what a later look is compared with."""
    return Identity(status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev)


def single(path: Path) -> EvidenceFile:
    """Return a file that somebody names outside a drop: a key, a profile, a report.

    Raises:
        SourceError: it does not exist, cannot be read or is no plain file.
    """
    try:
        whole = path.resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"{path} cannot be read: {reason}.", path=str(path)) from error
    return found_again(path.name, whole.parent, (whole.name,))


def found_again(path: str, root: Path, parts: tuple[str, ...]) -> EvidenceFile:
    """Return a file of a drop that was listed before, as it is now.

    Args:
        path: what it is called.
        root: folder below which it lies.
        parts: its names below ``root``.

    Raises:
        SourceError: it does not exist, cannot be read or is no plain file.
    """
    try:
        descriptor = open_below(root, parts)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        where = root.joinpath(*parts)
        raise SourceError(f"{where} cannot be read: {reason}.", path=str(where)) from error
    try:
        identity = identity_of(os.fstat(descriptor))
    finally:
        os.close(descriptor)
    return EvidenceFile(path, None, str(root), parts, identity)


def read_whole(file: EvidenceFile, *, limit: int | None = None, limits: Limits = LIMITS) -> bytes:
    """Return all bytes of a file that may be read whole.

    Raises:
        LimitError: it is larger than ``limit`` (default: ``limits.document``).
    """
    most = limits.document if limit is None else limit
    if file.size > most:
        raise LimitError(
            f"{file.display} has {file.size} bytes; at most {most} are read whole.",
            path=file.path,
        )
    return b"".join(blocks(file, cancel=Cancel()))


@contextmanager
def lent_path(file: EvidenceFile) -> Iterator[str | None]:
    """Yield a path by which a library that opens files by itself reads this very file.

    The file is opened and checked here, and the path leads to what is open, whatever lies at its
    name meanwhile. None: the system has no such paths, or the file is not a large one.

    Raises:
        SourceError: it cannot be opened, or has changed.
    """
    if file.size <= LIMITS.document or not _OPEN_FILES.is_dir():
        yield None
        return
    with file.open() as stream:
        yield f"{_OPEN_FILES}/{stream.fileno()}"


#: Where Linux shows what a process has open.
_OPEN_FILES = Path("/proc/self/fd")


def blocks(file: EvidenceFile, *, cancel: Cancel, size: int = BLOCK) -> Iterator[bytes]:
    """Yield the bytes of a file in blocks of at most ``size``.

    Raises:
        SourceError: it cannot be read, or is not the file of the intake (more or fewer bytes).
    """
    with file.open() as stream:
        left = file.size
        while block := stream.read(size):
            cancel.check()
            left -= len(block)
            if left < 0:
                raise file.changed()
            yield block
        if left:
            raise file.changed()


def sha256_of(file: EvidenceFile, *, cancel: Cancel) -> str:
    """Return the lower hex SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    for block in blocks(file, cancel=cancel, size=4 * BLOCK):
        digest.update(block)
    return digest.hexdigest()


def read_range(file: EvidenceFile, offset: int, length: int) -> bytes:
    """Return ``length`` bytes at ``offset``; fewer at the end of the file."""
    with file.open() as stream:
        stream.seek(offset)
        parts: list[bytes] = []
        while length > 0 and (part := stream.read(min(length, BLOCK))):
            parts.append(part)
            length -= len(part)
        return b"".join(parts)
