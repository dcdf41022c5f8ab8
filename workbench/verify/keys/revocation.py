"""Lists of revoked keys, as agents that sign their own records publish them.

A JSON object: ``revocations``, each with ``key_id``, ``revoked_at`` and perhaps ``reason``, and
perhaps ``issued_at``, ``issuer_key_id`` and a ``signature`` of Ed25519 over the rest in canonical
JSON. Such a list only ever takes trust away, so one that the auditor brings counts whoever signed
it; one whose stated signer the auditor knows, and who did not sign it, is damaged and refused.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from workbench.errors import SourceError
from workbench.evidence.quick_json import in_order, json_text
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.json_place import MalformedSignature, Place
from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.verify.keys.public import (
    PublicKey,
    PublicMaterial,
    public_key_of,
    spki_of,
    verify_signature,
)
from workbench.verify.keys.ssh import blob_of, read_ssh_line

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MOST_KEYS = 100_000


@dataclass(frozen=True, slots=True)
class RevokedKey:
    """One entry of a list.

    Attributes:
        key_id: how the list calls the key.
        since: from when on it must not be trusted, aware UTC.
        reason: why, in the words of the list, or "".
    """

    key_id: str
    since: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KeyRevocations:
    """A list, read.

    Attributes:
        keys: its entries.
        made: when it was made, as it says, aware UTC, or None.
        issuer: key id of who says so, or "".
        signature: over the rest, or b"".
        signed: what the signature is over.
    """

    keys: tuple[RevokedKey, ...]
    made: datetime | None = None
    issuer: str = ""
    signature: bytes = b""
    signed: bytes = b""


def means_key_revocations(data: bytes) -> bool:
    """Tell whether bytes mean to be such a list, sound or not."""
    return data.lstrip()[:1] == b"{" and b'"revocations"' in data and b'"revoked_at"' in data


def load_key_revocations(data: bytes, *, path: str) -> PublicMaterial:
    """Return a list as something that the auditor brings.

    Raises:
        SourceError: it cannot be read.
    """
    digest = hashlib.sha256(data).hexdigest()
    made = _read(data, path).made
    return PublicMaterial(AnchorKind.KEY_REVOCATIONS, data, digest, digest, valid_from=made)


def require_own_signer(brought: Sequence[TrustAnchor]) -> None:
    """Refuse a list that names a key given beside it as its signer's, and is not signed by it.

    Raises:
        SourceError: there is such a list.
    """
    keys = [a for a in brought if a.kind is AnchorKind.PUBLIC_KEY]
    for anchor in brought:
        if anchor.kind is not AnchorKind.KEY_REVOCATIONS:
            continue
        found = revocations_of(anchor)
        named = [a for a in keys if found.issuer in names_of(a)]
        if named and not any(_signed_by(found, public_key_of(a)) for a in named):
            message = f"{anchor.name} is damaged: {named[0].name}, which it names, did not sign it."
            raise SourceError(message, path=anchor.source)


def revoked(
    names: Callable[[], Iterable[str]], brought: Sequence[TrustAnchor]
) -> tuple[RevokedKey, TrustAnchor] | None:
    """Return the earliest revocation of a key by any of its names, and the list that holds it."""
    lists = [anchor for anchor in brought if anchor.kind is AnchorKind.KEY_REVOCATIONS]
    wanted = set(names()) if lists else set()
    found = (
        (entry, anchor)
        for anchor in lists
        for entry in revocations_of(anchor).keys
        if entry.key_id in wanted
    )
    return min(found, key=lambda pair: pair[0].since, default=None)


def names_of(anchor: TrustAnchor) -> frozenset[str]:
    """Return how a list may call a trusted key."""
    own = {anchor.fingerprint, anchor.key_fingerprint, anchor.key_id} - {""}
    prefixed = {f"sha256:{name}" for name in own}
    keyless = {AnchorKind.TRUSTED_ROOT, AnchorKind.IDENTITY}
    if anchor.kind in keyless or anchor.kind.revokes:
        return frozenset(own | prefixed)
    held = set()
    if anchor.kind is AnchorKind.SSH_SIGNER:
        held = {_ssh_name(read_ssh_line(anchor.der.decode()).blob)}
    return frozenset({*own, *prefixed, *held, *names_of_key(public_key_of(anchor))})


def names_of_certificate(certificate: "Certificate") -> Iterator[str]:
    """Yield how a list may call a certificate, or the key in it."""
    key = certificate.public_key()
    for digest in (certificate.fingerprint(SHA256()), hashlib.sha256(spki_of(key)).digest()):
        yield from (digest.hex(), f"sha256:{digest.hex()}")
    if isinstance(key, PublicKey):
        yield from names_of_key(key)


def names_of_key(key: PublicKey) -> Iterator[str]:
    """Yield the names of a key that are made of the key alone, beside digests of its DER."""
    yield _ssh_name(blob_of(key))
    if isinstance(key, Ed25519PublicKey):
        digest = hashlib.sha256(key.public_bytes_raw()).hexdigest()
        yield from (f"ed25519:{digest[:16]}", f"ed25519:{digest}")


def _ssh_name(blob: bytes) -> str:
    """Return the fingerprint of a key as OpenSSH prints it."""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode()
    return f"SHA256:{digest.rstrip('=')}"


def revocations_of(anchor: TrustAnchor) -> KeyRevocations:
    """Return what a list says that was read when it was given."""
    return _read(anchor.der, anchor.name)


def _signed_by(found: KeyRevocations, key: PublicKey) -> bool:
    ed25519 = isinstance(key, Ed25519PublicKey)
    return ed25519 and verify_signature(key, found.signature, found.signed)


@lru_cache(maxsize=16)
def _read(data: bytes, path: str) -> KeyRevocations:
    value = parse(data, what=path)
    try:
        place = Place(value, "")
        keys = tuple(map(_entry, place.items("revocations", most=MOST_KEYS)))
        made = place.optional_text("issued_at")
        issuer = place.optional_text("issuer_key_id") or ""
        signature = place.hexadecimal("signature") if place.get("signature") else b""
        issued = None if made is None else _moment(made)
    except (MalformedSignature, ValueError) as error:
        raise SourceError(f"{path} is no list of revoked keys: {error}.", path=path) from error
    return KeyRevocations(keys, issued, issuer, signature, _without_signature(value))


def _without_signature(value: JsonValue) -> bytes:
    """Return what the signature of a list is over: the rest, its members in order."""
    rest = {n: v for n, v in value.items() if n != "signature"} if isinstance(value, dict) else {}
    return json_text(in_order(rest)).encode()


def _entry(place: Place) -> RevokedKey:
    since = _moment(place.text("revoked_at"))
    return RevokedKey(place.text("key_id"), since, place.optional_text("reason") or "")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment.astimezone(UTC)
