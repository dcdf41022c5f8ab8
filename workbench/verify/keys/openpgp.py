"""OpenPGP certificates and signatures (RFC 9580), read and verified by Sequoia: its only home.

The library is asked for facts, one at a time, and every way in which it can fail is a fact too. It
judges with the clock of the machine where a signature has an end of its own, so what depends on a
time is also compared here with the time for which trust is judged.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from workbench.verify.keys.openpgp_frame import packets_alone
from workbench.verify.keys.openpgp_revocation import PgpRevocation, revocation_in, worst_of

if TYPE_CHECKING:
    from pysequoia.packet import Packet

PgpKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey

ARMOUR = b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
#: Tag 6, a public key, in the old format with one or two bytes of length, and in the new one.
_BINARY = (b"\x98", b"\x99", b"\xc6")
MOST_SIGNATURES = 32

#: Hashes of RFC 9580 9.5 that stand against collisions, as ``hashlib`` calls them.
STRONG_HASHES = {
    8: "sha256",
    9: "sha384",
    10: "sha512",
    11: "sha224",
    12: "sha3_256",
    14: "sha3_512",
}
_HASHES = STRONG_HASHES | {1: "md5", 2: "sha1", 3: "ripemd160"}
_BINARY_DOCUMENT, _TEXT_DOCUMENT = 0x00, 0x01
_SUBKEY_BINDING, _SUBKEY_REVOCATION, _KEY_REVOCATION = 0x18, 0x28, 0x20

_Answer = TypeVar("_Answer")


class PgpProblem(Exception):  # noqa: N818 - it never leaves this package: a reason, as data
    """Why bytes are no certificate that can be trusted: the end of a sentence about its file."""


@dataclass(frozen=True, slots=True)
class PgpKeyFacts:
    """One key of a certificate: what its packets say, before anybody vouches for them.

    Attributes:
        fingerprint: lower hex.
        id: lower hex key id.
        last: when it may sign no more, or None.
        revoked: the revocation of it that lies in the certificate, or None.
    """

    fingerprint: str
    id: str
    last: datetime | None = None
    revoked: PgpRevocation | None = None


@dataclass(frozen=True, slots=True)
class PgpCertificate:
    """A certificate.

    Attributes:
        data: its packets.
        fingerprint: of its primary key, lower hex.
        owner: its first user id.
        key: its primary key.
        keys: primary key and subkeys.
        last: when it expires, or None.
        revoked: its revocation, or None.
    """

    data: bytes
    fingerprint: str
    owner: str
    key: PgpKey
    keys: tuple[PgpKeyFacts, ...]
    last: datetime | None
    revoked: PgpRevocation | None


@dataclass(frozen=True, slots=True)
class PgpSignature:
    """A signature packet.

    Attributes:
        data: the packet.
        issuers: fingerprint and key id by which it names its key, lower hex.
        hash: name of its hash for ``hashlib``, or "" for one that is not known.
        strong: whether that hash stands against collisions.
        over_bytes: whether it is over the bytes of a document, and not over its text.
        created: when, as it says.
        expires: until when it wants to count, or None.
        trailer: what is hashed after the document, or None where that is not known here.
        left: the first two bytes of the digest, as it says.
    """

    data: bytes
    issuers: frozenset[str]
    hash: str
    strong: bool
    over_bytes: bool
    created: datetime | None
    expires: datetime | None
    trailer: bytes | None
    left: bytes


def is_certificate(data: bytes) -> bool:
    """Tell whether a file is meant as an OpenPGP certificate."""
    return data.lstrip().startswith(ARMOUR) or data.startswith(_BINARY)


def read_certificates(data: bytes) -> tuple[PgpCertificate, ...]:
    """Return the certificates of a key file.

    Raises:
        PgpProblem: it holds none, a private key, or one of a kind that is not used here.
    """
    from pysequoia import Cert
    from pysequoia.packet import Tag

    alone = packets_alone(data)
    # What is read cannot always be written again: a fingerprint of no known kind, for one.
    found = alone and _asked(lambda: [bytes(cert) for cert in Cert.split_bytes(alone)])
    packets = _packets(data)
    if not found or not packets:
        raise PgpProblem("holds an OpenPGP certificate that cannot be read")
    if any(packet.tag in (Tag.SecretKey, Tag.SecretSubkey) for packet in packets):
        raise PgpProblem("holds an OpenPGP private key: trust needs only the public one")
    return tuple(map(_certificate, found))


def read_certificate_packets(data: bytes) -> PgpCertificate:
    """Return the certificate whose packets were read before.

    Raises:
        PgpProblem: it cannot be read.
    """
    return _certificate(data)


def _certificate(data: bytes) -> PgpCertificate:
    from pysequoia import Cert

    cert = _asked(lambda: Cert.from_bytes(data))
    packets = _packets(data)
    if cert is None or not packets:
        raise PgpProblem("holds an OpenPGP certificate that cannot be read")
    state = _asked(lambda: (cert.expiration, cert.is_revoked, [str(u) for u in cert.user_ids]))
    if state is None:
        raise PgpProblem("holds an OpenPGP certificate that today's rules refuse: it is too weak")
    key, keys = _asked(lambda: (_key(packets[0].body), _keys(packets))) or (None, [])
    if key is None:
        raise PgpProblem("holds an OpenPGP key that cannot be read, or of a kind not used here")
    last, revoked, owners = state
    owner = owners[0] if owners else f"OpenPGP {cert.fingerprint}"
    gone = (
        worst_of([_revocation(p) for p in packets if _is(p, _KEY_REVOCATION)]) if revoked else None
    )
    return PgpCertificate(data, cert.fingerprint, owner, key, tuple(keys), last, gone)


def read_signatures(data: bytes) -> tuple[PgpSignature, ...]:
    """Return the signatures of a file that holds nothing else, or ()."""
    packets = _packets(data)
    if not packets or len(packets) > MOST_SIGNATURES:
        return ()
    found = _asked(lambda: [_signature(packet) for packet in packets]) or []
    whole = [one for one in found if one is not None]
    return tuple(whole) if len(whole) == len(found) else ()


def verifies(
    signature: PgpSignature,
    certificate: PgpCertificate,
    *,
    data: bytes | None = None,
    path: str | None = None,
) -> bool:
    """Tell whether a signature verifies by a certificate: its key bound, alive and not revoked.

    Args:
        signature: the signature.
        certificate: whose it may be.
        data: the document.
        path: where the document lies, instead of ``data``.
    """
    from pysequoia import Cert, Sig, verify

    def ask() -> bool:
        cert = Cert.from_bytes(certificate.data)
        one = Sig.from_bytes(signature.data)
        found = verify(bytes=data, file=path, store=lambda _ids: [cert], signature=one)
        good = {sig.certificate.lower() for sig in found.valid_sigs}
        return certificate.fingerprint in good

    return _asked(ask) is True


def _asked(ask: Callable[[], _Answer]) -> _Answer | None:
    """Return the library's answer, or None: however it fails, that is no fault of the program."""
    try:
        return ask()
    except (RuntimeError, ValueError, TypeError, OSError):
        return None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of its own language; not an Exception
            raise
        return None


