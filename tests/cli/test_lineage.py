"""``workbench lineage``: a table for a person, files for programs, one sentence when it cannot."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.commands import require_one_sentence, workbench
from tests.gui.cases import make_sample_case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sample_case(tmp_path_factory.mktemp("lineage"))


def test_a_model_is_traced_to_its_data(case: Path) -> None:
    done = workbench("lineage", case, "--of", "credit-scoring:8", "--up", "2", "--down", "0")
    assert done.returncode == 0, done.stderr
    head, *rows = done.stdout.splitlines()
    assert head == (
        "Lineage of credit-scoring 8: 5 of 213 things and 4 of 413 edges: 1 verified, 2 claimed, "
        "1 broken. 13 neighbours are not shown."
    )
    told = [" ".join(row.split()) for row in rows]
    assert any(r.startswith("applications_2026-04 f514eb76 used credit-scoring-v8") for r in told)
    assert any(
        r.startswith("approval by priya.raman approved credit-scoring 8 broken") for r in told
    )


@pytest.mark.parametrize(
    ("of", "says"),
    [("approval:679", " or "), ("nothing", "nothing called nothing"), ("credit-scoring", " or ")],
)
def test_what_is_not_one_thing_is_one_sentence(case: Path, of: str, says: str) -> None:
    require_one_sentence(workbench("lineage", case, "--of", of), says)


@pytest.mark.parametrize("form", ["svg", "pdf", "json", "graphml", "csv", "text"])
def test_a_file_is_written_and_said_with_its_counts(case: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"lineage.{form}"
    arguments = ("lineage", case, "--of", "credit-scoring:8", "--format", form, "-o", out)
    done = workbench(*arguments)
    assert done.returncode == 0, done.stderr
    assert "7 things, 6 edges" in done.stdout
    before = out.read_bytes()
    require_one_sentence(workbench(*arguments), "exists already")
    assert workbench(*arguments, "--force").returncode == 0
    assert out.read_bytes() == before


def test_json_goes_to_standard_output(case: Path) -> None:
    done = workbench("lineage", case, "--of", "credit-scoring:8", "--format", "json")
    assert json.loads(done.stdout)["focus"]["key"] == "model_version/credit-scoring/8"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--format", "gif"], "not as gif"),
        (["--format", "pdf"], "-o FILE"),
        (["--up", "99"], "0 to 50"),
    ],
)
def test_what_makes_no_sense_is_refused(case: Path, arguments: list[str], says: str) -> None:
    require_one_sentence(workbench("lineage", case, "--of", "credit-scoring:8", *arguments), says)


def test_nothing_is_written_into_the_case(case: Path) -> None:
    out = case / "lineage.svg"
    done = workbench(
        "lineage", case, "--of", "credit-scoring:8", "--format", "svg", "-o", out, "--force"
    )
    require_one_sentence(done, "never written to")
    assert not out.exists()
    with sqlite3.connect(f"file:{case / 'case.sqlite'}?mode=ro", uri=True) as raw:
        assert raw.execute("SELECT count(*) FROM journal").fetchone() == (5,)
    raw.close()
