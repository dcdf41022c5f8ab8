"""Which trusted keys lie in the evidence: such a key does not prove who it belongs to (VERDICTS 2).

Every file is searched in one pass of bounded memory for the few keys that the auditor brought, in
whatever form they are written (``key_forms``). In small files private keys are read too, which
finds their public half (``private_keys``). What is compressed in a way that is not unpacked is not
seen through. A certificate within a signature's own chain is an element of a path (RFC 5280 6.1),
and no finding.
"""

import base64
import hashlib
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial, reduce
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import SourceError
from workbench.evidence.file import EvidenceFile, blocks, read_range, read_whole
from workbench.evidence.limits import MIB
from workbench.evidence.textual import is_text
from workbench.model.progress import Cancel, Progress
from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.verify.keys.forms import KeyForms, forms_of
from workbench.verify.keys.public import keys_in, public_key_of
from workbench.verify.keys.search import Found, Search, Sought, sought
from workbench.verify.keys_found import KEY_FILE, SPARING, KeysInEvidence
from workbench.verify.side_by_side import Reading, SideBySide

if TYPE_CHECKING:
    from workbench.model.json_place import Json

#: While so much is hashed others have the interpreter for themselves.
BLOCK = 4 * MIB
#: Of a large file, so much is looked at before it is searched.
_BEGINNING = 256 * 1024
#: How long a thread waits for the interpreter, in seconds, while one is at work that does nothing
#: but think.
_SOON = 0.0005


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is searched for: each key's forms, and its fingerprints as a key file gives them.

    ``signatures``: the files whose chains are elements of paths; ``exports``: those whose signed
    events carry their keys; ``hashed``: those to be hashed.
    """

    keys: Sought
    fingerprints: tuple[frozenset[str], ...]
    signatures: frozenset[EvidenceFile] = frozenset()
    exports: frozenset[EvidenceFile] = frozenset()
    hashed: frozenset[EvidenceFile] = frozenset()

    def named(self, fingerprints: set[str]) -> Found:
        """Return the keys that bear one of ``fingerprints``."""
        mine = enumerate(self.fingerprints)
        return Found(frozenset(number for number, own in mine if own & fingerprints))


class _Hurry:
    """Lets threads have the interpreter soon; with the last of those who ask for it, as before."""

    _lock = Lock()
    _asking = 0
    _before = 0.0

    def __init__(self) -> None:
        self._asks = False

    def begin(self) -> None:
        """Ask for it."""
        with _Hurry._lock:
            if not self._asks and not _Hurry._asking:
                _Hurry._before = sys.getswitchinterval()
                sys.setswitchinterval(_SOON)
            _Hurry._asking += not self._asks
            self._asks = True

    def end(self) -> None:
        """Ask for it no more."""
        with _Hurry._lock:
            _Hurry._asking -= self._asks
            if self._asks and not _Hurry._asking:
                sys.setswitchinterval(_Hurry._before)
            self._asks = False


class KeySearch:
    """A search for some keys through evidence; it can begin before all of it is sorted out."""

    def __init__(
        self, anchors: Sequence[TrustAnchor], *, progress: Progress, cancel: Cancel
    ) -> None:
        self._anchors, self._cancel = anchors, cancel
        prints = (frozenset({a.fingerprint, a.key_fingerprint}) for a in anchors)
        self._wanted = _Wanted(sought(map(_forms, anchors)), tuple(prints))
        self._working = SideBySide(self._search, progress=progress, cancel=cancel)
        self._hurry = _Hurry()

    def begin(self, files: Iterable[EvidenceFile]) -> None:
        """Search the large files that are no text, and hash them on the way, while others work.

        Whatever they turn out to be, they are searched in no other way, and need to be hashed.
        """
        everything = tuple(files)
        large = [file for file in everything if file.size > SPARING and not _begins_as_text(file)]
        if large:
            self._wanted = replace(self._wanted, hashed=frozenset(large))
            self._hurry.begin()
            self._working.begin(large, total=sum(file.size for file in everything))

    def keys(
        self,
        files: Sequence[EvidenceFile],
        *,
        containers: Sequence[EvidenceFile] = (),
        signatures: Collection[EvidenceFile] = (),
        exports: Collection[EvidenceFile] = (),
        hashed: Collection[EvidenceFile] = (),
    ) -> KeysInEvidence:
        """Return which of the keys lie in ``files``, and where.

        Args:
            files: everything that was handed over.
            containers: archives among it, whose own bytes (comments, gaps, headers) belong to no
                file.
            signatures: those of the files that are signatures, whose chains are elements of paths.
            exports: exports of Pangea among the files, whose signed events carry their keys.
            hashed: those of the files that whoever judges them will hash: it is done on the way.

        Raises:
            Cancelled: the user stopped it.
        """
        self._hurry.end()
        wanted = self._wanted = _Wanted(
            self._wanted.keys,
            self._wanted.fingerprints,
            frozenset(signatures),
            frozenset(exports),
            self._wanted.hashed.union(hashed),
        )
        everything = (*files, *containers)
        searched = self._working.results(everything)
        self._working.end()  # who judges may fork: that takes a process of one thread
        result = KeysInEvidence(files=len(everything))
        thinned: list[str] = []
        for file in everything:
            one = searched[file]
            if isinstance(one, SourceError):
                continue  # what cannot be read is somebody else's verdict
            held = one.found.keys
            among = held and file in containers
            carried = _carried(file, wanted, self._cancel) if among else frozenset()
            for number in held - carried:
                result.places.setdefault(self._anchors[number].fingerprint, file.display)
            if one.found.thinned:
                thinned.append(file.display)
            if one.digest is not None:
                result.digests[file, "sha256"] = one.digest
        return replace(result, thinned=tuple(thinned))

    def end(self) -> None:
        """Let no thread go on searching."""
        self._hurry.end()
        self._working.end()

    def _search(self, file: EvidenceFile, reading: Reading) -> "_Searched":
        return _search(file, reading, wanted=self._wanted)


@contextmanager
def key_search(
    anchors: Sequence[TrustAnchor], *, progress: Progress, cancel: Cancel
) -> Iterator[KeySearch]:
    """Yield a search for the keys that an auditor trusts; afterwards no thread of it is at work.

    Args:
        anchors: the keys.
        progress: told the bytes searched.
        cancel: checked once a block.
    """
    search = KeySearch(anchors, progress=progress, cancel=cancel)
    try:
        yield search
    finally:
        search.end()


def _begins_as_text(file: EvidenceFile) -> bool:
    """Tell whether a file begins as a text, or cannot be read."""
    try:
        return is_text(read_range(file, 0, _BEGINNING))
    except SourceError:
        return True


def _forms(anchor: TrustAnchor) -> KeyForms:
    """Return what is searched for; files are also compared with the content of a trusted root."""
    if anchor.kind in {AnchorKind.TRUSTED_ROOT, AnchorKind.IDENTITY}:
        return KeyForms(anchor.der, ())
    return forms_of(public_key_of(anchor))


def keys_of(file: EvidenceFile) -> set[str]:
    """Return the fingerprints of the keys that a small file is made of, of any kind.

    Also those of what is no key of anybody yet: a case keeps them from its intake on.
    """
    try:
        return _own_keys(file) if file.size <= KEY_FILE else set()
    except SourceError:
        return set()


class _Searched(NamedTuple):
    """What lies in a file, and its SHA-256 where that was wanted."""

    found: Found
    digest: bytes | None = None


def _search(file: EvidenceFile, reading: Reading, *, wanted: _Wanted) -> _Searched:
    """Return what lies in a file."""
    search = Search(wanted.keys, sparing=file.size > SPARING)
    if file in wanted.signatures and file.size <= SPARING:
        return _Searched(search.through(_without_chain(file)))
    if file in wanted.exports and (texts := _of_export(file)) is not None:
        return _Searched(search.through(texts))
    blocks_of_file = reading.blocks(file, BLOCK)
    if file in wanted.hashed:
        hasher = hashlib.sha256()
        found = search.through(_hashed(blocks_of_file, hasher))
        digest: bytes | None = hasher.digest()
    else:
        found, digest = search.through(blocks_of_file), None
    if file.size <= KEY_FILE:
        found |= wanted.named(_own_keys(file))
    return _Searched(found, digest)


def _hashed(blocks_of_file: Iterator[bytes], hasher: "hashlib._Hash") -> Iterator[bytes]:
    for block in blocks_of_file:
        hasher.update(block)
        yield block


def _of_export(file: EvidenceFile) -> list[bytes] | None:
    """Return what an export says but for the keys of its signed events; None: it is too large."""
    if file.size > SPARING:
        return None
    from workbench.verify.pangea.events import without_keys

    return without_keys(read_whole(file, limit=SPARING), file.display)


def _carried(archive: EvidenceFile, wanted: _Wanted, cancel: Cancel) -> frozenset[int]:
    """Return the keys in the signatures that lie in an archive: it may hold them as they are."""
    inside = f"{archive.member}!/" if archive.member else ""
    found = Found()
    for file in wanted.signatures | wanted.exports:
        if file.path == archive.path and (file.member or "").startswith(inside):
            found |= Search(wanted.keys).through(blocks(file, cancel=cancel))
    return found.keys


def _own_keys(file: EvidenceFile) -> set[str]:
    """Return the fingerprints of the keys in a small file, public halves of private ones too."""
    from workbench.verify.keys.private import key_files_in
    from workbench.verify.trust.sigstore_root import content_fingerprint, means_trusted_root

    data = read_whole(file, limit=KEY_FILE)
    if means_trusted_root(data):
        return {content_fingerprint(data)}
    texts = chain([data] if data.startswith(b"\x30") else (), key_files_in(data))
    return {fingerprint for text in texts for _, fingerprint, _ in keys_in(text)}


def _without_chain(file: EvidenceFile) -> list[bytes]:
    """Return what a signature file says, decoded, but for the certificates of its own chain."""
    from workbench.evidence.strict_json import parse
    from workbench.model.json_place import MalformedSignature
    from workbench.model.model_signature import model_signature_from

    data = read_whole(file, limit=SPARING)
    if (rest := _of_sshsig(data)) is not None or (rest := _of_token(data)) is not None:
        return [rest]
    try:
        bundle = parse(data, what=file.display)
        signature = model_signature_from(bundle)
    except (SourceError, MalformedSignature):
        return _without_paths(data, file.display)
    path = {base64.b64encode(der).decode() for der in signature.certificates}
    said = "\n".join(text for text in _strings(bundle) if text not in path)
    return [said.encode(), signature.payload, *signature.embedded_keys]


def _of_sshsig(data: bytes) -> bytes | None:
    """Return an SSHSIG but for its key, which names the signer, as a certificate does."""
    if b"SSH SIGNATURE" not in data:
        return None
    from workbench.verify.detached.sshsig import key_in, unarmoured

    own = key_in(data)
    return unarmoured(data).replace(own, b"") if own else None


def _of_token(data: bytes) -> bytes | None:
    """Return a time stamp but for its certificates."""
    if not data.startswith(b"\x30"):
        return None
    from workbench.verify.timestamp.token import Token, read_token

    token = read_token(data)
    if not isinstance(token, Token):
        return None
    return reduce(lambda rest, der: rest.replace(der, b""), token.certificates, data)


def _without_paths(data: bytes, what: str) -> list[bytes]:
    """Return what a file of attestations says, and its payloads, but for its certificates."""
    from workbench.evidence.strict_json import parse
    from workbench.model.attestation import attestations_in

    found = attestations_in(data, partial(parse, what=what))
    for one in found:
        for der in one.bundle.certificates if one.bundle else ():
            data = data.replace(base64.b64encode(der), b"")
    return [data, *(one.envelope.payload for one in found if one.envelope)]


def _strings(value: "Json") -> Iterator[str]:
    """Yield every string of a document, names of members too."""
    match value:
        case str():
            yield value
        case dict():
            for name, member in value.items():
                yield str(name)
                yield from _strings(member)
        case list():
            for item in value:
                yield from _strings(item)
        case _:
            return
