"""What the auditor wrote is printed whole: over pages, line by line, no label left alone."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.report.case import HOSTILE, case
from workbench.model.case import EvidenceRef, Finding, JournalState
from workbench.model.locator import Locator
from workbench.report.build import build_report
from workbench.report.context import CaseContent
from workbench.report.document import KeyValues, Passage
from workbench.report.headroom import without_lone_headings
from workbench.report.passage import beside_or_below, is_long

_needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext")

LONG = " ".join(f"word{n}" for n in range(3_000))
_FURNITURE = re.compile(r"^(Northwind Lending: model audit|Audit Workbench .*)\s")


def pages(folder: Path, *findings: Finding) -> list[str]:
    context = case(case=CaseContent("c", JournalState(1, "00" * 32), findings=findings))
    (folder / "report.pdf").write_bytes(build_report(context).pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", "report.pdf", "-"], cwd=folder, capture_output=True, check=True
    )
    return done.stdout.decode().split("\f")[:-1]


def test_what_is_long_or_has_lines_stands_below_its_label_in_its_place():
    rows = [("A", "x"), ("B", "y" * 900), ("C", "one\ntwo"), ("D", "z")]
    assert list(beside_or_below(rows)) == [
        KeyValues((("A", "x"),)), Passage("B", "y" * 900), Passage("C", "one\ntwo"),
        KeyValues((("D", "z"),)),
    ]  # fmt: skip
    assert not is_long("")


@_needs_poppler
@pytest.mark.parametrize("part", ["condition", "title"])
def test_no_word_of_a_finding_is_left_out(part: str, tmp_path: Path):
    finding = Finding("F-0001", **({"title": "t"} | {part: LONG}))
    words = re.findall(r"word\d+", "\n".join(pages(tmp_path, finding)))
    at = words.index("word200")  # a title stands shortened in heads and lists as well
    assert words[at - 200 : at + 2_800] == LONG.split()


@_needs_poppler
def test_a_note_on_evidence_is_printed_whole_below_the_table(tmp_path: Path):
    evidence = tuple(
        EvidenceRef("ab" * 32, Locator("x.log", record=n), note)
        for n, note in ((1, "s"), (2, LONG))
    )
    text = "\n".join(pages(tmp_path, Finding("F-0001", "t", evidence=evidence)))
    assert "place 2: see below" in text
    assert "What place 2 shows" in text
    assert re.findall(r"word\d+", text) == LONG.split()


@_needs_poppler
def test_lines_are_lines_and_what_hides_in_them_is_shown(tmp_path: Path):
    text = "\n".join(pages(tmp_path, Finding("F-0001", "t", cause=f"first\n\nsecond\n{HOSTILE}")))
    assert "[U+000A]" not in text
    assert "[U+202E]" in text
    assert re.search(r"^\s*first$.*^\s*second$", text, re.MULTILINE | re.DOTALL)


@_needs_poppler
@pytest.mark.parametrize("words", [300, 344, 388])
def test_no_label_is_the_last_line_of_a_page(words: int, tmp_path: Path):
    text = " ".join(LONG.split()[:words])
    finding = Finding("F-0001", "t", criteria=text, condition=text, cause=text, consequence=text)
    for number, page in enumerate(pages(tmp_path, finding), 1):
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        assert lines[-2] not in {"Criteria", "Condition", "Cause", "Consequence"}, number


def test_a_text_without_a_space_is_printed_whole():
    from workbench.report.passage import _pieces

    assert "".join(_pieces("x" * 9_001)) == "x" * 9_001
    assert without_lone_headings([]) == []
