"""A log that continues another file of the drop is not cut off at its beginning."""

from pathlib import Path

import pytest

from tests.builders import LogBuilder
from tests.chain_writers import sql_immutable_log
from tests.verify import oms_builder as oms
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import SubjectVerdict
from workbench.services.verification import verify

LINES = LogBuilder("workbench").data().splitlines(keepends=True)


def second(tmp_path: Path) -> SubjectVerdict:
    request = VerifyRequest((tmp_path,), oms.AT)
    found = verify(request, progress=Silent(), cancel=Cancel())
    (verdict,) = (s.verdict for s in found.subjects if s.path.endswith("/log.jsonl"))
    assert verdict is not None
    return verdict


def test_a_log_that_continues_its_neighbour_has_an_open_beginning(tmp_path: Path) -> None:
    (tmp_path / "log.1.jsonl").write_bytes(b"".join(LINES[:5]))
    (tmp_path / "log.jsonl").write_bytes(b"".join(LINES[5:]))
    verdict = second(tmp_path)
    assert (verdict.completeness.indication, verdict.completeness.code) == (
        "INDETERMINATE",
        "HEAD_UNKNOWN",
    )
    assert any("log.1.jsonl ends with the digest" in note for note in verdict.notes)


@pytest.mark.parametrize("end", [4, 6, 0])
def test_a_log_that_does_not_continue_its_neighbour_is_cut_off(tmp_path: Path, end: int) -> None:
    (tmp_path / "log.1.jsonl").write_bytes(b"".join(LINES[:end]))
    (tmp_path / "log.jsonl").write_bytes(b"".join(LINES[5:]))
    assert second(tmp_path).completeness.code == "HEAD_TRUNCATED"
    assert second(tmp_path).completeness.indication == "FAILED"


def test_a_log_that_does_not_store_its_links_continues_its_neighbour_too(tmp_path: Path) -> None:
    written = sql_immutable_log()
    rows = [row for row in written.records if row["structure_id"] == "s1"]
    (tmp_path / "log.1.csv").write_bytes(written.data(rows[:3]))
    (tmp_path / "log.2.csv").write_bytes(written.data(rows[3:]))
    found = verify(VerifyRequest((tmp_path,), oms.AT), progress=Silent(), cancel=Cancel())
    (verdict,) = (s.verdict for s in found.subjects if s.path.endswith("/log.2.csv"))
    assert verdict is not None
    assert [(d.kind, d.record) for d in verdict.diagnoses] == [("HEAD_TRUNCATED", 1)]
    assert (verdict.integrity.indication, verdict.completeness.code) == ("PASSED", "HEAD_UNKNOWN")
    assert any("log.1.csv ends with the digest" in note for note in verdict.notes)
