"""A case whose verdicts are not whole, not of now, or not its own says so in every command."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders import KEY, LogBuilder
from casework import lines, plain_log, written
from commands import require_one_sentence, workbench

from workbench.sign.keys import public_pem


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with evidence and a case of it, verified: everything required PASSED."""
    place = tmp_path_factory.mktemp("kept")
    builder = LogBuilder("workbench", 12)
    written(place, "evidence/log.jsonl", builder.data())
    written(place, "evidence/log.head", builder.head())
    written(place, "log.pem", public_pem(KEY.public_key()))
    written(place, "plain.jsonl", lines(plain_log()))
    case = place / "a.case"
    assert workbench("case", "new", case).returncode == 0
    assert workbench("trust", "add", case, f"log={place / 'log.pem'}").returncode == 0
    assert workbench("case", "add", case, place / "evidence", "--verify").returncode == 0
    return place


@pytest.fixture
def case(kept: Path, tmp_path: Path) -> Path:
    """Return a copy of the case."""
    return shutil.copytree(kept / "a.case", tmp_path / "a.case")


def test_doctored_verdict_is_said_by_every_command(case: Path) -> None:
    with closing(sqlite3.connect(case / "case.sqlite")) as connection:
        connection.execute("UPDATE verdict SET time = 'PASSED', time_code = NULL")
        connection.commit()
    shown = workbench("case", "show", case)
    assert "Warning: what this case holds (verdicts) is not what its journal" in shown.stdout
    assert "PASSED" not in shown.stdout
    document = json.loads(workbench("case", "show", case, "--json").stdout)
    assert document["journal"]["contradicted"] == ["verdicts"]
    require_one_sentence(workbench("check", case), "workbench case verify")
    require_one_sentence(workbench("report", case, "-o", case.parent / "r.pdf"), "verdicts")
    assert not (case.parent / "r.pdf").exists()


def test_trust_that_changed_leaves_no_verdict_of_the_whole_case(case: Path) -> None:
    listed = workbench("trust", "list", case).stdout
    prefix = re.findall(r"SHA-256 ([0-9a-f]{12})", listed)[0]
    require_one_sentence(workbench("trust", "remove", case, "log"), "hex digits")
    require_one_sentence(workbench("trust", "remove", case, "ffffffffffff"), "0 trusted keys")
    assert workbench("trust", "remove", case, prefix).returncode == 0
    first, second, *rest = workbench("case", "show", case).stdout.splitlines()
    assert "out of date, so nothing is said of the whole case" in first
    assert "A key was trusted no more" in second
    assert any("PASSED ANCHORED" in line and "(out of date)" in line for line in rest)
    assert workbench("query", case, "level>1").stdout.startswith("0 of 0")


def test_source_that_is_not_verified_leaves_no_verdict_of_the_whole_case(
    kept: Path, case: Path
) -> None:
    assert workbench("case", "add", case, kept / "plain.jsonl").returncode == 0
    first = workbench("case", "show", case).stdout.splitlines()[0]
    assert "1 not verified yet, so nothing is said of the whole case" in first
    assert "PASSED" not in first


def test_rows_stand_below_the_names_of_their_columns(case: Path) -> None:
    head, row, *_ = workbench("query", case, "--in", "sources").stdout.splitlines()
    assert head.startswith("id ")
    assert " - " in row
    assert head.index("path") == row.index("evidence/")


def test_backup_comes_back_from_the_command_line(case: Path) -> None:
    out, back = case.parent / "b.zip", case.parent / "back"
    done = workbench("case", "backup", case, out)
    assert "case.sqlite" in done.stdout
    require_one_sentence(workbench("case", "backup", case, out), "--force")
    assert workbench("case", "restore", out, back).returncode == 0
    assert "Integrity PASSED" in workbench("case", "show", back).stdout
    require_one_sentence(workbench("case", "restore", out, back), "exists already")
