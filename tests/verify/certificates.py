"""Certificates for tests: a sound one by default, and one thing changed at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from cryptography.x509.oid import NameOID

from workbench.model.trust import AnchorKind, TrustAnchor, TrustRole
from workbench.verify.keys.public import keys_in

AT = datetime(2026, 6, 30, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Sheet:
    """What a certificate says."""

    subject: str
    ca: bool | None = False
    path_length: int | None = None
    usage: str | None = "digital_signature"
    purposes: Sequence[x509.ObjectIdentifier] | None = (Purpose.CODE_SIGNING,)
    years: tuple[int, int] = (2026, 2030)
    more: Sequence[tuple[x509.ExtensionType, bool]] = ()


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def anchor(
        self, role: TrustRole | None = TrustRole.MODEL, *, self_supplied: bool = False
    ) -> TrustAnchor:
        (kind, own, der), (_, key, _) = keys_in(self.der)
        assert kind is AnchorKind.CERTIFICATE
        name = self.certificate.subject.rfc4514_string()
        return TrustAnchor(name, kind, role, own, key, der, self_supplied=self_supplied)


def authority(subject: str, **more: object) -> Sheet:
    """Return the sheet of a certificate authority."""
    sheet = Sheet(subject, ca=True, usage="key_cert_sign", purposes=None)
    return replace(sheet, **more)  # type: ignore[arg-type]  # names and types are the fields'


def issue(sheet: Sheet, issuer: Issued | None = None, key: Key | None = None) -> Issued:
    """Return a certificate as the sheet says, self-signed without an issuer."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = name_of(sheet.subject)
    builder = (
        x509.CertificateBuilder()
        .serial_number(x509.random_serial_number())
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.certificate.subject)
        .public_key(own.public_key())
        .not_valid_before(datetime(sheet.years[0], 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(sheet.years[1], 1, 1, tzinfo=UTC))
    )
    for extension, critical in (*_extensions(sheet), *sheet.more):
        builder = builder.add_extension(extension, critical)
    signer = own if issuer is None else issuer.key
    return Issued(builder.sign(signer, hashes.SHA256()), own)


def name_of(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def _extensions(sheet: Sheet) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = []
    if sheet.ca is not None:
        found.append((x509.BasicConstraints(sheet.ca, sheet.path_length), True))
    if sheet.usage is not None:
        found.append((usage_of(sheet.usage), True))
    if sheet.purposes is not None:
        found.append((x509.ExtendedKeyUsage(sheet.purposes), False))
    return found


def usage_of(wanted: str) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name == wanted for name in names})
