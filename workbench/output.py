"""Write what we make: whole or not at all, and never over the user's files unasked."""

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from workbench.errors import Cancelled, UsageError, WorkbenchError

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


def write_whole(path: Path, data: bytes, *, private: bool = False, replace: bool = False) -> None:
    """Write ``data`` under a temporary name, flush it to disk, and give it its name.

    Args:
        path: the file.
        data: its bytes.
        private: nobody but its owner may read it, from the first byte on.
        replace: whether an ordinary file that is there is replaced.

    Raises:
        UsageError: see ``whole_file``.
        WorkbenchError: it could not be written; nothing is left behind.
    """
    with whole_file(path, replace=replace) as temporary, temporary.open("xb") as stream:
        if private:
            temporary.chmod(0o600)
        stream.write(data)


def write_together(files: Mapping[Path, bytes], *, replace: bool = False) -> None:
    """Write several files, each whole; where one cannot be written, none is there.

    Raises:
        UsageError: see ``whole_file``.
        WorkbenchError: one could not be written; see ``together``.
    """
    with together(replace=replace) as put:
        put(files)


@contextmanager
def together(*, replace: bool = False) -> Iterator[Callable[[Mapping[Path, bytes]], None]]:
    """Yield what writes files that are worth nothing alone: whatever fails then, none is there.

    They are named when all are written, the first one last: what it needs is there when it is.
    One that was replaced comes back as a copy. After a kill those stay that had names by then.

    Raises:
        UsageError: see ``whole_file``.
        WorkbenchError: something failed; it says that nothing was written, or what stays.
    """
    named: list[_Named] = []
    begun = False

    def put(files: Mapping[Path, bytes]) -> None:
        nonlocal begun
        begun = True
        with ExitStack() as stack:
            parts = {path: stack.enter_context(_part(path)) for path in files}
            for path, data in files.items():
                _fill(parts[path], path, data)
            for path in reversed(list(files)):
                with _told(path):
                    named.append(_named(parts[path], path, replace=replace))

    try:
        yield put
    except BaseException as error:
        stays = [str(one.path) for one in named if not one.taken_back()]
        if begun and isinstance(error, WorkbenchError) and not isinstance(error, Cancelled):
            error.message = f"{error.message.removesuffix('.')}; {_what_stays(stays)}."
            error.args = (error.message,)
        raise
    for one in named:
        one.settle()


@contextmanager
def whole_file(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """Yield a temporary name to write to; at the end it is flushed to disk and gets its name.

    A new file is named by a hard link, which fails where anything has that name by then: without
    ``replace`` nothing is ever replaced, however late it appeared. What is left open:

    * where there are no hard links (FAT, some network shares) the name is taken by an empty file
      first: killed between these two steps, that one stays, and what somebody wrote into it in
      between is lost;
    * with ``replace`` what is there is looked at, then replaced by a rename, which does not look:
      a link or pipe that appears in between is lost, what it leads to is not;
    * folders are found by name each time: who may rename one of them leads us elsewhere.

    Args:
        path: the file.
        replace: whether an ordinary file that is there is replaced.

    Raises:
        UsageError: something is there that is not replaced.
        WorkbenchError: it could not be written; nothing is left behind.
    """
    if _is_there(path) and not replace:
        raise _taken(path)
    with _part(path) as temporary, _told(path):
        yield temporary
        _flush(temporary)
        _name(temporary, path, replace=replace)


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


@dataclass(frozen=True, slots=True)
class _Named:
    """A file that got its name: which one it is, and a copy of what was there before, or None."""

    path: Path
    which: tuple[int, ...]
    former: Path | None

    def taken_back(self) -> bool:
        """Put back what was there before; tell whether that went well.

        What somebody put in its place meanwhile is not ours to take away.
        """
        try:
            if _which(self.path) != self.which:
                return False
            if self.former is None:
                self.path.unlink()
            else:
                self.former.replace(self.path)
        except OSError:
            return False
        return True

    def settle(self) -> None:
        """Let it stay: what was there before is not needed any more."""
        if self.former is not None:
            with suppress(OSError):
                self.former.unlink()


def _named(temporary: Path, path: Path, *, replace: bool) -> _Named:
    """Give a file its name so that this can be taken back."""
    which = _which(temporary)
    former = _temporary(path) if replace and _is_there(path) else None
    try:
        if former is not None:
            shutil.copy2(path, former, follow_symlinks=False)
        _name(temporary, path, replace=replace)
    except BaseException:
        if former is not None:
            former.unlink(missing_ok=True)
        raise
    return _Named(path, which, former)


def _which(path: Path) -> tuple[int, ...]:
    """Return what tells a file from another one of its name: numbers of files are used again."""
    status = path.lstat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _name(temporary: Path, path: Path, *, replace: bool) -> None:
    """Give a file its name; nothing that has it by now is replaced unless that was asked."""
    if replace and _is_there(path):
        temporary.replace(path)
        return
    try:
        _name_new(temporary, path)
    except FileExistsError as error:
        raise _taken(path) from error


def _name_new(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # there are no hard links here, or it cannot be written at all
        path.touch(exist_ok=False)
        try:
            temporary.replace(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


@contextmanager
def _part(path: Path) -> Iterator[Path]:
    """Yield a name beside ``path`` that nobody guesses; nothing has it at the end."""
    temporary = _temporary(path)
    try:
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _temporary(path: Path) -> Path:
    return path.with_name(f".workbench-{os.urandom(8).hex()}")


def _fill(temporary: Path, path: Path, data: bytes) -> None:
    with _told(path):
        temporary.write_bytes(data)
        _flush(temporary)


def _flush(temporary: Path) -> None:
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WorkbenchError(
            f"{path} could not be written: {error.strerror}.", path=str(path)
        ) from error


def _what_stays(stays: Sequence[str]) -> str:
    if not stays:
        return "nothing was written"
    return f"written, and could not be taken back: {', '.join(stays)}"


def _taken(path: Path) -> UsageError:
    return UsageError(f"{path} exists already and was not replaced.", path=str(path))


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
