"""Recognise RFC 3161 time-stamp tokens and say which file each is over.

A token states the digest of what it is over, which comes before how it is called: of the files that
lie with it, the one with that digest; else the one that it is called after.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from workbench.errors import SourceError
from workbench.evidence.archive_kind import folder_of
from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.strict_json import parse
from workbench.evidence.subject import Stamp
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
_BUNDLES = (".json", ".sigstore", ".bundle", ".sig")


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


class Stamped:
    """Files that time stamps may be over, by folder; no byte is hashed twice for one hash."""

    def __init__(self, files: Iterable[EvidenceFile], *, cancel: Cancel) -> None:
        self._cancel = cancel
        self._digests: dict[tuple[EvidenceFile, str], bytes] = {}
        self._left = _MOST_HASHED
        self._beside: dict[str, list[EvidenceFile]] = defaultdict(list)
        for file in files:
            self._beside[folder_of(file)].append(file)

    def by(self, token: EvidenceFile) -> Stamp | None:
        """Return a token with what it is over, or None where nothing here could be it."""
        beside = self._beside.get(folder_of(token), [])
        called = sorted((f for f in beside if _is_called_after(token.name, f.name)), key=_longest)
        stated = _imprint(token)
        named = Stamp(token, called[0]) if called else None
        if stated is None:
            return named
        others = sorted((f for f in beside if f not in called), key=lambda file: file.size)
        worth = (f for f in others if self._is_known(f, stated[0]) or self._may_read(f))
        for file in chain(called, worth):
            if self._digest(file, stated[0]) == stated[1]:
                return Stamp(token, file)
        for file in chain(called, others):
            signature = _signature_in(file) if _is_called_json(file) else None
            if signature and hashlib.new(stated[0], signature).digest() == stated[1]:
                return Stamp(token, file, signature)
        return named

    def _is_known(self, file: EvidenceFile, name: str) -> bool:
        return (file, name) in self._digests

    def _may_read(self, file: EvidenceFile) -> bool:
        """Tell whether a file that nothing but its folder speaks for is worth its reading."""
        self._left -= file.size
        return self._left >= 0

    def _digest(self, file: EvidenceFile, name: str) -> bytes:
        if (file, name) not in self._digests:
            digest = hashlib.new(name)
            try:
                for block in blocks(file, cancel=self._cancel):
                    digest.update(block)
                self._digests[file, name] = digest.digest()
            except SourceError:
                self._digests[file, name] = b""
        return self._digests[file, name]


def _is_called_json(file: EvidenceFile) -> bool:
    return file.name.lower().endswith(_BUNDLES) and file.size <= MIB


def _signature_in(file: EvidenceFile) -> bytes | None:
    """Return the signature in a Sigstore bundle, which a token beside it may be over."""
    from workbench.model.bundle import bundle_from, is_bundle
    from workbench.model.json_place import MalformedSignature

    try:
        value = parse(read_whole(file, limit=MIB), what=file.display)
        return bundle_from(value).signature if is_bundle(value) else None
    except (SourceError, MalformedSignature):
        return None


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


READER = TimestampReader()