def _packets(data: bytes) -> "list[Packet]":
    """Return the packets, or none where they cannot be read or one is of no known kind.

    RFC 9580 4.3 has such a sequence refused where the kind is below 40. From 40 on it would be
    passed over; it is refused here too, because the library fails where it is asked for any.
    """
    from pysequoia.packet import PacketPile

    alone = packets_alone(data)
    if alone is None:
        return []
    kinds = _asked(lambda: [(packet, packet.tag) for packet in PacketPile.from_bytes(alone)])
    return [packet for packet, _ in kinds or []]


def _keys(packets: "Sequence[Packet]") -> list[PgpKeyFacts]:
    """Return primary key and subkeys with what their own packets say of their end."""
    from pysequoia.packet import Tag

    found: list[PgpKeyFacts] = []
    created: datetime | None = None
    for packet in packets:
        if packet.tag in (Tag.PublicKey, Tag.PublicSubkey):
            found.append(
                PgpKeyFacts((packet.fingerprint or "").lower(), (packet.key_id or "").lower())
            )
            created = packet.key_created
        elif packet.tag == Tag.Signature and len(found) > 1:
            one = found[-1]
            if _is(packet, _SUBKEY_REVOCATION):
                both = [_revocation(packet), *([one.revoked] if one.revoked else [])]
                found[-1] = replace(one, revoked=worst_of(both))
            elif _is(packet, _SUBKEY_BINDING):
                last = _after(created, packet.key_validity_period)
                found[-1] = replace(one, last=last)
    return found


