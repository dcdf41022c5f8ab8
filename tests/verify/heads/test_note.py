"""Signed notes: one way to read them, and each line judged by the keys that the auditor trusts."""

from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.verify.certificates import Sheet, issue
from workbench.model.trust import Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Indication, SignatureVerdict
from workbench.sign.head import vkey
from workbench.verify.heads.note import (
    MOST_SIGNATURES,
    NOTE_BYTES,
    Note,
    NoteProblem,
    judge_note,
    read_note,
)
from workbench.verify.keys.public import load_public
from workbench.verify.keys.vkey import NoteKeyType, note_key_id

NAME = "example.com/log"
TEXT = b"first line\n\nsecond, after a blank one: \xc3\xa9\n"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([1] * 32))


def line(key: Ed25519PrivateKey = KEY, name: str = NAME, text: bytes = TEXT) -> bytes:
    key_id = note_key_id(name, NoteKeyType.ED25519, key.public_key().public_bytes_raw())
    return f"\u2014 {name} {b64encode(key_id + key.sign(text)).decode()}\n".encode()


def anchor(data: bytes, role: TrustRole | None = TrustRole.LOG) -> TrustAnchor:
    (found,) = load_public(data, path="key")
    return TrustAnchor(
        "key",
        found.kind,
        role,
        found.fingerprint,
        found.key_fingerprint,
        found.der,
        found.note_name,
    )


