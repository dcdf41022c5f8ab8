"""What cannot be read is never green, and never an exception."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.verify import oms_builder as oms
from tests.verify.oms_case import MODEL, SIGNER, TRUST, diagnoses, judge, words
from workbench.errors import Cancelled
from workbench.evidence.limits import Limits
from workbench.model.progress import Cancel
from workbench.model.verdict import Code, DiagnosisClass, Indication
from workbench.verify.oms import VERIFIER
from workbench.verify.verifier import Bench

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
