"""A small certificate authority for teams that have none: certificates and lists as bytes.

root (P-384, kept off line) -> issuing authority (P-384) -> auditor, reviewer (P-256), time-stamping
unit (P-384). What it proves is what the team itself vouches for: a reader has to get the root's
fingerprint by another way than the report, and no list of trusted providers has it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509 import ReasonFlags
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from workbench.errors import SigningError
from workbench.sign.keys import SigningKey

#: RFC 9336; with it e-mail, because NSS, so poppler's pdfsig, takes no other.
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")

_DAY = timedelta(days=1)
_ROOT_DAYS, _ISSUING_DAYS = 30 * 365, 20 * 365


class Holder(StrEnum):
    """Whom a certificate is for."""

    AUDITOR = "auditor"
    REVIEWER = "reviewer"
    TSA = "tsa"

    @property
    def days(self) -> int:
        """Return how long it is valid: a report is good for as long as its last time stamp."""
        return 12 * 365 if self is Holder.TSA else 3 * 365


class RevocationReason(StrEnum):
    """Why a certificate is withdrawn (RFC 5280 5.3.1)."""

    KEY_COMPROMISE = "key-compromise"
    LEFT = "left"
    SUPERSEDED = "superseded"
    UNSPECIFIED = "unspecified"


_FLAGS = {
    RevocationReason.KEY_COMPROMISE: ReasonFlags.key_compromise,
    RevocationReason.LEFT: ReasonFlags.affiliation_changed,
    RevocationReason.SUPERSEDED: ReasonFlags.superseded,
    RevocationReason.UNSPECIFIED: ReasonFlags.unspecified,
}


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A certificate on a list: its serial number, when and why it was withdrawn."""

    serial: int
    at: datetime
    reason: RevocationReason


def new_root(name: str, *, now: datetime) -> SigningKey:
    """Return a new root: a key and the certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP384R1())
    subject = _name(f"{name} Root CA", name)
    builder = _builder(subject, subject, key.public_key(), now, _ROOT_DAYS)
    certificate = _as_authority(builder, path_length=1).sign(key, hashes.SHA384())
    return SigningKey(key, certificate)


def new_issuer(root: SigningKey, name: str, *, now: datetime) -> SigningKey:
    """Return a new authority below the root, which issues to people."""
    own, signer = _parts(root)
    key = ec.generate_private_key(ec.SECP384R1())
    builder = _builder(
        _name(f"{name} Issuing CA", name), own.subject, key.public_key(), now, _ISSUING_DAYS
    )
    builder = _as_authority(builder, path_length=0).add_extension(
        _identifier(signer), critical=False
    )
    return SigningKey(key, builder.sign(signer, hashes.SHA384()), (own,))


def issue(
    issuer: SigningKey, holder: Holder, name: str, *, organisation: str, now: datetime
) -> SigningKey:
    """Return a new key for a person or a time-stamping unit, with its certificate."""
    own, signer = _parts(issuer)
    curve = ec.SECP384R1() if holder is Holder.TSA else ec.SECP256R1()
    key = ec.generate_private_key(curve)
    stamps = holder is Holder.TSA
    purposes = (
        [ExtendedKeyUsageOID.TIME_STAMPING]
        if stamps
        else [_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
    )
    builder = (
        _builder(_name(name, organisation), own.subject, key.public_key(), now, holder.days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=stamps)
        .add_extension(_identifier(signer), critical=False)
    )
    return SigningKey(key, builder.sign(signer, hashes.SHA384()), (own, *issuer.chain))


def revocation_list(
    issuer: SigningKey,
    withdrawn: Iterable[Withdrawn],
    *,
    number: int,
    now: datetime,
    days: int,
) -> bytes:
    """Return a list of what an authority withdrew, DER (RFC 5280 5)."""
    own, signer = _parts(issuer)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(own.subject)
        .last_update(now)
        .next_update(now + days * _DAY)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_identifier(signer), critical=False)
    )
    for each in withdrawn:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(each.serial)
            .revocation_date(each.at)
            .add_extension(x509.CRLReason(_FLAGS[each.reason]), critical=False)
            .build()
        )
    return builder.sign(signer, hashes.SHA384()).public_bytes(Encoding.DER)


def as_pkcs12(key: SigningKey, passphrase: bytes) -> bytes:
    """Return a key with its certificates as PKCS#12.

    Raises:
        SigningError: the passphrase is empty.
    """
    if not passphrase:
        raise SigningError("A private key is not written without a passphrase.")
    own, private = _parts(key)
    return pkcs12.serialize_key_and_certificates(
        key.subject.encode(), private, own, key.chain, BestAvailableEncryption(passphrase)
    )


def as_pem(key: SigningKey) -> bytes:
    """Return the certificate of a key as PEM."""
    return _parts(key)[0].public_bytes(Encoding.PEM)


def serial_of(pem: bytes) -> int:
    """Return the serial number of a certificate in PEM.

    Raises:
        SigningError: it is none.
    """
    try:
        return x509.load_pem_x509_certificate(pem).serial_number
    except ValueError as error:
        raise SigningError("That is no certificate in PEM.") from error


def _parts(key: SigningKey) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    if key.certificate is None or not isinstance(key.private_key, ec.EllipticCurvePrivateKey):
        raise SigningError("That is no key of an authority made here.")
    return key.certificate, key.private_key


def _name(common_name: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # clocks differ
        .not_valid_after(now + days * _DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _as_authority(builder: x509.CertificateBuilder, *, path_length: int) -> x509.CertificateBuilder:
    basic = x509.BasicConstraints(ca=True, path_length=path_length)
    return builder.add_extension(basic, critical=True).add_extension(
        _usage(signs=False), critical=True
    )


def _identifier(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _usage(*, signs: bool) -> x509.KeyUsage:
    """Return digitalSignature and nonRepudiation to sign, keyCertSign and cRLSign to issue."""
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )
