"""veraPDF, where it can be had, takes the report for PDF/A-3a and PDF/UA-1."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.report.case import ALTERED_LOG, HOSTILE, case, source
from workbench.model.case import EvidenceRef, Finding, JournalState
from workbench.model.locator import Locator
from workbench.report.build import build_report
from workbench.report.context import CaseContent

_CHECKOUT = Path(__file__).parents[2]
_SCRIPT = _CHECKOUT / "packaging" / "conformance" / "standards.py"
_JUDGES = Path(os.environ.get("AUDIT_WORKBENCH_JUDGES", _CHECKOUT / ".judges"))
_HAS_JAVA = shutil.which("java") and Path("/usr/share/java/jaxb-runtime.jar").exists()

pytestmark = pytest.mark.skipif(
    not (_HAS_JAVA and (_JUDGES / "complete").exists()),
    reason="no veraPDF: packaging/conformance-pdf --judges .judges fetches it",
)


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict[str, Path]:
    """Write a believable report, and one that is hostile throughout."""
    folder = tmp_path_factory.mktemp("judged")
    finding = Finding("F-0001", HOSTILE, condition=HOSTILE, evidence=(
        EvidenceRef("ab" * 32, Locator(HOSTILE)),))  # fmt: skip
    hostile = case(
        (source(HOSTILE, replace(ALTERED_LOG, not_covered=(HOSTILE,))), source("模" * 300, None)),
        title=HOSTILE,
        auditor=HOSTILE,
        case=CaseContent(HOSTILE, JournalState(1, "00" * 32), findings=(finding,) * 40),
    )
    found = {}
    for name, context in (("plain", case()), ("hostile", hostile)):
        found[name] = folder / f"{name}.pdf"
        found[name].write_bytes(build_report(context).pdf)
    return found


@pytest.fixture(scope="module")
def said(reports: dict[str, Path]) -> list[dict[str, object]]:
    return list(_asked("verapdf", reports))


def _asked(judge: str, reports: dict[str, Path]) -> Iterator[dict[str, object]]:
    python = _JUDGES / "bin" / "python"
    command = [python, "-I", _SCRIPT, judge, *reports.values()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        yield json.loads(line)


def test_verapdf_finds_nothing_that_either_standard_forbids(said):
    assert [(each["standard"], each["failed"]) for each in said] == [("3a", []), ("ua1", [])] * 2
    assert all(each["passed"] and each["assertions"] > 10_000 for each in said)


def test_verapdf_refuses_a_page_that_says_nothing_of_its_content(reports, tmp_path):
    plain = reports["plain"].read_bytes()
    spoiled = tmp_path / "spoiled.pdf"
    spoiled.write_bytes(plain.replace(b"/StructTreeRoot ", b"/StructTreeNone ", 1))
    assert not any(each["passed"] for each in _asked("verapdf", {"spoiled": spoiled}))


def test_a_second_judge_agrees_but_for_one_thing_that_it_misreads(reports):
    """It takes the CR at the end of a compressed stream, and the LF after it, for one line end."""
    said = list(_asked("page", {"plain": reports["plain"]}))
    remarks = {remark.split()[0] for each in said for remark in each["failed"]}
    assert [each["standard"] for each in said] == ["3a", "ua1"]
    assert remarks <= {"PDFA3A-STREAM-LENGTH-001"}
