"""How RSA signatures are padded (RFC 8017 section 8)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding


class RsaScheme(StrEnum):
    """How an RSA signature is padded (RFC 8017 section 8)."""

    PKCS1_V1_5 = "RSASSA-PKCS1-v1_5"
    PSS = "RSASSA-PSS"


def padding_of(
    scheme: RsaScheme, algorithm: hashes.HashAlgorithm, salt: int | None = None
) -> padding.AsymmetricPadding:
    """Return the padding of a scheme; the salt of RSA-PSS is as long as the hash, or as stated."""
    if scheme is RsaScheme.PSS:
        length = padding.PSS.DIGEST_LENGTH if salt is None else salt
        return padding.PSS(padding.MGF1(algorithm), length)
    return padding.PKCS1v15()


#: An AlgorithmIdentifier of asn1crypto, which ships no types.
_Algorithm = Any


@dataclass(frozen=True, slots=True)
class Pss:
    """How a signature says that it is padded with RSA-PSS (RFC 4055 3.1).

    Attributes:
        hash_name: what the content is hashed with.
        mask_name: what its mask is made with.
        salt: bytes of the salt: the signer chooses.
    """

    hash_name: str
    mask_name: str
    salt: int


def pss_of(algorithm: _Algorithm) -> Pss | None:
    """Return what an AlgorithmIdentifier says of RSA-PSS; None for another."""
    if algorithm["algorithm"].native != "rsassa_pss":
        return None
    said = algorithm["parameters"]
    mask = said["mask_gen_algorithm"]["parameters"]["algorithm"].native
    return Pss(said["hash_algorithm"]["algorithm"].native, mask, int(said["salt_length"].native))
