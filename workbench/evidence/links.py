"""Where the symbolic links of a drop lead (VERDICTS 8).

None is followed when a file is read: what a link leads to is listed where it lies, and what lies
outside was not handed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PureWindowsPath

from workbench.evidence.file import NOTHING, EvidenceFile
from workbench.model.source import ProblemCode

_MOST_HOPS = 40


class LinkEnd(StrEnum):
    """What a link leads to."""

    FILE = "file"
    FOLDER = "folder"
    OUTSIDE = "outside"
    NOTHING = "nothing"

    @property
    def inside(self) -> bool:
        """Tell whether what it leads to lies in the drop."""
        return self in {LinkEnd.FILE, LinkEnd.FOLDER}


#: A link that stands for something that cannot be read: never green.
_PROBLEMS = {
    LinkEnd.OUTSIDE: ProblemCode.LINK_OUTSIDE,
    LinkEnd.NOTHING: ProblemCode.LINK_DANGLING,
}


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link in a drop.

    Attributes:
        path: file of the drop as the auditor sees it: the link, or the archive it lies in.
        member: its name inside an archive, or None.
        target: its text.
        leads: what it leads to, all links on the way followed by name.
        end: place in the drop of what it leads to, an archive counting as a folder; "" where
            that is not in the drop.
    """

    path: str
    member: str | None
    target: str
    leads: LinkEnd
    end: str = ""

    @property
    def place(self) -> str:
        """Return where it lies, ``/`` separated, an archive counting as a folder."""
        return self.path if self.member is None else f"{self.path}/{self.member}"

    @property
    def name(self) -> str:
        """Return its last name."""
        return self.place.rpartition("/")[2]

    @property
    def problem(self) -> ProblemCode | None:
        """Return why what it stands for cannot be read; None where it lies in the drop."""
        return _PROBLEMS.get(self.leads)

    @property
    def sentence(self) -> str:
        """Return what to say of it after its name, without a full stop."""
        match self.leads:
            case LinkEnd.OUTSIDE:
                where = "leads out of what was handed over"
            case LinkEnd.NOTHING:
                where = "leads to nothing"
            case _:
                where = f"is listed as {self.end}"
        return f"is a link to {self.target}, which {where}"

    def as_file(self) -> EvidenceFile:
        """Return it as a file without bytes, so that no verdict passes over it."""
        return EvidenceFile(self.path, self.member, "", (), NOTHING, self.problem)


@dataclass(slots=True)
class Tree:
    """Names of files, folders and links, by which links are followed without asking the system.

    So the same drop gives the same answer on every machine, and nothing outside it is looked at.

    Attributes:
        files: name, ``/`` separated from one root, to place in the drop.
        folders: the same of folders.
        links: name of each link to its target as it stands.
    """

    files: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def end_of(self, name: str) -> tuple[LinkEnd, str]:
        """Return what the link ``name`` leads to, and its place in the drop or ""."""
        place: list[str] = []
        todo, hops = name.split("/")[::-1], 0
        while todo:  # one part after the other, as a system does
            part = todo.pop()
            if part == "..":
                if not place:
                    return LinkEnd.OUTSIDE, ""
                place.pop()
            elif part not in {"", "."}:
                place.append(part)
            target = self.links.get("/".join(place))
            if target is not None:
                hops += 1
                if hops > _MOST_HOPS:
                    return LinkEnd.NOTHING, ""
                if _is_absolute(target):
                    return LinkEnd.OUTSIDE, ""
                place.pop()
                todo += target.split("/")[::-1]
        return self._lies_at("/".join(place))

    def _lies_at(self, name: str) -> tuple[LinkEnd, str]:
        if name in self.files:
            return LinkEnd.FILE, self.files[name]
        if name in self.folders:
            return LinkEnd.FOLDER, self.folders[name]
        inside = any(above in self.folders for above in ("", *folders_above(name)))
        return LinkEnd.NOTHING if inside else LinkEnd.OUTSIDE, ""


def _is_absolute(target: str) -> bool:
    return target.startswith("/") or bool(PureWindowsPath(target).drive)


def folders_above(name: str) -> Iterator[str]:
    """Yield the folders above ``name``, the top one first."""
    end = name.find("/")
    while end >= 0:
        yield name[:end]
        end = name.find("/", end + 1)
