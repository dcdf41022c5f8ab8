"""Which folders are tiled transparency logs (C2SP tlog-tiles), and which heads are of them.

A log is known by its tiles together with a checkpoint beside them, or with the entries that they
are over. A head that lies elsewhere is of the log whose checkpoints have its origin, so that two
states of one log meet, wherever they were kept.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from workbench.evidence.drop import Drop
from workbench.evidence.file import EvidenceFile
from workbench.evidence.subject import Subject
from workbench.formats.signed_head import stated_in

#: Level or kind of entries, number in groups of three digits, width of a partial tile.
TILE = re.compile(
    r"tile/(?P<level>[1-5]?\d|6[0-3]|entries|data)/(?P<number>(?:x\d{3}/)*\d{3})"
    r"(?:\.p/(?P<width>[1-9]\d{0,2}))?",
    re.ASCII,
)
#: A tile, or what the server of a log keeps for itself.
_PART = re.compile(rf"{TILE.pattern}|\.state/.*", re.ASCII | re.DOTALL)
_CHECKPOINT = re.compile(r"checkpoint(?:\.\d+)?", re.ASCII)


def tile_logs(drop: Drop, heads: Iterable[EvidenceFile]) -> list[Subject]:
    """Return a subject for each tiled log, with the heads that are about it."""
    tiles = _tiles(drop.files)
    known = set(heads)
    found = []
    by_folder = _heads(drop.files, known)
    for base, kinds in tiles.items():
        beside = by_folder.get(base, [])
        if beside or ("entries" in kinds and "0" in kinds):
            found.append(_subject(base, beside, drop))
    lying = {head for subject in found for head in subject.anchors}
    return [_with_heads(subject, lying, known - lying) for subject in found]


def parts_of(subjects: Iterable[Subject]) -> Callable[[EvidenceFile], bool]:
    """Return what tells whether a file is a tile, a head, or the server's own state of a log."""
    heads = {head for subject in subjects for head in subject.anchors}
    bases = {subject.base for subject in subjects}

    def is_part(file: EvidenceFile) -> bool:
        return file in heads or _base_of(file.place) in bases

    return is_part


def _base_of(place: str) -> str | None:
    """Return the prefix of the log that a tile, or a file of a server's state, is of."""
    for name in ("/tile/", "/.state/"):
        folder, found, _ = f"/{place}".rpartition(name)
        base = f"{folder}/".removeprefix("/")
        if found and _PART.fullmatch(place.removeprefix(base)):
            return base
    return None


def _tiles(files: Iterable[EvidenceFile]) -> Mapping[str, set[str]]:
    """Return the kinds of tiles below each folder that has any."""
    found: dict[str, set[str]] = {}
    for file in files:
        base = _base_of(file.place)
        match = None if base is None else TILE.fullmatch(file.place.removeprefix(base))
        if base is not None and match is not None:
            found.setdefault(base, set()).add(match["level"])
    return found


def _heads(
    files: Iterable[EvidenceFile], known: set[EvidenceFile]
) -> Mapping[str, list[EvidenceFile]]:
    """Return by folder the files that are heads, or called as one, whatever their bytes are."""
    found: dict[str, list[EvidenceFile]] = {}
    for file in files:
        if file in known or _CHECKPOINT.fullmatch(file.name):
            found.setdefault(file.place[: -len(file.name)], []).append(file)
    return found


def _subject(base: str, heads: list[EvidenceFile], drop: Drop) -> Subject:
    return Subject(
        path=base.rstrip("/") or ".",
        member=None,
        format="tlog",
        files=drop.delivered_below(base),
        base=base,
        anchors=tuple(heads),
        links=drop.links_below(base),
    )


def _origins(heads: Iterable[EvidenceFile]) -> set[str]:
    return {origin for head in heads if (origin := stated_in(head).origin)}


def _with_heads(subject: Subject, lying: set[EvidenceFile], apart: set[EvidenceFile]) -> Subject:
    """Return a log with the heads of its origin that lie beside other copies, and elsewhere."""
    origins = _origins(subject.anchors)
    copies = lying - set(subject.anchors)
    more, others = (
        tuple(sorted((h for h in heads if stated_in(h).origin in origins), key=_place))
        for heads in (apart, copies)
    )
    return replace(subject, anchors=(*subject.anchors, *more), elsewhere=others)


def _place(file: EvidenceFile) -> str:
    return file.place
