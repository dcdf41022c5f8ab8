"""A Sigstore bundle as it lies in the file, versions 0.1 to 0.3, before anybody judges it.

Built from strictly parsed JSON. Numbers of 64 bits stand there as texts (protobuf JSON); base64 is
canonical. The body of a log entry is kept as the bytes that the log has hashed.
"""

from dataclasses import dataclass

from workbench.model.envelope import Envelope, envelope_from
from workbench.model.json_place import Json, MalformedSignature, Place
from workbench.model.statement import BINDING

#: More digests than this lead to the root of no tree.
_MOST_HASHES = 64
_MOST_NUMBER = (1 << 63) - 1
_DIGITS = 19

_VERSIONS = {
    **{f"application/vnd.dev.sigstore.bundle+json;version=0.{n}": f"0.{n}" for n in (1, 2, 3)},
    "application/vnd.dev.sigstore.bundle.v0.3+json": "0.3",
}
#: Protobuf names of hash algorithms, with the names that digests have elsewhere.
HASHES = {"SHA2_256": "sha256", "SHA2_384": "sha384", "SHA2_512": "sha512"}


@dataclass(frozen=True, slots=True)
class MessageSignature:
    """A signature over the bytes of an artifact.

    Attributes:
        value: the signature.
        algorithm: hash of the stated digest, or "".
        digest: what the bundle says that the artifact's digest is, a hint; or b"".
    """

    value: bytes
    algorithm: str = ""
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That an entry is in a tree of a log (RFC 9162 2.1.3).

    Attributes:
        index: of the entry in that tree.
        size: number of entries of the tree.
        root: its root.
        hashes: the way to it.
        checkpoint: the signed note that states size and root, or b"".
    """

    index: int
    size: int
    root: bytes
    hashes: tuple[bytes, ...]
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What a transparency log says that it holds.

    Attributes:
        index: index of the entry over all trees of the log.
        log_id: id of the log.
        kind: of the entry.
        version: of the kind.
        integrated: when the log says that it took it in, seconds since 1970, or None.
        promise: the log's signature over that (SET), or b"".
        proof: that it is in the log, or None.
        body: the entry itself, canonical.
    """

    index: int
    log_id: bytes
    kind: str
    version: str
    integrated: int | None
    promise: bytes
    proof: InclusionProof | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """A signature with what a stranger needs to check it.

    Attributes:
        version: "0.1", "0.2" or "0.3".
        content: an envelope, or a signature over the artifact's bytes.
        certificates: DER certificates, the signer's first; () where a bare key signed.
        hint: what the bundle calls the key, or ""; nothing protects it.
        entries: of transparency logs.
        timestamps: RFC 3161 responses, DER.
    """

    version: str
    content: Envelope | MessageSignature
    certificates: tuple[bytes, ...] = ()
    hint: str = ""
    entries: tuple[LogEntry, ...] = ()
    timestamps: tuple[bytes, ...] = ()

    @property
    def signature(self) -> bytes:
        """Return the signature that log entries and timestamps are about."""
        if isinstance(self.content, MessageSignature):
            return self.content.value
        return self.content.signatures[0].value


def is_bundle(value: Json) -> bool:
    """Tell whether a JSON value means to be a bundle, sound or not."""
    return isinstance(value, dict) and "verificationMaterial" in value


def bundle_from(value: Json) -> Bundle:
    """Return what a parsed bundle holds (sigstore/protobuf-specs, ``sigstore_bundle.proto``).

    Raises:
        MalformedSignature: it is no bundle of a version that is known.
    """
    top = Place(value, "")
    media_type = top.text("mediaType")
    if media_type not in _VERSIONS:
        top.refuse("mediaType", f"is {media_type[:80]!r}, no Sigstore bundle up to version 0.3")
    material = top.object("verificationMaterial")
    certificates, hint = _signer(material)
    return Bundle(
        version=_VERSIONS[media_type],
        content=_content(top),
        certificates=certificates,
        hint=hint,
        entries=tuple(_entry(item) for item in _listed(material, "tlogEntries")),
        timestamps=_timestamps(material),
    )


