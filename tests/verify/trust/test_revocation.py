"""A revocation counts when the issuer states it; what nobody vouches for says nothing."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from asn1crypto import core
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ReasonFlags, ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from tests.verify.certificates import AT, Issued, Sheet, authority, issue, rsa_key
from tests.verify.tokens import MAY_ISSUE, ROOT, crl
from workbench.model.trust import AnchorKind, TrustAnchor
from workbench.model.verdict import Code, Indication
from workbench.verify.keys.revocation_file import read_revocation
from workbench.verify.trust.revocation import NotRevoked, Revocation, Revoked, standing_of
from workbench.verify.trust.x509 import PathVerdict, validate_path

LEAF = issue(Sheet("Signer"), ROOT)
DAY = datetime(2026, 6, 1, tzinfo=UTC)
NEXT = datetime(2026, 7, 15, tzinfo=UTC)
Status = ocsp.OCSPCertStatus


def brought(der: bytes, name: str = "list") -> TrustAnchor:
    facts = read_revocation(der)
    assert facts is not None
    digest = hashlib.sha256(der).hexdigest()
    return TrustAnchor(name, facts.kind, None, digest, digest, der, valid_to=facts.due)


def answer(
    status: Status = Status.GOOD,
    *,
    about: Issued = LEAF,
    issuer: Issued = ROOT,
    responder: Issued = ROOT,
    by_name: bool = False,
    certificates: Sequence[Issued] = (),
    algorithm: hashes.HashAlgorithm | None = None,
) -> bytes:
    """Return DER of an OCSP response."""
    revoked = status is Status.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=about.certificate,
        issuer=issuer.certificate,
        algorithm=algorithm or hashes.SHA1(),
        cert_status=status,
        this_update=DAY,
        next_update=NEXT,
        revocation_time=DAY if revoked else None,
        revocation_reason=ReasonFlags.key_compromise if revoked else None,
    )
    form = ocsp.OCSPResponderEncoding
    builder = builder.responder_id(form.NAME if by_name else form.HASH, responder.certificate)
    if certificates:
        builder = builder.certificates([one.certificate for one in certificates])
    done = builder.sign(responder.key, hashes.SHA256())
    return done.public_bytes(Encoding.DER)


def standing(*ders: bytes, of: Issued = LEAF) -> Revoked | NotRevoked | None:
    return standing_of(of.certificate, ROOT.certificate, [brought(der) for der in ders])


def path(*ders: bytes, at: datetime = AT) -> PathVerdict:
    revocation = Revocation([brought(der) for der in ders])
    return validate_path(LEAF.der, [], [ROOT.anchor()], at=at, revocation=revocation)


DELEGATE = issue(Sheet("Responder", purposes=(Purpose.OCSP_SIGNING,)), ROOT)
NO_DELEGATE = issue(Sheet("Not a responder"), ROOT)
STRANGER = issue(Sheet("Responder", purposes=(Purpose.OCSP_SIGNING,)), issue(authority("Other")))


@pytest.mark.parametrize(
    "der",
    [
        crl(ROOT, [(LEAF, DAY, None)]),
        answer(Status.REVOKED),
        answer(Status.REVOKED, algorithm=hashes.SHA256()),
        answer(Status.REVOKED, responder=DELEGATE, certificates=[DELEGATE]),
    ],
    ids=["list", "response of the issuer", "with SHA-256", "response of a delegate"],
)
def test_revoked_certificate_is_not_green(der: bytes) -> None:
    verdict = path(der)
    assert (verdict.indication, verdict.code) == (Indication.INDETERMINATE, Code.REVOKED_NO_POE)
    assert "was revoked" in verdict.reason


@pytest.mark.parametrize(
    "der",
    [
        answer(Status.REVOKED, responder=NO_DELEGATE, certificates=[NO_DELEGATE]),
        answer(Status.REVOKED, responder=STRANGER, certificates=[STRANGER]),
        answer(Status.REVOKED, responder=issue(authority("TSA Root")), by_name=True),
        answer(Status.REVOKED, about=NO_DELEGATE),
        answer(Status.UNKNOWN),
        crl(ROOT, [(LEAF, DAY, None)], signer=issue(authority("TSA Root"))),
        crl(ROOT, [(LEAF, DAY, ReasonFlags.remove_from_crl)]),
        crl(
            ROOT,
            [(LEAF, DAY, None)],
            more=[
                (
                    x509.IssuingDistributionPoint(None, None, False, True, None, False, False),
                    True,
                )
            ],
        ),
    ],
    ids=[
        "no right to answer",
        "delegate of another",
        "another key of the same name",
        "about another",
        "unknown",
        "list by another key",
        "taken off the list",
        "only of authorities",
    ],
)
def test_what_the_issuer_did_not_say_says_nothing(der: bytes) -> None:
    assert standing(der) is None
    assert path(der).indication is Indication.PASSED


def test_revocation_counts_however_new_a_list_without_it(tmp_path: object) -> None:
    later = crl(ROOT, made=datetime(2026, 6, 20, tzinfo=UTC))
    found = standing(crl(ROOT, [(LEAF, DAY, None)]), later)
    assert isinstance(found, Revoked)
    assert found.since == DAY


def test_revocation_after_the_time_that_is_judged_does_not_count() -> None:
    der = crl(ROOT, [(LEAF, DAY, None)])
    verdict = path(der, at=datetime(2026, 5, 1, tzinfo=UTC))
    assert verdict.indication is Indication.PASSED
    assert "was revoked only later" in verdict.reason


def test_when_a_key_was_lost_counts_before_when_that_was_told() -> None:
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(LEAF.certificate.serial_number)
        .revocation_date(DAY)
        .add_extension(x509.InvalidityDate(datetime(2026, 3, 1)), critical=False)  # noqa: DTZ001
        .build()
    )
    built = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ROOT.certificate.subject)
        .last_update(DAY)
        .next_update(NEXT)
        .add_revoked_certificate(entry)
        .sign(ROOT.key, hashes.SHA256())
    )
    found = standing(built.public_bytes(Encoding.DER))
    assert isinstance(found, Revoked)
    assert found.since == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("der", [crl(ROOT, made=DAY, due=NEXT), answer()], ids=["list", "response"])
def test_a_list_is_known_to_hold_to_its_end_and_no_further(der: bytes) -> None:
    assert "is not revoked" in path(der).reason
    late = path(der, at=datetime(2026, 9, 1, tzinfo=UTC))
    assert late.indication is Indication.PASSED
    assert "out of date" in late.reason
    found = standing(der)
    assert isinstance(found, NotRevoked)
    assert found.holds_at(NEXT)


def test_no_flipped_bit_of_a_list_changes_what_it_says() -> None:
    der = crl(ROOT, [(LEAF, DAY, ReasonFlags.key_compromise)])
    sound = standing(der)
    for at in range(0, len(der), 3):
        spoiled = der[:at] + bytes([der[at] ^ 4]) + der[at + 1 :]
        if read_revocation(spoiled) is not None:
            assert standing(spoiled) in {None, sound}


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"\x30\x80" * 900, LEAF.der, crl(ROOT)[:-9]])
def test_what_is_no_list_is_none(der: bytes) -> None:
    assert read_revocation(der) is None


def test_kinds_are_told_apart() -> None:
    assert brought(crl(ROOT)).kind is AnchorKind.REVOCATION_LIST
    assert brought(answer()).kind is AnchorKind.OCSP_RESPONSE


RSA_ROOT = issue(
    authority("RSA Root", years=(2020, 2040), usage=None, more=((MAY_ISSUE, True),)),
    key=rsa_key(2048),
)
OF_RSA = issue(Sheet("Signer"), RSA_ROOT)
ROOT_OF_OTHERS = rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize("salt", [32, 20], ids=["as long as the hash", "of RFC 4055"])
def test_a_list_padded_with_pss_revokes_too(salt: int) -> None:
    der = crl(RSA_ROOT, [(OF_RSA, DAY, None)], pss_salt=salt)
    found = standing_of(OF_RSA.certificate, RSA_ROOT.certificate, [brought(der)])
    assert isinstance(found, Revoked)
    other = issue(authority("RSA Root"), key=ROOT_OF_OTHERS)
    forged = crl(RSA_ROOT, [(OF_RSA, DAY, None)], pss_salt=salt, signer=other)
    assert standing_of(OF_RSA.certificate, RSA_ROOT.certificate, [brought(forged)]) is None


@pytest.mark.parametrize("salt", [32, 20])
def test_a_response_padded_with_pss_revokes_too(salt: int) -> None:
    der = answer(Status.REVOKED, about=OF_RSA, issuer=RSA_ROOT, responder=RSA_ROOT)
    response = asn1_ocsp.OCSPResponse.load(der)
    basic = response["response_bytes"]["response"].parsed
    data = basic["tbs_response_data"].dump()
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt)
    hashed = {"algorithm": "sha256"}
    mask = {"algorithm": "mgf1", "parameters": hashed}
    said = {"hash_algorithm": hashed, "mask_gen_algorithm": mask, "salt_length": salt}
    basic["signature_algorithm"] = {"algorithm": "rsassa_pss", "parameters": said}
    basic["signature"] = rsa_key(2048).sign(data, pss, hashes.SHA256())
    response["response_bytes"]["response"] = core.ParsableOctetString(basic.dump(force=True))
    changed = response.dump(force=True)
    found = standing_of(OF_RSA.certificate, RSA_ROOT.certificate, [brought(changed)])
    assert isinstance(found, Revoked)
