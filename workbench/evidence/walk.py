"""List a file or a folder: every plain file with its identity, no link followed."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.errors import LimitError, SourceError
from workbench.evidence.argument import Argument
from workbench.evidence.database_files import JOURNALS, is_database
from workbench.evidence.file import NOTHING, EvidenceFile, identity_of
from workbench.evidence.handles import Folder, is_junction, opened_folder
from workbench.evidence.intake import REST, Intake
from workbench.evidence.links import Link, Tree
from workbench.evidence.names import is_decodable, shown_path
from workbench.model.source import Identity, ProblemCode

Parts = tuple[str, ...]


def walk(arguments: Sequence[Argument], intake: Intake) -> Iterator[EvidenceFile]:
    """Yield the plain files of all arguments; the rest of what is found goes to ``intake``.

    Raises:
        SourceError: an argument itself cannot be read.
    """
    named = frozenset(argument.path for argument in arguments)
    walks = [_Walk(argument, intake, named) for argument in arguments]
    for one in walks:
        yield from one.run()
    if any(one.links for one in walks):  # a link may lead to another argument
        _tell_links(walks, intake)


def _tell_links(walks: Sequence["_Walk"], intake: Intake) -> None:
    tree = Tree()
    for one in walks:
        one.name_in(tree)
    for one in walks:
        for parts, target in one.links:
            end = tree.end_of(one.argument.rooted(parts))
            intake.link(Link(one.argument.shown(parts), None, shown_path(target), *end))


def _only_file(argument: Argument, intake: Intake) -> EvidenceFile:
    name = argument.path.name
    try:
        with opened_folder(argument.root, (), listed=False) as folder:
            identity = _identity(folder, name)
    except OSError as error:
        raise _refused(argument, error) from error
    intake.count()
    path = argument.shown(())
    _check_name(argument.name, path, intake)
    return EvidenceFile(path, None, str(argument.root), (name,), identity)


def _identity(folder: Folder, name: str) -> Identity:
    """Open a file, which proves that it can be read, and return what it is known by."""
    descriptor = folder.open(name)
    try:
        return identity_of(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _refused(argument: Argument, error: OSError) -> SourceError:
    return SourceError(
        f"{argument.path} cannot be read: {error.strerror}.", path=str(argument.path)
    )


def _check_name(name: str, path: str, intake: Intake) -> None:
    if not is_decodable(name):
        intake.problem(ProblemCode.BAD_NAME, path, None, "has a name that is not valid UTF-8")


class _Walk:
    """One walk through a folder, folder by folder, each opened below the drop's own handle."""

    def __init__(
        self, argument: Argument, intake: Intake, named: frozenset[Path] = frozenset()
    ) -> None:
        self.argument = argument
        self._named = named
        self.links: list[tuple[Parts, str]] = []
        self._intake = intake
        self._files: list[EvidenceFile] = []
        self._folders: list[Parts] = []
        self._waiting: list[Parts] = [()]

    def run(self) -> list[EvidenceFile]:
        if not self.argument.folder:
            self._files.append(_only_file(self.argument, self._intake))
            self._beside(self._files[0])
            return self._files
        try:
            while self._waiting:
                self._folder(self._waiting.pop())
        except LimitError as error:
            message = f"was not looked at: {error.message}"
            self._lose((REST,), ProblemCode.LIMIT_EXCEEDED, message)
        return self._files

    def _beside(self, file: EvidenceFile) -> None:
        """Take in what lies beside a database that was named alone: they are one source."""
        if not is_database(file):
            return
        for suffix in JOURNALS:
            name = f"{self.argument.path.name}{suffix}"
            if self.argument.root / name in self._named:
                continue
            path = f"{file.path}{suffix}"
            try:
                with opened_folder(self.argument.root, (), listed=False) as folder:
                    identity, problem = _identity(folder, name), None
            except FileNotFoundError:
                continue
            except OSError as error:
                identity, problem = NOTHING, ProblemCode.UNREADABLE
                message = f"cannot be read: {error.strerror}"
                self._intake.problem(problem, path, None, message)
            self._intake.count()
            root = str(self.argument.root)
            self._files.append(EvidenceFile(path, None, root, (name,), identity, problem))

    def name_in(self, tree: Tree) -> None:
        """Add what was found to the names by which links are followed."""
        rooted, shown = self.argument.rooted, self.argument.shown
        tree.files.update({rooted(file.parts): file.path for file in self._files})
        tree.folders.update({rooted(parts): shown(parts) for parts in self._folders})
        tree.links.update(
            {rooted(parts): target.replace(os.sep, "/") for parts, target in self.links}
        )

    def _folder(self, parts: Parts) -> None:
        self._intake.cancel.check()
        self._folders.append(parts)
        if len(parts) > self._intake.limits.folders:
            self._lose(parts, ProblemCode.LIMIT_EXCEEDED, "lies too deep to be opened")
            return
        try:
            with opened_folder(self.argument.root, parts) as folder:
                for entry in folder.entries(self._intake.limits.members + 1):
                    self._entry(folder, (*parts, entry.name), entry)
        except OSError as error:
            if not parts:
                raise _refused(self.argument, error) from error
            self._lose(parts, ProblemCode.UNREADABLE, f"cannot be listed: {error.strerror}")

    def _entry(self, folder: Folder, parts: Parts, entry: os.DirEntry[str]) -> None:
        self._intake.count()
        _check_name(entry.name, self.argument.shown(parts), self._intake)
        try:
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISLNK(status.st_mode) or is_junction(status):
                self.links.append((parts, folder.target(entry.name)))
            elif stat.S_ISDIR(status.st_mode):
                self._waiting.append(parts)
            elif stat.S_ISREG(status.st_mode):
                self._keep(parts, _identity(folder, entry.name))
            else:
                self._lose(parts, ProblemCode.NOT_A_PLAIN_FILE, "is not a plain file")
        except OSError as error:
            self._lose(parts, ProblemCode.UNREADABLE, f"cannot be read: {error.strerror}")

    def _keep(self, parts: Parts, identity: Identity, problem: str | None = None) -> None:
        root = str(self.argument.root)
        path = self.argument.shown(parts)
        self._files.append(EvidenceFile(path, None, root, parts, identity, problem))

    def _lose(self, parts: Parts, code: ProblemCode, message: str) -> None:
        self._intake.problem(code, self.argument.shown(parts), None, message)
        self._keep(parts, NOTHING, code)
