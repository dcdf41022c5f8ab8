"""``workbench report CASE``: the same bytes as from the window, and nothing passed over."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import LogBuilder
from casework import added, new_case, verified, written
from commands import require_one_sentence, workbench

from workbench import resources
from workbench.services import cases

DATE = "2026-10-02T09:30:00Z"
TRUST = resources.path("sample") / "trust"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a verified case over evidence beside it."""
    written(tmp_path, "drop/log.jsonl", LogBuilder("workbench", 12).data())
    with new_case(tmp_path) as case:
        added(case, tmp_path / "drop")
        verified(case)
    return tmp_path


def test_a_signed_report_of_a_case_is_verified_by_a_stranger(place: Path) -> None:
    with (TRUST / "demo-passphrase.txt").open("rb") as secret:
        done = workbench(
            "report", "audit.case", "-o", "audit.case/reports/r.pdf", "--sign",
            str(TRUST / "demo-auditor.p12"), "--passphrase-fd", str(secret.fileno()),
            "--pack", "ml-baseline", pass_fds=(secret.fileno(),), cwd=place,
        )  # fmt: skip
    assert done.returncode == 2, done.stderr + done.stdout
    report, root = "audit.case/reports/r.pdf", str(TRUST / "report-root.pem")
    checked = workbench("verify-report", report, "--trust", root, cwd=place)
    assert checked.returncode == 0, checked.stdout
    with cases.open_case(place / "audit.case", write=False) as case:
        last = cases.journal_entries(case)[-1]
    assert last.act == "report.sign"
    assert json.loads(last.detail)["pack"]["id"] == "ml-baseline"


@pytest.mark.parametrize(
    "option", [("--trust", "log=x.pem"), ("--client", "X"), ("--expect-count", "3")]
)
def test_what_stands_in_the_case_is_not_stated_again(place: Path, option: tuple[str, str]) -> None:
    done = workbench("report", "audit.case", "-o", "r.pdf", *option, cwd=place)
    require_one_sentence(done, "stands in the case")
    assert not (place / "r.pdf").exists()


def test_a_report_never_takes_the_place_of_the_case(place: Path) -> None:
    out = "audit.case/case.sqlite"
    done = workbench("report", "audit.case", "-o", out, "--force", cwd=place)
    require_one_sentence(done, "never written to")


def test_the_journal_says_when_it_was_made(place: Path) -> None:
    assert workbench("report", "audit.case", "-o", "r.pdf", cwd=place).returncode == 2
    with cases.open_case(place / "audit.case", write=False) as case:
        last = cases.journal_entries(case)[-1]
    assert (last.act, last.subject) == ("report.write", "r.pdf")
    assert last.at <= datetime.now(UTC)
