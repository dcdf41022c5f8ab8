"""What the body of a log entry says, held against the bundle (Rekor's entry types).

``hashedrekord`` 0.0.1 and 0.0.2, ``dsse`` 0.0.1 and 0.0.2, ``intoto`` 0.0.2. A kind that is not
known is open: its body may say anything.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.errors import SourceError
from workbench.evidence.strict_json import parse
from workbench.model.bundle import HASHES, Bundle, LogEntry, MessageSignature
from workbench.model.envelope import Envelope
from workbench.model.json_place import MalformedSignature, Place
from workbench.model.verdict import Code, DimensionVerdict, failed, indeterminate
from workbench.verify.keys.signable import Signable


@dataclass(frozen=True, slots=True)
class _Said:
    """What a body says.

    Attributes:
        signature: the signature that was logged.
        signer: DER of the certificate or key that was logged.
        algorithm: hash of ``digest``.
        digest: of what was signed, or of the payload.
        of_payload: ``digest`` is of the envelope's payload.
    """

    signature: bytes
    signer: bytes
    algorithm: str
    digest: bytes
    of_payload: bool = False


def why_of_another(
    entry: LogEntry, bundle: Bundle, signables: Sequence[Signable], signer: bytes
) -> tuple[DimensionVerdict, str] | None:
    """Return why an entry is not of the signature of a bundle, or None.

    ``signer``: DER of the certificate, or of the bare key, that the signature is by.
    """
    try:
        said = _said(entry)
    except MalformedSignature as error:
        bad = error.code == Code.FORMAT_FAILURE
        part = failed(Code.FORMAT_FAILURE) if bad else indeterminate(error.code)
        return part, f"The body of the log entry: {error}."
    except SourceError as error:
        return failed(Code.FORMAT_FAILURE), error.message
    if said.signature != bundle.signature:
        return failed(Code.HASH_FAILURE), "The log entry is of another signature."
    if said.signer != signer:
        return failed(Code.HASH_FAILURE), "The log entry is of another signer."
    if said.digest not in _digests(said, bundle, signables):
        return failed(Code.HASH_FAILURE), "The log entry is of something else that was signed."
    return None


def _digests(said: _Said, bundle: Bundle, signables: Sequence[Signable]) -> set[bytes]:
    if said.of_payload:
        content = bundle.content
        payload = content.payload if isinstance(content, Envelope) else b""
        return {hashlib.new(said.algorithm, payload).digest()}
    known = {d for d in (one.digest(said.algorithm) for one in signables) if d is not None}
    # An artifact that was changed takes nothing from an entry that is of what was signed.
    content = bundle.content
    if isinstance(content, MessageSignature) and content.algorithm == said.algorithm:
        known.add(content.digest)
    return known


def _said(entry: LogEntry) -> _Said:  # noqa: RET503 - ``refuse`` never returns
    top = Place(parse(entry.body, what="the body of the log entry"), "body#")
    kind, version = top.text("kind"), top.text("apiVersion")
    if (kind, version) != (entry.kind, entry.version):
        top.refuse("kind", f"is {kind[:40]!r} {version[:20]!r}, not what the bundle calls it")
    spec = top.object("spec")
    match kind, version:
        case "hashedrekord", "0.0.1":
            return _hashedrekord_1(spec)
        case "hashedrekord", "0.0.2":
            return _hashedrekord_2(spec.object("hashedRekordV002"))
        case "dsse", "0.0.1":
            return _dsse_1(spec)
        case "dsse", "0.0.2":
            return _dsse_2(spec.object("dsseV002"))
        case "intoto", "0.0.2":
            return _intoto_2(spec.object("content"))
        case _:
            what = f"{kind[:40]!r} {version[:20]!r} is not known"
            top.refuse("kind", what, code=Code.UNKNOWN_PROFILE)


def _hashedrekord_1(spec: Place) -> _Said:
    signature = spec.object("signature")
    key = signature.object("publicKey")
    algorithm, digest = _hexadecimal(spec.object("data").object("hash"))
    return _Said(
        signature.decoded("content"), _of_pem(key, key.decoded("content")), algorithm, digest
    )


def _hashedrekord_2(spec: Place) -> _Said:
    signature = spec.object("signature")
    algorithm, digest = _named(spec.object("data"))
    return _Said(
        signature.decoded("content"), _verifier(signature.object("verifier")), algorithm, digest
    )


def _dsse_1(spec: Place) -> _Said:
    first = _only(spec, "signatures")
    algorithm, digest = _hexadecimal(spec.object("payloadHash"))
    signer = _of_pem(first, first.decoded("verifier"))
    return _Said(first.decoded("signature"), signer, algorithm, digest, of_payload=True)


def _dsse_2(spec: Place) -> _Said:
    first = _only(spec, "signatures")
    algorithm, digest = _named(spec.object("payloadHash"))
    signer = _verifier(first.object("verifier"))
    return _Said(first.decoded("content"), signer, algorithm, digest, of_payload=True)


def _intoto_2(content: Place) -> _Said:
    first = _only(content.object("envelope"), "signatures")
    algorithm, digest = _hexadecimal(content.object("payloadHash"))
    # Rekor keeps the envelope's base64 in base64 once more.
    signature = first.decoded_text(first.decoded("sig").decode("ascii", "replace"), "sig")
    signer = _of_pem(first, first.decoded("publicKey"))
    return _Said(signature, signer, algorithm, digest, of_payload=True)


def _only(place: Place, key: str) -> Place:
    listed = place.items(key)
    return listed[0] if len(listed) == 1 else place.refuse(key, "must be exactly one")


def _hexadecimal(place: Place) -> tuple[str, bytes]:
    algorithm = place.text("algorithm")
    if algorithm not in HASHES.values():
        place.refuse("algorithm", f"{algorithm[:20]!r} is not used here", code="UNKNOWN_PROFILE")
    return algorithm, place.hexadecimal("value")


def _named(place: Place) -> tuple[str, bytes]:
    algorithm = place.text("algorithm")
    if algorithm not in HASHES:
        place.refuse("algorithm", f"{algorithm[:20]!r} is not used here", code="UNKNOWN_PROFILE")
    return HASHES[algorithm], place.decoded("digest")


def _verifier(place: Place) -> bytes:
    if place.get("x509Certificate") is not None:
        return place.object("x509Certificate").decoded("rawBytes")
    return place.object("publicKey").decoded("rawBytes")


def _of_pem(place: Place, data: bytes) -> bytes:
    """Return the DER of the one certificate or key in a PEM text."""
    lines = [line.strip() for line in data.splitlines()]
    inside = b"".join(line for line in lines if line and not line.startswith(b"-----"))
    try:
        return base64.b64decode(inside, validate=True)
    except ValueError:
        place.refuse("", "holds no PEM of a certificate or key")
