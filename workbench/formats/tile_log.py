"""Which folders are tiled transparency logs (C2SP tlog-tiles), and which heads are of them.

A log is known by its tiles together with a checkpoint beside them, or with the entries that they
are over. A head that lies elsewhere is of the log whose checkpoints have its origin, so that two
states of one log meet, wherever they were kept.
"""

import re
from collections.abc import Iterable, Mapping
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
    for base, kinds in tiles.items():
        beside = [f for f in drop.files if _is_head(f, base, known)]
        if beside or ("entries" in kinds and "0" in kinds):
            found.append(_subject(base, beside, drop))
    lying = {head for subject in found for head in subject.anchors}
    return [_with_heads(subject, lying, known - lying) for subject in found]


def is_part(file: EvidenceFile, subjects: Iterable[Subject]) -> bool:
    """Tell whether a file is a tile, a head, or the server's own state of one of these logs."""
    return any(
        file in subject.anchors
        or (
            file.place.startswith(subject.base)
            and _PART.fullmatch(file.place.removeprefix(subject.base)) is not None
        )
        for subject in subjects
    )


def _tiles(files: Iterable[EvidenceFile]) -> Mapping[str, set[str]]:
    """Return the kinds of tiles below each folder that has any."""
    found: dict[str, set[str]] = {}
    for file in files:
        folder, slash, _ = f"/{file.place}".rpartition("/tile/")
        if not slash:
            continue
        base = f"{folder}/".removeprefix("/")
        match = TILE.fullmatch(file.place.removeprefix(base))
        if match is not None:
            found.setdefault(base, set()).add(match["level"])
    return found


def _is_head(file: EvidenceFile, base: str, known: set[EvidenceFile]) -> bool:
    """Tell whether a file beside the tiles is a head, or called as one, whatever its bytes are."""
    name = file.place.removeprefix(base)
    beside = file.place.startswith(base) and "/" not in name
    return beside and (file in known or _CHECKPOINT.fullmatch(name) is not None)


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
