"""Read a signed link or layout, old form or envelope, and check signatures of the layout's keys."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from workbench.errors import LimitError, SourceError
from workbench.evidence.file import EvidenceFile, read_whole
from workbench.evidence.strict_json import parse
from workbench.model.attestation import Parse
from workbench.model.envelope import Envelope, EnvelopeSignature, envelope_from
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
from workbench.verify.keys.in_toto import key_of
from workbench.verify.keys.openpgp_parts import is_read, signed_by
from workbench.verify.keys.public import PublicKey, spki_of
from workbench.verify.keys.signable import Signable, verifying
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
        code: why there is nothing, or None.
        message: the same in words.
    """

    file: EvidenceFile
    sha256: str = ""
    envelope: Envelope | None = None
    signable: Signable | None = None
    content: Link | Layout | None = None
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
        return Block(file, sha256, found.envelope, signable, content)
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
        ended: key ids of keys that may sign no more.
    """

    good: Mapping[str, str]
    broken: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


def signers_of(
    block: Block, keyids: tuple[str, ...], keys: Mapping[str, LayoutKey], at: datetime
) -> Signers:
    """Return which of the keys that a layout names for a step signed a link.

    ``at``: time at which OpenPGP keys that end must not have ended.
    """
    good: dict[str, str] = {}
    broken: list[str] = []
    unknown: list[str] = []
    ended: list[str] = []
    for keyid in keyids:
        described = keys.get(keyid)
        key = None if described is None else key_of(described)
        named = [one for one in _values(block) if one.keyid in _ids(keyid, described)]
        if described is None or key is None:
            unknown += [keyid] if named else []
        elif any(_signed(block, one, described, key, at) for one in _values(block)):
            good.setdefault(hashlib.sha256(spki_of(key)).hexdigest(), keyid)
        elif named:
            odd = all(one.headers and not is_read(one.headers) for one in named)
            over = any(_has_ended(_meant(described, one), at) for one in named)
            (unknown if odd else ended if over else broken).append(keyid)
    return Signers(good, tuple(broken), tuple(unknown), tuple(ended))


def _values(block: Block) -> tuple[EnvelopeSignature, ...]:
    return block.envelope.signatures if block.envelope else ()


def _ids(keyid: str, described: LayoutKey | None) -> set[str]:
    return {keyid, *(described.subkeys if described else ())}


def _meant(described: LayoutKey, one: EnvelopeSignature) -> LayoutKey:
    return described.subkeys.get(one.keyid, described)


def _has_ended(described: LayoutKey, at: datetime) -> bool:
    return described.ends is not None and described.ends < at


def _signed(
    block: Block, one: EnvelopeSignature, described: LayoutKey, key: PublicKey, at: datetime
) -> bool:
    """Tell whether a signature is by a key as it is described, or by a subkey in its place."""
    if not described.openpgp:
        signables = [block.signable] if block.signable and not one.headers else []
        return verifying(key, one.value, signables) is not None
    meant = _meant(described, one)
    own = key_of(meant)
    if not one.headers or own is None or block.envelope is None or _has_ended(meant, at):
        return False
    return signed_by(own, one.headers, one.value, block.envelope.payload)
