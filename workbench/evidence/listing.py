"""The members of one archive, and what their names do to each other."""

from collections import Counter
from dataclasses import dataclass, replace

from workbench.evidence.file import NOTHING, EvidenceFile
from workbench.evidence.intake import REST, Intake
from workbench.evidence.links import Link, Tree, folders_above
from workbench.evidence.members import Flaw
from workbench.evidence.names import checked_target, collision_key, join_members, shown_path
from workbench.model.source import NAME_ONLY, Identity, ProblemCode

#: Bytes that another program may read as members: then no member is surely the one that was meant.
_ELSEWHERE = {ProblemCode.PREPENDED_DATA, ProblemCode.HIDDEN_DATA}


@dataclass(frozen=True, slots=True)
class Found:
    """A member that was taken out of an archive, or could not be.

    Attributes:
        name: its name as shown.
        root: the private folder.
        parts: its file there; () where there are no bytes.
        identity: size, time, inode and device of that file.
        flaws: what is wrong with it.
    """

    name: str
    root: str
    parts: tuple[str, ...]
    identity: Identity
    flaws: tuple[Flaw, ...] = ()


class Listing:
    """Gathers what an archive holds; ``settle`` gives it to the drop."""

    def __init__(self, container: EvidenceFile, intake: Intake) -> None:
        self.container = container
        self._intake = intake
        self._found: dict[str, Found] = {}
        self._times: dict[str, int] = {}
        self._links: list[tuple[str, str]] = []
        self._cut = False
        self._doubt: str | None = None

    def add(self, found: Found) -> None:
        """Add a member; two of one name are both kept, and neither can be relied on."""
        times = self._times.get(found.name, 0) + 1
        self._times[found.name] = times
        if times > 1:
            message = f"shares its name with {times - 1} other member(s)"
            twice = Flaw(ProblemCode.DUPLICATE_MEMBER, message)
            if times == 2:
                first = self._found[found.name]
                self._found[found.name] = replace(first, flaws=(*first.flaws, twice))
            found = replace(found, name=self._free(found.name), flaws=(*found.flaws, twice))
        self._found[found.name] = found

    def add_link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        self._links.append((name, target))

    def flaw(self, flaw: Flaw) -> None:
        """Tell what is wrong with the archive; what was not read is kept as one file."""
        about = self.container
        member = join_members(about.member, REST) if flaw.rest else about.member
        self._intake.problem(flaw.code, about.path, member, flaw.message, about=about.display)
        if flaw.code in _ELSEWHERE:
            self._doubt = flaw.code
        if flaw.rest and not self._cut:
            self._cut = True
            self._intake.files.append(EvidenceFile(about.path, member, "", (), NOTHING, flaw.code))

    def settle(self) -> list[EvidenceFile]:
        """Tell what is wrong with the members, and return them as files."""
        self._tell_collisions()
        self._tell_links()
        return [self._file(found) for found in self._found.values()]

    def _free(self, name: str) -> str:
        """Return a name for a further member called ``name`` that no member has."""
        number = self._times[name]
        while (free := f"{name} (entry {number})") in self._found:
            number += 1
        self._times[free] = 1
        return free

    def _file(self, found: Found) -> EvidenceFile:
        path, member = self.container.path, join_members(self.container.member, found.name)
        for flaw in found.flaws:
            self._intake.problem(flaw.code, path, member, flaw.message)
        codes = [flaw.code for flaw in found.flaws if flaw.code not in NAME_ONLY]
        problem = codes[0] if codes else self._doubt
        return EvidenceFile(path, member, found.root, found.parts, found.identity, problem)

    def _tell_collisions(self) -> None:
        """VERDICTS 8: names are compared in NFC and case-folded."""
        seen: dict[str, str] = {}
        for name, found in self._found.items():
            other = seen.setdefault(collision_key(name), name)
            if other != name:
                message = f"has a name that some systems take for {other}"
                flaw = Flaw(ProblemCode.NAME_COLLISION, message)
                self._found[name] = replace(found, flaws=(*found.flaws, flaw))

    def _tell_links(self) -> None:
        if not self._links:
            return
        self._tell_shared_names()
        tree = self._tree()
        for name, target in self._links:
            path, member = self.container.path, join_members(self.container.member, name)
            end = tree.end_of(name)
            self._intake.link(Link(path, member, shown_path(target), *end))

    def _tree(self) -> Tree:
        folders = {folder for name in self._found for folder in folders_above(name)}
        return Tree(
            {name: self._place(name) for name in self._found},
            {"": self.container.place} | {name: self._place(name) for name in folders},
            {name: checked_target(target) for name, target in self._links},
        )

    def _place(self, name: str) -> str:
        return f"{self.container.path}/{join_members(self.container.member, name)}"

    def _tell_shared_names(self) -> None:
        """A name that is a link and something else is read as one or the other."""
        for name, times in Counter(name for name, _ in self._links).items():
            shared = Flaw(ProblemCode.DUPLICATE_MEMBER, "shares its name with a link")
            if (found := self._found.get(name)) is not None:
                self._found[name] = replace(found, flaws=(*found.flaws, shared))
            elif times > 1:
                path, member = self.container.path, join_members(self.container.member, name)
                self._intake.problem(shared.code, path, member, shared.message)
