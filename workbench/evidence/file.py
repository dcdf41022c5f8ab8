"""One file of a drop: a reference that can be handed to another process, and how to open it."""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.errors import LimitError, SourceError
from workbench.evidence.limits import LIMITS, Limits
from workbench.model.progress import Cancel
from workbench.model.source import Identity

BLOCK = 256 * 1024


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file, or a member of an archive, as found at intake. Small and picklable.

    Attributes:
        path: file of the drop as the auditor sees it, ``/`` separated.
        member: name inside an archive, or None.
        root: absolute folder below which it lies (the drop, or our private folder).
        parts: its path below ``root``, one name each, never ``..``.
        identity: size, time, inode and device at intake.
        problem: code of what keeps it from being read, or None.
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
    def display(self) -> str:
        """Return how to name it to a person."""
        return self.path if self.member is None else f"{self.path} → {self.member}"

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open it read-only and check, before and after, that it is the file of the intake.

        Raises:
            SourceError: it cannot be opened, is no plain file, or has changed since intake.
        """
        try:
            descriptor = _open_below(Path(self.root), self.parts)
        except OSError as error:
            raise SourceError(
                f"{self.display} cannot be read: {error.strerror}.", path=self.path
            ) from error
        with os.fdopen(descriptor, "rb", buffering=0) as stream:
            self._require_unchanged(descriptor)
            yield stream
            self._require_unchanged(descriptor)

    def _require_unchanged(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{self.display} is not a plain file.", path=self.path)
        if identity_of(status) != self.identity:
            error = SourceError(f"{self.display} changed while it was read.", path=self.path)
            error.code = "EVIDENCE_CHANGED"
            raise error


def identity_of(status: os.stat_result) -> Identity:
    """Return what a later look is compared with."""
    return Identity(status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev)


def _open_below(root: Path, parts: tuple[str, ...]) -> int:
    """Open a file name by name below ``root``, following no link on the way."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    no_follow = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if os.open not in os.supports_dir_fd:  # Windows: no handle-relative open
        target = root.joinpath(*parts)
        if any(p.is_symlink() for p in (target, *target.parents) if p.is_relative_to(root)):
            raise OSError(0, "it is reached through a link")
        return os.open(target, flags)
    current = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            below = os.open(
                part, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | no_follow, dir_fd=current
            )
            os.close(current)
            current = below
        return os.open(parts[-1], flags | no_follow, dir_fd=current)
    finally:
        os.close(current)


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
    with file.open() as stream:
        return b"".join(iter(lambda: stream.read(BLOCK), b""))


def blocks(file: EvidenceFile, *, cancel: Cancel, size: int = BLOCK) -> Iterator[bytes]:
    """Yield the bytes of a file in blocks of ``size``."""
    with file.open() as stream:
        while block := stream.read(size):
            cancel.check()
            yield block


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
