"""Make a small certificate authority whose auditor can sign reports: for the sample and tests.

root (ECDSA P-384) -> auditor (ECDSA P-256). The auditor's certificate is for signing documents
(RFC 9336) and also for e-mail: NSS, so poppler's pdfsig, takes no other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

#: Nothing to protect: it is written beside the key that it opens.
PASSPHRASE = "for demonstration only"  # noqa: S105

#: A demonstration must still verify when somebody tries it years from now.
_ROOT_YEARS, _AUDITOR_YEARS = 30, 25

_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


@dataclass(frozen=True, slots=True)
class CaFiles:
    """What ``make_ca`` wrote: PEM root certificate, the auditor's PKCS#12, its passphrase."""

    root: Path
    auditor: Path
    passphrase: Path


def make_ca(folder: Path, *, name: str, now: datetime) -> CaFiles:
    """Write ``report-root.pem``, ``demo-auditor.p12`` and ``demo-passphrase.txt`` to ``folder``.

    Args:
        folder: existing folder.
        name: common name of the auditor; the root is called "<name> Root CA".
        now: aware time; the certificates are valid from the day before. Keys are new each time.
    """
    root_key = ec.generate_private_key(ec.SECP384R1())
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = _name(f"{name} Root CA")
    root = _root(issuer, root_key, now)
    certificate = _auditor(_name(name), key, root, root_key, now)
    files = CaFiles(
        folder / "report-root.pem", folder / "demo-auditor.p12", folder / "demo-passphrase.txt"
    )
    files.root.write_bytes(root.public_bytes(Encoding.PEM))
    files.auditor.write_bytes(
        pkcs12.serialize_key_and_certificates(
            name.encode(), key, certificate, [root], BestAvailableEncryption(PASSPHRASE.encode())
        )
    )
    files.passphrase.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return files


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _root(name: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    return (
        _builder(name, name, key.public_key(), now, _ROOT_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign=False), critical=True)
        .sign(key, hashes.SHA384())
    )


def _auditor(
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    purposes = [_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return (
        _builder(name, root.subject, key.public_key(), now, _AUDITOR_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(root_key, hashes.SHA384())
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    years: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    """Return digitalSignature and nonRepudiation to sign, keyCertSign and cRLSign to issue."""
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )
