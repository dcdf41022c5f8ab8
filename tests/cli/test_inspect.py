"""``workbench inspect``: a table of numbers for a person, the same numbers for a program."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import jsonschema

from tests.commands import workbench
from tests.formats.catalogs import STORES, store
from tests.formats.test_documents import DOCUMENTS, MADE

SCHEMA = Path(__file__).parents[2] / "resources/schemas/inspection.schema.json"


def test_numbers_stand_in_a_table(tmp_path: Path) -> None:
    out = workbench("inspect", store(tmp_path, "2.9.2")).stdout
    rows = {" ".join(line.split()[:-1]): line.split()[-1] for line in out.splitlines() if line}
    assert rows["dataset"] == "2"
    assert rows["metric points"] == "21"
    assert rows["rows runs"] == "6"
    assert "  subject, mlflow (acf3f17fdcc7, 16 tables)," in out
    counted = out.partition("  holds:")[2].partition("  states of itself:")[0]
    assert len({len(line) for line in counted.splitlines() if line[-1:].isdigit()}) == 1


def test_json_follows_its_schema(tmp_path: Path) -> None:
    path = store(tmp_path, "3.17.2")
    (tmp_path / "lineage.ndjson").write_bytes(
        (STORES / "openlineage-1.54.0.ndjson").read_bytes() + b"not JSON\n"
    )
    (tmp_path / "plain.db").write_bytes(b"")
    with closing(sqlite3.connect(tmp_path / "plain.db")) as plain:
        plain.execute("CREATE TABLE t(a)")
    document = json.loads(workbench("inspect", tmp_path, "--json").stdout)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    formats = {
        source["path"].rpartition("/")[2]: source["format"] for source in document["sources"]
    }
    assert formats == {
        path.name: "mlflow",
        "lineage.ndjson": "openlineage",
        "plain.db": "sqlite",
    }
    (lineage,) = (s for s in document["sources"] if s["format"] == "openlineage")
    assert [problem["code"] for problem in lineage["problems"]] == ["MALFORMED_RECORD"]


def test_every_document_is_told_and_follows_the_schema() -> None:
    document = json.loads(workbench("inspect", DOCUMENTS, "--json").stdout)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    formats = {source["format"] for source in document["sources"] if source["role"] == "subject"}
    assert formats == {*MADE, "huggingface", "dvc"}
    told = [source for source in document["sources"] if source["role"] == "subject"]
    assert all(source["counts"] and source["cannot_show"] for source in told)


def test_damaged_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = store(tmp_path, "3.17.2")
    path.write_bytes(path.read_bytes()[:200_000])
    done = workbench("inspect", path)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr + done.stdout
    assert "[TRUNCATED]" in done.stdout


def test_text_of_a_database_moves_nothing_on_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    connection = sqlite3.connect(path)
    connection.execute('CREATE TABLE "t\x1b[2J\n"(a)')
    connection.execute('INSERT INTO "t\x1b[2J\n" VALUES(1)')
    connection.commit()
    connection.close()
    assert "t[U+001B][2J[U+000A]" in workbench("inspect", path).stdout
