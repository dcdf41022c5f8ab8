"""Every form in which a public key may be written, as bytes that can be searched for.

A key is known by 32 bytes of its own: an Ed25519 key whole, the end of the x coordinate of a point
on a curve, a part of an RSA modulus. They stand in its DER, certificates, SSH lines, JWK members
and verifier keys alike, so that none of these needs a form of its own.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from workbench.verify.keys.public import PublicKey, spki_of

CORE_BYTES = 32
_PEM_LINE = 64
#: Where the key itself begins in the base64 of a DER SubjectPublicKeyInfo (RFC 8410 10.1).
_ED25519_PREFIX = 16


@dataclass(frozen=True, slots=True)
class KeyForms:
    """How one key is written.

    Attributes:
        raw: bytes that stand in every binary form.
        texts: characters one of which stands in every text form, once everything but the base64
            alphabet is taken out and its safe form (RFC 4648 section 5) made the plain one.
    """

    raw: bytes
    texts: tuple[bytes, ...]


def forms_of(key: PublicKey) -> KeyForms:
    """Return the forms in which ``key`` may be written."""
    core = _core(key)
    hexadecimal = binascii.hexlify(core)
    texts = (*_base64_anywhere(core), hexadecimal, hexadecimal.upper())
    # Base64 of a PEM text, as bundles before OMS 1.1 and Kubernetes secrets have it.
    return KeyForms(core, (*texts, *_base64_anywhere(_line_of_pem(key))))


def _core(key: PublicKey) -> bytes:
    match key:
        case Ed25519PublicKey():
            return key.public_bytes_raw()
        case EllipticCurvePublicKey():
            return key.public_numbers().x.to_bytes(key.key_size // 8 + 1)[-CORE_BYTES:]
        case RSAPublicKey():
            modulus = key.public_numbers().n.to_bytes(key.key_size // 8 + 1)
            return modulus[-2 * CORE_BYTES : -CORE_BYTES]


def _line_of_pem(key: PublicKey) -> bytes:
    """Return a part of the PEM text that is the key's own and stands on one line."""
    body = base64.b64encode(spki_of(key))
    start = _ED25519_PREFIX if isinstance(key, Ed25519PublicKey) else _PEM_LINE
    return body[start : start + 42]


def _base64_anywhere(data: bytes) -> Iterator[bytes]:
    """Yield the base64 characters that ``data`` alone decides, wherever it begins."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data)
        yield encoded[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
