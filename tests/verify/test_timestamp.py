"""A token proves a time only by a trusted authority, over these bytes, as RFC 3161 wants it."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ReasonFlags
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from tests.verify import tokens
from tests.verify.certificates import AT, Issued, authority, issue, rsa_key
from tests.verify.tokens import ROOT, STAMPED_AT, TRUSTED, TSA, token, tsa_sheet
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication
from workbench.verify.timestamp.judge import JudgedToken, judge_token
from workbench.verify.timestamp.token import Token, read_token
from workbench.verify.trust.anchors import load_trust

Words = tuple[Indication, str | None]
PASSED: Words = (Indication.PASSED, None)


def judge(
    data: bytes,
    *anchors: TrustAnchor,
    over: bytes = b"hello",
    certificates: Sequence[bytes] = (),
    trust: Trust | None = None,
) -> JudgedToken:
    known = trust or Trust(AT, anchors or (TRUSTED,))
    return judge_token(
        data, lambda name: hashlib.new(name, over).digest(), known, certificates=certificates
    )


def words(judged: JudgedToken) -> Words:
    return judged.indication, judged.code


def stamped(**more: object) -> Words:
    return words(judge(token(**more)))


def authority_of(**more: object) -> Issued:
    return issue(tsa_sheet(**more), ROOT)


def test_sound_token_proves_its_time_and_margin() -> None:
    judged = judge(token())
    assert words(judged) == PASSED
    assert judged.signer == "CN=TSA"
    assert judged.trusted_by == "CN=TSA Root"
    assert judged.proven == STAMPED_AT + timedelta(seconds=1)
    assert judged.as_signature("x").time == STAMPED_AT


@pytest.mark.parametrize(
    "more",
    [
        {"bare": True},
        {"imprint": "sha512"},
        {"imprint": "sha384", "digest": "sha512"},
        {"accuracy": None},
        {"names_itself": True},
        {"binding": "v1"},
        {"certificates": (ROOT, TSA)},
        {"tsa": issue(tsa_sheet("RSA TSA"), ROOT, rsa_key(2048))},
    ],
)
def test_every_sound_form_is_accepted(more: dict[str, object]) -> None:
    assert stamped(**more) == PASSED


def test_a_fraction_of_a_second_counts() -> None:
    at = STAMPED_AT + timedelta(microseconds=250_000)
    assert judge(token(at=at, accuracy=timedelta(milliseconds=500))).proven == at + timedelta(
        milliseconds=500
    )


def test_the_signer_is_whom_the_signature_names_not_the_first_certificate() -> None:
    spoofed = issue(tsa_sheet("Spoofed TSA"))
    judged = judge(token(certificates=(spoofed, ROOT, TSA)))
    assert (judged.signer, judged.indication) == ("CN=TSA", Indication.PASSED)


def test_certificate_may_be_supplied_when_none_travels_along() -> None:
    bare = token(certificates=())
    assert words(judge(bare)) == (Indication.INDETERMINATE, Code.NO_CERTIFICATE_CHAIN_FOUND)
    assert words(judge(bare, certificates=[TSA.der])) == PASSED
    assert words(judge(bare, TSA.anchor(TrustRole.TSA))) == PASSED


def test_bare_key_of_the_authority_may_be_trusted() -> None:
    (key,) = (
        replace(TSA.anchor(TrustRole.TSA), kind=AnchorKind.PUBLIC_KEY, der=b"", fingerprint=f)
        for f in [TSA.anchor().key_fingerprint]
    )
    assert words(judge(token(), key)) == PASSED


BROKEN: dict[str, tuple[dict[str, Any], Words]] = {
    "other bytes": ({"data": b"hellO"}, (Indication.FAILED, Code.HASH_FAILURE)),
    "spoiled signature": (
        {"spoil": lambda s: s[:-1] + bytes([s[-1] ^ 1])},
        (Indication.FAILED, Code.SIG_CRYPTO_FAILURE),
    ),
    "SHA-1 imprint": (
        {"imprint": "sha1"},
        (Indication.INDETERMINATE, Code.CRYPTO_CONSTRAINTS_FAILURE),
    ),
    "SHA-1 signature": (
        {"digest": "sha1"},
        (Indication.INDETERMINATE, Code.CRYPTO_CONSTRAINTS_FAILURE),
    ),
    "nothing binds the certificate": (
        {"binding": None},
        (Indication.INDETERMINATE, Code.SIG_CONSTRAINTS_FAILURE),
    ),
    "no time-stamping purpose": (
        {"tsa": authority_of(more=(), purposes=(Purpose.CODE_SIGNING,))},
        (Indication.INDETERMINATE, Code.CHAIN_CONSTRAINTS_FAILURE),
    ),
    "purpose not critical": (
        {"tsa": authority_of(more=(), purposes=(Purpose.TIME_STAMPING,))},
        (Indication.INDETERMINATE, Code.CHAIN_CONSTRAINTS_FAILURE),
    ),
    "another purpose too": (
        {
            "tsa": authority_of(
                more=((x509.ExtendedKeyUsage([Purpose.TIME_STAMPING, Purpose.CODE_SIGNING]), True),)
            )
        },
        (Indication.INDETERMINATE, Code.CHAIN_CONSTRAINTS_FAILURE),
    ),
    "authority is a CA": (
        {"tsa": authority_of(ca=True)},
        (Indication.INDETERMINATE, Code.CHAIN_CONSTRAINTS_FAILURE),
    ),
    "not valid at its own time": (
        {"at": datetime(2024, 6, 1, tzinfo=UTC)},
        (Indication.INDETERMINATE, Code.NOT_YET_VALID),
    ),
    "expired at its own time": (
        {"tsa": authority_of(years=(2024, 2025))},
        (Indication.INDETERMINATE, Code.OUT_OF_BOUNDS_NO_POE),
    ),
    "from the future": (
        {"at": datetime(2027, 6, 1, tzinfo=UTC)},
        (Indication.INDETERMINATE, Code.NOT_YET_VALID),
    ),
    "unknown root": (
        {"tsa": issue(tsa_sheet(), issue(authority("Other")))},
        (Indication.INDETERMINATE, Code.NO_CERTIFICATE_CHAIN_FOUND),
    ),
    "names another certificate": (
        {"named": issue(tsa_sheet("Other"), ROOT)},
        (Indication.INDETERMINATE, Code.NO_CERTIFICATE_CHAIN_FOUND),
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_each_flaw_has_its_code(case: str) -> None:
    more, expected = BROKEN[case]
    assert stamped(**more) == expected


def test_signer_swapped_for_another_certificate_of_the_same_name_is_refused() -> None:
    other = issue(tsa_sheet(), ROOT)  # another key, another serial number
    judged = judge(token(named=other, certificates=(other,)))
    assert judged.indication is not Indication.PASSED


def test_name_in_the_token_is_that_of_its_certificate() -> None:
    from asn1crypto import x509 as asn1_x509

    def renamed(values: dict[str, Any]) -> None:
        name = asn1_x509.Name.build({"common_name": "Somebody else"})
        values["tsa"] = asn1_x509.GeneralName("directory_name", name)

    assert stamped(info=renamed) == (Indication.INDETERMINATE, Code.SIG_CONSTRAINTS_FAILURE)


def test_an_authority_that_is_expired_today_still_proves_its_time() -> None:
    tsa = authority_of(years=(2025, 2027))
    trust = Trust(datetime(2029, 1, 1, tzinfo=UTC), (TRUSTED,))
    assert words(judge(token(tsa=tsa), trust=trust)) == PASSED


def test_algorithms_are_judged_for_today_whatever_time_the_token_states() -> None:
    tsa = issue(tsa_sheet("RSA TSA"), ROOT, rsa_key(2048))
    trust = Trust(datetime(2031, 1, 1, tzinfo=UTC), (TRUSTED,))
    judged = judge(token(tsa=tsa), trust=trust)
    assert words(judged) == (Indication.INDETERMINATE, Code.CRYPTO_CONSTRAINTS_FAILURE)
    assert "too weak after 2030-12-31" in judged.why


@pytest.mark.parametrize(
    ("role", "code"),
    [(TrustRole.MODEL, Code.ROLE_MISMATCH), (TrustRole.TSA, None), (None, None)],
)
def test_trusted_for_something_else_is_a_mismatch(role: TrustRole | None, code: str | None) -> None:
    assert judge(token(), ROOT.anchor(role)).code == code


def test_root_that_lies_in_the_evidence_must_be_confirmed() -> None:
    anchor = ROOT.anchor(TrustRole.TSA, self_supplied=True)
    assert judge(token(), anchor).code == Code.SELF_SUPPLIED_KEY
    assert judge(token(), replace(anchor, confirmed=True)).code is None


def test_nobody_trusted_is_said_so() -> None:
    judged = judge(token(), trust=Trust(AT))
    assert words(judged) == (Indication.INDETERMINATE, Code.NO_TRUST_ANCHOR)


REVOKED = datetime(2026, 4, 1, tzinfo=UTC)
BEFORE = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "reason", "code"),
    [
        (REVOKED, ReasonFlags.superseded, None),
        (REVOKED, ReasonFlags.cessation_of_operation, None),
        (REVOKED, ReasonFlags.key_compromise, Code.REVOKED_NO_POE),
        (REVOKED, None, Code.REVOKED_NO_POE),
        (BEFORE, ReasonFlags.superseded, Code.REVOKED_NO_POE),
    ],
)
def test_revoked_authority_keeps_only_what_rfc_3161_leaves_it(
    when: datetime, reason: ReasonFlags | None, code: str | None
) -> None:
    assert judge(token(), trust=with_list(tokens.crl(ROOT, [(TSA, when, reason)]))).code == code


def with_list(der: bytes) -> Trust:
    digest = hashlib.sha256(der).hexdigest()
    made = TrustAnchor("list.crl", AnchorKind.REVOCATION_LIST, None, digest, digest, der)
    return Trust(AT, (TRUSTED,)).with_anchors((TRUSTED, made))


def test_a_list_says_what_is_known_of_revocation() -> None:
    assert "is not revoked (list.crl" in judge(token(), trust=with_list(tokens.crl(ROOT))).why
    assert "Revocation was not checked" in judge(token()).why


@pytest.mark.parametrize(
    "der",
    [
        tokens.crl(ROOT, [(TSA, BEFORE, None)], signer=issue(authority("TSA Root"))),
        tokens.crl(issue(authority("Another")), [(TSA, BEFORE, None)]),
        tokens.crl(ROOT, [(TSA, BEFORE, None)], more=[(x509.DeltaCRLIndicator(1), True)]),
    ],
    ids=["signed by another", "of another", "changes only"],
)
def test_a_list_of_somebody_else_says_nothing(der: bytes) -> None:
    assert words(judge(token(), trust=with_list(der))) == PASSED


def _spoil_info(values: dict[str, Any]) -> None:
    values["accuracy"] = {"seconds": -5}


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "not DER": b"hello",
    "cut off": token()[:-20],
    "trailing": token() + b"\0",
    "sequence of nothing": b"\x30\x00",
    "endless length": b"\x30\x84\xff\xff\xff\xff",
    "deep": b"\x30\x80" * 5000,
    "negative accuracy": token(info=_spoil_info),
    "huge accuracy": token(accuracy=timedelta(days=400 * 365)),
    "refused": bytes.fromhex("3005300302 0102".replace(" ", "")),
    "two signers": token(
        signed_data=lambda s: s["signer_infos"].append(s["signer_infos"][0].copy())
    ),
    "too many certificates": token(certificates=[TSA] * 33),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_token_is_a_verdict(case: str) -> None:
    assert words(judge(HOSTILE[case])) == (Indication.FAILED, Code.FORMAT_FAILURE)


def test_key_of_sixteen_thousand_bits_costs_nothing() -> None:
    modulus = (1 << 16383) + 12345
    big = rsa.RSAPublicNumbers(65537, modulus | 1).public_key()
    builder = (
        x509.CertificateBuilder()
        .serial_number(5)
        .subject_name(TSA.certificate.subject)
        .issuer_name(ROOT.certificate.subject)
        .public_key(big)
        .not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2028, 1, 1, tzinfo=UTC))
    )
    from cryptography.hazmat.primitives import hashes

    issued = Issued(builder.sign(ROOT.key, hashes.SHA256()), TSA.key)
    judged = judge(token(tsa=issued))
    assert words(judged) == (Indication.INDETERMINATE, Code.CRYPTO_CONSTRAINTS_FAILURE)


def test_certificates_that_issue_each_other_end() -> None:
    one = issue(authority("One"))
    two = issue(authority("Two"), one)
    loop = issue(authority("One"), two, one.key)
    tsa = issue(tsa_sheet(), loop)
    judged = judge(token(tsa=tsa, certificates=(tsa, loop, two, one)))
    assert judged.code == Code.NO_CERTIFICATE_CHAIN_FOUND


def test_no_changed_byte_that_is_protected_leaves_a_token_green() -> None:
    sound = token()
    read = read_token(sound)
    assert isinstance(read, Token)
    same = judge(sound)
    rng = random.Random(20261126)
    for at in rng.sample(range(len(sound)), 220):
        spoiled = bytearray(sound)
        spoiled[at] ^= 1 << rng.randrange(8)
        judged = judge(bytes(spoiled))
        if judged.indication is Indication.PASSED:
            assert judged.token is not None
            kept = (judged.token.info, judged.token.signed, judged.signer, judged.fingerprint)
            assert kept == (read.info, read.signed, same.signer, same.fingerprint), at


def test_every_byte_of_what_is_stamped_counts() -> None:
    data = bytes(range(64))
    sound = token(data=data)
    for at in range(len(data)):
        spoiled = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert judge(sound, over=spoiled).code == Code.HASH_FAILURE


def test_key_of_one_authority_signs_not_for_another() -> None:
    other = issue(tsa_sheet("Other TSA"), ROOT)
    forged = Issued(TSA.certificate, other.key)
    assert stamped(tsa=forged) == (Indication.FAILED, Code.SIG_CRYPTO_FAILURE)


def test_trust_file_of_a_list_is_no_anchor(tmp_path: Any) -> None:
    path = tmp_path / "tsa.crl"
    path.write_bytes(tokens.crl(ROOT))
    trust = load_trust([f"tsa={path}"], at=AT)
    assert trust.anchors == ()
    assert [one.kind for one in trust.revocations] == [AnchorKind.REVOCATION_LIST]
    late = load_trust([f"tsa={path}"], at=datetime(2027, 1, 1, tzinfo=UTC))
    assert late.warnings == (
        "tsa.crl is out of date: the next one was due on 2026-07-15 00:00 UTC.",
    )


def test_content_type_is_signed() -> None:
    def other(signed: cms.SignedData) -> None:
        signed["encap_content_info"]["content_type"] = "data"

    assert judge(token(signed_data=other)).code == Code.FORMAT_FAILURE


@pytest.mark.parametrize("salt", [32, 20, 0])
def test_the_salt_of_pss_is_as_long_as_the_token_says(salt: int) -> None:
    tsa = issue(tsa_sheet(), ROOT, rsa_key(2048))
    assert stamped(tsa=tsa, pss_salt=salt) == PASSED

    def claim_another(signed: cms.SignedData) -> None:
        algorithm = signed["signer_infos"][0]["signature_algorithm"]
        algorithm["parameters"]["salt_length"] = salt + 1

    other = stamped(tsa=tsa, pss_salt=salt, signed_data=claim_another)
    assert other == (Indication.FAILED, Code.SIG_CRYPTO_FAILURE)


@pytest.mark.parametrize(
    ("critical", "code"), [(True, Code.SIG_CONSTRAINTS_FAILURE), (False, None)]
)
def test_a_critical_extension_that_is_not_known_is_open(critical: bool, code: str | None) -> None:
    def extend(info: dict[str, Any]) -> None:
        value = {"extn_id": "1.2.3.4.5", "critical": critical, "extn_value": b"\x05\x00"}
        info["extensions"] = [value]

    assert stamped(info=extend)[1] == code
