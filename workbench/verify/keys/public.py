"""Public keys and certificates: read strictly, named by fingerprint, used to verify.

What holds here:

* a key is what its bytes say, never what its file is called;
* a key too weak, or of a kind that is not checked here, is refused when it is given, by name;
* a private key is never needed to verify, so it is never taken as trust;
* a signature verifies or it does not: no bytes of evidence make it raise.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from workbench.errors import SourceError
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.verify.keys.listed import ListedKey, listed_keys
from workbench.verify.keys.minisign import MinisignKey, read_minisign_key
from workbench.verify.keys.openpgp import (
    PgpProblem,
    is_certificate,
    read_certificate_packets,
    read_certificates,
)
from workbench.verify.keys.pem import PEM_BEGIN, pem_blocks
from workbench.verify.keys.rsa_padding import RsaScheme, padding_of
from workbench.verify.keys.security import is_security_key
from workbench.verify.keys.ssh import (
    SshKeyProblem,
    SshLine,
    load_ssh_key,
    read_ssh_line,
    read_ssh_lines,
)
from workbench.verify.keys.strength import CURVE_HASHES, weakness_of
from workbench.verify.keys.vkey import NoteKeyType, VerifierKey, read_vkeys

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey


@dataclass(frozen=True, slots=True)
class PublicMaterial:
    """A public key or certificate.

    Attributes:
        kind: what form it has.
        der: DER SubjectPublicKeyInfo (points uncompressed, curves named) or DER certificate, or
            the bytes of another form (``TrustAnchor``).
        fingerprint: lower hex SHA-256 of ``der``.
        key_fingerprint: lower hex SHA-256 of the DER SubjectPublicKeyInfo in either case.
        note_name: for a C2SP verifier key, the only note signer name it may verify.
        owner: who the file says that it is of, or "".
        key_id: by what name of its own proofs call the key, or "".
        valid_from: start of its life, or None where nothing says so.
        valid_to: end of its life, or None.
    """

    kind: AnchorKind
    der: bytes
    fingerprint: str
    key_fingerprint: str
    note_name: str | None = None
    owner: str = ""
    key_id: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What cannot be taken as trust: why, and the public half of it where there is one."""

    reason: str
    public: PublicMaterial | None = None


_Finding = PublicMaterial | _Refusal


def load_public(data: bytes, *, path: str) -> tuple[PublicMaterial, ...]:
    """Return every key, certificate and revocation list of a trust file.

    It holds PEM blocks, DER, C2SP verifier keys, OpenSSH keys, allowed signers, minisign keys,
    OpenPGP certificates, or what ``aws cloudtrail list-public-keys`` says.

    Raises:
        SourceError: it holds none, or anything in it cannot be taken as trust.
    """
    found: list[PublicMaterial] = []
    for finding in _findings(data):
        if isinstance(finding, _Refusal):
            raise SourceError(f"{path} {finding.reason}.", path=path)
        found.append(finding)
    if not found:
        raise SourceError(f"{path} holds no public key and no certificate.", path=path)
    return tuple(found)


def keys_in(data: bytes) -> tuple[tuple[AnchorKind, str, bytes], ...]:
    """Return (kind, fingerprint, DER) of every key and certificate in a file of a drop.

    A certificate also gives its key, and an unencrypted private key its public half. What
    cannot be read is left out: it can be nobody's trusted key.
    """
    found: dict[str, tuple[AnchorKind, str, bytes]] = {}
    for finding in _findings(data):
        material = finding.public if isinstance(finding, _Refusal) else finding
        for item in _with_key(material):
            if item.kind.revokes:
                continue
            found[item.fingerprint] = (item.kind, item.fingerprint, item.der)
    return tuple(found.values())


def verify_signature(
    key: PublicKey,
    signature: bytes,
    data: bytes,
    algorithm: hashes.HashAlgorithm | None = None,
    *,
    scheme: RsaScheme = RsaScheme.PKCS1_V1_5,
    salt: int | None = None,
    prehashed: bool = False,
) -> bool:
    """Tell whether ``signature`` over ``data`` verifies with ``key``.

    ECDSA signatures are DER. ``algorithm`` defaults to the hash of the curve, and to SHA-256
    for RSA; Ed25519 has its own. ``salt``: bytes of the salt of RSA-PSS, else as long as the hash.
    ``prehashed``: data is the digest; under Ed25519, which hashes for itself, nothing verifies.
    """
    try:
        match key:
            case Ed25519PublicKey():
                if prehashed:
                    return False
                key.verify(signature, data)
            case EllipticCurvePublicKey():
                chosen = algorithm or CURVE_HASHES[key.curve.name]
                key.verify(signature, data, ECDSA(Prehashed(chosen) if prehashed else chosen))
            case RSAPublicKey():
                chosen = algorithm or hashes.SHA256()
                of = Prehashed(chosen) if prehashed else chosen
                key.verify(signature, data, padding_of(scheme, chosen, salt), of)
    except InvalidSignature:
        return False
    return True


