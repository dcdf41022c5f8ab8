"""OpenPGP signatures in the form of in-toto: the signed part of a packet, and the bare numbers.

securesystemslib writes ``other_headers`` (RFC 9580 5.2.3, from the version to the hashed
subpackets) and ``signature`` (the number of RSA; R and S of EdDSA), and keys as bare numbers
without the certificate that binds them.
"""

import hashlib
from collections.abc import Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from workbench.verify.keys.public import PublicKey, verify_signature

_RSA, _EDDSA = 1, 22
_DOCUMENT = 0x00
_HASHES: dict[int, hashes.HashAlgorithm] = {
    8: hashes.SHA256(),
    9: hashes.SHA384(),
    10: hashes.SHA512(),
}
_ISSUER = 16


def bare_key(numbers: Mapping[str, str]) -> PublicKey | None:
    """Return the key that bare numbers in hexadecimal are, or None."""
    try:
        if "q" in numbers:
            return Ed25519PublicKey.from_public_bytes(bytes.fromhex(numbers["q"]))
        return RSAPublicNumbers(int(numbers["e"], 16), int(numbers["n"], 16)).public_key()
    except (ValueError, KeyError, UnsupportedAlgorithm):
        return None


def signed_by(key: PublicKey, headers: bytes, value: bytes, payload: bytes) -> bool:
    """Tell whether a signature in parts is by a key over ``payload`` (RFC 9580 5.2.4)."""
    algorithm = _HASHES.get(headers[3]) if _is_sound(headers) else None
    if algorithm is None or headers[1] != _DOCUMENT:
        return False
    data = payload + trailed(headers)
    match key:
        case RSAPublicKey():
            whole = value.rjust(key.key_size // 8, b"\0")
            return headers[2] == _RSA and verify_signature(key, whole, data, algorithm)
        case Ed25519PublicKey():
            digest = hashlib.new(algorithm.name, data).digest()
            return headers[2] == _EDDSA and verify_signature(key, value, digest)
        case _:
            return False


def packet_of(headers: bytes, value: bytes, payload: bytes, key_id: bytes) -> bytes | None:
    """Return the signature packet that was taken apart, or None where the parts are none.

    The two bytes with which the digest begins are not kept; they only tell damage early.
    """
    if not _is_sound(headers) or headers[3] not in _HASHES:
        return None
    if headers[2] == _EDDSA and len(value) == 64:
        numbers = _number(value[:32]) + _number(value[32:])
    elif headers[2] == _RSA:
        numbers = _number(value)
    else:
        return None
    digest = hashlib.new(_HASHES[headers[3]].name, payload + trailed(headers)).digest()
    issuer = bytes([len(key_id) + 1, _ISSUER]) + key_id if len(key_id) == 8 else b""
    body = headers + len(issuer).to_bytes(2) + issuer + digest[:2] + numbers
    return b"\xc2\xff" + len(body).to_bytes(4) + body


def is_read(headers: bytes) -> bool:
    """Tell whether a signature is of a kind that is read here."""
    known = {_RSA, _EDDSA}
    sound = _is_sound(headers) and headers[1] == _DOCUMENT
    return sound and headers[2] in known and headers[3] in _HASHES


def trailed(headers: bytes) -> bytes:
    """Return what is hashed after the document."""
    return headers + b"\x04\xff" + len(headers).to_bytes(4)


def _is_sound(headers: bytes) -> bool:
    """Tell whether bytes are the signed part of a version 4 signature, and no more."""
    return (
        len(headers) >= 6 and headers[0] == 4 and len(headers) == 6 + int.from_bytes(headers[4:6])
    )


def _number(data: bytes) -> bytes:
    """Return bytes as a multiprecision integer (RFC 9580 3.2)."""
    bare = data.lstrip(b"\0")
    bits = len(bare) * 8 - (8 - bare[0].bit_length() if bare else 0)
    return bits.to_bytes(2) + bare
