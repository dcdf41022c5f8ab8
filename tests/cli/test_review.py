"""What reviewers broke once stays mended."""

import shutil
from pathlib import Path

import pytest
from commands import CHECKOUT, require_one_sentence, verify_json, workbench

SAMPLE = CHECKOUT / "resources" / "sample"
TRUST = [
    "--trust",
    f"log={SAMPLE}/trust/log.vkey",
    "--trust",
    f"model={SAMPLE}/trust/model-root.pem",
]


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """Return a drop that is green: the sample's log with its heads, and a signed model."""
    target = tmp_path / "drop"
    shutil.copytree(SAMPLE / "evidence" / "audit", target / "audit")
    shutil.copytree(SAMPLE / "evidence" / "models" / "credit-scoring-v7", target / "model")
    assert verify_json(target, *TRUST)["exit"] == 0
    return target


@pytest.mark.parametrize("spoilt", [b"x", b"\n"])
def test_a_spoilt_log_never_drops_out(drop: Path, spoilt: bytes) -> None:
    log = drop / "audit" / "audit-log.jsonl"
    log.write_bytes(spoilt + (log.read_bytes()[1:] if spoilt == b"x" else b""))
    assert verify_json(drop, *TRUST)["exit"] != 0


def test_heads_without_their_log_are_not_passed_over(drop: Path) -> None:
    (drop / "audit" / "audit-log.jsonl").unlink()
    assert verify_json(drop, *TRUST)["exit"] == 2


def test_a_count_without_a_log_is_refused(drop: Path) -> None:
    done = workbench("verify", drop / "model", *TRUST, "--expect-count", "3000")
    require_one_sentence(done, "--expect-count")


def test_a_key_in_the_model_folder_is_the_evidences_own(drop: Path) -> None:
    key = SAMPLE / "trust" / "model-root.pem"
    (drop / "model" / "notes.txt").write_text("  " + key.read_text().replace("\n", "\n  "))
    document = verify_json(drop, *TRUST)
    assert "SELF_SUPPLIED_KEY" in document["case"]["authenticity"]["codes"]


@pytest.mark.parametrize("name", ["report.pdf", "model/report.pdf", "audit/audit-log.jsonl"])
def test_a_report_is_never_written_into_evidence(drop: Path, name: str) -> None:
    before = (drop / "audit" / "audit-log.jsonl").read_bytes()
    done = workbench("report", drop, "-o", drop / name, "--force")
    require_one_sentence(done, "never written to")
    assert (drop / "audit" / "audit-log.jsonl").read_bytes() == before


def test_an_extreme_time_is_a_usage_error(drop: Path) -> None:
    require_one_sentence(workbench("verify", drop, "--at", "0001-01-01T00:00:00+14:00"))
