"""A certificate counts when it leads to one that the auditor trusts, for signing code, in time."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.verify import oms_builder as oms
from tests.verify.oms_case import (
    CERTIFICATE_TRUST,
    INTERMEDIATE,
    LEAF,
    MODEL,
    OTHER,
    ROOT,
    TRUST,
    UNTRUSTED,
    judge,
    words,
)
from workbench.model.expectation import Expectation, Origin
from workbench.model.trust import Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Code, Indication, SubjectVerdict


def test_a_certificate_that_leads_to_a_trusted_root_passes(tmp_path: Path) -> None:
    for n, others in enumerate([(INTERMEDIATE, ROOT), (INTERMEDIATE,)]):
        subject = oms.signed_by_certificate(LEAF, *others).write(tmp_path / str(n))
        verdict = judge(subject, CERTIFICATE_TRUST)
        assert words(verdict)[0::2] == ("PASSED ANCHORED", "PASSED ANCHORED")
        assert verdict.authenticity.code == "CN=Model signer"
        assert verdict.signatures[0].trusted_by == "root.pem"


def certificate_verdict(
    tmp_path: Path, leaf: oms.Ca, *others: oms.Ca, anchors: tuple[TrustAnchor, ...] | None = None
) -> SubjectVerdict:
    trust = CERTIFICATE_TRUST if anchors is None else oms.trusting(*anchors)
    return judge(oms.signed_by_certificate(leaf, *others).write(tmp_path), trust)


def test_an_expired_certificate_without_trusted_time_is_not_green(tmp_path: Path) -> None:
    leaf = oms.issue("Old signer", INTERMEDIATE, valid=(2020, 2021))
    verdict = certificate_verdict(tmp_path, leaf, INTERMEDIATE)
    assert verdict.authenticity.code == Code.OUT_OF_BOUNDS_NO_POE
    assert verdict.integrity.code == Code.SELF_CONSISTENT


OLD_ROOT = oms.issue("Old root", ca=True, valid=(2018, 2024))
OLD_ISSUER = oms.issue("Old issuer", OLD_ROOT, ca=True, valid=(2019, 2023))
OLD_LEAF = oms.issue("Old signer", OLD_ISSUER, valid=(2020, 2021))


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC), Code.NOT_YET_VALID),
        (datetime(2020, 1, 1, tzinfo=UTC), "CN=Old signer"),
        (datetime(2021, 1, 1, tzinfo=UTC), "CN=Old signer"),
        (datetime(2021, 1, 1, 0, 0, 1, tzinfo=UTC), Code.OUT_OF_BOUNDS_NO_POE),
        (datetime(2026, 6, 30, tzinfo=UTC), Code.OUT_OF_BOUNDS_NO_POE),
    ],
)
def test_a_path_is_judged_for_the_time_that_the_auditor_states(
    at: datetime, code: str, tmp_path: Path
) -> None:
    subject = oms.signed_by_certificate(OLD_LEAF, OLD_ISSUER).write(tmp_path)
    trust = replace(oms.trusting(oms.certificate_anchor(OLD_ROOT)), at=at)
    verdict = judge(subject, trust)
    assert verdict.authenticity.code == code
    assert (verdict.authenticity.indication is Indication.PASSED) == (code == "CN=Old signer")


@pytest.mark.parametrize(
    ("root", "issuer"), [((2018, 2020), (2016, 2036)), ((2016, 2036), (2018, 2020))]
)
def test_every_certificate_of_a_path_must_be_in_its_time(
    root: tuple[int, int], issuer: tuple[int, int], tmp_path: Path
) -> None:
    top = oms.issue("Top", ca=True, valid=root)
    middle = oms.issue("Middle", top, ca=True, valid=issuer)
    leaf = oms.issue("Signer", middle)
    anchors = (oms.certificate_anchor(top),)
    verdict = certificate_verdict(tmp_path, leaf, middle, anchors=anchors)
    assert verdict.authenticity.code == Code.OUT_OF_BOUNDS_NO_POE


def test_each_path_says_that_revocation_was_not_checked(tmp_path: Path) -> None:
    verdict = certificate_verdict(tmp_path, LEAF, INTERMEDIATE)
    assert "Revocation was not checked" in " ".join(verdict.notes)


def test_a_certificate_not_meant_for_signing_code_is_not_green(tmp_path: Path) -> None:
    leaf = oms.issue("Server", INTERMEDIATE, code_signing=False)
    verdict = certificate_verdict(tmp_path, leaf, INTERMEDIATE)
    assert verdict.authenticity.indication is Indication.INDETERMINATE
    assert verdict.authenticity.code == Code.CHAIN_CONSTRAINTS_FAILURE


def test_a_missing_intermediate_leaves_no_path(tmp_path: Path) -> None:
    verdict = certificate_verdict(tmp_path, LEAF)
    assert verdict.authenticity.code == Code.NO_CERTIFICATE_CHAIN_FOUND


def test_another_root_leaves_no_path_though_the_bundle_brings_its_own(tmp_path: Path) -> None:
    other = oms.issue("Other root", ca=True)
    anchors = (oms.certificate_anchor(other),)
    verdict = certificate_verdict(tmp_path, LEAF, INTERMEDIATE, ROOT, anchors=anchors)
    assert verdict.authenticity.code == Code.NO_CERTIFICATE_CHAIN_FOUND


def test_a_root_trusted_for_something_else_is_a_mismatch(tmp_path: Path) -> None:
    anchors = (oms.certificate_anchor(ROOT, role=TrustRole.TSA),)
    verdict = certificate_verdict(tmp_path, LEAF, INTERMEDIATE, anchors=anchors)
    assert verdict.authenticity.code == Code.ROLE_MISMATCH


def test_without_a_trusted_certificate_none_counts(tmp_path: Path) -> None:
    verdict = certificate_verdict(tmp_path, LEAF, INTERMEDIATE, ROOT, anchors=())
    assert verdict.authenticity.code == Code.NO_TRUST_ANCHOR


def test_the_key_of_a_certificate_may_be_trusted_itself(tmp_path: Path) -> None:
    anchors = (oms.key_anchor(LEAF.private),)
    verdict = certificate_verdict(tmp_path, LEAF, anchors=anchors)
    assert verdict.authenticity.indication is Indication.PASSED


def test_a_signature_by_another_key_than_the_certificates_fails(tmp_path: Path) -> None:
    payload = oms.to_bytes(oms.statement(oms.FILES))
    material = oms.by_certificates(LEAF.certificate, INTERMEDIATE.certificate)
    values = [oms.sign(OTHER, oms.encoding(payload))]
    model = replace(MODEL, signature=oms.to_bytes(oms.bundle(payload, material, values)))
    verdict = judge(model.write(tmp_path), CERTIFICATE_TRUST)
    assert verdict.authenticity.code == Code.SIG_CRYPTO_FAILURE


@pytest.mark.parametrize("der", [b"\x30\x00", b"not DER", b"\x30\x82\xff\xff"])
def test_a_certificate_that_cannot_be_read_is_a_failure(der: bytes, tmp_path: Path) -> None:
    payload = oms.to_bytes(oms.statement(oms.FILES))
    material = {"x509CertificateChain": {"certificates": [{"rawBytes": oms.b64(der)}]}}
    model = replace(MODEL, signature=oms.to_bytes(oms.bundle(payload, material, [b"x"])))
    verdict = judge(model.write(tmp_path), CERTIFICATE_TRUST)
    assert verdict.authenticity.code == Code.FORMAT_FAILURE


def test_a_sigstore_identity_is_left_open_and_the_files_are_compared(tmp_path: Path) -> None:
    payload = oms.to_bytes(oms.statement(oms.FILES))
    leaf = oms.b64(LEAF.certificate.public_bytes(Encoding.DER))
    material = {"certificate": {"rawBytes": leaf}, "tlogEntries": []}
    signature = oms.to_bytes(oms.bundle(payload, material, [b"x"]))
    verdict = judge(replace(MODEL, signature=signature).write(tmp_path), CERTIFICATE_TRUST)
    assert words(verdict) == UNTRUSTED
    assert any("no Sigstore trusted root" in note for note in verdict.notes)


@pytest.mark.parametrize(
    ("model", "trust"),
    [(MODEL, TRUST), (oms.signed_by_certificate(LEAF, INTERMEDIATE), CERTIFICATE_TRUST)],
    ids=["key", "certificate"],
)
def test_who_must_have_signed_is_asked_of_keys_and_certificates_too(
    model: oms.SignedModel, trust: Trust, tmp_path: Path
) -> None:
    subject = model.write(tmp_path)
    assert judge(subject, trust).authenticity.indication is Indication.PASSED
    asked = Expectation(origin=Origin(identity="ann@example.com", issuer="https://idp.example"))
    verdict = judge(subject, trust, expectation=asked)
    assert words(verdict) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE SIG_CONSTRAINTS_FAILURE",
        "INDETERMINATE NO_ANCHOR",
    )
