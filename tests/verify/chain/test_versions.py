"""Two recipes in one log: what both reproduce tells neither, an older one after a newer is told."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from commands import workbench

PROFILE = """
id: two
title: Two recipes
description: The newer one covers a note, too.
origin: {project: here}
container: {kind: jsonl}
fields: {own: hash, previous: previous, time: time}
digest: {algorithm: sha256, encoding: hex}
preimage:
  - field: {name: text}
  - field: {name: note}
  - previous: {}
versions:
  - value: older
    preimage:
      - field: {name: text}
      - previous: {}
genesis: {kind: "null", restarts: true}
"""


def written(folder: Path, log: str, *, blank: int = 0) -> Path:
    """Write a log, a letter a record, after blank lines.

    "n": by the newer recipe, "o": by the older, "b": without a note, by both; "/": the chain starts
    again, "<": the clock goes back.
    """
    (folder / "two.yaml").write_text(PROFILE)
    path, before, second, records = folder / "log.jsonl", None, 3000, list[str]()
    for made in log:
        before = None if made == "/" else before
        second += -600 if made == "<" else 1
        if made in "nob":
            text = f"event {len(records)}"
            hashed = text + "a note" * (made == "n") + (before or "")
            record = {"text": text, "note": "a note", "time": second, "previous": before}
            if made == "b":
                del record["note"]
            before = record["hash"] = hashlib.sha256(hashed.encode()).hexdigest()
            records.append(json.dumps(record) + "\n")
    path.write_text("\n" * blank + "".join(records))
    return path


def downgraded(folder: Path, log: str, *, blank: int = 0) -> list[int]:
    """Return the records from which on an older recipe is told."""
    path = written(folder, log, blank=blank)
    said = workbench("verify", path, "--json", "--profile", folder / "two.yaml").stdout
    (source,) = json.loads(said)["sources"]
    told = [d["record"] for d in source["diagnoses"] if d["class"] == "RECIPE_DOWNGRADED"]
    assert source["integrity"]["indication"] == ("INDETERMINATE" if told else "PASSED")
    return told


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("nnn", []),
        ("booonnn", []),  # both recipes reproduce the first record
        ("bo", []),
        ("ooo/nnn", []),
        ("ooo/bbnn", []),
        ("bo/bo/bn", []),
        ("oonn<nn", []),
        ("ooonnoo", [6]),
        ("nnn/ooo", [4]),  # a whole chain by the older one
        ("nnn/booo", [5]),
        ("nnn/nooo", [5]),
        ("bnn/b<oo", [5]),
        ("nnn<b<ooo", [5]),
        ("nnn<oo<oo", [4]),  # told once
        ("nn/oo/nn/oo", [3, 7]),
        ("obo", []),  # further on, too, what both reproduce tells neither
        ("ooobbobnbn", []),
        ("nbo", [3]),
        ("obnbbo", [6]),
        ("nnn<bboo", [6]),
        ("nnobon", [3]),  # as in "nnooon"
    ],
)
def test_recipes_only_get_newer(tmp_path: Path, log: str, told: Sequence[int]) -> None:
    assert downgraded(tmp_path, log) == told


@pytest.mark.parametrize("blank", [0, 40, 200, 5000])
def test_where_a_log_is_cut_into_pieces_changes_nothing(tmp_path: Path, blank: int) -> None:
    log = "n" * 570 + "/" + "b" + "o" * 700 + "/" + "bn" * 300
    assert downgraded(tmp_path, log, blank=blank) == [572]
    log = "o" * 30 + "b" * 600 + "n" + "b" * 900 + "o" * 30 + "nb" * 300 + "o"
    assert downgraded(tmp_path, log, blank=blank) == [1532, 2162]


@pytest.mark.parametrize(("log", "loose"), [("nnn", ["time"]), ("ooonnn", ["note", "time"])])
def test_what_only_the_newer_recipe_covers_is_told_where_the_older_was_used(
    tmp_path: Path, log: str, loose: Sequence[str]
) -> None:
    path = written(tmp_path, log)
    said = workbench("verify", path, "--json", "--profile", tmp_path / "two.yaml").stdout
    assert json.loads(said)["sources"][0]["not_covered"] == loose


def test_a_time_that_an_older_recipe_covers_by_the_second_is_told(tmp_path: Path) -> None:
    time = "- field: {name: time, time: {unit: s}}"
    newer, older = PROFILE.split("versions:")
    timed = "versions:".join([newer, older.replace("- previous", f"{time}\n      - previous")])
    (tmp_path / "timed.yaml").write_text(timed)
    record = {"text": "a", "note": "b", "time": "2026-03-01T10:00:00.250000Z", "previous": None}
    record["hash"] = hashlib.sha256(b"a1772359200").hexdigest()
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(record) + "\n")
    said = workbench("verify", log, "--json", "--profile", tmp_path / "timed.yaml").stdout
    (source,) = json.loads(said)["sources"]
    assert source["not_covered"] == ["note", "time", "time, beyond 0 digits of a second"]
