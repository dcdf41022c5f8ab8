"""``workbench lineage``: a table for a person, files for programs, one sentence when it cannot."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from tests.commands import require_one_sentence, workbench
from tests.gui.cases import make_sample_case
from workbench import resources


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


@pytest.mark.parametrize("form", ["svg", "pdf", "json", "graphml", "csv", "prov", "text"])
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


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["--path", "credit-scoring:8", "credit-scoring:7"],
            "Both went into registered model credit-scoring",
        ),
        (["--impact", "--of", "credit-scoring:8"], "3 things rest on model version credit-scoring"),
        (["--problems"], "Made from nobody says what: 1 model version"),
        (["--carry", "licence"], "Licence: 13 labels carried; 8 deployments"),
        (
            ["--of", "credit-scoring:8", "--as-of", "2026-05-27"],
            "As of the end of 2026-05-27",
        ),
        (["--of", "credit-scoring-v8", "--run", "credit-scoring-v8"], "4 of 4 things and 3 of 3"),
        (["--all"], "213 of 213 things and 413 of 413 edges"),
        (["--columns", "--all"], "edges"),
    ],
)
def test_questions_are_answered_in_words(case: Path, arguments: list[str], says: str) -> None:
    done = workbench("lineage", case, *arguments)
    assert done.returncode == 0, done.stderr
    assert says in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--path", "credit-scoring-v8", "credit-scoring:8"],
        ["--impact", "--of", "credit-scoring-v8"],
        ["--problems"],
        ["--carry", "sensitivity"],
        ["--carry", "consent", "--state", "credit-scoring-v8=withdrawn", "--value", "draw"],
    ],
)
def test_answers_are_documents_that_follow_their_schema(case: Path, arguments: list[str]) -> None:
    done = workbench("lineage", case, *arguments, "--format", "json")
    document = json.loads(done.stdout)
    schema = resources.path("schemas", "lineage-answer.schema.json").read_text()
    jsonschema.validate(document, json.loads(schema))
    rows = workbench("lineage", case, *arguments, "--format", "csv").stdout.splitlines()
    assert rows[0] == "source,key,kind,name,steps,label,by,evidence"


def test_what_a_withdrawn_consent_touched_is_shown_with_the_way(case: Path) -> None:
    state = ["--carry", "consent", "--state", "credit-scoring-v8=withdrawn"]
    done = workbench("lineage", case, *state)
    assert "model version credit-scoring 8: withdrawn" in done.stdout
    assert "credit-scoring-v8 generated credit-scoring 8" in done.stdout
    assert "Not known: 1 run does not say which data it read" in done.stdout


def test_a_path_is_a_picture_too(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "path.svg"
    ends = ["--path", "credit-scoring-v8", "credit-scoring:8"]
    done = workbench("lineage", case, *ends, "--format", "svg", "-o", out)
    assert done.returncode == 0, done.stderr
    assert out.read_text().count('class="thing"') == 2


def test_json_goes_to_standard_output(case: Path) -> None:
    done = workbench("lineage", case, "--of", "credit-scoring:8", "--format", "json")
    assert json.loads(done.stdout)["focus"]["key"] == "model_version/credit-scoring/8"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--format", "gif"], "not as gif"),
        (["--format", "pdf"], "-o FILE"),
        (["--up", "99"], "0 to 50"),
        (["--path", "a", "b", "--problems"], "Ask one thing"),
        (["--carry", "colour"], "consent, licence, sensitivity; not colour"),
        (["--carry", "consent", "--state", "x"], "NAME=VALUE"),
        (["--problems", "--format", "svg"], "answered as text, json, csv"),
        (["--run", "credit-scoring:8"], "is no run"),
        (["--as-of", "never"], "never"),
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
    with closing(sqlite3.connect(f"file:{case / 'case.sqlite'}?mode=ro", uri=True)) as raw, raw:
        assert raw.execute("SELECT count(*) FROM journal").fetchone() == (5,)
    raw.close()
