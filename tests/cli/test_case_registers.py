"""``workbench case registers``: every row of the report, in files that nobody has to trust."""

import csv
import json
from pathlib import Path

import pytest
from builders import LogBuilder
from casework import added, new_case, verified, written
from commands import require_one_sentence, workbench


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a verified case over evidence beside it."""
    written(tmp_path, "drop/log.jsonl", LogBuilder("workbench", 12).data())
    with new_case(tmp_path) as case:
        added(case, tmp_path / "drop")
        verified(case)
    (tmp_path / "out").mkdir()
    return tmp_path


def test_registers_are_written_for_a_spreadsheet_and_for_programs(place: Path) -> None:
    done = workbench("case", "registers", "audit.case", "out", "--pack", "ml-baseline", cwd=place)
    assert done.returncode == 0, done.stderr
    written_files = {path.name for path in (place / "out").iterdir()}
    assert written_files >= {"evidence.csv", "verdicts.json", "checks.csv", "registers.xlsx"}
    assert {line.rpartition("/")[2] for line in done.stdout.splitlines()} == written_files
    with (place / "out" / "checks.csv").open(encoding="utf-8-sig", newline="") as stream:
        as_rows = list(csv.DictReader(stream))
    as_objects = json.loads((place / "out" / "checks.json").read_text())
    assert [row["id"] for row in as_rows] == [each["id"] for each in as_objects]
    assert "INDETERMINATE" in {row["outcome"] for row in as_rows}


def test_registers_never_land_in_evidence_or_over_a_file(place: Path) -> None:
    done = workbench("case", "registers", "audit.case", "drop", cwd=place)
    require_one_sentence(done, "never written to")
    (place / "out" / "evidence.csv").write_text("mine")
    done = workbench("case", "registers", "audit.case", "out", cwd=place)
    require_one_sentence(done, "exists already")
    assert [path.name for path in (place / "out").iterdir()] == ["evidence.csv"]
    assert (place / "drop" / "log.jsonl").exists()
