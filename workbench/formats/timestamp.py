"""Recognise RFC 3161 time-stamp tokens and say which file each is over.

A token states the digest of what it is over, which comes before how it is called: of the files that
lie with it, the one with that digest; else the one that it is called after.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.archive_kind import folder_of
from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.limits import MIB
from workbench.formats.reader import Look, Recognition
from workbench.model.progress import Cancel
from workbench.model.source import Role

TOKEN_SUFFIXES = (".tsr", ".tst")
#: RFC 3161 2.4.2: id-ct-TSTInfo, as its DER stands in every token.
_CONTENT = bytes.fromhex("060b2a864886f70d0109100104")
#: A MessageImprint: AlgorithmIdentifier of a hash with or without NULL, then the digest.
_IMPRINT = re.compile(
    rb"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02([\x01-\x03])(?:\x05\x00)?\x04([\x20\x30\x40])",
    re.DOTALL,
)
_HASHES = {1: "sha256", 2: "sha384", 3: "sha512"}
#: So many bytes of files that are not called as the token are hashed to find what it is over.
_MOST_HASHED = 256 * MIB


@dataclass(frozen=True, slots=True)
class TimestampReader:
    """A statement of a time-stamping authority that some bytes existed at a time."""

    id: str = "timestamp"
    order: int = 25

    def recognise(self, look: Look) -> Recognition | None:
        """Return ``timestamp`` by content, or by suffix so that a damaged one does not drop out."""
        inside = look.head[:1] == b"\x30" and _CONTENT in look.head[:512]
        if inside or look.suffix in TOKEN_SUFFIXES:
            return Recognition("timestamp", Role.ANCHOR)
        return None


def file_of(
    token: EvidenceFile, files: Sequence[EvidenceFile], *, cancel: Cancel
) -> EvidenceFile | None:
    """Return the file that a token is over, or None where nothing lies here that it could be."""
    beside = [file for file in files if folder_of(file) == folder_of(token) and file != token]
    called = sorted((f for f in beside if _is_called_after(token.name, f.name)), key=_longest)
    others = sorted((f for f in beside if f not in called), key=lambda file: file.size)
    stated, left = _imprint(token), _MOST_HASHED
    for file in (*called, *others):
        if stated is None:
            break
        left -= 0 if file in called else file.size
        if left >= 0 and _has(file, stated, cancel):
            return file
    return called[0] if called else None


def _longest(file: EvidenceFile) -> int:
    return -len(file.name)


def _is_called_after(token: str, name: str) -> bool:
    """Tell whether a token is called as a file with a suffix more, or with another suffix."""
    stem, _, suffix = token.rpartition(".")
    return f".{suffix.lower()}" in TOKEN_SUFFIXES and stem in {name, name.rpartition(".")[0]}


def _imprint(token: EvidenceFile) -> tuple[str, bytes] | None:
    """Return hash and digest that a token states; nobody has judged it yet."""
    try:
        data = read_whole(token, limit=MIB)
    except SourceError:
        return None
    found = _IMPRINT.search(data, max(data.find(_CONTENT), 0))
    if found is None:
        return None
    return _HASHES[found[1][0]], data[found.end() : found.end() + found[2][0]]


def _has(file: EvidenceFile, stated: tuple[str, bytes], cancel: Cancel) -> bool:
    digest = hashlib.new(stated[0])
    try:
        for block in blocks(file, cancel=cancel):
            digest.update(block)
    except SourceError:
        return False
    return digest.digest() == stated[1]


READER = TimestampReader()