def _is(packet: "Packet", kind: int) -> bool:
    """Tell whether a packet is a signature of a kind."""
    from pysequoia.packet import Tag

    return packet.tag == Tag.Signature and packet.body[1:2] == bytes([kind])


def _revocation(packet: "Packet") -> PgpRevocation:
    return revocation_in(packet.body, packet.signature_created)


def _after(start: datetime | None, period: timedelta | None) -> datetime | None:
    with suppress(OverflowError):
        return start + period if start is not None and period else None
    return None


def _signature(packet: "Packet") -> PgpSignature | None:
    from pysequoia.packet import Tag

    body = packet.body
    if packet.tag != Tag.Signature or len(body) < 10 or body[0] not in {4, 6}:
        return None
    named = (packet.issuer_fingerprint, packet.issuer_key_id)
    hashed = 6 + int.from_bytes(body[4:6])
    trailer, left = None, b""
    if body[0] == 4:  # RFC 9580 5.2.4; in version 6 a salt comes first
        trailer = body[:hashed] + b"\x04\xff" + hashed.to_bytes(4)
        unhashed = hashed + 2 + int.from_bytes(body[hashed : hashed + 2])
        left = body[unhashed : unhashed + 2]
    return PgpSignature(
        data=bytes(packet),
        issuers=frozenset(name.lower() for name in named if name),
        hash=_HASHES.get(body[3], ""),
        strong=body[3] in STRONG_HASHES,
        over_bytes=body[1] == _BINARY_DOCUMENT,
        created=packet.signature_created,
        expires=packet.signature_expiration_time,
        trailer=trailer,
        left=left,
    )


def _key(body: bytes) -> PgpKey | None:
    """Return the key of a public key packet (RFC 9580 5.5.2), or None for another kind."""
    start = {4: 6, 6: 10}.get(body[0] if body else 0)
    if start is None or len(body) <= start:
        return None
    algorithm, rest = body[5], body[start:]
    try:
        match algorithm:
            case 1 | 3:
                modulus, exponent = _number(rest)
                return RSAPublicNumbers(
                    int.from_bytes(_number(exponent)[0]), int.from_bytes(modulus)
                ).public_key()
            case 19:
                return _point(rest)
            case 22:
                return Ed25519PublicKey.from_public_bytes(_number(rest[1 + rest[0] :])[0][-32:])
            case 27:
                return Ed25519PublicKey.from_public_bytes(rest)
            case _:
                return None
    except (ValueError, IndexError, UnsupportedAlgorithm):
        return None


_CURVES = {
    bytes.fromhex("2a8648ce3d030107"): SECP256R1(),
    bytes.fromhex("2b81040022"): SECP384R1(),
    bytes.fromhex("2b81040023"): SECP521R1(),
}


def _point(rest: bytes) -> EllipticCurvePublicKey | None:
    curve = _CURVES.get(rest[1 : 1 + rest[0]])
    if curve is None:
        return None
    return EllipticCurvePublicKey.from_encoded_point(curve, _number(rest[1 + rest[0] :])[0])


def _number(data: bytes) -> tuple[bytes, bytes]:
    """Return the bytes of a multiprecision integer, and what comes after it."""
    size = (int.from_bytes(data[:2]) + 7) // 8
    return data[2 : 2 + size], data[2 + size :]


def digest_begins(signature: PgpSignature, digest: Callable[[str, bytes], bytes]) -> bool | None:
    """Tell whether a document's digest begins as the signature says; None where that is unknown."""
    if signature.trailer is None or signature.hash not in hashlib.algorithms_available:
        return None
    return digest(signature.hash, signature.trailer)[:2] == signature.left
