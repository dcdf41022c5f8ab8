"""``workbench reconcile`` and ``alternate`` over a crate, a second one, a log and files."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from casework import lines, written
from commands import require_one_sentence, workbench
from jsonschema import Draft202012Validator

from workbench import resources

TRAIN, MODEL, NOTE = b"age,income\n41,2\n", b"weights", b"a note"


def crate(**files: tuple[str, bytes]) -> bytes:
    """Return a crate that describes files: (path, what it says that they hold), by name."""
    entities: list[dict[str, object]] = [
        {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
         "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}},
        {"@id": "./", "@type": "Dataset", "name": "crate"},
    ]  # fmt: skip
    entities += [
        {"@id": path, "@type": "File", "name": name, "contentSize": str(len(data)),
         "sha256": hashlib.sha256(data).hexdigest(), "dateCreated": "2026-04-02T00:00:00Z"}
        for name, (path, data) in files.items()
    ]  # fmt: skip
    context = "https://w3id.org/ro/crate/1.1/context"
    return json.dumps({"@context": context, "@graph": entities}).encode()


def record(day: int, action: str, item: str) -> dict[str, object]:
    return {"time": f"2026-04-{day:02}T00:00:01Z", "actor": "ann", "action": action,
            "object": item, "outcome": "success"}  # fmt: skip


LOG = [
    record(1, "service.start", ""),
    record(2, "dataset.create", "train"),
    record(2, "dataset.create", "model"),
    record(3, "dataset.create", "shadow"),
    record(4, "model.deploy", "models:/credit/7"),
    record(5, "dataset.delete", "model"),
    record(9, "service.stop", ""),
]


@pytest.fixture(scope="module")
def found(case: Path) -> dict[str, Any]:
    """What the case comes to, as JSON."""
    return document("reconciliation", "reconcile", case)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crate with one altered, one strange and one missing file; a second crate; a log."""
    folder = tmp_path_factory.mktemp("drop")
    files = {"train": ("data/train.csv", TRAIN), "model": ("model%20a.bin", MODEL)}
    gone = {"=gone": ("data/gone.csv", b"x")}
    written(folder, "a/ro-crate-metadata.json", crate(**files, **gone))
    written(folder, "a/data/train.csv", TRAIN.replace(b"41", b"42"))
    written(folder, "a/model a.bin", MODEL)
    written(folder, "a/data/note.txt", NOTE)
    other = {"learn": ("https://example.org/t.csv", TRAIN), "=gone": ("https://x.org/g", b"y")}
    written(folder, "b/ro-crate-metadata.json", crate(**other))
    written(folder, "audit.jsonl", lines(LOG))
    case = folder.parent / f"{folder.name}.case"
    assert workbench("case", "new", case).returncode == 0
    assert workbench("case", "add", case, folder).returncode == 0
    return case


def document(name: str, *arguments: str | Path) -> dict[str, Any]:
    done = workbench(*arguments, "--json")
    schema = json.loads(resources.path("schemas", f"{name}.schema.json").read_text())
    found: dict[str, Any] = json.loads(done.stdout)
    Draft202012Validator(schema).validate(found)
    return found


def test_each_difference_is_told_with_places_on_both_sides(found: dict[str, Any]) -> None:
    told = {(row["kind"], row["name"]) for row in found["differences"]}
    assert told == {
        ("NO_CREATION_EVENT", "=gone"),
        ("UNKNOWN_ARTIFACT", "shadow"),
        ("DELETED_BUT_IN_CATALOG", "model"),
        ("FILE_MISSING", "=gone"),
        ("FILE_DIGEST_DIFFERS", "train"),
        ("FILE_UNKNOWN", next(n for _, n in told if n.endswith("a/data/note.txt"))),
        ("DEPLOYED_WITHOUT_APPROVAL", "models:/credit/7"),
        ("DIGEST_CHANGED", "=gone"),
    }
    assert found["exit"] == 1
    (altered,) = [row for row in found["differences"] if row["kind"] == "FILE_DIGEST_DIFFERS"]
    assert [place["side"] for place in altered["places"]] == ["catalog", "files"]
    assert altered["places"][0]["place"]["pointer"]
    assert altered["stated"] == hashlib.sha256(TRAIN).hexdigest()


def test_what_may_be_innocent_says_why(found: dict[str, Any]) -> None:
    doubts = {row["kind"]: row["doubt"] for row in found["differences"] if row["doubt"]}
    assert set(doubts) == {
        "DIGEST_CHANGED", "DEPLOYED_WITHOUT_APPROVAL", "UNKNOWN_ARTIFACT", "DELETED_BUT_IN_CATALOG",
        "FILE_UNKNOWN",
    }  # fmt: skip
    assert "exported before" in doubts["DELETED_BUT_IN_CATALOG"]


def test_what_was_not_compared_is_said_and_no_number_stands_for_it(tmp_path: Path) -> None:
    written(tmp_path, "drop/ro-crate-metadata.json", crate(train=("data/train.csv", TRAIN)))
    workbench("case", "new", tmp_path / "c")
    workbench("case", "add", tmp_path / "c.case", tmp_path / "drop")
    done = workbench("reconcile", tmp_path / "c.case")
    assert done.returncode == 2
    assert "log      not there: No source of this case is a log" in done.stdout
    assert done.stdout.count("NOT COMPARED") == 3
    assert done.stdout.endswith("Nothing was compared.\n")
    assert "differences" not in done.stdout


def test_a_finding_is_made_of_a_line_with_its_evidence(case: Path, found: dict[str, Any]) -> None:
    rows = found["differences"]
    number = next(str(row["line"]) for row in rows if row["kind"] == "FILE_DIGEST_DIFFERS")
    done = workbench("reconcile", case, "--finding", number)
    assert "Finding F-0001: File has another digest: train." in done.stdout
    shown = workbench("finding", "show", case, "F-0001").stdout
    assert shown.count("Evidence: ") == 2
    require_one_sentence(workbench("reconcile", case, "--finding", "NONE"), "no difference NONE")


def test_a_line_of_csv_is_no_formula(case: Path) -> None:
    text = workbench("reconcile", case, "--csv", "--kind", "file_missing").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["kind"], row["name"]) for row in rows] == [("FILE_MISSING", "'=gone")]


def ends(link: dict[str, Any]) -> list[str]:
    return [f"{link[side]['source']}/{link[side]['key']}" for side in ("one", "other")]


def test_links_are_confirmed_parted_and_undone_in_the_journal(case: Path) -> None:
    links = document("alternates", "alternate", "list", case)["links"]
    (strong,) = [link for link in links if link["confidence"] == "strong"]
    assert strong["crossed"]
    assert strong["evidence"][0]["ground"] == "same digest"
    parting = ("alternate", "part", case, *ends(strong), "--who", "eve")
    assert workbench(*parting, "--reason", "another year").returncode == 0
    require_one_sentence(workbench(*parting, "--reason", " "), "Say why")
    (parted,) = document("alternates", "alternate", "list", case, "--of", ends(strong)[1])["links"]
    assert (parted["ruling"]["ruled"], parted["ruling"]["who"]) == ("parted", "eve")
    assert not parted["crossed"]
    undone = workbench("alternate", "undo", case, *ends(strong), "--reason", "a slip")
    assert undone.stdout.startswith("strong")
