"""What was found so far in a drop, with what bounds the search."""

from dataclasses import dataclass, field

from workbench.errors import LimitError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.limits import Limits
from workbench.evidence.links import Link
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem

#: Stands for what could not be listed, so that it is missed in no verdict.
REST = "(the rest)"


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

    def link(self, link: Link) -> None:
        """Keep a link, and tell where what it stands for cannot be read."""
        self.links.append(link)
        if link.problem is not None:
            self.problem(link.problem, link.path, link.member, link.sentence)

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
