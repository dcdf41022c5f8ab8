"""Write what we make: whole or not at all, and never over the user's files unasked."""

import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from workbench.errors import UsageError, WorkbenchError

#: What a path may lead to beside an ordinary file, in a word for a person.
_ODD = {
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


def require_writable(path: Path, *, force: bool | None = None, inputs: Iterable[Path] = ()) -> None:
    """Refuse early what ``write_whole`` would have to refuse after long work.

    Args:
        path: file to be written.
        force: whether an ordinary file that is there may be replaced; None where there is no
            ``--force`` to say so.
        inputs: evidence, keys and trust files: nothing is written over or below one of them.

    Raises:
        UsageError: it exists already and ``force`` was not given, it is no ordinary file, its
            folder is missing, or it lies in what is being verified.
    """
    if not path.parent.is_dir():
        raise UsageError(f"{path} is not a place for a file: its folder does not exist.")
    for given in inputs:
        if _resolved(path).is_relative_to(_resolved(given)):
            raise UsageError(f"{path} lies in {given}, which is an input and never written to.")
    if _is_there(path) and not force:
        or_force = "" if force is None else " or say --force"
        raise UsageError(f"{path} exists already; name another file{or_force}.")
    if not os.access(path.parent, os.W_OK):
        raise UsageError(f"{path.parent} cannot be written to.")


def require_apart(*paths: Path | None) -> None:
    """Refuse one name for two things that are to be written: the second would replace the first.

    Raises:
        UsageError: two of them are one file.
    """
    seen: set[Path] = set()
    for path in filter(None, paths):
        if _resolved(path) in seen:
            raise UsageError(f"{path} cannot be two things at once: name two files.")
        seen.add(_resolved(path))


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write ``data`` under a temporary name, flush it to disk, and rename it.

    Args:
        path: the file.
        data: its bytes.
        private: nobody but its owner may read it, from the first byte on.

    Raises:
        UsageError: what is there is no ordinary file.
        WorkbenchError: it could not be written; nothing is left behind.
    """
    with whole_file(path) as temporary, temporary.open("xb") as stream:
        if private:
            temporary.chmod(0o600)
        stream.write(data)


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several files, each whole; where one cannot be written, none is there.

    They are named when all are written, the first one last: what it needs is there when it is.

    Raises:
        UsageError: what is there is no ordinary file.
        WorkbenchError: one could not be written; nothing is left behind.
    """
    with ExitStack() as stack:
        for path, data in files.items():
            temporary = stack.enter_context(whole_file(path))
            try:
                temporary.write_bytes(data)
            except OSError as error:
                raise WorkbenchError(
                    f"{path} could not be written: {error.strerror}.", path=str(path)
                ) from error


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary name to write to; at the end it is flushed to disk and renamed.

    Raises:
        UsageError: what is there is no ordinary file.
        WorkbenchError: it could not be written; nothing is left behind.
    """
    _is_there(path)
    temporary = path.with_name(f".workbench-{os.urandom(8).hex()}")
    try:
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        _is_there(path)
        temporary.replace(path)
    except OSError as error:
        raise WorkbenchError(
            f"{path} could not be written: {error.strerror}.", path=str(path)
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(folder: Path, *, taking: str | None = None) -> Iterator[Path]:
    """Yield a private folder to fill; at the end it has the name, whole or not at all.

    Args:
        folder: the new folder. Nothing may be there, but for a folder that is taken in.
        taking: name in the private folder to which what is at ``folder`` is moved at the end.

    Raises:
        UsageError: something is there already.
        WorkbenchError: it cannot be made; nothing is left behind, and what was there is there.
    """
    if taking is None and os.path.lexists(folder):
        raise UsageError(f"{folder} exists already; name a new folder.", path=str(folder))
    part: Path | None = None
    try:
        part = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        yield part
        _swap(part, folder, taking)
    except OSError as error:
        raise WorkbenchError(
            f"{folder} cannot be made: {error.strerror}.", path=str(folder)
        ) from error
    finally:
        if part is not None and part.exists() and not (taking and (part / taking).exists()):
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def private_beside(path: Path) -> Iterator[Path]:
    """Yield a private folder where ``path`` is to be, which is gone at the end.

    What lies there is on the disk of ``path``, and nobody else may look into it.

    Raises:
        WorkbenchError: it cannot be made.
    """
    try:
        private = TemporaryDirectory(dir=path.absolute().parent, prefix=".workbench-")
    except OSError as error:
        raise WorkbenchError(f"{path} cannot be made: {error.strerror}.", path=str(path)) from error
    with private as name:
        yield Path(name)


def _swap(part: Path, folder: Path, taking: str | None) -> None:
    """Give a filled folder its name; what had that name goes into it, or stays where it was."""
    if taking is None:
        part.rename(folder)
        return
    folder.rename(part / taking)
    try:
        part.rename(folder)
    except OSError:
        (part / taking).rename(folder)
        raise


def _is_there(path: Path) -> bool:
    """Tell whether an ordinary file is there.

    Raises:
        UsageError: something else is. A device, a pipe or a link is more than its name: to put
            a file in its place would take it away from whoever uses it.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", path=str(path)) from error
    if not stat.S_ISREG(mode):
        odd = _ODD.get(stat.S_IFMT(mode), "no ordinary file")
        raise UsageError(f"{path} is {odd} and is never replaced; name a file.", path=str(path))
    return True


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        raise UsageError(f"{path} leads nowhere: links in a circle.", path=str(path)) from error
