"""What the auditor names: each path once, under a name that no other has."""

import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import SourceError
from workbench.evidence.names import shown_path


@dataclass(frozen=True, slots=True)
class Argument:
    """A path that the auditor named.

    Attributes:
        path: the path itself, absolute, links resolved.
        name: what it is called in the drop.
        folder: whether it is a folder.
    """

    path: Path
    name: str
    folder: bool

    @property
    def root(self) -> Path:
        """Return the folder below which its files are opened."""
        return self.path if self.folder else self.path.parent

    def shown(self, parts: tuple[str, ...]) -> str:
        """Return the path in the drop of what lies at ``parts`` below the argument."""
        return shown_path("/".join((self.name, *parts)))

    def rooted(self, parts: tuple[str, ...]) -> str:
        """Return what lies at ``parts`` below ``root`` by its names from the system's root on."""
        drive = self.root.drive.strip(":\\/")
        return "/".join((*filter(None, [drive]), *self.root.parts[1:], *parts))


def arguments_of(paths: Sequence[Path], *, names: Sequence[str] = ()) -> tuple[Argument, ...]:
    """Return each path once; what lies below another of them belongs to that one.

    With ``names``, one for each path, they are called so, each as it was called before.

    Raises:
        SourceError: a path does not exist, or is neither a file nor a folder.
    """
    if names:
        named = zip(map(_resolved, paths), names, strict=True)
        return tuple(Argument(path, name, folder) for (path, folder), name in named)
    kinds = dict(map(_resolved, paths))
    folders = [path for path, folder in kinds.items() if folder]
    tops = [path for path in kinds if not any(folder in path.parents for folder in folders)]
    return tuple(Argument(path, name, kinds[path]) for path, name in _named(tops).items())


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
