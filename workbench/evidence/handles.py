"""Open a file or a folder name by name below another, following no link on the way."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

_WINDOWS_JUNCTION = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT

#: Whether a folder can be opened and its names looked up relative to it (not on Windows).
RELATIVE = os.open in os.supports_dir_fd and os.scandir in os.supports_fd

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = _READ | getattr(os, "O_DIRECTORY", 0)
#: A folder on the way need not be listed: with ``O_PATH`` the right to pass through is enough.
_WAY = getattr(os, "O_PATH", 0) | _FOLDER


def open_below(root: Path, parts: tuple[str, ...]) -> int:
    """Return a descriptor of the plain file ``parts`` below ``root``; the caller closes it.

    A device or pipe is never opened: that alone can have an effect, or wait for ever.

    Raises:
        OSError: it does not exist, may not be read, is reached through a link or is not plain.
        ValueError: a name holds a NUL.
    """
    if not RELATIVE:
        return os.open(_plain_path(root, parts), _READ)
    folder = _way_to(root, parts[:-1])
    try:
        return open_at(folder, parts[-1])
    finally:
        os.close(folder)


def open_at(folder: int, name: str) -> int:
    """Return a descriptor of the plain file ``name`` in an opened folder."""
    _require_plain(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode, name)
    # It may have been swapped since: without waiting and following, and looked at again later.
    return os.open(name, _READ | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0), dir_fd=folder)


def _open_folder(root: Path, parts: tuple[str, ...]) -> int:
    """Return a descriptor of the folder ``parts`` below ``root``, to be listed."""
    way = _way_to(root, parts)
    try:
        return os.open(".", _FOLDER, dir_fd=way)
    finally:
        os.close(way)


def _way_to(root: Path, parts: tuple[str, ...]) -> int:
    current = os.open(root, _WAY)
    try:
        for part in parts:
            below = os.open(part, _WAY | _NO_FOLLOW, dir_fd=current)
            current, above = below, current
            os.close(above)
    except BaseException:
        os.close(current)
        raise
    return current


def _plain_path(root: Path, parts: tuple[str, ...]) -> Path:
    """Return the path of a plain file where folders have no handles; no part may be a link."""
    target = root.joinpath(*parts)
    for depth in range(1, len(parts) + 1):
        require_no_link(root.joinpath(*parts[:depth]))
    _require_plain(target.lstat().st_mode, target.name)
    return target


def require_no_link(path: Path) -> None:
    """Raise OSError where ``path`` is a symbolic link or a junction."""
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode) or is_junction(status):
        raise OSError(errno.ELOOP, "it is reached through a link", str(path))


def is_junction(status: os.stat_result) -> bool:
    """Return whether this is a Windows folder that stands for another one."""
    return getattr(status, "st_reparse_tag", 0) == _WINDOWS_JUNCTION


def _require_plain(mode: int, name: str) -> None:
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "it is a link, which is not followed", name)
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a plain file", name)


class Folder:
    """An opened folder: answers are about this very folder, wherever its name points by then."""

    def __init__(self, place: int | Path) -> None:
        self._place = place

    def entries(self, most: int) -> list[os.DirEntry[str]]:
        """Return at most ``most`` of what lies in it, sorted by name."""
        with os.scandir(self._place) as entries:
            return sorted(islice(entries, most), key=lambda entry: entry.name)

    def open(self, name: str) -> int:
        """Return a descriptor of the plain file ``name``; the caller closes it."""
        if isinstance(self._place, int):
            return open_at(self._place, name)
        return os.open(_plain_path(self._place, (name,)), _READ)

    def target(self, name: str) -> str:
        """Return the text of the link ``name``."""
        if isinstance(self._place, int):
            return os.readlink(name, dir_fd=self._place)
        return str((self._place / name).readlink())


@contextmanager
def opened_folder(root: Path, parts: tuple[str, ...], *, listed: bool = True) -> Iterator[Folder]:
    """Open the folder ``parts`` below ``root``.

    Args:
        root: where to start; a link here is followed.
        parts: names of folders, one below the other.
        listed: False where the right to pass through must do.

    Raises:
        OSError: it does not exist, may not be listed, is no folder or is reached through a link.
    """
    if not RELATIVE:
        for depth in range(1, len(parts) + 1):
            require_no_link(root.joinpath(*parts[:depth]))
        yield Folder(root.joinpath(*parts))
        return
    descriptor = _open_folder(root, parts) if listed else _way_to(root, parts)
    try:
        yield Folder(descriptor)
    finally:
        os.close(descriptor)
