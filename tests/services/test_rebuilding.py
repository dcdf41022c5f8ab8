"""A signed report is what its content, settings and date give: anyone can make its pages anew."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import signing
from commands import workbench
from signing import team
from situations import CHECKED, DETAILS, SAMPLE, request_of, verified

from workbench.errors import SourceError, UsageError
from workbench.model.edition import NOTHING_ASKED
from workbench.report.build import build_report
from workbench.services import reports
from workbench.services.reports.rebuilding import _edition
from workbench.sign.pdf import sign_report, stamp_report


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> tuple[Path, bytes]:
    """Return a folder with evidence, and a signed and stamped report about it."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(SAMPLE / "evidence" / "audit", folder / "audit")
    request = request_of(folder / "audit")
    found = verified(request)
    trust = reports.trust_of(request, found)
    built = build_report(reports.context_of(found, CHECKED, DETAILS, trust=trust, key=team().ada))
    signed = sign_report(built.pdf, team().ada, reason="Test", at=datetime.now(UTC))
    return folder, stamp_report(signed, signing.own_stamper(datetime.now(UTC)))


def compared(folder: Path, signed: bytes) -> reports.Compared:
    request = request_of(folder / "audit")
    return reports.rebuilt(signed, request, verified(request), CHECKED)


def test_the_same_evidence_gives_the_same_bytes(desk: tuple[Path, bytes]) -> None:
    found = compared(*desk)
    assert (found.same, found.stated) == (True, found.rebuilt)


def test_other_evidence_does_not(desk: tuple[Path, bytes], tmp_path: Path) -> None:
    folder, signed = desk
    shutil.copytree(folder / "audit", tmp_path / "audit")
    (tmp_path / "audit" / "audit-log.jsonl").write_bytes(b"{}\n")
    found = compared(tmp_path, signed)
    assert (found.same, found.manifest) == (False, False)
    assert found.offset is not None


def test_an_altered_page_is_seen_though_the_results_are_the_same(
    desk: tuple[Path, bytes],
) -> None:
    folder, signed = desk
    at = signed.index(b"stream\n") + 20
    altered = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    found = compared(folder, altered)
    assert (found.same, found.manifest, found.offset) == (False, True, at)


def test_what_is_no_report_cannot_be_made_anew() -> None:
    with pytest.raises(SourceError, match="no report of this program"):
        reports.told_by(b"%PDF-1.7\n")


def test_the_command_compares_and_writes_nothing(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "evidence" / "audit", tmp_path / "audit")
    made = workbench("report", "audit", "-o", "r.pdf", "--auditor", "Ada", cwd=tmp_path)
    assert made.returncode == 2, made.stderr
    again = workbench("report", "audit", "--rebuild-and-compare", "r.pdf", cwd=tmp_path)
    assert (again.returncode, "The same, byte for byte" in again.stdout) == (0, True), again
    (tmp_path / "audit" / "audit-log.jsonl").write_bytes(b"{}\n")
    other = workbench("report", "audit", "--rebuild-and-compare", "r.pdf", cwd=tmp_path)
    assert (other.returncode, "Their results differ" in other.stdout) == (1, True), other
    assert {path.name for path in tmp_path.iterdir()} == {"audit", "r.pdf"}


@pytest.mark.parametrize("said", [
    {"id": "investigation", "sha256": "00"}, {"id": "gone", "sha256": "00"},
])  # fmt: skip
def test_a_template_that_is_another_one_or_not_at_hand_is_told(said: dict[str, str]) -> None:
    told = {"branding": None, "statements": {}, "classification": "", "draft": False}
    told |= {"language": "en", "template": dict(said)}
    with pytest.raises(UsageError, match=said["id"]):
        _edition(told, NOTHING_ASKED)
