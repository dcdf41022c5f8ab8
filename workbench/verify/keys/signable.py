"""Try a signature over what it may be over, in the ways in which signers use a key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from workbench.model.verdict import DimensionVerdict, SignatureVerdict, Step
from workbench.verify.keys.public import PublicKey, spki_of, verify_signature
from workbench.verify.keys.rsa_padding import RsaScheme
from workbench.verify.keys.strength import CURVE_HASHES, weakness_of


@dataclass(frozen=True, slots=True)
class Signable:
    """The bytes that were signed, or their digest.

    Attributes:
        data: the bytes; b"" where only their digest is known.
        digests: digest by hash name, where the bytes are too many to hold.
        bare: a payload itself, without the encoding of DSSE around it.
    """

    data: bytes = b""
    digests: tuple[tuple[str, bytes], ...] = ()
    bare: bool = False

    def digest(self, name: str) -> bytes | None:
        """Return the digest of the bytes, or None where it is not known."""
        if self.digests:
            return dict(self.digests).get(name)
        digest = hashes.Hash(_BY_NAME[name])
        digest.update(self.data)
        return digest.finalize()


_BY_NAME: dict[str, hashes.HashAlgorithm] = {h.name: h for h in CURVE_HASHES.values()}


@dataclass(frozen=True, slots=True)
class Check:
    """How a signature verifies or should: enough to do it again by hand.

    Attributes:
        der: DER SubjectPublicKeyInfo of the key.
        hash_name: hash, as OpenSSL calls it; "" for Ed25519.
        scheme: padding of RSA, or None.
        bare: see ``Signable``.
        verifies: whether it does.
    """

    der: bytes
    hash_name: str = ""
    scheme: RsaScheme | None = None
    bare: bool = False
    verifies: bool = True


@dataclass(frozen=True, slots=True)
class PgpCheck:
    """An OpenPGP signature that verifies: enough to do it again by hand.

    Attributes:
        packet: the signature, put together again.
        certificate: packets of the certificate.
        fingerprint: of the key that made it.
    """

    packet: bytes
    certificate: bytes
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One signature of an attestation, judged.

    Attributes:
        verdict: what it is worth.
        why: the same in words.
        identity: who signed, where trusted: one text a signer; else "".
        check: how it verifies, or None.
        openpgp: how it verifies as one of OpenPGP, or None.
        holds: the signature verifies with some key, trusted or not.
        protection: what else protects the bytes and was recomputed, as proofs of logs.
        time: trusted time of it, or None where nothing is said of time.
        logged: it is shown to be in a public log.
        steps: steps of the proof trail that the kind of signature has beyond the common ones.
        notes: sentences for the auditor.
    """

    verdict: SignatureVerdict
    why: str
    identity: str = ""
    check: Check | None = None
    openpgp: PgpCheck | None = None
    holds: bool = False
    protection: tuple[DimensionVerdict, ...] = ()
    time: DimensionVerdict | None = None
    logged: bool = False
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()


def usable_key(key: PublicKeyTypes) -> PublicKey | None:
    """Return a key that is good enough to verify with, else None."""
    return key if isinstance(key, PublicKey) and weakness_of(key) is None else None


def load_key(der: bytes) -> PublicKey | None:
    """Return the key of a DER SubjectPublicKeyInfo (or PKCS #1 RSAPublicKey), or None."""
    try:
        return usable_key(serialization.load_der_public_key(der))
    except (ValueError, UnsupportedAlgorithm):
        return None


def verifying(key: PublicKey, value: bytes, signables: Sequence[Signable]) -> Check | None:
    """Return how ``value`` verifies with a key, or None."""
    for signable in signables:
        for algorithm, scheme in _ways(key):
            name = algorithm.name if algorithm else ""
            known = dict(signable.digests)
            if signable.digests and name not in known:
                continue
            good = verify_signature(
                key,
                value,
                known.get(name, signable.data),
                algorithm,
                scheme=scheme or RsaScheme.PKCS1_V1_5,
                prehashed=bool(signable.digests),
            )
            if good:
                return Check(spki_of(key), name, scheme, signable.bare)
    return None


def expected(key: PublicKey, *, bare: bool = False) -> Check:
    """Return how a signature that does not verify with a key would have."""
    algorithm, scheme = next(_ways(key))
    return Check(spki_of(key), algorithm.name if algorithm else "", scheme, bare, verifies=False)


def _ways(key: PublicKey) -> Iterator[tuple[hashes.HashAlgorithm | None, RsaScheme | None]]:
    """Yield the ways in which signers use a key: DSSE and in-toto leave that to the key."""
    match key:
        case Ed25519PublicKey():
            yield None, None
        case EllipticCurvePublicKey():
            own = CURVE_HASHES[key.curve.name]
            yield own, None
            yield from ((h, None) for h in CURVE_HASHES.values() if h.name != own.name)
        case RSAPublicKey():
            yield hashes.SHA256(), RsaScheme.PSS
            yield from ((h, RsaScheme.PKCS1_V1_5) for h in CURVE_HASHES.values())
