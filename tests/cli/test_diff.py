"""``workbench diff``: two exports of one store, value by value."""

import csv
import io
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from commands import require_one_sentence, workbench
from jsonschema import Draft202012Validator

from tests.formats.catalogs import store
from workbench import resources


@pytest.fixture
def exports(tmp_path: Path) -> tuple[Path, Path]:
    """A store as it was, and after somebody changed a parameter of a run and an alias."""
    earlier = store(tmp_path, "3.17.2")
    later = tmp_path / "later.db"
    shutil.copy(earlier, later)
    with closing(sqlite3.connect(later)) as database, database:
        database.execute("UPDATE params SET value = '=0.5' WHERE rowid = 1")
        database.execute("DELETE FROM registered_model_aliases")
    database.close()
    return earlier, later


def test_the_same_export_differs_in_nothing(exports: tuple[Path, Path]) -> None:
    earlier, _ = exports
    done = workbench("diff", earlier, earlier)
    assert done.returncode == 0
    assert done.stdout.startswith("No difference. The same in both: ")


def test_each_change_is_told_with_both_values_and_their_places(
    exports: tuple[Path, Path],
) -> None:
    done = workbench("diff", *exports, "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    schema = json.loads(resources.path("schemas", "diff.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    changed = [row for row in document["differences"] if row["field"].startswith("param ")]
    assert [row["after"] for row in changed] == ["=0.5"]
    assert changed[0]["before"] not in {None, "=0.5"}
    assert changed[0]["earlier"]["path"] != changed[0]["later"]["path"]
    assert {row["field"].partition(" ")[0] for row in document["differences"]} >= {"alias"}
    assert {row["change"] for row in document["differences"]} <= {"changed", "removed"}


def test_a_cell_is_no_formula(exports: tuple[Path, Path]) -> None:
    rows = list(csv.DictReader(io.StringIO(workbench("diff", *exports, "--csv").stdout)))
    assert {row["after"] for row in rows if row["field"].startswith("param ")} == {"'=0.5"}


def test_what_is_no_catalog_is_said(exports: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("nothing\n")
    done = workbench("diff", exports[0], tmp_path / "note.txt")
    assert done.returncode == 3
    require_one_sentence(done, "One catalog is compared with one")
    both = workbench("diff", exports[0], tmp_path)
    require_one_sentence(both, "holds 2 catalogs")


def test_two_deliveries_of_a_case_are_compared(exports: tuple[Path, Path], tmp_path: Path) -> None:
    case = tmp_path / "c.case"
    workbench("case", "new", case)
    for path in exports:
        workbench("case", "add", case, path)
    done = workbench("diff", "1", "2", "--case", case, "--json")
    plain = workbench("diff", *exports, "--json")
    shown = ("change", "about", "kind", "key", "field", "before", "after")
    kept, read = (json.loads(d.stdout)["differences"] for d in (done, plain))
    assert [[row[n] for n in shown] for row in kept] == [[row[n] for n in shown] for row in read]
    require_one_sentence(workbench("diff", "1", "9", "--case", case), "no source 9")
    require_one_sentence(workbench("diff", "1", "x", "--case", case), "x is none")
