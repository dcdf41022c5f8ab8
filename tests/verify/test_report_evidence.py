"""Evidence at hand, and a digest told on another way, bear on the verdict on a report."""

import hashlib
import json
from pathlib import Path

import pytest
import reports
import signing
from reports import NOW, small_report
from signing import certified, team

from workbench.errors import UsageError
from workbench.model.verdict import Indication
from workbench.services.reports import check
from workbench.verify.report import ReportVerdict

LOG = b'{"a": 1}\n'


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a folder with a report about ``drop/log.jsonl`` and ``drop/b.jsonl``, and those."""
    listed = [
        {"path": f"drop/{name}", "member": None, "sha256": hashlib.sha256(LOG).hexdigest()}
        for name in ("log.jsonl", "b.jsonl")
    ]
    manifest = json.loads(reports.manifest(evidence=listed))
    report = small_report(
        {"manifest.json": json.dumps(manifest).encode(), "evidence.csv": reports.EVIDENCE}
    )
    (tmp_path / "report.pdf").write_bytes(certified(report=report))
    root = team().root.certificate
    assert root is not None
    (tmp_path / "root.pem").write_bytes(root.public_bytes(reports.Encoding.PEM))
    for folder in ("drop", "renamed"):
        (tmp_path / folder).mkdir()
        for name in ("log.jsonl", "b.jsonl"):
            (tmp_path / folder / name).write_bytes(LOG)
    return tmp_path


def checked(desk: Path, *names: str, sha256: str = "") -> ReportVerdict:
    return check(
        desk / "report.pdf", trust=[str(desk / "root.pem")], confirm=(), expected=(), at=NOW,
        evidence=[desk / name for name in names], sha256=sha256,
    )  # fmt: skip


@pytest.mark.parametrize("folder", ["drop", "renamed"])
def test_evidence_that_is_the_same_passes_whatever_its_folder_is_called(
    desk: Path, folder: str
) -> None:
    found = checked(desk, folder)
    assert found.indication is Indication.PASSED, found.reasons
    assert [row.held for row in found.evidence] == ["same", "same"]


def test_changed_evidence_fails(desk: Path) -> None:
    (desk / "drop" / "log.jsonl").write_bytes(LOG + b" ")
    found = checked(desk, "drop")
    assert (found.indication, found.code) == (Indication.FAILED, "EVIDENCE_CHANGED")
    assert "drop/log.jsonl" in found.reasons[0]


def test_missing_evidence_leaves_it_open(desk: Path) -> None:
    (desk / "drop" / "log.jsonl").unlink()
    found = checked(desk, "drop")
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "ARTIFACT_ABSENT")


def test_evidence_that_the_report_does_not_know_is_named_and_does_no_harm(desk: Path) -> None:
    (desk / "drop" / "c.jsonl").write_bytes(LOG)
    found = checked(desk, "drop")
    assert found.indication is Indication.PASSED
    assert [(row.path, row.held) for row in found.evidence[2:]] == [("drop/c.jsonl", "not listed")]


def test_nothing_of_it_at_hand_is_no_success(desk: Path) -> None:
    (desk / "else").mkdir()
    (desk / "else" / "z.jsonl").write_bytes(LOG)
    assert checked(desk, "else").code == "ARTIFACT_ABSENT"


def test_the_digest_that_one_was_told_decides(desk: Path) -> None:
    own = hashlib.sha256((desk / "report.pdf").read_bytes()).hexdigest()
    assert checked(desk, sha256=own.upper()).indication is Indication.PASSED
    other = checked(desk, sha256="0" * 64)
    assert (other.indication, other.code) == (Indication.FAILED, "HASH_FAILURE")
    with pytest.raises(UsageError):
        checked(desk, sha256="abc")


def test_a_forged_report_stays_forged_whatever_lies_at_hand(desk: Path) -> None:
    path = desk / "report.pdf"
    path.write_bytes(path.read_bytes().replace(b"/Reason (I", b"/Reason (i"))
    assert checked(desk, "drop").indication is Indication.FAILED


def test_evidence_in_a_manifest_of_another_form_is_not_taken_for_none(desk: Path) -> None:
    manifest = json.loads(reports.manifest(evidence=[{"path": 1}]))
    report = small_report(
        {"manifest.json": json.dumps(manifest).encode(), "evidence.csv": reports.EVIDENCE}
    )
    found = signing.judged(certified(report=report), team().trust())
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "MALFORMED_SOURCE")
