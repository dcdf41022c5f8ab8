"""What the links of a model stand for (OMS 1.0, 6.1.1).

A link to a file is that file under the link's name. Of a link to a folder the manifest tells what
its signer did: if it names something below the link, then everything there was signed under the
link's name; if it names nothing, the signer passed the link over, as the reference one does, or
the link came later. Nobody can tell which, so such a link is covered by nothing.

Links are followed by name only, within what was handed over: the disk is not asked again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.evidence.file import EvidenceFile
from workbench.evidence.links import Link, folders_above
from workbench.evidence.subject import Subject
from workbench.model.model_signature import Manifest

#: Names that links may add: links to folders of links could otherwise stand for endlessly many.
MOST_NAMES = 1_000_000
_MOST_HOPS = 40


@dataclass(slots=True)
class Followed:
    """What became of the links of a model.

    Attributes:
        files: the files that links stand for, by the names that the links give them.
        refused: name of each link that was not followed, with the reason.
        unsaid: links of which the manifest says nothing, and that may lead to a folder.
        beyond: links that lead out of the model's folder to something that was handed over.
    """

    files: dict[str, EvidenceFile] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unsaid: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)


def follow(
    subject: Subject, manifest: Manifest, names: Iterable[str], *, allow_links: bool
) -> Followed:
    """Return what the links called ``names`` stand for."""
    followed = Followed()
    reason = _why_not(manifest, allow_links=allow_links)
    if reason is not None:
        followed.refused.update(dict.fromkeys(names, reason))
        return followed
    walk = _Walk(subject, manifest, followed)
    for name in names:
        walk.link(name)
    walk.signed_names()
    return followed


def _why_not(manifest: Manifest, *, allow_links: bool) -> str | None:
    if not manifest.allow_symlinks:
        return "the signed manifest does not allow links"
    return None if allow_links else "the auditor does not allow links"


class _Walk:
    """Follows the links of one model; places are those of the drop, names those below the model."""

    def __init__(self, subject: Subject, manifest: Manifest, followed: Followed) -> None:
        self._base = subject.base
        self._links = {link.place: link for link in subject.links}
        self._files = {file.place: file for file in (*subject.files, *subject.linked)}
        self._children = _children((*self._files, *self._links))
        self._named = manifest.paths
        self._folders = {folder for path in manifest.paths for folder in folders_above(path)}
        self._followed = followed

    def link(self, name: str) -> None:
        """Follow one link of the model."""
        link = self._links[self._base + name]
        if link.leads.inside and not f"{link.end}/".startswith(self._base):
            self._followed.beyond.append(name)
        self._stands_for(name, link, ())

    def signed_names(self) -> None:
        """Add what lies at signed names that lead through a link, of whatever kind it is."""
        for name in self._named:
            through = any(self._base + folder in self._links for folder in folders_above(name))
            file = self._files.get(self._resolve(self._base + name)) if through else None
            if file is not None:
                self._followed.files[name] = file

    def _stands_for(self, name: str, link: Link, above: tuple[str, ...]) -> None:
        file = self._files.get(link.end) if link.end else None
        if file is not None:
            self._followed.files[name] = file
        elif name in self._folders and link.leads.inside and link.end not in above:
            self._below(name, link.end, (*above, link.end))
        elif name not in self._named:
            self._followed.unsaid.append(name)
        else:
            self._followed.refused[name] = "its target was not handed over"

    def _below(self, name: str, folder: str, above: tuple[str, ...]) -> None:
        """Add everything below a folder under the name of the link that leads there."""
        for child in self._children.get(folder, ()):
            own, place = f"{name}/{child}", f"{folder}/{child}".removeprefix("/")
            if len(self._followed.files) >= MOST_NAMES:
                self._followed.unsaid.append(own)
                return
            if (link := self._links.get(place)) is not None:
                self._stands_for(own, link, above)
            elif (file := self._files.get(place)) is not None:
                self._followed.files[own] = file
            else:
                self._below(own, place, above)

    def _resolve(self, place: str) -> str:
        """Return the place that ``place`` leads to, links on the way replaced by their ends."""
        for _ in range(_MOST_HOPS):
            on_the_way = (p for p in (*folders_above(place), place) if p in self._links)
            first = next(on_the_way, None)
            if first is None or not self._links[first].end:
                break
            place = f"{self._links[first].end}{place[len(first) :]}"
        return place


def _children(places: Iterable[str]) -> dict[str, list[str]]:
    """Return the names in each folder, ``places`` being those of files and links."""
    found: dict[str, dict[str, None]] = {}
    for place in places:
        for path in (*folders_above(place), place):
            folder, _, name = path.rpartition("/")
            found.setdefault(folder, {})[name] = None
    return {folder: list(names) for folder, names in found.items()}
