"""Open what the auditor names: files, folders and archives become one sorted list of files.

Names come out the same wherever the drop lies: the last name of the argument, then the path
below it. Links are listed and not followed. An archive counts as a folder: it goes to
``containers`` and its members to ``files``.
"""

import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.intake import Intake, Link
from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.spool import Spool
from workbench.evidence.unpack import Unpacker
from workbench.evidence.walk import Argument, walk
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem

__all__ = ["Drop", "Link", "open_drop"]


@dataclass(frozen=True, slots=True)
class Drop:
    """What lies on the table, sorted by path and member.

    Attributes:
        files: plain files and members of archives; one that could not be read has a ``problem``
            and no bytes, so that no verdict can pass over it.
        containers: the archives that were unpacked, as files.
        links: symbolic links, in folders and archives.
        problems: what the auditor must know about the delivery.
    """

    files: tuple[EvidenceFile, ...]
    containers: tuple[EvidenceFile, ...]
    links: tuple[Link, ...]
    problems: tuple[Problem, ...]

    def delivered_below(self, base: str) -> tuple[EvidenceFile, ...]:
        """Return what lies below a folder as it was delivered: an archive as one file.

        A signature over a folder is over its archives, not over what was unpacked from them.

        Args:
            base: prefix of ``EvidenceFile.place``, ending in ``/``; "" is everything.
        """
        below = [file for file in (*self.files, *self.containers) if file.place.startswith(base)]
        whole = {(c.path, c.member) for c in self.containers if c.place.startswith(base)}
        kept = [file for file in below if not whole.intersection(_around(file))]
        return tuple(sorted(kept, key=_place))


@contextmanager
def open_drop(
    paths: Sequence[Path],
    *,
    names: Sequence[str] = (),
    limits: Limits = LIMITS,
    cancel: Cancel,
    progress: Progress,
) -> Iterator[Drop]:
    """Open ``paths`` and give what is in them; what was unpacked is gone afterwards.

    Args:
        paths: files, folders or archives; what lies below another of them is listed once.
        names: what to call each path, as a case called it before; by default its last name.
        limits: what the drop may ask for.
        cancel: checked once a file and once a block.
        progress: told the bytes that came out of archives.

    Raises:
        SourceError: a path does not exist, or cannot be read at all.
        Cancelled: the user stopped it.
    """
    intake = Intake(limits, cancel, progress)
    with Spool(limits) as spool:
        unpacker = Unpacker(intake, spool)
        for argument in _arguments(paths, names):
            for file in walk(argument, intake):
                unpacker.take(file)
        yield _sorted(intake)


def _around(file: EvidenceFile) -> Iterator[tuple[str, str | None]]:
    """Yield path and member of each archive that ``file`` lies in."""
    if file.member is None:
        return
    yield file.path, None
    names = file.member.split("!/")
    for depth in range(1, len(names)):
        yield file.path, "!/".join(names[:depth])


def _sorted(intake: Intake) -> Drop:
    return Drop(
        files=tuple(sorted(intake.files, key=_place)),
        containers=tuple(sorted(intake.containers, key=_place)),
        links=tuple(sorted(intake.links, key=lambda link: link.path)),
        problems=tuple(sorted(intake.problems, key=lambda p: (str(p.locator), p.code))),
    )


def _place(file: EvidenceFile) -> tuple[str, str]:
    return file.path, file.member or ""


def _arguments(paths: Sequence[Path], names: Sequence[str]) -> list[Argument]:
    """Return each path once, under a name that no other has."""
    if names:
        named = zip(map(_resolved, paths), names, strict=True)
        return [Argument(path, name, folder) for (path, folder), name in named]
    kinds = dict(map(_resolved, paths))
    folders = [path for path, folder in kinds.items() if folder]
    tops = [path for path in kinds if not any(folder in path.parents for folder in folders)]
    return [Argument(path, name, kinds[path]) for path, name in _named(tops).items()]


def _resolved(path: Path) -> tuple[Path, bool]:
    """Return where ``path`` really is, and whether it is a folder.

    The path of an argument is the auditor's own word: links in it are followed.
    """
    try:
        whole = path.resolve(strict=True)
        mode = whole.stat().st_mode
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"{path} cannot be read: {reason}.", path=str(path)) from error
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise SourceError(f"{path} is neither a file nor a folder.", path=str(path))
    return whole, stat.S_ISDIR(mode)


def _named(paths: Sequence[Path]) -> dict[Path, str]:
    """Call each path by its last name, with as many folders before it as part it from others."""
    names = {path: _last_names(path, 1) for path in paths}
    for length in range(2, max((len(path.parts) for path in paths), default=0) + 1):
        often = Counter(names.values())
        names = {p: _last_names(p, length) if often[n] > 1 else n for p, n in names.items()}
    return names


def _last_names(path: Path, count: int) -> str:
    """Return the last ``count`` names of an absolute path, ``/`` separated."""
    names = [path.drive.strip(":\\/"), *path.parts[1:]]
    return "/".join(name for name in names[-count:] if name) or "drop"