def public_key_of(anchor: TrustAnchor) -> PublicKey:
    """Return the key of a trust anchor, be it a bare key or in a certificate."""
    key: object
    match anchor.kind:
        case AnchorKind.PUBLIC_KEY:
            key = serialization.load_der_public_key(anchor.der)
        case AnchorKind.CERTIFICATE:
            key = key_in_certificate(anchor.der)
        case AnchorKind.SSH_SIGNER:
            key = load_ssh_key(read_ssh_line(anchor.der.decode()).blob)
        case AnchorKind.MINISIGN_KEY:
            key = Ed25519PublicKey.from_public_bytes(anchor.der[10:])
        case AnchorKind.OPENPGP_CERTIFICATE:
            key = read_certificate_packets(anchor.der).key
        case _:  # lists of who is revoked, and roots of many keys
            key = None
    if not isinstance(key, PublicKey):  # load_public lets no other in
        raise TypeError(f"{anchor.name} is not a key that verifies signatures")
    return key


def ed25519_anchors(trust: Trust) -> tuple[TrustAnchor, ...]:
    """Return the bare Ed25519 keys that may vouch for logs."""
    bare = (a for a in trust.serving(TrustRole.LOG) if a.kind is AnchorKind.PUBLIC_KEY)
    plain = (anchor for anchor in bare if anchor.note_name is None)
    return tuple(a for a in plain if isinstance(public_key_of(a), Ed25519PublicKey))


def key_in_certificate(der: bytes) -> PublicKeyTypes:
    """Return the key in a certificate that was read before."""
    from cryptography.x509 import load_der_x509_certificate

    return load_der_x509_certificate(der).public_key()


def spki_of(key: PublicKeyTypes) -> bytes:
    """Return the DER SubjectPublicKeyInfo of a key."""
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _findings(data: bytes) -> Iterator[_Finding]:
    """Yield what a file holds, whatever its form."""
    if is_certificate(data):
        yield from _from_openpgp(data)
    elif PEM_BEGIN.search(data):
        for label, body in pem_blocks(data):
            yield _from_pem(label, body)
    elif vkeys := read_vkeys(data.decode("utf-8", "replace")):
        yield from (_from_vkey(vkey) for vkey in vkeys)
    elif minisign := read_minisign_key(data):
        yield _from_minisign(minisign)
    elif b" AAAA" in data:
        yield from _from_ssh(data)
    elif data.startswith(b"\x30"):
        yield _from_der(data)
    elif (listed := listed_keys(data)) is not None:
        yield from map(_from_listed, listed)


def _from_pem(label: str, der: bytes | None) -> _Finding:
    if "PRIVATE KEY" in label:
        return _private(der or b"")
    if der is None:
        return _Refusal(f"holds a damaged PEM block ({label})")
    if label == "CERTIFICATE":
        return _from_certificate(der) or _Refusal("holds a certificate that cannot be read")
    if label in {"PUBLIC KEY", "RSA PUBLIC KEY"}:
        return _from_spki(der)
    if label == "X509 CRL":
        return _from_revocation(der) or _Refusal("holds a revocation list that cannot be read")
    return _Refusal(f"holds a PEM block ({label}) that is neither public key nor certificate")


def _from_revocation(der: bytes) -> PublicMaterial | None:
    from workbench.verify.keys.revocation_file import read_revocation

    found = read_revocation(der)
    if found is None:
        return None
    digest = hashlib.sha256(der).hexdigest()
    first, last = found.made, found.due
    return PublicMaterial(found.kind, der, digest, digest, valid_from=first, valid_to=last)


def _from_listed(listed: ListedKey) -> _Finding:
    found = _from_spki(listed.der)
    if isinstance(found, _Refusal):
        return found
    return replace(
        found, key_id=listed.key_id, valid_from=listed.valid_from, valid_to=listed.valid_to
    )


def _from_der(der: bytes) -> _Finding:
    if (certificate := _from_certificate(der)) is not None:
        return certificate
    if (revocation := _from_revocation(der)) is not None:
        return revocation
    spki = _from_spki(der)
    private = _private(der)
    return private if isinstance(spki, _Refusal) and private.public else spki


