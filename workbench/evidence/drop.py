"""Open what the auditor names: files, folders and archives become one sorted list of files.

Names come out the same wherever the drop lies: the last name of the argument, then the path
below it. Links are listed and not followed. An archive counts as a folder: it goes to
``containers`` and its members to ``files``.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.evidence.argument import arguments_of
from workbench.evidence.file import EvidenceFile
from workbench.evidence.intake import Intake
from workbench.evidence.limits import LIMITS, Limits
from workbench.evidence.links import Link, folders_above
from workbench.evidence.spool import Spool
from workbench.evidence.unpack import Unpacker
from workbench.evidence.walk import walk
from workbench.model.progress import Cancel, Progress
from workbench.model.source import Problem


@dataclass(frozen=True, slots=True)
class Drop:
    """What lies on the table, sorted by path and member.

    Attributes:
        files: plain files and members of archives; one that could not be read has a ``problem``
            and no bytes, so that no verdict can pass over it.
        containers: the archives that were unpacked, as files.
        links: symbolic links, in folders and archives, each with where it leads.
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
        return self._delivered(lambda file: file.place.startswith(base))

    def links_below(self, base: str) -> tuple[Link, ...]:
        """Return the links below a folder as it was delivered: none of those inside archives."""
        whole = self._whole(base)
        below = (link for link in self.links if link.place.startswith(base))
        return tuple(link for link in below if not whole.intersection(_around(link)))

    def linked_from(self, base: str) -> tuple[EvidenceFile, ...]:
        """Return what lies outside a folder and links in it lead to, as it was delivered."""
        ends = {link.end for link in self.links_below(base) if link.end}
        outside = {end for end in ends if not f"{end}/".startswith(base)}
        if not outside:
            return ()
        return self._delivered(
            lambda file: not outside.isdisjoint((*folders_above(file.place), file.place))
        )

    def _delivered(self, among: Callable[[EvidenceFile], bool]) -> tuple[EvidenceFile, ...]:
        whole = {(c.path, c.member) for c in self.containers if among(c)}
        chosen = (file for file in (*self.files, *self.containers) if among(file))
        kept = [file for file in chosen if not whole.intersection(_around(file))]
        return tuple(sorted(kept, key=_place))

    def _whole(self, base: str) -> set[tuple[str, str | None]]:
        return {(c.path, c.member) for c in self.containers if c.place.startswith(base)}


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
        for file in walk(arguments_of(paths, names=names), intake):
            unpacker.take(file)
        yield _sorted(intake)


def _around(file: EvidenceFile | Link) -> Iterator[tuple[str, str | None]]:
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
        links=tuple(sorted(intake.links, key=lambda link: link.place)),
        problems=tuple(sorted(intake.problems, key=lambda p: (str(p.locator), p.code))),
    )


def _place(file: EvidenceFile) -> tuple[str, str]:
    return file.path, file.member or ""