def _content(top: Place) -> Envelope | MessageSignature:
    kinds = [k for k in ("messageSignature", "dsseEnvelope") if top.get(k) is not None]
    if len(kinds) != 1:
        top.refuse("", f"holds {len(kinds)} of an envelope and a signature, not exactly one")
    place = top.object(kinds[0])
    if kinds[0] == "dsseEnvelope":
        envelope = envelope_from(place)
        if len(envelope.signatures) != 1:
            place.refuse("signatures", "must be exactly one in a bundle")
        return envelope
    # Protobuf's JSON refuses what it does not know; a digest under another name is not passed over.
    for name in set(place.members) - {"messageDigest", "signature"}:
        place.refuse(name[:40], "is not known here")
    if place.get("messageDigest") is None:
        return MessageSignature(place.decoded("signature"))
    stated = place.object("messageDigest")
    algorithm, digest = stated.text("algorithm"), stated.decoded("digest")
    if algorithm not in HASHES:
        stated.refuse("algorithm", f"{algorithm[:40]!r} is not known", code="UNKNOWN_PROFILE")
    if len(digest) * 2 != BINDING[HASHES[algorithm]]:
        stated.refuse("digest", f"is no {algorithm} digest")
    return MessageSignature(place.decoded("signature"), HASHES[algorithm], digest)


def _signer(material: Place) -> tuple[tuple[bytes, ...], str]:
    """Return the certificates, or the hint of a bare key."""
    kinds = [
        k for k in ("certificate", "x509CertificateChain", "publicKey") if k in material.members
    ]
    if len(kinds) != 1:
        material.refuse("", f"names {len(kinds)} kinds of signer, not exactly one")
    place = material.object(kinds[0])
    match kinds[0]:
        case "certificate":
            return (place.decoded("rawBytes"),), ""
        case "x509CertificateChain":
            return tuple(c.decoded("rawBytes") for c in place.items("certificates")), ""
        case _:
            return (), place.optional_text("hint") or ""


def _timestamps(material: Place) -> tuple[bytes, ...]:
    if material.get("timestampVerificationData") is None:
        return ()
    data = material.object("timestampVerificationData")
    listed = _listed(data, "rfc3161Timestamps")
    return tuple(item.decoded("signedTimestamp") for item in listed)


def _entry(place: Place) -> LogEntry:
    kind = place.object("kindVersion")
    promise = b""
    if place.get("inclusionPromise") is not None:
        promise = place.object("inclusionPromise").decoded("signedEntryTimestamp")
    proof = None if place.get("inclusionProof") is None else _proof(place.object("inclusionProof"))
    return LogEntry(
        index=_number(place, "logIndex"),
        log_id=place.object("logId").decoded("keyId"),
        kind=kind.text("kind"),
        version=kind.text("version"),
        integrated=_number(place, "integratedTime") or None,
        promise=promise,
        proof=proof,
        body=place.decoded("canonicalizedBody"),
    )


def _proof(place: Place) -> InclusionProof:
    hashes = place.get("hashes") or []
    if not isinstance(hashes, list) or len(hashes) > _MOST_HASHES:
        place.refuse("hashes", f"must be a list of at most {_MOST_HASHES}")
    checkpoint = b""
    if place.get("checkpoint") is not None:
        checkpoint = place.object("checkpoint").text("envelope").encode("utf-8", "surrogatepass")
    return InclusionProof(
        index=_number(place, "logIndex"),
        size=_number(place, "treeSize"),
        root=place.decoded("rootHash"),
        hashes=tuple(place.decoded_text(item, f"hashes/{n}") for n, item in enumerate(hashes)),
        checkpoint=checkpoint,
    )


def _listed(place: Place, key: str) -> tuple[Place, ...]:
    """Return the entries of a list that may be absent or empty."""
    return place.items(key) if place.get(key) else ()


def _number(place: Place, key: str) -> int:
    """Return a number of 64 bits, written as text or as number; one that is absent is 0."""
    value = place.get(key)
    if value is None:
        return 0
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _DIGITS:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST_NUMBER:
        place.refuse(key, "must be a whole number that is not negative")
    return value


def read_bundle(value: Json) -> Bundle | MalformedSignature:
    """Return the bundle that a JSON value is, or why it is none."""
    try:
        return bundle_from(value)
    except MalformedSignature as error:
        return error
