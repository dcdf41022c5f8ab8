"""A signed model is what its signer signed, or the verdict says what is different and where."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.verify import oms_builder as oms
from workbench.errors import Cancelled
from workbench.evidence.limits import Limits
from workbench.evidence.subject import Subject
from workbench.model.expectation import Expectation
from workbench.model.progress import Cancel
from workbench.model.trust import Trust, TrustAnchor, TrustRole
from workbench.model.verdict import (
    AssuranceFlag,
    Code,
    DiagnosisClass,
    Indication,
    SubjectVerdict,
)
from workbench.plugins import discover
from workbench.verify.oms import VERIFIER
from workbench.verify.verifier import Bench

SIGNER = oms.key("signer")
OTHER = oms.key("other")
ROOT = oms.issue("Root CA", ca=True)
INTERMEDIATE = oms.issue("Issuing CA", ROOT, ca=True)
LEAF = oms.issue("Model signer", INTERMEDIATE)
TRUST = oms.trusting(oms.key_anchor(SIGNER))
CERTIFICATE_TRUST = oms.trusting(oms.certificate_anchor(ROOT))
MODEL = oms.signed_by_key(SIGNER)


def judge(
    subject: Subject, trust: Trust = TRUST, *, expectation: Expectation | None = None
) -> SubjectVerdict:
    return VERIFIER.verify(subject, Bench(trust=trust, expectation=expectation or Expectation()))


def words(verdict: SubjectVerdict) -> tuple[str, str, str]:
    """Return Integrity, Authenticity and Completeness as ``INDICATION CODE``."""
    parts = (verdict.integrity, verdict.authenticity, verdict.completeness)
    first, second, third = (f"{part.indication} {part.code}" for part in parts)
    return first, second, third


def diagnoses(verdict: SubjectVerdict) -> list[tuple[str, str | None]]:
    return [(diagnosis.kind.value, diagnosis.path) for diagnosis in verdict.diagnoses]


INTACT = ("PASSED ANCHORED", "PASSED key.pem", "PASSED ANCHORED")
UNTRUSTED = (
    "PASSED SELF_CONSISTENT",
    "INDETERMINATE NO_TRUST_ANCHOR",
    "INDETERMINATE NO_ANCHOR",
)


def test_the_verifier_is_found_by_its_format() -> None:
    assert "oms" in {plugin.id for plugin in discover("workbench.verify", "VERIFIER")}


def test_an_intact_model_signed_by_a_trusted_key_passes(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path))
    assert words(verdict) == INTACT
    assert verdict.time.code == Code.NO_TRUSTED_TIME
    assert verdict.records == len(oms.FILES)
    assert [r.flags for r in verdict.assurance] == [
        {AssuranceFlag.CONSISTENT, AssuranceFlag.SIGNED}
    ]
    assert verdict.diagnoses == ()


def test_a_model_without_trust_is_only_consistent_with_itself(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path), oms.trusting())
    assert words(verdict) == UNTRUSTED
    assert [r.level for r in verdict.assurance] == [1]


def test_a_model_without_a_signature_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    subject = replace(MODEL.write(tmp_path), signatures=())
    verdict = judge(subject)
    assert words(verdict) == (
        "INDETERMINATE UNPROTECTED",
        "INDETERMINATE NO_SIGNATURE",
        "INDETERMINATE NO_ANCHOR",
    )


@dataclass(frozen=True)
class Tampering:
    """One change of a model's folder, and all that must be said of it."""

    name: str
    changes: dict[str, bytes | None]
    diagnosis: list[tuple[str, str]]
    integrity: str
    completeness: str


