"""Private keys that we sign with: the auditor's from a file or a token, a log's made here.

A passphrase or PIN comes from a function (a prompt, a descriptor), never from the command line.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12

from workbench.errors import SigningError
from workbench.evidence.file import read_whole, single
from workbench.evidence.limits import MIB
from workbench.model.report_signature import CURVES, MINIMUM_RSA_BITS

__all__ = [
    "Ed25519PrivateKey",
    "KeptKey",
    "Passphrase",
    "SigningKey",
    "belongs",
    "load_signing_key",
    "new_ed25519",
    "private_pem",
    "public_der",
    "public_key_pem",
    "public_pem",
]


class KeptKey(Protocol):
    """A private key that somebody else keeps: a token."""

    def public_key(self) -> EllipticCurvePublicKey | RSAPublicKey:
        """Return its public half."""

    def sign_sha256(self, data: bytes) -> bytes:
        """Return ECDSA (DER) or RSA PKCS #1 v1.5 over the SHA-256 of ``data``.

        Raises:
            SigningError: whoever keeps it does not sign.
        """


PrivateKey = EllipticCurvePrivateKey | RSAPrivateKey | Ed25519PrivateKey | KeptKey

#: Asks for a passphrase; called at most once, and only when the file is encrypted.
Passphrase = Callable[[], bytes]

_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----", re.DOTALL)

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with what certifies it.

    Attributes:
        private_key: ECDSA P-256 or P-384, RSA of 3072 bits or more, in a file or a token, or
            Ed25519 (heads only).
        certificate: the certificate of exactly this key, or None.
        chain: further certificates that lay beside it, in their order.
    """

    private_key: PrivateKey
    certificate: x509.Certificate | None = None
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def subject(self) -> str:
        """Return whom the certificate names, or ""."""
        return "" if self.certificate is None else self.certificate.subject.rfc4514_string()

    @property
    def fingerprint(self) -> str:
        """Return the lower hex SHA-256 of the certificate, or ""."""
        return (
            "" if self.certificate is None else self.certificate.fingerprint(hashes.SHA256()).hex()
        )

    @property
    def key_fingerprint(self) -> str:
        """Return the lower hex SHA-256 of the DER SubjectPublicKeyInfo."""
        return hashlib.sha256(public_der(self)).hexdigest()

    @property
    def name(self) -> str:
        """Return the name to print: the common name of the certificate, or all of its subject."""
        if self.certificate is None:
            return ""
        found = self.certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(found[0].value) if found else self.subject

    @property
    def root_der(self) -> bytes:
        """Return the DER of the root above the certificate, or b"" if it is absent."""
        top = self.certificate
        for _ in self.chain:
            top = next((c for c in self.chain if top and c.subject == top.issuer), top)
        if top is None or top.subject != top.issuer:
            return b""
        return top.public_bytes(serialization.Encoding.DER)

    @property
    def root_fingerprint(self) -> str:
        """Return the lower hex SHA-256 of the root above the certificate, or "" if it is absent."""
        return hashlib.sha256(self.root_der).hexdigest() if self.root_der else ""

    @property
    def is_rsa(self) -> bool:
        """Tell whether its signatures are RSA; else they are ECDSA."""
        return isinstance(self.private_key.public_key(), RSAPublicKey)

    @property
    def signature_room(self) -> int:
        """Return how many bytes a signature of it has at most."""
        public = self.private_key.public_key()
        if isinstance(public, RSAPublicKey):
            return public.key_size // 8
        size = public.key_size if isinstance(public, EllipticCurvePublicKey) else 0
        return 2 * (size // 8) + 16  # two INTEGERs in a SEQUENCE

    @property
    def ders(self) -> tuple[bytes, ...]:
        """Return the DER of the certificate and of those that lay beside it."""
        own = () if self.certificate is None else (self.certificate,)
        return tuple(c.public_bytes(serialization.Encoding.DER) for c in (*own, *self.chain))

    def sign_sha256(self, data: bytes) -> bytes:
        """Return ECDSA (DER) or RSA PKCS #1 v1.5 over the SHA-256 of ``data``.

        Raises:
            SigningError: it is a key for heads of logs, or the token does not sign.
        """
        match self.private_key:
            case EllipticCurvePrivateKey() as key:
                return key.sign(data, ECDSA(hashes.SHA256()))
            case RSAPrivateKey() as key:
                return key.sign(data, PKCS1v15(), hashes.SHA256())
            case Ed25519PrivateKey():
                raise SigningError("An Ed25519 key signs heads of logs, not reports.")
            case kept:
                return kept.sign_sha256(data)


def load_signing_key(
    path: Path, passphrase: Passphrase | None, *, certificates: Path | None = None
) -> SigningKey:
    """Return the key in a PKCS#12 or PEM file, with the certificates in it.

    Args:
        path: PKCS#12, or PEM with one private key and perhaps certificates.
        passphrase: asked only when the file is encrypted; None: there is none.
        certificates: a second PEM file with certificates, or None.

    Raises:
        SigningError: no key, more than one, a weak one, a missing or wrong passphrase, or
            certificates of which none is the key's.
        SourceError: a file cannot be read.
    """
    data = read_whole(single(path), limit=MIB)
    read = _from_pem if b"-----BEGIN " in data else _from_pkcs12
    found, beside = read(path, data, passphrase)
    if certificates is not None:
        more = read_whole(single(certificates), limit=MIB)
        beside = [*beside, *_certificates(certificates, more)]
    key = _require_strong(path, found)
    own = next((c for c in beside if belongs(c, key.public_key())), None)
    if beside and own is None:
        raise _error(path, "comes with certificates, but none of them belongs to its key")
    return SigningKey(key, own, tuple(c for c in beside if c != own))


def new_ed25519() -> Ed25519PrivateKey:
    """Return a new key for a log."""
    return Ed25519PrivateKey.generate()


def public_pem(key: Ed25519PublicKey) -> bytes:
    """Return a public key as PEM."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def public_der(key: SigningKey) -> bytes:
    """Return the DER SubjectPublicKeyInfo of a key."""
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.private_key.public_key().public_bytes(*form)


def public_key_pem(key: SigningKey) -> bytes:
    """Return the public half of a key as PEM: what whoever verifies has to trust."""
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.private_key.public_key().public_bytes(*form)


def private_pem(key: Ed25519PrivateKey) -> bytes:
    """Return a private key as unencrypted PEM: for demonstrations only."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _from_pem(
    path: Path, data: bytes, passphrase: Passphrase | None
) -> tuple[object, list[x509.Certificate]]:
    keys = [match[0] for match in _PEM.finditer(data) if b"PRIVATE KEY" in match[1]]
    if len(keys) != 1:
        raise _error(path, f"holds {len(keys) or 'no'} private keys; one is needed")
    try:
        key: object = serialization.load_pem_private_key(keys[0], None)
    except TypeError:  # how the library says that it is encrypted
        key = _decrypted(path, passphrase, lambda p: serialization.load_pem_private_key(keys[0], p))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _error(path, "holds a private key that cannot be read") from error
    return key, _certificates(path, data)


