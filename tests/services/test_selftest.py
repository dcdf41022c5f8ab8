"""The self-test judges signed reports too, and says where one is not judged as is known."""

import shutil
from pathlib import Path

import pytest

from workbench import resources
from workbench.services import selftest

REPORTS = selftest._vectors("report.json")


@pytest.mark.parametrize("vector", REPORTS, ids=lambda vector: vector.id)
def test_a_signed_report_is_judged_as_it_is_known(vector: selftest._Vector) -> None:
    assert selftest._report_case(vector).differences == ()


def test_good_altered_and_strange_reports_are_among_them() -> None:
    assert {v.text("report") for v in REPORTS} == {"PASSED", "FAILED", "INDETERMINATE"}


def test_a_report_that_is_judged_otherwise_or_not_at_all_is_a_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "path", lambda *_parts: tmp_path)
    (intact,) = (v for v in REPORTS if v.id == "report/intact")
    shutil.copytree(intact.folder, tmp_path / "report" / "spoiled")
    file = tmp_path / "report" / "spoiled" / "drop" / "report.pdf"
    (vector,) = selftest._vectors("report.json")
    file.write_bytes(file.read_bytes().replace(b"stream", b"Stream", 1))
    assert selftest._report_case(vector).differences == ("report: known PASSED, found FAILED",)
    file.write_bytes(b"no report")
    (said,) = selftest._report_case(vector).differences
    assert said.startswith("not done: ")
