"""Keys, certificates, revocation, detached signatures and time-stamp tokens."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fuzz.parsers import Harness, Parser, files, require
from tests.verify import tokens
from tests.verify.attestation_builder import p256
from tests.verify.certificates import AT, Issued, Sheet, authority, issue
from workbench.model.trust import Trust
from workbench.model.verdict import Indication
from workbench.verify.detached.minisign import read_minisign
from workbench.verify.detached.sshsig import SshSignature, read_sshsig
from workbench.verify.keys.certificate import read_certificate
from workbench.verify.keys.listed import listed_keys
from workbench.verify.keys.openpgp import (
    PgpProblem,
    is_certificate,
    read_certificates,
    read_signatures,
    verifies,
)
from workbench.verify.keys.pem import pem_blocks
from workbench.verify.keys.private import key_files_in
from workbench.verify.keys.public import keys_in, load_public
from workbench.verify.keys.revocation_file import read_revocation
from workbench.verify.keys.self_signature import claims_another_signature
from workbench.verify.keys.ssh import SshKeyProblem, load_ssh_key, read_ssh_lines
from workbench.verify.keys.strength import weakness_of
from workbench.verify.report.certificate import read_certificate as read_signer
from workbench.verify.report.der import DerError, elements
from workbench.verify.timestamp.judge import judge_token
from workbench.verify.timestamp.token import Token, read_token
from workbench.verify.trust.revocation import standing_of
from workbench.verify.trust.x509 import validate_path

VECTORS = Path(__file__).resolve().parents[1] / "verify" / "detached" / "vectors"


@cache
def _issued() -> tuple[Issued, Issued, Issued]:
    root = issue(authority("Root"), key=p256("fuzz root"))
    between = issue(authority("Between"), root, p256("fuzz between"))
    return root, between, issue(Sheet("Signer"), between, p256("fuzz signer"))


@cache
def _list() -> bytes:
    revoked = [(tokens.TSA, AT, x509.ReasonFlags.superseded)]
    return tokens.crl(tokens.ROOT, revoked)


def key_files() -> Iterator[bytes]:
    """Yield key files in all their forms, sound and not."""
    yield from files("*/*/trust/*", most=20_000)
    for path in sorted(VECTORS.glob("*.pub*")):
        yield path.read_bytes()
    for key in _odd_keys():
        for encoding in (Encoding.DER, Encoding.PEM):
            yield key.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    secret = p256("fuzz private")
    for form in (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL):
        yield secret.private_bytes(Encoding.PEM, form, serialization.NoEncryption())
    yield from certificates()


def _odd_keys() -> Iterator[rsa.RSAPublicKey | ec.EllipticCurvePublicKey | dsa.DSAPublicKey]:
    modulus = int.from_bytes(hashlib.sha512(b"n").digest() * 32) | 1 | 1 << 16383
    yield rsa.RSAPublicNumbers(65537, modulus).public_key()
    yield rsa.RSAPublicNumbers(3, modulus >> 14336 | 1).public_key()
    yield ec.derive_private_key(7, ec.SECP256K1()).public_key()
    yield ec.derive_private_key(7, ec.SECP384R1()).public_key()


def certificates() -> Iterator[bytes]:
    """Yield certificates, lists of revoked ones and answers about one, in DER."""
    yield from (one.der for one in _issued())
    yield _list()
    yield tokens.TSA.der


def any_key(data: bytes) -> None:
    """Read a key file as trust and as evidence: what is trusted is found there, and is strong."""
    found = {item[1] for item in keys_in(data)}
    listed_keys(data)
    for material in load_public(data, path="x"):
        require(material.kind.revokes or material.fingerprint in found, "trusted, but not found")
    for block in key_files_in(data):
        keys_in(block)


def certificate(data: bytes) -> None:
    """Read a certificate three ways; one whose path holds is one that was issued."""
    found = read_certificate(data)
    if found is not None:
        weakness_of(found.public_key())
        claims_another_signature(found)
    with suppress(DerError):
        read_signer(data)
    root, between, leaf = _issued()
    verdict = validate_path(data, [between.der], [root.anchor()], at=AT)
    require(verdict.indication is not Indication.PASSED or data == leaf.der, "a forged certificate")
    pool = [data, between.der, data]
    verdict = validate_path(leaf.der, pool, [root.anchor()], at=AT)
    require(verdict.indication is Indication.PASSED, "a hostile pool hides the path")
    verdict = validate_path(leaf.der, [data], [root.anchor()], at=AT)
    forged = verdict.indication is Indication.PASSED and data != between.der
    require(not forged, "a forged authority")


def revocation(data: bytes) -> None:
    """Read a revocation list or an OCSP response, and ask what it says."""
    found = read_revocation(data)
    if found is None:
        return
    for material in load_public(data, path="x"):
        require(material.kind.revokes, "a list is taken for a key")
    anchor = _anchor_of(data)
    standing_of(tokens.TSA.certificate, tokens.ROOT.certificate, [anchor])


def _anchor_of(der: bytes):
    from workbench.model.trust import TrustAnchor

    [material] = load_public(der, path="x")
    return TrustAnchor(
        "x", material.kind, None, material.fingerprint, material.key_fingerprint, der
    )


def lists() -> Iterator[bytes]:
    """Yield a revocation list and an OCSP response."""
    from datetime import timedelta

    from cryptography.hazmat.primitives import hashes
    from cryptography.x509 import ocsp

    root = tokens.ROOT
    yield _list()
    builder = ocsp.OCSPResponseBuilder().add_response(
        tokens.TSA.certificate, root.certificate, hashes.SHA256(), ocsp.OCSPCertStatus.REVOKED,
        AT, AT + timedelta(days=1), AT, x509.ReasonFlags.key_compromise,
    ).responder_id(ocsp.OCSPResponderEncoding.HASH, root.certificate)  # fmt: skip
    yield builder.sign(root.key, hashes.SHA256()).public_bytes(Encoding.DER)


def text_keys(data: bytes) -> None:
    """Read keys of OpenSSH and blocks of PEM."""
    for _label, _body in pem_blocks(data):
        pass
    for line in read_ssh_lines(data):
        line.allows("file")
        load_ssh_key(line.blob)


def ssh_lines() -> Iterator[bytes]:
    """Yield keys of OpenSSH, alone and of a signer."""
    for path in sorted(VECTORS.glob("ssh*.pub")):
        line = path.read_bytes()
        yield line
        yield b'a@x.example namespaces="file,b*",valid-after="20260101Z" ' + line


class _Bytes:
    """The content of a file, without the file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def digest(self, name: str, suffix: bytes = b"") -> bytes:
        return hashlib.new(name, self._data + suffix).digest()

    def whole(self) -> bytes:
        return self._data