def _from_certificate(der: bytes) -> _Finding | None:
    """Return the key of a certificate; None: it is none.

    What reads certificates is loaded where there may be one.
    """
    from workbench.verify.keys.certificate import read_certificate
    from workbench.verify.keys.self_signature import claims_another_signature

    certificate = read_certificate(der)
    if certificate is None:
        return None
    key = certificate.public_key()
    if weak := weakness_of(key):
        return _Refusal(f"holds a certificate whose key {weak}")
    fingerprint, key_fingerprint = (hashlib.sha256(d).hexdigest() for d in (der, spki_of(key)))
    found = PublicMaterial(
        AnchorKind.CERTIFICATE,
        der,
        fingerprint,
        key_fingerprint,
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
    )
    if claims_another_signature(certificate):
        return _Refusal("holds a certificate that its own key did not sign: it is damaged", found)
    return found


def _from_spki(der: bytes) -> _Finding:
    try:
        key = serialization.load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        return _Refusal("holds a public key that cannot be read, or of a kind not used here")
    weak = weakness_of(key)
    return _Refusal(f"holds a public key that {weak}") if weak else _from_key(key)


def _from_key(key: PublicKeyTypes) -> PublicMaterial:
    spki = spki_of(key)
    fingerprint = hashlib.sha256(spki).hexdigest()
    return PublicMaterial(AnchorKind.PUBLIC_KEY, spki, fingerprint, fingerprint)


def _private(der: bytes) -> _Refusal:
    reason = (
        "holds a private key: trust needs only the public one, and whoever has the private one "
        "can sign in its owner's name"
    )
    try:
        key = serialization.load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return _Refusal(reason)
    public = key.public_key()
    return _Refusal(reason, None if weakness_of(public) else _from_key(public))


def _from_vkey(vkey: VerifierKey | None) -> _Finding:
    if vkey is None:
        return _Refusal("holds a verifier key whose key id does not belong to its name and key")
    if vkey.kind == NoteKeyType.ECDSA:
        found = _from_spki(vkey.raw)
    elif vkey.kind in {NoteKeyType.ED25519, NoteKeyType.COSIGNATURE} and len(vkey.raw) == 32:
        key = Ed25519PublicKey.from_public_bytes(vkey.raw)
        weak = weakness_of(key)
        found = _Refusal(f"holds a verifier key that {weak}") if weak else _from_key(key)
    else:
        return _Refusal(f"holds a verifier key of type 0x{vkey.kind}, which is not used here")
    return found if isinstance(found, _Refusal) else replace(found, note_name=vkey.name)


def _from_minisign(key: MinisignKey) -> _Finding:
    public = Ed25519PublicKey.from_public_bytes(key.raw)
    if weak := weakness_of(public):
        return _Refusal(f"holds a minisign key that {weak}")
    return replace(_from_key(public), kind=AnchorKind.MINISIGN_KEY, der=key.encoded)


def _from_openpgp(data: bytes) -> Iterator[_Finding]:
    try:
        found = read_certificates(data)
    except PgpProblem as problem:
        yield _Refusal(str(problem))
        return
    for one in found:
        if weak := weakness_of(one.key):
            yield _Refusal(f"holds an OpenPGP certificate whose key {weak}")
        else:
            fingerprint = hashlib.sha256(one.data).hexdigest()
            kind = AnchorKind.OPENPGP_CERTIFICATE
            own = replace(_from_key(one.key), kind=kind, der=one.data, owner=one.owner)
            yield replace(own, fingerprint=fingerprint)


def _from_ssh(data: bytes) -> Iterator[_Finding]:
    try:
        lines = read_ssh_lines(data)
    except SshKeyProblem as problem:
        yield _Refusal(str(problem))
        return
    yield from (_from_ssh_line(line) for line in lines)


def _from_ssh_line(line: SshLine) -> _Finding:
    """Return the key of a line; one that says more, or lives elsewhere, is of its own kind."""
    key = load_ssh_key(line.blob)
    if key is None:
        return _Refusal("holds an OpenSSH key that cannot be read, or of a kind not used here")
    if weak := weakness_of(key):
        return _Refusal(f"holds an OpenSSH key that {weak}")
    if not line.principals and not is_security_key(line.blob):
        return _from_key(key)
    signer = replace(_from_key(key), kind=AnchorKind.SSH_SIGNER, der=line.text.encode())
    return replace(signer, owner=line.principals)


def _with_key(material: PublicMaterial | None) -> Iterator[PublicMaterial]:
    if material is None:
        return
    yield material
    if material.kind is AnchorKind.CERTIFICATE:
        yield _from_key(key_in_certificate(material.der))
