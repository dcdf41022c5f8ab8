"""How RSA signatures are padded (RFC 8017 section 8)."""

from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding


class RsaScheme(StrEnum):
    """How an RSA signature is padded (RFC 8017 section 8)."""

    PKCS1_V1_5 = "RSASSA-PKCS1-v1_5"
    PSS = "RSASSA-PSS"


def padding_of(scheme: RsaScheme, algorithm: hashes.HashAlgorithm) -> padding.AsymmetricPadding:
    """Return the padding of a scheme; the salt of RSA-PSS is as long as the hash."""
    if scheme is RsaScheme.PSS:
        return padding.PSS(padding.MGF1(algorithm), padding.PSS.DIGEST_LENGTH)
    return padding.PKCS1v15()
