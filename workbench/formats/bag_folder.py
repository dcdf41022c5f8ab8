"""Which folders are bags (RFC 8493), and which of their files are part of nothing else.

A bag is known by its declaration, or by a list of digests beside ``data``: one whose declaration is
gone is still meant as a bag. Its payload may hold logs, models and other bags, which are judged by
themselves too.
"""

import re
from collections.abc import Collection, Sequence

from workbench.evidence.drop import Drop
from workbench.evidence.file import EvidenceFile
from workbench.evidence.links import folders_above
from workbench.evidence.subject import Subject

DECLARATION = "bagit.txt"
_TAG_FILES = re.compile(
    r"bagit\.txt|fetch\.txt|bag-info\.txt|package-info\.txt|(?:tag)?manifest-[A-Za-z0-9-]+\.txt"
)
_MANIFEST = re.compile(r"manifest-[A-Za-z0-9-]+\.txt", re.IGNORECASE)


def bases(files: Sequence[EvidenceFile]) -> list[str]:
    """Return the prefixes of the places of bags, outer ones first."""
    places = {file.place for file in files}
    payloads = {place.partition("/data/")[0] for place in places if "/data/" in place}
    payloads |= {""} if any(place.startswith("data/") for place in places) else set()
    found = set()
    for file in files:
        folder = file.place.rpartition("/")[0]
        if file.name == DECLARATION or (_MANIFEST.fullmatch(file.name) and folder in payloads):
            found.add(f"{folder}/" if folder else "")
    return sorted(found)


def bags(drop: Drop) -> list[Subject]:
    """Return a subject for each bag."""
    return [
        Subject(
            base.rstrip("/") or ".",
            None,
            "bagit",
            drop.delivered_below(base),
            base,
            links=drop.links_below(base),
        )
        for base in bases(drop.files)
    ]


def is_tag_file(file: EvidenceFile, bases: Collection[str]) -> bool:
    """Tell whether a file is one of those that make a folder a bag; ``bases``: those of bags."""
    return bool(_TAG_FILES.fullmatch(file.name)) and file.place[: -len(file.name)] in bases


def is_list(file: EvidenceFile, bases: Collection[str]) -> bool:
    """Tell whether a file is a list of digests of one of the bags with these ``bases``."""
    name = file.name.removeprefix("tag")
    return bool(_MANIFEST.fullmatch(name)) and is_tag_file(file, bases)


def bag_around(subject: Subject, bags: Sequence[Subject]) -> Subject | None:
    """Return the innermost of some bags in whose payload all files of a subject lie, or None."""
    around = [
        bag
        for bag in bags
        if bag is not subject and subject.files and _in_payload(subject.files, bag.base)
    ]
    return max(around, key=lambda bag: len(bag.base), default=None)


def _in_payload(files: Sequence[EvidenceFile], base: str) -> bool:
    return all(file.place.startswith(f"{base}data/") for file in files)


def holds(file: EvidenceFile, bases: Collection[str]) -> bool:
    """Tell whether a file lies in one of the bags with these ``bases``."""
    folders = (f"{folder}/" for folder in folders_above(file.place))
    return "" in bases or any(folder in bases for folder in folders)