WEIGHTS = oms.FILES["model.safetensors"]
TAMPERINGS = [
    Tampering(
        "one bit of the weights",
        {"model.safetensors": bytes([WEIGHTS[0] ^ 1]) + WEIGHTS[1:]},
        [("FILE_ALTERED", "model.safetensors")],
        "FAILED FILE_ALTERED",
        "PASSED ANCHORED",
    ),
    Tampering(
        "a byte appended",
        {"config.json": oms.FILES["config.json"] + b" "},
        [("FILE_ALTERED", "config.json")],
        "FAILED FILE_ALTERED",
        "PASSED ANCHORED",
    ),
    Tampering(
        "emptied",
        {"config.json": b""},
        [("FILE_ALTERED", "config.json")],
        "FAILED FILE_ALTERED",
        "PASSED ANCHORED",
    ),
    Tampering(
        "a file taken away",
        {"config.json": None},
        [("FILE_MISSING", "config.json")],
        "PASSED ANCHORED",
        "FAILED FILE_MISSING",
    ),
    Tampering(
        "a file added",
        {"adapter/extra.py": b"import os\n"},
        [("FILE_ADDED", "adapter/extra.py")],
        "PASSED ANCHORED",
        "FAILED FILE_ADDED",
    ),
    Tampering(
        "an empty file added",
        {"empty": b""},
        [("FILE_ADDED", "empty")],
        "PASSED ANCHORED",
        "FAILED FILE_ADDED",
    ),
    Tampering(
        "a file renamed",
        {"config.json": None, "config2.json": oms.FILES["config.json"]},
        [("FILE_RENAMED", "config.json")],
        "FAILED FILE_RENAMED",
        "PASSED ANCHORED",
    ),
    Tampering(
        "two contents exchanged",
        {"config.json": oms.FILES["README.md"], "README.md": oms.FILES["config.json"]},
        [("FILE_ALTERED", "README.md"), ("FILE_ALTERED", "config.json")],
        "FAILED FILE_ALTERED",
        "PASSED ANCHORED",
    ),
    Tampering(
        "a git folder deep inside",
        {"tokenizer/.git/config": b"x"},
        [("FILE_ADDED", "tokenizer/.git/config")],
        "PASSED ANCHORED",
        "FAILED FILE_ADDED",
    ),
    Tampering(
        "a name that begins like an ignored one",
        {".github2/x": b"x"},
        [("FILE_ADDED", ".github2/x")],
        "PASSED ANCHORED",
        "FAILED FILE_ADDED",
    ),
    Tampering(
        "three things at once",
        {"a": b"1", "config.json": None, "README.md": b"2"},
        [("FILE_ALTERED", "README.md"), ("FILE_MISSING", "config.json"), ("FILE_ADDED", "a")],
        "FAILED FILE_ALTERED",
        "FAILED FILE_MISSING",
    ),
]


@pytest.mark.parametrize("case", TAMPERINGS, ids=lambda case: case.name)
def test_each_tampering_has_its_one_diagnosis(case: Tampering, tmp_path: Path) -> None:
    verdict = judge(MODEL.with_files(case.changes).write(tmp_path))
    assert diagnoses(verdict) == case.diagnosis
    assert words(verdict) == (case.integrity, "PASSED key.pem", case.completeness)
    assert [r.level for r in verdict.assurance] == [0]


def test_without_trust_a_tampering_is_found_all_the_same(tmp_path: Path) -> None:
    verdict = judge(MODEL.with_files({"config.json": None}).write(tmp_path), oms.trusting())
    assert verdict.completeness.code == "FILE_MISSING"
    assert verdict.integrity.code == Code.SELF_CONSISTENT


def explanation(verdict: SubjectVerdict) -> str:
    return " ".join(text for diagnosis in verdict.diagnoses for text in diagnosis.explanations)


def test_line_ends_are_tested_as_an_innocent_cause(tmp_path: Path) -> None:
    text = oms.FILES["README.md"]
    crlf = judge(MODEL.with_files({"README.md": text.replace(b"\n", b"\r\n")}).write(tmp_path))
    assert crlf.integrity.code == "FILE_ALTERED"
    assert "only the line ends differ (now CR LF)" in explanation(crlf)


