"""Which public keys are good enough to trust, and the hash that goes with each curve."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

#: RSA below the first is weak; above the second, a hostile key costs more time than it is worth.
RSA_BITS = range(2048, 8192 + 1)

#: FIPS 186-5 A.1.1. With the exponent 1 anybody can sign; small ones broke careless readers.
_RSA_EXPONENTS = range(2**16 + 1, 2**256)

#: RFC 8032 5.1: the field of edwards25519, and the y coordinates of its points of order 1, 2, 4
#: and 8. Under such a key anybody can make a signature that verifies.
_FIELD = 2**255 - 19
_ORDER_8 = 0x5FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = {0, 1, _FIELD - 1, _ORDER_8, _FIELD - _ORDER_8}

#: The elliptic curves we verify with, and the hash that goes with each (FIPS 186-5, OMS 1.0).
CURVE_HASHES: dict[str, hashes.HashAlgorithm] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}


def weakness_of(key: PublicKeyTypes) -> str | None:
    """Return why a key is not good enough to trust, as the end of a sentence, or None."""
    match key:
        case Ed25519PublicKey():
            y = int.from_bytes(key.public_bytes_raw(), "little") % 2**255
            bad = y in _SMALL_ORDER or y >= _FIELD
            return "is an Ed25519 point under which anybody can sign" if bad else None
        case EllipticCurvePublicKey(curve=curve):
            return None if curve.name in CURVE_HASHES else f"is on the curve {curve.name}"
        case RSAPublicKey():
            return _weakness_of_rsa(key)
        case _:
            kind = type(key).__name__.removesuffix("PublicKey")
            return f"is of the kind {kind}, which is not used for signatures here"


def _weakness_of_rsa(key: RSAPublicKey) -> str | None:
    if key.key_size not in RSA_BITS:
        limits = f"{RSA_BITS.start} to {RSA_BITS.stop - 1}"
        return f"is RSA of {key.key_size} bits; we take {limits}"
    numbers = key.public_numbers()
    if numbers.e not in _RSA_EXPONENTS or numbers.n % 2 == 0:
        return "is RSA with a public exponent or modulus that FIPS 186-5 forbids"
    return None
