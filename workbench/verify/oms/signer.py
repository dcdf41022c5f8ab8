"""Who a signature is by: the subject of a certificate, or the name of a trusted key."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from workbench.model.model_signature import ModelSignature
from workbench.model.trust import TrustAnchor
from workbench.verify.keys import CURVE_HASHES, public_key_of, read_certificate, spki_of


@dataclass(frozen=True, slots=True)
class Signer:
    """Who a signature is by, as far as known.

    Attributes:
        name: name of the trust anchor, or subject of the certificate.
        fingerprint: SHA-256 of the DER certificate or SubjectPublicKeyInfo, or "".
        spki: SHA-256 of the DER SubjectPublicKeyInfo, or "".
        key: its key, when it is of a kind that OMS allows.
    """

    name: str
    fingerprint: str = ""
    spki: str = ""
    key: EllipticCurvePublicKey | None = None


def signer_of(certificate_der: bytes) -> Signer | None:
    """Return the subject of a certificate, or None when it cannot be read."""
    certificate = read_certificate(certificate_der)
    if certificate is None:
        return None
    try:
        name = certificate.subject.rfc4514_string()
    except ValueError:  # names are parsed only when asked for
        return None
    return Signer(
        name=name or "a certificate without a subject",
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        spki=hashlib.sha256(spki_of(certificate.public_key())).hexdigest(),
        key=_allowed(certificate.public_key()),
    )


def signer_by(anchor: TrustAnchor) -> Signer:
    """Return the owner of a trusted public key, called as the auditor calls the key."""
    key = _allowed(public_key_of(anchor))
    return Signer(anchor.name, anchor.fingerprint, anchor.key_fingerprint, key)


def is_meant(anchor: TrustAnchor, signature: ModelSignature) -> bool:
    """Tell whether a bundle calls the signer's key as this one, or does not call it at all.

    OMS writes the SHA-256 of the key's PEM text; others that of its DER. Before 1.1 the key
    itself stood there, as PEM.
    """
    claimed = {signature.hint.lower()} if signature.hint else set()
    claimed.update(hashlib.sha256(key).hexdigest() for key in signature.embedded_keys)
    pem = public_key_of(anchor).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    names = {anchor.key_fingerprint, hashlib.sha256(pem).hexdigest()}
    return not claimed or bool(claimed & names)


def _allowed(key: object) -> EllipticCurvePublicKey | None:
    """Return a key on one of the curves of the OMS algorithm registry."""
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name in CURVE_HASHES:
        return key
    return None