def pem_of(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


BY_PEM = anchor(pem_of(KEY))
BY_VKEY = anchor(vkey(NAME, KEY.public_key()).encode())


def judge(data: bytes, *anchors: TrustAnchor) -> list[SignatureVerdict]:
    note = read_note(data)
    assert isinstance(note, Note)
    trust = Trust(at=datetime(2026, 6, 30, tzinfo=UTC), anchors=anchors)
    return list(judge_note(note, trust, role=TrustRole.LOG, covers="a text"))


def test_a_note_is_its_text_and_its_signatures() -> None:
    note = read_note(TEXT + b"\n" + line() + line(OTHER, "other"))
    assert isinstance(note, Note)
    assert note.text == TEXT
    assert [signature.name for signature in note.signatures] == [NAME, "other"]


SIGNED = TEXT + b"\n" + line()
MALFORMED: dict[str, tuple[bytes, str, int | None]] = {
    "nothing": (b"", "does not end with a blank line", None),
    "no signature": (TEXT, "not a signature line", 3),
    "no blank line": (b"text\n" + line(), "does not end with a blank line", None),
    "only a blank line": (b"text\n\n", "does not end with a blank line", None),
    "no newline at the end": (SIGNED[:-1], "does not end with a blank line", None),
    "CRLF": (SIGNED.replace(b"\n", b"\r\n"), "control character (U+000D)", 1),
    "a tab": (b"a\tb\n\n" + line(), "control character (U+0009)", 1),
    "not UTF-8": (b"a\n\xff\n\n" + line(), "not UTF-8", 2),
    "a lone surrogate": (b"\xed\xa0\x80\n\n" + line(), "not UTF-8", 1),
    "byte order mark in UTF-16": (SIGNED.decode().encode("utf-16"), "not UTF-8", 1),
    "a hyphen for the dash": (SIGNED.replace("\u2014".encode(), b"-"), "not a signature line", 5),
    "two spaces": (SIGNED.replace(b"log ", b"log  "), "not a signature line", 5),
    "a plus in the name": (SIGNED.replace(b"/log ", b"+log "), "not a signature line", 5),
    "a space in the name": (
        SIGNED.replace(b"/log ", "\u2003log ".encode()),
        "not a signature line",
        5,
    ),
    "no name": (SIGNED.replace(NAME.encode(), b""), "not a signature line", 5),
    "text after the signature": (SIGNED[:-1] + b" x\n", "not a signature line", 5),
    "base64 without padding": (SIGNED.replace(b"=\n", b"\n"), "not a signature line", 5),
    "base64 of another alphabet": (SIGNED[:-9] + b"-_-_-A==\n", "not a signature line", 5),
    "a signature of no bytes": (TEXT + b"\n\xe2\x80\x94 x AAAAAA==\n", "not a signature line", 5),
    "a line between signatures": (SIGNED + b"x\n" + line(), "not a signature line", 6),
    "too many signatures": (TEXT + b"\n" + line() * (MOST_SIGNATURES + 1), "at most 100", None),
    "too large": (b"x" * NOTE_BYTES + SIGNED, "at most 1000000", None),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_not_exactly_a_note_is_none(case: str) -> None:
    data, message, number = MALFORMED[case]
    problem = read_note(data)
    assert isinstance(problem, NoteProblem)
    assert message in problem.message
    assert problem.line == number


def test_other_spellings_of_the_same_base64_are_refused() -> None:
    """68 bytes leave two spare bits in the last digit, which decoders like to ignore."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    digits = SIGNED.removesuffix(b"=\n")
    value = alphabet.index(digits[-1])
    assert value % 4 == 0
    for spare in (1, 2, 3):
        spelling = digits[:-1] + alphabet[value + spare : value + spare + 1] + b"=\n"
        assert b64decode(spelling.split()[-1]) == b64decode(SIGNED.split()[-1])
        assert isinstance(read_note(spelling), NoteProblem)


@pytest.mark.parametrize("trusted", [BY_PEM, BY_VKEY, replace(BY_PEM, role=None)])
def test_a_trusted_key_passes(trusted: TrustAnchor) -> None:
    (verdict,) = judge(SIGNED, trusted)
    assert (verdict.indication, verdict.code) == (Indication.PASSED, None)
    assert (verdict.signer, verdict.covers) == (NAME, "a text")
    assert verdict.fingerprint == BY_PEM.fingerprint


def test_an_unknown_key_is_listed_and_decides_nothing() -> None:
    first, second = judge(TEXT + b"\n" + line(OTHER) + line(), BY_PEM)
    assert (first.indication, first.code) == (Indication.INDETERMINATE, "NO_TRUST_ANCHOR")
    assert "key id" in first.signer
    assert second.indication is Indication.PASSED


def test_a_trusted_key_that_does_not_verify_fails() -> None:
    changed = SIGNED.replace(b"first", b"First")
    (verdict,) = judge(changed, BY_PEM)
    assert (verdict.indication, verdict.code) == (Indication.FAILED, "SIG_CRYPTO_FAILURE")
    (unconfirmed,) = judge(changed, replace(BY_PEM, self_supplied=True))
    assert unconfirmed.indication is Indication.FAILED


def test_a_verifier_key_verifies_its_own_name_only() -> None:
    renamed = TEXT + b"\n" + line(KEY, "example.com/other")
    assert judge(renamed, BY_VKEY)[0].code == "NO_TRUST_ANCHOR"
    assert judge(renamed, BY_PEM)[0].indication is Indication.PASSED


@pytest.mark.parametrize("role", [TrustRole.MODEL, TrustRole.WITNESS, TrustRole.CA])
def test_a_key_trusted_for_something_else_does_not_pass(role: TrustRole) -> None:
    (verdict,) = judge(SIGNED, replace(BY_PEM, role=role))
    assert (verdict.indication, verdict.code) == (Indication.INDETERMINATE, "ROLE_MISMATCH")


def test_of_two_roles_the_fitting_one_decides() -> None:
    (verdict,) = judge(SIGNED, replace(BY_PEM, role=TrustRole.MODEL), BY_PEM)
    assert verdict.indication is Indication.PASSED


def test_a_key_out_of_the_evidence_counts_once_confirmed() -> None:
    supplied = replace(BY_PEM, self_supplied=True)
    assert judge(SIGNED, supplied)[0].code == "SELF_SUPPLIED_KEY"
    assert judge(SIGNED, supplied)[0].indication is Indication.INDETERMINATE
    assert judge(SIGNED, replace(supplied, confirmed=True))[0].indication is Indication.PASSED


def ecdsa_note(key: ec.EllipticCurvePrivateKey) -> bytes:
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    blob = note_key_id("rekor", NoteKeyType.ECDSA, spki) + key.sign(TEXT, ec.ECDSA(hashes.SHA256()))
    return TEXT + f"\n\u2014 rekor {b64encode(blob).decode()}\n".encode()


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()])
def test_ecdsa_notes_of_transparency_logs_verify(curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert judge(ecdsa_note(key), anchor(pem))[0].indication is Indication.PASSED
    changed = ecdsa_note(key).replace(b"first", b"First")
    assert judge(changed, anchor(pem))[0].indication is Indication.FAILED


def test_a_certificate_vouches_for_no_note() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = issue(Sheet("Log"), key=key).pem
    assert judge(ecdsa_note(key), anchor(pem))[0].code == "ROLE_MISMATCH"


def cosigned(key: Ed25519PrivateKey, time: int, *, text: bytes = TEXT) -> bytes:
    raw = key.public_key().public_bytes_raw()
    signature = key.sign(b"cosignature/v1\ntime %d\n" % time + text)
    blob = note_key_id("witness", NoteKeyType.COSIGNATURE, raw) + time.to_bytes(8) + signature
    return SIGNED + f"\u2014 witness {b64encode(blob).decode()}\n".encode()


def test_a_witness_says_when_it_saw_the_note_and_is_not_the_log() -> None:
    witness = anchor(pem_of(OTHER), role=TrustRole.WITNESS)
    log, seen = judge(cosigned(OTHER, 1_780_000_000), BY_PEM, witness)
    assert (log.indication, log.witness, log.time) == (Indication.PASSED, False, None)
    assert (seen.indication, seen.witness) == (Indication.PASSED, True)
    assert seen.time == datetime.fromtimestamp(1_780_000_000, UTC)
    _, as_log = judge(cosigned(OTHER, 1_780_000_000), BY_PEM, replace(witness, role=TrustRole.LOG))
    assert as_log.code == "ROLE_MISMATCH"
    _, false = judge(cosigned(OTHER, 1_780_000_000, text=b"x\n"), BY_PEM, witness)
    assert (false.indication, false.code) == (Indication.FAILED, "SIG_CRYPTO_FAILURE")


def test_a_witnesss_key_does_not_sign_as_a_log() -> None:
    witness = anchor(pem_of(KEY), role=TrustRole.WITNESS)
    assert judge(SIGNED, witness)[0].code == "ROLE_MISMATCH"


CHECKPOINT = b"ct.example/2026\n7\n" + b64encode(bytes(range(32))) + b"\n"


def tree_head(key: ec.EllipticCurvePrivateKey, text: bytes, *, size: int = 7) -> bytes:
    """Sign as a log of certificates does (static-ct-api, RFC 6962 3.5)."""
    time = (1_780_000_000_000).to_bytes(8)
    signed = b"\0\1" + time + size.to_bytes(8) + bytes(range(32))
    value = key.sign(signed, ec.ECDSA(hashes.SHA256()))
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key_id = sha256(b"ct.example/2026\n\5" + sha256(spki).digest()).digest()[:4]
    blob = key_id + time + b"\4\3" + len(value).to_bytes(2) + value
    return text + f"\n\u2014 ct.example/2026 {b64encode(blob).decode()}\n".encode()


def test_a_tree_head_of_rfc_6962_verifies_over_size_and_root() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    log = anchor(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert judge(tree_head(key, CHECKPOINT), log)[0].indication is Indication.PASSED
    for text, size in (
        (CHECKPOINT.replace(b"\n7\n", b"\n8\n"), 7),
        (CHECKPOINT, 8),
        (CHECKPOINT + b"an extension\n", 7),
        (CHECKPOINT.replace(b"2026", b"2027"), 7),
        (CHECKPOINT.replace(b"AAEC", b"AAED"), 7),
    ):
        assert judge(tree_head(key, text, size=size), log)[0].code == "SIG_CRYPTO_FAILURE"


def test_flipping_any_bit_of_a_note_leaves_no_passed_signature_over_another_text() -> None:
    for place in range(len(SIGNED) * 8):
        spoilt = bytearray(SIGNED)
        spoilt[place // 8] ^= 1 << place % 8
        note = read_note(bytes(spoilt))
        if isinstance(note, Note):
            assert all(v.indication is not Indication.PASSED for v in judge(bytes(spoilt), BY_PEM))
