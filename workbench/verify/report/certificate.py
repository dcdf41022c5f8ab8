"""What a verdict needs to know of one X.509 certificate, read once and completely."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]  # it ships no types
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from workbench.model.report_signature import CURVES, MINIMUM_RSA_BITS
from workbench.verify.report.der import DerError


@dataclass(frozen=True, slots=True)
class Certificate:
    """Facts of a certificate.

    Attributes:
        der: its bytes.
        name: common name of its subject, or the whole subject.
        subject: the whole subject, as names are compared (RFC 5280 7.1).
        fingerprint: lower hex SHA-256 of ``der``.
        key_fingerprint: lower hex SHA-256 of its DER SubjectPublicKeyInfo.
        first: start of its validity, aware UTC.
        last: end of its validity, aware UTC.
        strong: its key may sign a report.
    """

    der: bytes
    name: str
    subject: str
    fingerprint: str
    key_fingerprint: str
    first: datetime
    last: datetime
    strong: bool


def read_certificate(der: bytes) -> Certificate:
    """Return the facts of a DER certificate.

    Raises:
        DerError: it cannot be read.
    """
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        subject = asn1_x509.Certificate.load(der).subject
        return Certificate(
            der=der,
            name=_name(subject),
            subject=str(subject.hashable),
            fingerprint=hashlib.sha256(der).hexdigest(),
            key_fingerprint=hashlib.sha256(spki).hexdigest(),
            first=certificate.not_valid_before_utc,
            last=certificate.not_valid_after_utc,
            strong=_is_strong(key),
        )
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise DerError(f"a certificate cannot be read: {error}") from error


def _name(subject: asn1_x509.Name) -> str:
    """Return the subject in words; asn1crypto reads odd names without a warning on stderr."""
    name = subject.native.get("common_name")
    return name if isinstance(name, str) else str(subject.human_friendly)


def _is_strong(key: CertificatePublicKeyTypes) -> bool:
    match key:
        case EllipticCurvePublicKey():
            return key.curve.name in CURVES
        case RSAPublicKey():
            return key.key_size >= MINIMUM_RSA_BITS
        case _:
            return False