def _from_pkcs12(
    path: Path, data: bytes, passphrase: Passphrase | None
) -> tuple[object, list[x509.Certificate]]:
    if not data.startswith(b"\x30"):
        raise _error(path, "is neither PKCS#12 nor PEM with a private key")
    try:
        found = pkcs12.load_key_and_certificates(data, None)
    except (ValueError, UnsupportedAlgorithm):
        found = _decrypted(path, passphrase, lambda p: pkcs12.load_key_and_certificates(data, p))
    key, certificate, more = found
    return key, [*filter(None, [certificate]), *more]


def _decrypted(
    path: Path, passphrase: Passphrase | None, load: Callable[[bytes], Loaded]
) -> Loaded:
    if passphrase is None:
        raise _error(path, "is encrypted, and no passphrase was given")
    try:
        return load(passphrase())
    except (ValueError, TypeError) as error:
        raise _error(path, "cannot be opened: the passphrase is wrong or it is damaged") from error
    except UnsupportedAlgorithm as error:
        raise _error(path, "is encrypted in a way that is not supported") from error


def _certificates(path: Path, data: bytes) -> list[x509.Certificate]:
    blocks = [match[0] for match in _PEM.finditer(data) if match[1] == b"CERTIFICATE"]
    try:
        return [x509.load_pem_x509_certificate(block) for block in blocks]
    except ValueError as error:
        raise _error(path, "holds a certificate that cannot be read") from error


def _require_strong(
    path: Path, key: object
) -> EllipticCurvePrivateKey | RSAPrivateKey | Ed25519PrivateKey:
    match key:
        case EllipticCurvePrivateKey(curve=curve) if curve.name in CURVES:
            return key
        case RSAPrivateKey(key_size=bits) if bits >= MINIMUM_RSA_BITS:
            return key
        case Ed25519PrivateKey():
            return key
        case None:
            raise _error(path, "holds no private key")
        case _:
            raise _error(
                path,
                "holds a key that does not sign here: it takes ECDSA P-256 or P-384, RSA of "
                f"{MINIMUM_RSA_BITS} bits or more, or Ed25519 for heads of logs",
            )


def belongs(certificate: x509.Certificate, key: CertificatePublicKeyTypes) -> bool:
    """Tell whether a certificate is of a key."""
    form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return certificate.public_key().public_bytes(*form) == key.public_bytes(*form)


def _error(path: Path, reason: str) -> SigningError:
    return SigningError(f"{path} {reason}.", path=str(path))