CARD = (VECTORS / "model-card.txt").read_bytes()


def detached(data: bytes) -> None:
    """Read a detached signature in each form; one that holds does not hold over other bytes."""
    found = read_sshsig(data)
    if isinstance(found, SshSignature) and found.holds(_Bytes(CARD)):  # type: ignore[arg-type]
        require(not found.holds(_Bytes(CARD + b" ")), "holds over other bytes")  # type: ignore[arg-type]
    read_minisign(data)


def signature_files() -> Iterator[bytes]:
    """Yield signatures of ssh-keygen and minisign."""
    for pattern in ("ssh*.sig", "*.minisig"):
        yield from (path.read_bytes() for path in sorted(VECTORS.glob(pattern)))


def openpgp(data: bytes) -> None:
    """Read OpenPGP; a signature that verifies does not verify over other bytes."""
    if is_certificate(data):
        read_certificates(data)
    for one in read_signatures(data):
        if verifies(one, _pgp(), data=CARD):
            require(not verifies(one, _pgp(), data=CARD + b" "), "verifies over other bytes")


@cache
def _pgp():
    [found] = read_certificates((VECTORS / "pgp-good.pub.asc").read_bytes())
    return found


def openpgp_files() -> Iterator[bytes]:
    """Yield signatures and certificates of OpenPGP."""
    yield from (path.read_bytes() for path in sorted(VECTORS.glob("pgp*")))
    yield from files("signature/openpgp*/drop/*.asc")


def token(data: bytes) -> None:
    """Read and judge a token: one that passes states what an authority signed."""
    found = read_token(data)
    trust = Trust(AT, (tokens.TRUSTED,))
    judged = judge_token(data, lambda name: hashlib.new(name, b"hello").digest(), trust)
    if isinstance(found, Token):
        require(found.latest >= found.time, "its accuracy is negative")
    passed = judged.indication is Indication.PASSED
    require(not passed or _info(data) in _infos(), "a forged time stamp")


def _info(data: bytes) -> bytes:
    found = read_token(data)
    return found.info if isinstance(found, Token) else b""


@cache
def _sound() -> tuple[bytes, ...]:
    return tokens.token(), tokens.token(bare=True), tokens.token(names_itself=True)


@cache
def _infos() -> frozenset[bytes]:
    return frozenset(map(_info, _sound()))


def token_files() -> Iterator[bytes]:
    """Yield tokens."""
    yield from _sound()
    yield from files("timestamp/*/drop/*.tsr")


def der(data: bytes) -> None:
    """Cut DER into elements: together they are the bytes."""
    found = elements(data)
    require(b"".join(element.whole for element in found) == data, "bytes were lost")


HARNESS = Harness(
    (
        Parser("any key file", any_key, key_files),
        Parser("certificate", certificate, certificates),
        Parser("revocation", revocation, lists),
        Parser("OpenSSH and PEM", text_keys, ssh_lines, (SshKeyProblem,)),
        Parser("SSHSIG and minisign", detached, signature_files),
        Parser("OpenPGP", openpgp, openpgp_files, (PgpProblem,)),
        Parser("time-stamp token", token, token_files),
        Parser("DER", der, certificates, (DerError,)),
    )
)
