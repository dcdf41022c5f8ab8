"""What was found so far in a drop, with what bounds the search."""

from dataclasses import dataclass, field

from workbench.errors import LimitError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import Limits
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Identity, Problem

#: Stands for what could not be listed, so that it is missed in no verdict.
REST = "(the rest)"

NOTHING = Identity(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link in a drop; it is listed, never followed at intake.

    Attributes:
        path: where it lies, ``/`` separated, an archive counting as a folder.
        target: its text.
        inside: whether it leads to something that is there, in the same argument or archive.
    """

    path: str
    target: str
    inside: bool


@dataclass(slots=True)
class Intake:
    """The lists that opening a drop fills."""

    limits: Limits
    cancel: Cancel
    progress: Progress
    files: list[EvidenceFile] = field(default_factory=list)
    containers: list[EvidenceFile] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counted: int = 0

    def count(self) -> None:
        """Count one more file, and stop for a wish or a limit.

        Raises:
            LimitError: there are more files than a drop may have.
        """
        self.cancel.check()
        if self.counted >= self.limits.members:
            raise LimitError(f"there are more than {self.limits.members} files")
        self.counted += 1

    def problem(
        self, code: str, path: str, member: str | None, message: str, *, about: str | None = None
    ) -> None:
        """Keep what the auditor must know.

        Args:
            code: what it is (``ProblemCode``).
            path: file of the drop.
            member: member of an archive, or None.
            message: what is said about the place, without a full stop.
            about: how to name the place; by default by path and member.
        """
        place = about or (path if member is None else f"{path} → {member}")
        self.problems.append(Problem(code, Locator(path, member), f"{place} {message}."))
