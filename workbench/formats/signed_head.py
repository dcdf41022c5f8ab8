"""Recognise signed heads of logs: C2SP signed notes that hold a tlog-checkpoint."""

import re
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.limits import MIB
from workbench.formats.reader import Look, Recognition
from workbench.model.source import Role

#: Origin, number of records, base64 root; a signature line starts with U+2014.
_CHECKPOINT = re.compile(rb"\A[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n")
_CHAIN_HEAD = re.compile(rb"^chain-head [a-z0-9-]+:([0-9a-f]+)$", re.MULTILINE)
_PROFILE = re.compile(rb"^profile ([A-Za-z0-9._-]+) ", re.MULTILINE)
_SIGNATURE = b"\n\xe2\x80\x94 "
HEAD_BYTES = MIB
HEAD_SUFFIXES = {".head", ".checkpoint", ".note"}


@dataclass(frozen=True, slots=True)
class Stated:
    """What a head says of the log that it is about, for pairing: nobody has judged it yet.

    Attributes:
        origin: name of the log, or "" where it states nothing that can be read.
        digest: lower hex of the last record's digest, or "".
        profile: id of the chain profile, or "".
        size: number of records, as it is written, or "".
        root: root over them, as it is written, or "".
    """

    origin: str = ""
    digest: str = ""
    profile: str = ""
    size: str = ""
    root: str = ""


def stated_in(file: EvidenceFile) -> Stated:
    """Return what a head states about its log."""
    try:
        text = read_whole(file, limit=HEAD_BYTES).partition(b"\n\n")[0] + b"\n"
    except SourceError:
        return Stated()
    if not _CHECKPOINT.match(text):
        return Stated()
    digest, profile = _CHAIN_HEAD.search(text), _PROFILE.search(text)
    return Stated(
        text.partition(b"\n")[0].decode("utf-8", "replace"),
        digest[1].decode() if digest else "",
        profile[1].decode() if profile else "",
        *(line.decode() for line in text.split(b"\n", 3)[1:3]),
    )


@dataclass(frozen=True, slots=True)
class SignedHeadReader:
    """A statement of how long a log was and what its head was, signed by the log."""

    id: str = "head"
    order: int = 30

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``head`` by content, or by suffix so that a damaged one does not drop out."""
        whole = _CHECKPOINT.match(look.head) is not None and _SIGNATURE in look.head
        if whole or look.suffix in HEAD_SUFFIXES:
            return Recognition("head", Role.ANCHOR)
        return None


READER = SignedHeadReader()
