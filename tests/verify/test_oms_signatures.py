"""Who signed a model counts only as far as the auditor trusts."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.verify import oms_builder as oms
from tests.verify.oms_case import (
    INTACT,
    MODEL,
    OTHER,
    SIGNER,
    UNTRUSTED,
    diagnoses,
    judge,
    legacy,
    words,
)
from workbench.model.trust import TrustRole
from workbench.model.verdict import Code, Indication
from workbench.verify.trust.anchors import mark_self_supplied


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
def test_the_curve_fixes_the_hash(curve: ec.EllipticCurve, tmp_path: Path) -> None:
    private = oms.key("signer", curve)
    verdict = judge(
        oms.signed_by_key(private).write(tmp_path), oms.trusting(oms.key_anchor(private))
    )
    assert words(verdict) == INTACT


def test_another_hash_than_the_curve_has_is_refused(tmp_path: Path) -> None:
    private = oms.key("signer", ec.SECP384R1())
    payload = oms.to_bytes(oms.statement(oms.FILES))
    value = oms.sign(private, oms.encoding(payload), hashes.SHA256())
    model = replace(
        MODEL, signature=oms.to_bytes(oms.bundle(payload, oms.by_key(private), [value]))
    )
    verdict = judge(model.write(tmp_path), oms.trusting(oms.key_anchor(private)))
    assert verdict.authenticity.code == Code.SIG_CRYPTO_FAILURE


def rebuilt(spoil: Callable[[dict[str, Any]], object]) -> oms.SignedModel:
    document: dict[str, Any] = json.loads(MODEL.signature)
    spoil(document)
    return replace(MODEL, signature=oms.to_bytes(document))


def test_a_trusted_key_whose_signature_does_not_verify_is_a_failure(tmp_path: Path) -> None:
    payload = oms.to_bytes(oms.statement({**oms.FILES, "config.json": b"{}"}))
    model = rebuilt(lambda b: b["dsseEnvelope"].update(payload=oms.b64(payload)))
    verdict = judge(model.with_files({"config.json": b"{}"}).write(tmp_path))
    assert words(verdict)[:2] == ("PASSED SELF_CONSISTENT", "FAILED SIG_CRYPTO_FAILURE")
    assert verdict.completeness.code == Code.NO_ANCHOR


def test_an_unknown_key_is_listed_and_proves_nothing(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path), oms.trusting(oms.key_anchor(OTHER)))
    assert words(verdict) == UNTRUSTED
    assert [s.code for s in verdict.signatures] == [Code.NO_TRUST_ANCHOR]


def test_a_bundle_without_a_hint_is_by_the_trusted_key_or_fails(tmp_path: Path) -> None:
    model = rebuilt(lambda b: b["verificationMaterial"].update(publicKey={}))
    subject = model.write(tmp_path)
    assert words(judge(subject)) == INTACT
    other = judge(subject, oms.trusting(oms.key_anchor(OTHER)))
    assert other.authenticity.code == Code.SIG_CRYPTO_FAILURE


def test_a_wrong_hint_is_noted_where_the_signature_verifies(tmp_path: Path) -> None:
    model = rebuilt(lambda b: b["verificationMaterial"]["publicKey"].update(hint="00"))
    verdict = judge(model.write(tmp_path))
    assert words(verdict) == INTACT
    assert any("hint, which nothing protects, names another" in note for note in verdict.notes)


@pytest.mark.parametrize("role", [role for role in TrustRole if role is not TrustRole.MODEL])
def test_a_key_trusted_for_something_else_is_a_mismatch(role: TrustRole, tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path), oms.trusting(oms.key_anchor(SIGNER, role=role)))
    assert verdict.authenticity.code == Code.ROLE_MISMATCH
    assert verdict.integrity.code == Code.SELF_CONSISTENT


def test_a_key_without_a_role_serves_and_the_verdict_says_so(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path), oms.trusting(oms.key_anchor(SIGNER, role=None)))
    assert words(verdict) == INTACT
    assert any("without a role" in note for note in verdict.notes)


def test_a_key_that_lies_in_the_evidence_proves_nothing_until_confirmed(tmp_path: Path) -> None:
    anchor = oms.key_anchor(SIGNER)
    subject = MODEL.write(tmp_path)
    supplied = mark_self_supplied(oms.trusting(anchor), {anchor.fingerprint: "docs/key.pem"})
    assert judge(subject, supplied).authenticity.code == Code.SELF_SUPPLIED_KEY
    assert judge(subject, supplied).integrity.code == Code.SELF_CONSISTENT
    assert "lies in the evidence (docs/key.pem)" in " ".join(judge(subject, supplied).notes)
    confirmed = replace(supplied, anchors=(replace(supplied.anchors[0], confirmed=True),))
    assert words(judge(subject, confirmed)) == INTACT


def embedded(private: oms.Key = SIGNER) -> oms.SignedModel:
    payload = oms.to_bytes(oms.statement(oms.FILES, ignore_paths=None))
    values = [oms.sign(private, oms.encoding(payload))]
    return replace(
        MODEL, signature=oms.to_bytes(oms.bundle(payload, oms.by_embedded_key(private), values))
    )


def test_a_key_inside_the_bundle_is_self_supplied(tmp_path: Path) -> None:
    subject = embedded().write(tmp_path)
    assert judge(subject).authenticity.code == Code.SELF_SUPPLIED_KEY
    confirmed = oms.trusting(replace(oms.key_anchor(SIGNER), confirmed=True))
    assert words(judge(subject, confirmed)) == INTACT
    assert judge(subject, oms.trusting()).authenticity.code == Code.NO_TRUST_ANCHOR


def two_signatures(*privates: oms.Key) -> oms.SignedModel:
    payload = oms.to_bytes(oms.statement(oms.FILES))
    values = [oms.sign(private, oms.encoding(payload)) for private in privates]
    material: dict[str, Any] = {"publicKey": {}}
    return replace(MODEL, signature=oms.to_bytes(oms.bundle(payload, material, values)))


BOTH = (oms.key_anchor(SIGNER, name="one.pem"), oms.key_anchor(OTHER, name="two.pem"))


def test_every_signature_of_an_envelope_is_looked_at(tmp_path: Path) -> None:
    verdict = judge(two_signatures(SIGNER, OTHER).write(tmp_path), oms.trusting(*BOTH, threshold=2))
    assert words(verdict)[0] == "PASSED ANCHORED"
    assert [s.trusted_by for s in verdict.signatures] == ["one.pem", "two.pem"]


@pytest.mark.parametrize("privates", [(SIGNER,), (SIGNER, SIGNER)])
def test_one_identity_is_not_two(privates: tuple[oms.Key, ...], tmp_path: Path) -> None:
    verdict = judge(two_signatures(*privates).write(tmp_path), oms.trusting(*BOTH, threshold=2))
    assert verdict.authenticity.indication is Indication.INDETERMINATE
    assert verdict.authenticity.code == Code.TOO_FEW_SIGNERS
    assert verdict.integrity.code == Code.SELF_CONSISTENT
    assert verdict.completeness.code == Code.NO_ANCHOR


def test_a_bad_second_signature_of_a_trusted_key_fails(tmp_path: Path) -> None:
    document = json.loads(MODEL.signature)
    bad = oms.b64(oms.sign(OTHER, b"something else"))
    document["dsseEnvelope"]["signatures"].append({"sig": bad})
    verdict = judge(replace(MODEL, signature=oms.to_bytes(document)).write(tmp_path))
    assert verdict.authenticity.code == Code.SIG_CRYPTO_FAILURE


def test_a_second_file_by_an_unknown_key_has_no_effect(tmp_path: Path) -> None:
    lie = oms.signed_by_key(OTHER, said=oms.statement({"x": b"1"})).signature
    verdict = judge(replace(MODEL, extra_signatures={"other.sig": lie}).write(tmp_path))
    assert words(verdict) == INTACT
    assert {s.code for s in verdict.signatures} == {None, Code.NO_TRUST_ANCHOR}


def test_two_trusted_manifests_must_both_hold(tmp_path: Path) -> None:
    other = oms.signed_by_key(OTHER, said=oms.statement({"x": b"1"})).signature
    model = replace(MODEL, extra_signatures={"other.sig": other})
    verdict = judge(model.write(tmp_path), oms.trusting(*BOTH))
    assert verdict.completeness.indication is Indication.FAILED


def test_the_form_of_0_2_is_accepted_with_sha256_whatever_the_curve(tmp_path: Path) -> None:
    private = oms.key("signer", ec.SECP384R1())
    model = legacy(private, algorithm=hashes.SHA256())
    verdict = judge(model.write(tmp_path), oms.trusting(oms.key_anchor(private)))
    assert words(verdict) == INTACT
    assert any("encoding of model_signing 0.2" in note for note in verdict.notes)


def test_the_form_of_0_2_notices_every_tampering(tmp_path: Path) -> None:
    model = legacy(SIGNER).with_files({"config.json": None, "evil": b"x", "README.md": b"y"})
    assert diagnoses(judge(model.write(tmp_path))) == [
        ("FILE_ALTERED", "README.md"),
        ("FILE_MISSING", "config.json"),
        ("FILE_ADDED", "evil"),
    ]


def test_the_wrong_encoding_of_0_2_is_refused_for_the_current_form(tmp_path: Path) -> None:
    payload = oms.to_bytes(oms.statement(oms.FILES))
    values = [oms.sign(SIGNER, oms.legacy_encoding(payload))]
    signature = oms.to_bytes(oms.bundle(payload, oms.by_key(SIGNER), values))
    verdict = judge(replace(MODEL, signature=signature).write(tmp_path))
    assert verdict.authenticity.code == Code.SIG_CRYPTO_FAILURE
