"""Keys that live in security keys (openssh-portable, PROTOCOL.u2f): FIDO in the dress of SSH.

Such a key signs for one application and counts what it signs. What it signed says whether somebody
touched it, and whether it checked who that was; the private half never leaves it.
"""

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = "sk-ssh-ed25519@openssh.com"
ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"
_CURVE = b"nistp256"
_POINT_BYTES = 65
_PRESENT, _VERIFIED = 0x01, 0x04

SecurityKeyKey = Ed25519PublicKey | EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class SecurityKey:
    """A public key in a security key.

    Attributes:
        algorithm: name of key and signatures.
        key: the key.
        application: for which it signs, as ``ssh:``.
    """

    algorithm: str
    key: SecurityKeyKey
    application: bytes


@dataclass(frozen=True, slots=True)
class Touch:
    """What a security key states beside a signature.

    Attributes:
        flags: what it saw of whoever used it.
        counter: how many signatures it made, or 0.
    """

    flags: int
    counter: int

    @property
    def shown(self) -> str:
        """Return the flags in words, and the counter."""
        touched = "touched" if self.flags & _PRESENT else "not touched"
        verified = ", and knew whoever did so" if self.flags & _VERIFIED else ""
        counted = f"flags 0x{self.flags:02x}, counter {self.counter}"
        return f"the security key was {touched}{verified} ({counted})"

    def signed(self, application: bytes, message: bytes) -> bytes:
        """Return the bytes that are signed for a message; there are no extensions."""
        return (
            hashlib.sha256(application).digest()
            + bytes([self.flags])
            + self.counter.to_bytes(4)
            + hashlib.sha256(message).digest()
        )


def is_security_key(blob: bytes) -> bool:
    """Tell whether a blob names a kind of key that lives in a security key."""
    return blob[4:7] == b"sk-"


def read_security_key(blob: bytes) -> SecurityKey | None:
    """Return the key of a blob, or None: of another kind, or not in its only encoding."""
    parts = _strings(blob)
    if parts is None or len(parts) < 3:
        return None
    name, application = parts[0], parts[-1]
    if not application:
        return None
    try:
        if name == ED25519.encode() and len(parts) == 3:
            return SecurityKey(ED25519, Ed25519PublicKey.from_public_bytes(parts[1]), application)
        if name == ECDSA.encode() and len(parts) == 4 and parts[1] == _CURVE:
            if len(parts[2]) != _POINT_BYTES:
                return None
            point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), parts[2])
            return SecurityKey(ECDSA, point, application)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return None


def _strings(data: bytes) -> list[bytes] | None:
    """Return all strings that bytes are (RFC 4251 section 5), or None."""
    found = []
    while data:
        length = int.from_bytes(data[:4])
        if len(data) < 4 + length:
            return None
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    return found
