"""Make the bank's keys: a root and a leaf that sign models, and a bare key; all throw-away."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_BORN = datetime(2026, 1, 5, tzinfo=UTC)
_LEAF_ENDS = datetime(2036, 1, 5, tzinfo=UTC)
_ROOT_ENDS = datetime(2046, 1, 5, tzinfo=UTC)


def write_keys(private: Path, trust: Path, bank: str) -> None:
    """Write private keys to ``private``, what an auditor trusts to ``trust``."""
    root_key, leaf_key = ec.generate_private_key(ec.SECP384R1()), _new()
    root_name, leaf_name = _name(bank, "Model Signing Root"), _name(bank, "Model Release")
    root = _certificate(root_name, root_key, root_name, root_key, ca=True)
    leaf = _certificate(leaf_name, leaf_key, root_name, root_key, ca=False)
    bare = _new()
    _write_key(private / "release.pem", leaf_key)
    _write_key(private / "developer.pem", bare)
    (private / "release-cert.pem").write_bytes(_pem(leaf))
    (trust / "model-root.pem").write_bytes(_pem(root))
    (trust / "model-key.pem").write_bytes(
        bare.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def _new() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(bank: str, unit: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, bank),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{bank} {unit} (sample)"),
        ]
    )


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    ca: bool,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(_BORN)
        .not_valid_after(_ROOT_ENDS if ca else _LEAF_ENDS)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(_usage(ca=ca), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if not ca:
        code = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])
        builder = builder.add_extension(code, critical=False)
    return builder.sign(issuer_key, hashes.SHA384() if ca else hashes.SHA256())


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
