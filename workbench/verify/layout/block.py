"""Read a signed link or layout, old form or envelope, and check signatures of the layout's keys."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from workbench.errors import LimitError, SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.strict_json import parse
from workbench.model.attestation import Parse
from workbench.model.envelope import Envelope, envelope_from
from workbench.model.json_place import Json, MalformedSignature, Place
from workbench.model.layout import (
    Layout,
    LayoutKey,
    Link,
    is_metablock,
    layout_from,
    link_from,
    metablock_from,
)
from workbench.model.verdict import Code
from workbench.verify.dsse import pae
from workbench.verify.in_toto_key import key_of
from workbench.verify.keys import spki_of
from workbench.verify.signable import Signable, verifying
from workbench.verify.verifier import Bench


@dataclass(frozen=True, slots=True)
class Block:
    """A file with a link or layout, as read.

    Attributes:
        file: the file.
        sha256: lower hex of its bytes, or "".
        envelope: what is signed and by which signatures, or None.
        signable: the bytes that they are over.
        content: the link or layout, or None.
        openpgp: key ids of signatures in the way of OpenPGP.
        code: why there is nothing, or None.
        message: the same in words.
    """

    file: EvidenceFile
    sha256: str = ""
    envelope: Envelope | None = None
    signable: Signable | None = None
    content: Link | Layout | None = None
    openpgp: tuple[str, ...] = ()
    code: str | None = None
    message: str = ""


def read_block(file: EvidenceFile, bench: Bench) -> Block:
    """Return what a file holds; a bad one is a block without content."""
    if file.problem is not None:
        return Block(file, code=file.problem, message=f"{file.display} was not delivered cleanly.")
    try:
        data = read_whole(file, limit=bench.limits.document)
    except SourceError as error:
        code = Code.LIMIT_EXCEEDED if isinstance(error, LimitError) else Code.UNREADABLE
        return Block(file, code=code, message=error.message)
    sha256 = hashlib.sha256(data).hexdigest()
    read = partial(parse, limits=bench.limits, what=file.display)
    try:
        return _block(file, sha256, read(data), read)
    except MalformedSignature as error:
        return Block(file, sha256, code=error.code, message=f"{file.display}: {error}.")
    except SourceError as error:
        code = Code.LIMIT_EXCEEDED if isinstance(error, LimitError) else Code.FORMAT_FAILURE
        return Block(file, sha256, code=code, message=error.message)


def _block(file: EvidenceFile, sha256: str, value: Json, read: Parse) -> Block:
    if is_metablock(value):
        found = metablock_from(value)
        signable = Signable(found.envelope.payload, bare=True)
        content = content_of(found.signed)
        return Block(file, sha256, found.envelope, signable, content, found.openpgp)
    envelope = envelope_from(Place(value, ""))
    signable = Signable(pae(envelope.payload_type, envelope.payload))
    return Block(file, sha256, envelope, signable, content_of(read(envelope.payload)))


def content_of(value: Json) -> Link | Layout:  # noqa: RET503 - ``refuse`` never returns
    """Return the link or layout that is signed.

    Raises:
        MalformedSignature: it is neither.
    """
    top = Place(value, "signed#")
    match top.get("_type"):
        case "link":
            return link_from(value)
        case "layout":
            return layout_from(value)
        case _:
            top.refuse("_type", "is neither link nor layout", code=Code.UNKNOWN_PROFILE)


@dataclass(frozen=True, slots=True)
class Signers:
    """Which keys of a layout signed a block.

    Attributes:
        good: SHA-256 of the DER SubjectPublicKeyInfo of each key that verifies, to its key id.
        broken: key ids that a signature names and does not verify with.
        unknown: key ids of keys or signatures of a kind that is not checked here.
    """

    good: Mapping[str, str]
    broken: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def signers_of(block: Block, keyids: tuple[str, ...], keys: Mapping[str, LayoutKey]) -> Signers:
    """Return which of the keys that a layout names for a step signed a link.

    OpenPGP signatures are told apart and not judged: whoever can judge them adds theirs here.
    """
    good: dict[str, str] = {}
    broken: list[str] = []
    unknown = [keyid for keyid in block.openpgp if keyid in keyids]
    values = block.envelope.signatures if block.envelope else ()
    for keyid in keyids:
        described = keys.get(keyid)
        key = None if described is None else key_of(described)
        if key is None:
            named = any(one.keyid == keyid for one in values)
            unknown += [keyid] if named and keyid not in unknown else []
            continue
        signables = [block.signable] if block.signable else []
        if any(verifying(key, one.value, signables) for one in values):
            good.setdefault(hashlib.sha256(spki_of(key)).hexdigest(), keyid)
        elif any(one.keyid == keyid for one in values):
            broken.append(keyid)
    return Signers(good, tuple(broken), tuple(unknown))