def test_line_ends_are_tested_in_the_other_direction_too(tmp_path: Path) -> None:
    signed = {**oms.FILES, "README.md": b"one\r\ntwo\r\n"}
    model = oms.signed_by_key(SIGNER, signed).with_files({"README.md": b"one\ntwo\n"})
    assert "only the line ends differ (now LF)" in explanation(judge(model.write(tmp_path)))


def test_line_ends_that_do_not_explain_a_change_are_said_to_have_been_tested(
    tmp_path: Path,
) -> None:
    verdict = judge(MODEL.with_files({"README.md": b"# Other\r\n"}).write(tmp_path))
    assert "other line ends do not give the signed bytes back" in explanation(verdict)


def test_a_file_with_the_bytes_of_another_is_recognised(tmp_path: Path) -> None:
    verdict = judge(MODEL.with_files({"config.json": oms.FILES["README.md"]}).write(tmp_path))
    assert "Its bytes are those signed as 'README.md'." in explanation(verdict)


@pytest.mark.parametrize(
    ("signed", "found", "cause"),
    [
        ("données.csv", "donne\u0301es.csv", "Unicode forms"),
        ("Model.bin", "model.bin", "only in case"),
    ],
)
def test_a_name_in_another_spelling_is_explained(
    signed: str, found: str, cause: str, tmp_path: Path
) -> None:
    model = oms.signed_by_key(SIGNER, {signed: b"rows"})
    verdict = judge(model.with_files({signed: None, found: b"rows"}).write(tmp_path))
    assert diagnoses(verdict) == [("FILE_RENAMED", signed)]
    assert cause in explanation(verdict)


IGNORING = oms.signed_by_key(
    SIGNER, said=oms.statement(oms.FILES, ignore_paths=[*oms.GIT, "cache", "big.bin"])
)


def test_what_the_manifest_ignores_is_listed_by_name(tmp_path: Path) -> None:
    files: dict[str, bytes | None] = {"cache/a": b"1", ".git/HEAD": b"2", ".gitignore": b"3"}
    verdict = judge(IGNORING.with_files(files).write(tmp_path))
    assert words(verdict) == INTACT
    assert verdict.not_covered == (".git/HEAD", ".gitignore", "cache/a")
    assert any("3 file(s) left out" in note and "cache/a" in note for note in verdict.notes)


def test_ignored_weights_are_pointed_out(tmp_path: Path) -> None:
    verdict = judge(IGNORING.with_files({"big.bin": b"1", "cache/n": b"2"}).write(tmp_path))
    assert "Among them, by their names, model weights: big.bin." in verdict.notes


def test_an_ignored_name_that_is_signed_is_compared_all_the_same(tmp_path: Path) -> None:
    files = {**oms.FILES, ".gitattributes": b"* text=auto\n"}
    model = oms.signed_by_key(SIGNER, files).with_files({".gitattributes": b"changed"})
    verdict = judge(model.write(tmp_path))
    assert diagnoses(verdict) == [("FILE_ALTERED", ".gitattributes")]


@pytest.mark.parametrize("pattern", [".", "./", "", "/", "*", "..", "../model", "model.safe"])
def test_an_ignore_path_never_hides_more_than_it_names(pattern: str, tmp_path: Path) -> None:
    said = oms.statement(oms.FILES, ignore_paths=[pattern])
    model = oms.signed_by_key(SIGNER, said=said).with_files({"evil.py": b"x"})
    assert judge(model.write(tmp_path)).completeness.code == "FILE_ADDED"


def test_the_signature_may_lie_inside_the_model(tmp_path: Path) -> None:
    subject = replace(MODEL, signature_name="model/model.sig").write(tmp_path)
    assert words(judge(subject)) == INTACT


