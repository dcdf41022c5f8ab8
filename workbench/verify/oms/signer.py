"""Who a signature is by: the subject of a certificate, or the name of a trusted key."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from workbench.model.envelope import EnvelopeSignature
from workbench.model.model_signature import ModelSignature
from workbench.model.trust import AnchorKind, TrustAnchor, TrustRole
from workbench.verify.keys.public import keys_in, public_key_of, spki_of
from workbench.verify.keys.strength import CURVE_HASHES


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


@dataclass(frozen=True, slots=True)
class Known:
    """A key that the auditor brought, seen as the signer of a model.

    Attributes:
        anchor: the trust anchor; a certificate stands here for its key.
        signer: its owner.
    """

    anchor: TrustAnchor
    signer: Signer

    @property
    def fits(self) -> bool:
        """Tell whether it may vouch: a bare key in the right role. Nobody judges a path here."""
        return self.anchor.kind is AnchorKind.PUBLIC_KEY and self.anchor.serves(TrustRole.MODEL)

    def is_called(self, names: frozenset[str]) -> bool:
        """Tell whether one of ``names`` is its own: SHA-256 of its PEM text or of its DER."""
        pem = public_key_of(self.anchor).public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return bool(names & {self.anchor.key_fingerprint, hashlib.sha256(pem).hexdigest()})


def known_key(anchor: TrustAnchor) -> Known:
    """Return a trusted key, called as the auditor calls it."""
    key = _allowed(public_key_of(anchor))
    return Known(anchor, Signer(anchor.name, anchor.fingerprint, anchor.key_fingerprint, key))


def signer_of(certificate_der: bytes) -> Signer | None:
    """Return the subject of a certificate, or None when it cannot be read."""
    from workbench.verify.keys.certificate import read_certificate

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


def names_of(signature: ModelSignature, item: EnvelopeSignature) -> frozenset[str]:
    """Return what a bundle calls the key of one signature; nothing protects these names.

    OMS 1.0, 4.1: the hint, before 1.1 the key itself. Both are said once of the whole bundle, so
    among several signatures a key id of one's own comes first.
    """
    own = {item.keyid} if item.keyid else set()
    if own and len(signature.signatures) > 1:
        return frozenset(map(_plain, own))
    hint = {signature.hint} if signature.hint else set()
    return frozenset(map(_plain, own | hint | set(_embedded(signature))))


def _embedded(signature: ModelSignature) -> Iterator[str]:
    for key in signature.embedded_keys:
        yield hashlib.sha256(key).hexdigest()
        yield from (fingerprint for _, fingerprint, _ in keys_in(key))


def _plain(name: str) -> str:
    return name.lower().removeprefix("sha256:")


def _allowed(key: object) -> EllipticCurvePublicKey | None:
    """Return a key on one of the curves of the OMS algorithm registry."""
    if isinstance(key, EllipticCurvePublicKey) and key.curve.name in CURVE_HASHES:
        return key
    return None
