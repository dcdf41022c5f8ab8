"""A signed model, read from its bundle and hashed file by file (OMS 1.0 section 8, DSSE 1.0)."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import load_der_public_key

from workbench.evidence.file import EvidenceFile, blocks, read_whole
from workbench.evidence.subject import Subject
from workbench.model.progress import Cancel
from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.verify.recheck.opinion import NoOpinionError
from workbench.verify.recheck.strict import BadJsonError, read

_PREDICATE = "https://model_signing/signature/v1.0"
#: OMS 1.0, 6.2.1: left out at the top of the model, whatever the manifest says.
_NEVER_SIGNED = (".git", ".gitignore", ".gitattributes", ".github")
#: OMS 1.0, 4.2: the curve says which hash the signature is over.
_HASH_OF_CURVE = {"secp256r1": SHA256(), "secp384r1": SHA384(), "secp521r1": SHA512()}


@dataclass(frozen=True, slots=True)
class ModelOpinion:
    """What is so of a model.

    Attributes:
        altered: names whose bytes are not those of the manifest.
        missing: names of the manifest that are not there.
        added: names that are there and that the manifest neither names nor leaves out.
        verifies: whether a signature verifies under a trusted key, or under that of the
            certificate that came along.
        rooted: whether the digest of the subject is that of all the digests.
    """

    altered: frozenset[str]
    missing: frozenset[str]
    added: frozenset[str]
    verifies: bool
    rooted: bool


def model_opinion(
    subject: Subject, anchors: Sequence[TrustAnchor], *, cancel: Cancel
) -> ModelOpinion:
    """Return what is so of a model.

    Raises:
        NoOpinionError: it is not judged here.
        SourceError: a file cannot be read.
        Cancelled: the user stopped it.
    """
    _require_plain(subject)
    bundle = _document(read_whole(subject.signatures[0]), "bundle")
    envelope = _object(bundle, "dsseEnvelope")
    payload = _decoded(envelope.get("payload"))
    statement = _document(payload, "statement")
    listed, left_out = _manifest(statement)
    there = {_name(file, subject): file for file in subject.files}
    if not subject.base and len(there) == 1:
        there = {next(iter(listed), ""): subject.files[0]}
    there = {n: f for n, f in there.items() if n in listed or f not in subject.signatures}
    digests = {name: _sha256(there[name], cancel) for name in listed if name in there}
    extra = (name for name in there if name not in listed and not _is_left_out(name, left_out))
    return ModelOpinion(
        altered=frozenset(name for name, digest in digests.items() if digest != listed[name]),
        missing=frozenset(listed.keys() - there.keys()),
        added=frozenset(extra),
        verifies=_is_signed(envelope, payload, [*_keys(anchors), *_leaf(bundle)]),
        rooted=_root(listed) == _stated_root(statement),
    )


def _require_plain(subject: Subject) -> None:
    if len(subject.signatures) != 1:
        raise NoOpinionError(f"of a model with {len(subject.signatures)} signature files")
    if subject.links or subject.linked:
        raise NoOpinionError("of a model with links in it")


def _document(data: bytes, what: str) -> Mapping[str, object]:
    try:
        value = read(data, spelled=False)
    except BadJsonError as error:
        raise NoOpinionError(f"of a {what} that is no JSON") from error
    if not isinstance(value, dict):
        raise NoOpinionError(f"of a {what} that is no object")
    return value


def _object(place: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = place.get(name)
    if not isinstance(value, dict):
        raise NoOpinionError(f"of a signature without {name}")
    return value


def _objects(place: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    value = place.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise NoOpinionError(f"of a signature without {name}")
    return value


def _decoded(text: object) -> bytes:
    """Return the bytes of base64 in either alphabet (DSSE 1.0, 4)."""
    if not isinstance(text, str):
        raise NoOpinionError("of an envelope without base64")
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/") + "==")
    except ValueError as error:
        raise NoOpinionError("of an envelope without base64") from error


def _manifest(statement: Mapping[str, object]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the digest of each name, and the paths that are left out (OMS 1.0, 6.5)."""
    predicate = _object(statement, "predicate")
    how = _object(predicate, "serialization")
    asked = statement.get("predicateType"), how.get("method"), how.get("hash_type")
    if asked != (_PREDICATE, "files", "sha256"):
        raise NoOpinionError(f"of a manifest of another kind: {json.dumps(asked)[:120]}")
    listed = {str(r.get("name")): str(r.get("digest")) for r in _objects(predicate, "resources")}
    if len(listed) != len(_objects(predicate, "resources")):
        raise NoOpinionError("of a manifest in which a name stands twice")
    left_out = how.get("ignore_paths") or []
    if not isinstance(left_out, list):
        raise NoOpinionError("of a manifest whose ignore_paths are no list")
    return listed, (*_NEVER_SIGNED, *(str(path).rstrip("/") for path in left_out))


def _name(file: EvidenceFile, subject: Subject) -> str:
    return file.place[len(subject.base) :]


def _is_left_out(name: str, paths: Sequence[str]) -> bool:
    return any(path and (name == path or name.startswith(f"{path}/")) for path in paths)


def _sha256(file: EvidenceFile, cancel: Cancel) -> str:
    digest = hashlib.sha256()
    for block in blocks(file, cancel=cancel):
        digest.update(block)
    return digest.hexdigest()


def _root(listed: Mapping[str, str]) -> str:
    """Return the digest over all digests, in the order of the manifest (OMS 1.0, 6.5)."""
    try:
        return hashlib.sha256(b"".join(map(bytes.fromhex, listed.values()))).hexdigest()
    except ValueError:
        return ""


def _stated_root(statement: Mapping[str, object]) -> object:
    subjects = _objects(statement, "subject")
    return _object(subjects[0], "digest").get("sha256") if len(subjects) == 1 else None


def _keys(anchors: Sequence[TrustAnchor]) -> Iterator[object]:
    for anchor in anchors:
        if anchor.kind is AnchorKind.CERTIFICATE:
            yield x509.load_der_x509_certificate(anchor.der).public_key()
        else:
            yield load_der_public_key(anchor.der)


def _leaf(bundle: Mapping[str, object]) -> Iterator[object]:
    """Yield the key of the signer's certificate, if one came along (OMS 1.0, 4.1)."""
    material = _object(bundle, "verificationMaterial")
    chain = material.get("x509CertificateChain")
    certificates = _objects(chain, "certificates") if isinstance(chain, dict) else []
    single = material.get("certificate")
    certificates = [*certificates[:1], *([single] if isinstance(single, dict) else [])]
    for certificate in certificates:
        try:
            yield x509.load_der_x509_certificate(_decoded(certificate.get("rawBytes"))).public_key()
        except ValueError as error:
            raise NoOpinionError("of a certificate that cannot be read") from error


def _is_signed(envelope: Mapping[str, object], payload: bytes, keys: Sequence[object]) -> bool:
    """Tell whether one of the signatures verifies under one of the keys (DSSE 1.0)."""
    kind = str(envelope.get("payloadType")).encode()
    signed = b" ".join(
        (b"DSSEv1", str(len(kind)).encode(), kind, str(len(payload)).encode(), payload)
    )
    signatures = [_decoded(item.get("sig")) for item in _objects(envelope, "signatures")]
    return any(_verifies(key, one, signed) for key in keys for one in signatures)


def _verifies(key: object, signature: bytes, signed: bytes) -> bool:
    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name not in _HASH_OF_CURVE:
        return False
    try:
        key.verify(signature, signed, ECDSA(_HASH_OF_CURVE[key.curve.name]))
    except InvalidSignature:
        return False
    return True