def test_a_model_of_one_file_is_named_by_its_name_or_by_a_dot(tmp_path: Path) -> None:
    for name in ("weights.bin", "."):
        root = tmp_path / name.replace(".", "x")
        root.mkdir()
        said = oms.statement({name: b"rows"})
        (root / "weights.bin").write_bytes(b"rows")
        (root / "w.sig").write_bytes(oms.signed_by_key(SIGNER, said=said).signature)
        verdict = judge(oms.subject_at(root, "weights.bin", ["w.sig"]))
        assert words(verdict) == INTACT
        assert verdict.sha256 == oms.digest(b"rows")


def test_a_signature_of_one_file_does_not_cover_a_folder(tmp_path: Path) -> None:
    model = oms.signed_by_key(SIGNER, {"a": b"rows"}, said=oms.statement({".": b"rows"}))
    verdict = judge(model.write(tmp_path))
    assert verdict.completeness.indication is Indication.FAILED or (
        verdict.integrity.indication is Indication.FAILED
    )


@pytest.mark.parametrize("algorithm", ["sha256", "blake2b", "blake3"])
@pytest.mark.parametrize("shard_size", [None, 7, 8, 256, 4096])
def test_every_hash_and_method_of_the_specification_is_recomputed(
    algorithm: str, shard_size: int | None, tmp_path: Path
) -> None:
    said = oms.statement(oms.FILES, algorithm=algorithm, shard_size=shard_size)
    model = oms.signed_by_key(SIGNER, said=said)
    assert words(judge(model.write(tmp_path / "intact"))) == INTACT
    spoilt = WEIGHTS[:500] + b"?" + WEIGHTS[501:]
    verdict = judge(model.with_files({"model.safetensors": spoilt}).write(tmp_path / "spoilt"))
    assert diagnoses(verdict) == [("FILE_ALTERED", "model.safetensors")]
    assert verdict.diagnoses[0].offset == (shard_size and 500 // shard_size * shard_size)


@pytest.mark.parametrize("length", [1023, 1025, 1032])
def test_a_shortened_or_longer_file_does_not_agree_with_its_shards(
    length: int, tmp_path: Path
) -> None:
    said = oms.statement(oms.FILES, shard_size=8)
    changed = (WEIGHTS + b"+" * 8)[:length]
    model = oms.signed_by_key(SIGNER, said=said).with_files({"model.safetensors": changed})
    assert diagnoses(judge(model.write(tmp_path))) == [("FILE_ALTERED", "model.safetensors")]


def test_a_file_without_bytes_is_listed_as_not_covered_by_shards(tmp_path: Path) -> None:
    said = oms.statement(oms.FILES, shard_size=8)
    verdict = judge(oms.signed_by_key(SIGNER, said=said).with_files({"empty": b""}).write(tmp_path))
    assert words(verdict) == INTACT
    assert verdict.not_covered == ("empty",)


# Who signed


@pytest.mark.parametrize("curve", [oms.ec.SECP256R1(), oms.ec.SECP384R1(), oms.ec.SECP521R1()])
def test_the_curve_fixes_the_hash(curve: oms.ec.EllipticCurve, tmp_path: Path) -> None:
    private = oms.key("signer", curve)
    verdict = judge(
        oms.signed_by_key(private).write(tmp_path), oms.trusting(oms.key_anchor(private))
    )
    assert words(verdict) == INTACT


def test_another_hash_than_the_curve_has_is_refused(tmp_path: Path) -> None:
    private = oms.key("signer", oms.ec.SECP384R1())
    payload = oms.to_bytes(oms.statement(oms.FILES))
    value = oms.sign(private, oms.encoding(payload), oms.hashes.SHA256())
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
    evidence_keys = frozenset({anchor.fingerprint})
    subject = replace(MODEL.write(tmp_path), evidence_keys=evidence_keys)
    assert judge(subject).authenticity.code == Code.SELF_SUPPLIED_KEY
    assert judge(subject).integrity.code == Code.SELF_CONSISTENT
    confirmed = oms.trusting(replace(anchor, confirmed=True))
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


# Certificates


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
    leaf = oms.b64(LEAF.certificate.public_bytes(oms.Encoding.DER))
    material = {"certificate": {"rawBytes": leaf}, "tlogEntries": [{}]}
    signature = oms.to_bytes(oms.bundle(payload, material, [b"x"]))
    verdict = judge(replace(MODEL, signature=signature).write(tmp_path), CERTIFICATE_TRUST)
    assert words(verdict) == UNTRUSTED
    assert any("judged in a later version" in note for note in verdict.notes)


# Old forms


def legacy(private: oms.Key, encoded: bytes | None = None, **options: Any) -> oms.SignedModel:
    payload = oms.to_bytes(oms.legacy_statement(oms.FILES))
    value = oms.sign(private, encoded or oms.legacy_encoding(payload), **options)
    return replace(MODEL, signature=oms.to_bytes(oms.bundle(payload, oms.by_key(private), [value])))


def test_the_form_of_0_2_is_accepted_with_sha256_whatever_the_curve(tmp_path: Path) -> None:
    private = oms.key("signer", oms.ec.SECP384R1())
    model = legacy(private, algorithm=oms.hashes.SHA256())
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


# Links


def linked(*, allow: bool, target: str = "config.json", name: str = "link.json") -> oms.SignedModel:
    content = {**oms.FILES, name: oms.FILES["config.json"]}
    model = oms.signed_by_key(SIGNER, said=oms.statement(content, allow_symlinks=allow))
    return replace(model, links={name: target})


def test_a_link_that_the_manifest_allows_stands_for_its_target(tmp_path: Path) -> None:
    assert words(judge(linked(allow=True).write(tmp_path / "a"))) == INTACT
    nested = linked(allow=True, target="../config.json", name="tokenizer/link.json")
    assert words(judge(nested.write(tmp_path / "b"))) == INTACT


def test_the_auditor_may_refuse_links_whatever_the_manifest_says(tmp_path: Path) -> None:
    subject = linked(allow=True).write(tmp_path)
    verdict = judge(subject, expectation=Expectation(allow_symlinks=False))
    assert diagnoses(verdict) == [("FILE_MISSING", "link.json")]
    assert "you do not allow links" in explanation(verdict)


def test_a_link_that_the_manifest_does_not_allow_is_not_followed(tmp_path: Path) -> None:
    verdict = judge(linked(allow=False).write(tmp_path / "named"))
    assert diagnoses(verdict) == [("FILE_MISSING", "link.json")]
    added = replace(MODEL, links={"new.json": "config.json"}).write(tmp_path / "added")
    assert diagnoses(judge(added)) == [("FILE_ADDED", "new.json")]


def test_a_link_to_other_bytes_is_an_altered_file(tmp_path: Path) -> None:
    verdict = judge(linked(allow=True, target="README.md").write(tmp_path))
    assert diagnoses(verdict) == [("FILE_ALTERED", "link.json")]


@pytest.mark.parametrize(
    "target", ["../outside.json", "/etc/passwd", "gone.json", "link.json", "tokenizer/../../o"]
)
def test_a_link_that_leaves_the_model_is_never_followed(target: str, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_bytes(oms.FILES["config.json"])
    verdict = judge(linked(allow=True, target=target).write(tmp_path))
    assert diagnoses(verdict) == [("FILE_MISSING", "link.json")]


def test_a_link_to_a_folder_is_followed_for_the_names_below_it(tmp_path: Path) -> None:
    content = {**oms.FILES, "words/vocab.txt": oms.FILES["tokenizer/vocab.txt"]}
    said = oms.statement(content, allow_symlinks=True)
    model = replace(oms.signed_by_key(SIGNER, said=said), links={"words": "tokenizer"})
    assert words(judge(model.write(tmp_path))) == INTACT


def test_dots_after_a_linked_folder_are_resolved_as_a_system_does(tmp_path: Path) -> None:
    # words/../x is deep/x where words leads to deep/down, and not the x beside words.
    files = {**oms.FILES, "x": b"signed", "deep/x": b"other", "deep/down/y": b"y"}
    said = oms.statement({**files, "link": b"signed"}, allow_symlinks=True)
    links = {"words": "deep/down", "link": "words/../x"}
    model = replace(oms.signed_by_key(SIGNER, files, said=said), links=links)
    assert diagnoses(judge(model.write(tmp_path))) == [("FILE_ALTERED", "link")]


# Bad signature files


MALFORMED: dict[str, bytes] = {
    "empty": b"",
    "truncated": MODEL.signature[:900],
    "not JSON": b"hello",
    "not UTF-8": b'{"mediaType": "\xff"}',
    "duplicate key": MODEL.signature.replace(b"{", b'{"mediaType": "x",', 1),
    "another document": b'{"a": 1}',
    "payload not JSON": oms.to_bytes(oms.bundle(b"no", oms.by_key(SIGNER), [b"x"])),
    "statement with two keys": oms.to_bytes(
        oms.bundle(b'{"_type": 1, "_type": 2}', oms.by_key(SIGNER), [b"x"])
    ),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_signature_file_is_never_green(case: str, tmp_path: Path) -> None:
    verdict = judge(replace(MODEL, signature=MALFORMED[case]).write(tmp_path))
    assert verdict.authenticity.code == Code.FORMAT_FAILURE
    assert words(verdict)[0::2] == ("INDETERMINATE MALFORMED_SOURCE", "INDETERMINATE NO_ANCHOR")
    assert verdict.notes


def test_a_malformed_signature_beside_a_good_one_is_damage(tmp_path: Path) -> None:
    verdict = judge(replace(MODEL, extra_signatures={"b.sig": b"{"}).write(tmp_path))
    assert verdict.authenticity.code == Code.FORMAT_FAILURE
    assert verdict.integrity.code == Code.ANCHORED


def test_an_unknown_predicate_is_unknown_and_not_broken(tmp_path: Path) -> None:
    said = {**oms.statement(oms.FILES), "predicateType": "https://example.org/v9"}
    verdict = judge(oms.signed_by_key(SIGNER, said=said).write(tmp_path))
    assert words(verdict)[1] == "INDETERMINATE UNKNOWN_PROFILE"


def test_a_root_digest_that_is_not_the_files_fails_though_signed(tmp_path: Path) -> None:
    said = oms.statement(oms.FILES)
    said["subject"][0]["digest"]["sha256"] = "0" * 64
    verdict = judge(oms.signed_by_key(SIGNER, said=said).write(tmp_path))
    assert words(verdict)[:2] == ("FAILED HASH_FAILURE", "PASSED key.pem")


@pytest.mark.parametrize("limits", [Limits(document=100), Limits(json_depth=2)])
def test_a_signature_file_over_a_limit_is_not_read(limits: Limits, tmp_path: Path) -> None:
    verdict = VERIFIER.verify(MODEL.write(tmp_path), Bench(trust=TRUST, limits=limits))
    assert verdict.authenticity.code == Code.LIMIT_EXCEEDED
    assert verdict.authenticity.indication is Indication.INDETERMINATE


# Files that cannot be read


def test_a_file_that_changes_under_us_is_evidence_changed(tmp_path: Path) -> None:
    subject = MODEL.write(tmp_path)
    (tmp_path / "model" / "config.json").write_bytes(b"later")
    verdict = judge(subject)
    assert diagnoses(verdict) == [(DiagnosisClass.EVIDENCE_CHANGED, "config.json")]
    assert verdict.integrity.indication is Indication.FAILED
    assert verdict.sha256 is None


def test_a_file_that_cannot_be_read_keeps_integrity_open(tmp_path: Path) -> None:
    subject = MODEL.write(tmp_path)
    (tmp_path / "model" / "config.json").unlink()
    verdict = judge(subject)
    assert words(verdict) == ("INDETERMINATE UNREADABLE", "PASSED key.pem", "PASSED ANCHORED")


def test_a_file_that_was_not_delivered_cleanly_is_not_compared(tmp_path: Path) -> None:
    subject = MODEL.write(tmp_path)
    damaged = tuple(
        replace(f, problem="TRUNCATED") if f.name == "config.json" else f for f in subject.files
    )
    verdict = judge(replace(subject, files=damaged))
    assert words(verdict)[0] == "INDETERMINATE TRUNCATED"


def test_cancelling_stops_the_work(tmp_path: Path) -> None:
    cancel = Cancel()
    cancel.set()
    subject = MODEL.write(tmp_path)
    with pytest.raises(Cancelled):
        VERIFIER.verify(subject, Bench(trust=TRUST, cancel=cancel))


def test_evidence_is_not_changed(tmp_path: Path) -> None:
    subject = MODEL.with_files({"README.md": b"x\r\n"}).write(tmp_path)
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.rglob("*") if p.is_file()}
    judge(subject)
    after = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.rglob("*") if p.is_file()}
    assert after == before


# What can be redone by hand


def test_the_digest_of_the_folder_is_that_of_its_sha256sum_listing(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path))
    lines = sorted((name.encode(), oms.digest(content)) for name, content in oms.FILES.items())
    listing = b"".join(digest.encode() + b"  " + name + b"\n" for name, digest in lines)
    assert verdict.sha256 == oms.digest(listing)


