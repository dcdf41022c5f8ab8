"""SSH signatures by security keys: a security key in software, checked against ssh-keygen too."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest
import recipes
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.verify.detached.test_detached import AT, GREEN, verdict_on, words
from workbench.errors import SourceError
from workbench.verify.trust.anchors import load_trust

DOCUMENT = b"approved\n"
EDWARDS = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a security key").digest())
CURVE = derive_private_key(0x5EC0DE, SECP256R1())
ED25519, ECDSA_SK = "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"


def string(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def mpint(number: int) -> bytes:
    return string(number.to_bytes(number.bit_length() // 8 + 1))


@dataclass(frozen=True)
class Token:
    """A security key in software, and how it signs."""

    algorithm: str = ED25519
    application: bytes = b"ssh:"
    flags: int = 0x01
    counter: int = 7
    namespace: bytes = b"file"

    @property
    def blob(self) -> bytes:
        if self.algorithm == ED25519:
            parts = [EDWARDS.public_key().public_bytes_raw()]
        else:
            point = CURVE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            parts = [b"nistp256", point]
        return b"".join(map(string, (self.algorithm.encode(), *parts, self.application)))

    @property
    def line(self) -> str:
        return f"{self.algorithm} {base64.b64encode(self.blob).decode()}"

    def raw(self, message: bytes) -> bytes:
        """Return what the security key answers, as SSH writes it."""
        signed = (
            hashlib.sha256(self.application).digest()
            + bytes([self.flags])
            + self.counter.to_bytes(4)
            + hashlib.sha256(message).digest()
        )
        if self.algorithm == ED25519:
            value = EDWARDS.sign(signed)
        else:
            r, s = decode_dss_signature(CURVE.sign(signed, ECDSA(hashes.SHA256())))
            value = mpint(r) + mpint(s)
        end = bytes([self.flags]) + self.counter.to_bytes(4)
        return string(self.algorithm.encode()) + string(value) + end

    def sign(self, data: bytes = DOCUMENT) -> bytes:
        digest = hashlib.sha512(data).digest()
        parts = (self.namespace, b"", b"sha512")
        message = b"SSHSIG" + b"".join(map(string, (*parts, digest)))
        return armoured(self.blob, self.raw(message), self.namespace)


def armoured(blob: bytes, signature: bytes, namespace: bytes = b"file") -> bytes:
    parts = (blob, namespace, b"", b"sha512", signature)
    whole = b"SSHSIG" + (1).to_bytes(4) + b"".join(map(string, parts))
    text = base64.b64encode(whole).decode()
    lines = [text[n : n + 70] for n in range(0, len(text), 70)]
    begin, end = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
    return "\n".join((begin, *lines, end, "")).encode()


def drop(folder: Path, signature: bytes, data: bytes = DOCUMENT) -> Path:
    found = folder / "drop"
    found.mkdir(exist_ok=True)
    (found / "model-card.txt").write_bytes(data)
    (found / "model-card.txt.sig").write_bytes(signature)
    return found


def trusted(folder: Path, token: Token, name: str = "dana@example.org ") -> str:
    path = folder / "signers"
    path.write_text(f"{name}{token.line}\n")
    return str(path)


TOKENS = [Token(), Token(ECDSA_SK)]


@pytest.mark.parametrize("token", TOKENS, ids=["ed25519", "ecdsa"])
@pytest.mark.parametrize("name", ["dana@example.org ", ""], ids=["allowed signer", "bare line"])
def test_a_file_signed_by_a_security_key_is_anchored(
    token: Token, name: str, tmp_path: Path
) -> None:
    verdict = verdict_on(drop(tmp_path, token.sign()), trusted(tmp_path, token, name))
    assert words(verdict) == GREEN
    assert "touched (flags 0x01, counter 7)" in " ".join(verdict.notes)
    recipes.require_reproduced(verdict.steps, tmp_path)  # by ssh-keygen


@pytest.mark.parametrize("token", TOKENS, ids=["ed25519", "ecdsa"])
def test_an_altered_file_fails(token: Token, tmp_path: Path) -> None:
    folder = drop(tmp_path, token.sign(), DOCUMENT + b"x")
    verdict = verdict_on(folder, trusted(tmp_path, token))
    assert words(verdict)[1] == "FAILED SIG_CRYPTO_FAILURE"


@pytest.mark.parametrize(
    ("flags", "words_"),
    [(0x00, "not touched"), (0x01, "touched ("), (0x05, "touched, and knew whoever did so")],
)
def test_what_it_saw_is_told_and_not_asked_for(flags: int, words_: str, tmp_path: Path) -> None:
    token = Token(flags=flags)
    verdict = verdict_on(drop(tmp_path, token.sign()), trusted(tmp_path, token))
    assert words(verdict) == GREEN
    assert words_ in " ".join(verdict.notes)


@pytest.mark.parametrize("offset", range(1, 6))
@pytest.mark.parametrize("token", TOKENS, ids=["ed25519", "ecdsa"])
def test_no_other_flags_or_counter_verify(token: Token, offset: int, tmp_path: Path) -> None:
    digest = hashlib.sha512(DOCUMENT).digest()
    message = b"SSHSIG" + b"".join(map(string, (b"file", b"", b"sha512", digest)))
    raw = bytearray(token.raw(message))
    raw[-offset] ^= 1
    folder = drop(tmp_path, armoured(token.blob, bytes(raw)))
    assert words(verdict_on(folder, trusted(tmp_path, token)))[1] == "FAILED SIG_CRYPTO_FAILURE"


def test_the_key_for_another_application_is_another_one(tmp_path: Path) -> None:
    signed = Token(application=b"ssh:other").sign()
    verdict = verdict_on(drop(tmp_path, signed), trusted(tmp_path, Token()))
    assert words(verdict)[1] == "INDETERMINATE NO_TRUST_ANCHOR"


def test_the_same_point_as_a_plain_key_is_another_one(tmp_path: Path) -> None:
    plain = string(b"ssh-ed25519") + string(EDWARDS.public_key().public_bytes_raw())
    digest = hashlib.sha512(DOCUMENT).digest()
    message = b"SSHSIG" + b"".join(map(string, (b"file", b"", b"sha512", digest)))
    raw = string(b"ssh-ed25519") + string(EDWARDS.sign(message))
    folder = drop(tmp_path, armoured(plain, raw))
    assert words(verdict_on(folder, trusted(tmp_path, Token(), "")))[1] != "PASSED"
    # And what the plain key is trusted for, the one in the security key is not.
    key = tmp_path / "plain.pub"
    key.write_text(f"ssh-ed25519 {base64.b64encode(plain).decode()}\n")
    assert words(verdict_on(folder, str(key))) == GREEN
    verdict = verdict_on(drop(tmp_path, Token().sign()), str(key))
    assert words(verdict)[1] == "INDETERMINATE NO_TRUST_ANCHOR"


def test_a_security_key_in_the_evidence_is_self_supplied(tmp_path: Path) -> None:
    folder = drop(tmp_path, Token().sign())
    (folder / "keys.txt").write_text(Token().line)
    verdict = verdict_on(folder, trusted(tmp_path, Token()))
    assert words(verdict)[1] == "INDETERMINATE SELF_SUPPLIED_KEY"


@pytest.mark.parametrize(
    "blob",
    [
        Token(application=b"").blob,
        Token().blob + b"\0",
        Token().blob[:-1],
        Token(ECDSA_SK).blob.replace(b"nistp256", b"nistp384", 1),
        Token("sk-ssh-rsa@openssh.com").blob,
    ],
)
def test_a_blob_that_is_no_such_key_is_refused_and_not_read(blob: bytes, tmp_path: Path) -> None:
    path = tmp_path / "key.pub"
    path.write_text(f"{ED25519} {base64.b64encode(blob).decode()}\n")
    with pytest.raises(SourceError):
        load_trust([str(path)], at=AT)
    raw = string(ED25519.encode()) + string(bytes(64)) + bytes(5)
    verdict = verdict_on(drop(tmp_path, armoured(blob, raw)))
    assert verdict.authenticity.indication != "PASSED"
    assert verdict.integrity.indication != "PASSED"


@pytest.mark.parametrize("raw", [b"", bytes(4), string(ED25519.encode()) + bytes(5)])
def test_a_signature_that_ends_too_early_is_none(raw: bytes, tmp_path: Path) -> None:
    folder = drop(tmp_path, armoured(Token().blob, raw))
    verdict = verdict_on(folder, trusted(tmp_path, Token()))
    assert words(verdict)[1] == "FAILED FORMAT_FAILURE"
