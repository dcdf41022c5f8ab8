"""Registers hold every row, and no text of evidence acts in a spreadsheet."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.report.case import ALTERED_LOG, case, source
from workbench.model.case import EvidenceRef, Finding, JournalState
from workbench.model.locator import Locator
from workbench.report.context import CaseContent
from workbench.report.registers import Register, as_csv, as_json, as_xlsx, registers

MADE = datetime(2026, 10, 2, tzinfo=UTC)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x","y")')


def named(*found: Register) -> dict[str, Register]:
    return {register.name: register for register in found}


def rows(register: Register) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(register).decode("utf-8-sig"))))


def test_registers_hold_every_source_verdict_and_signature():
    found = named(*registers(case()))
    assert list(found) == ["evidence", "verdicts", "signatures"]
    assert len(found["evidence"].rows) == 4
    assert len(found["verdicts"].rows) == 3 * 4
    assert ("chain/tampered.jsonl", "integrity", "FAILED") in {
        row[:3] for row in found["verdicts"].rows
    }


def test_registers_of_a_case_hold_findings_with_their_places():
    places = (EvidenceRef("ab" * 32, Locator("log", record=n)) for n in (1, 2))
    content = CaseContent("c", JournalState(1, ""), (Finding("F-1", "One", evidence=(*places,)),))
    found = named(*registers(case(case=content)))
    assert [row[0] for row in found["findings"].rows] == ["F-1"]
    assert [row[0] for row in found["finding-evidence"].rows] == ["F-1", "F-1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_taken_for_a_formula(text):
    (register, *_) = registers(case((source(text, ALTERED_LOG),)))
    cell = rows(register)[1][0]
    assert cell.startswith("'")
    assert not cell.startswith(tuple("=+-@\t\r\n"))
    sheet = _sheet(as_xlsx((register,), MADE))
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_hidden_characters_are_shown_in_cells_and_exact_in_json():
    (register, *_) = registers(case((source("a\u202eb", ALTERED_LOG),)))
    assert rows(register)[1][0] == "a[U+202E]b"
    shown = json.loads(as_json(replace(register, rows=(("a\u202eb", *register.rows[0][1:]),))))
    assert shown[0]["source"] == "a\u202eb"


def test_a_workbook_has_a_sheet_for_each_register_and_numbers_as_numbers():
    found = registers(case())
    data = as_xlsx(found, MADE)
    book = zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml").decode()
    assert re.findall('<sheet name="([a-z-]+)"', book) == [register.name for register in found]
    assert "<v>1234</v>" in _sheet(data)


def test_the_same_registers_give_the_same_workbook():
    assert as_xlsx(registers(case()), MADE) == as_xlsx(registers(case()), MADE)


def _sheet(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()