def by_hand(verdict: SubjectVerdict, folder: Path, clauses: tuple[str, ...]) -> str:
    """Run the recipes of the named clauses one after the other and return what they print."""
    steps = [s.recipe for s in verdict.steps if s.clause in clauses and s.recipe]
    script = "set -e\n" + "\n".join(steps).replace("drop/", "")
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


SIGNATURE_STEPS = ("DSSE 1.0, protocol", "OMS 1.0, 8.2")


def test_the_recipe_for_a_key_works_with_openssl(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path))
    (tmp_path / "key.pem").write_bytes(oms.pem(SIGNER))
    assert "Verified OK" in by_hand(verdict, tmp_path, SIGNATURE_STEPS)
    root = by_hand(verdict, tmp_path, ("DSSE 1.0, protocol", "OMS 1.0, 6.5.1"))
    assert root.split()[0] == oms.statement(oms.FILES)["subject"][0]["digest"]["sha256"]
    listed = by_hand(verdict, tmp_path, ("OMS 1.0, 8.4",))
    assert {line.split()[0] for line in listed.splitlines()} == {
        oms.digest(content) for content in oms.FILES.values()
    }


def test_the_recipe_for_a_certificate_works_with_openssl(tmp_path: Path) -> None:
    subject = oms.signed_by_certificate(LEAF, INTERMEDIATE).write(tmp_path, "it's a model")
    verdict = judge(subject, CERTIFICATE_TRUST)
    assert "Verified OK" in by_hand(verdict, tmp_path, SIGNATURE_STEPS)
    (tmp_path / "root.pem").write_bytes(ROOT.certificate.public_bytes(oms.Encoding.PEM))
    assert "chain.pem: OK" in by_hand(verdict, tmp_path, ("RFC 5280 6.1; OMS 1.0, 8.2",))


def test_the_recipe_for_the_form_of_0_2_works_with_openssl(tmp_path: Path) -> None:
    private = oms.key("signer", oms.ec.SECP384R1())
    model = legacy(private, algorithm=oms.hashes.SHA256())
    verdict = judge(model.write(tmp_path), oms.trusting(oms.key_anchor(private)))
    (tmp_path / "key.pem").write_bytes(oms.pem(private))
    assert "Verified OK" in by_hand(verdict, tmp_path, SIGNATURE_STEPS)
