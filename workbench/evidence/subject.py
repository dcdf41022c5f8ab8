"""A subject with what was paired to it: what a verifier is given."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.evidence.file import EvidenceFile
from workbench.evidence.links import Link

if TYPE_CHECKING:
    from workbench.model.event_mapping import EventMapping


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp token, and what it is over: a subject's file or archive, or proof of it.

    Attributes:
        token: the token.
        over: the file that it is over.
        signature: where it is over the signature in a bundle alone, that; else None.
    """

    token: EvidenceFile
    over: EvidenceFile
    signature: bytes | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: one file, or a folder of files, with its proof material.

    Attributes:
        path: file or folder as the auditor sees it; "." is the drop itself.
        member: name inside an archive, or None.
        format: id of the recognised format ("chain", "oms", "catalog"...).
        files: its files; one for a log, all below it for a folder.
        base: for a folder, the path prefix of its files (with a trailing "/" or "").
        signatures: signatures paired with it.
        detached: signatures that lie beside one of its files, each with that file.
        seals: attestations about its very bytes, whatever it is.
        lists: of a bag, its lists of digests that its attestations are about.
        within: the attested or signed bag in whose payload it lies, or None.
        anchors: signed heads and other anchors paired with it.
        elsewhere: signed heads that lie beside another copy of the same log.
        said: those of its anchors that the auditor says are of it.
        ambiguous: names of the things between which pairing could not decide.
        container: for a chain, how its records lie in the file ("jsonl", "json-array", "csv").
        links: symbolic links below a folder.
        linked: files of the drop outside the folder that its links lead to.
        members: of an archive that is read as a whole, what is in it; its own bytes are judged.
        stamps: time-stamp tokens over it, the archive it is in, its signatures or its anchors.
        mapping: how its events are read, where that is no part of its format.
    """

    path: str
    member: str | None
    format: str
    files: tuple[EvidenceFile, ...]
    base: str = ""
    signatures: tuple[EvidenceFile, ...] = ()
    detached: tuple[tuple[EvidenceFile, EvidenceFile], ...] = ()
    anchors: tuple[EvidenceFile, ...] = ()
    elsewhere: tuple[EvidenceFile, ...] = ()
    said: tuple[EvidenceFile, ...] = ()
    ambiguous: tuple[str, ...] = ()
    container: str | None = None
    seals: tuple[EvidenceFile, ...] = ()
    lists: tuple[EvidenceFile, ...] = ()
    within: "Subject | None" = None
    links: tuple[Link, ...] = ()
    linked: tuple[EvidenceFile, ...] = ()
    members: tuple[EvidenceFile, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    mapping: "EventMapping | None" = None
