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
description: They differ in whether the link is hashed, and one in whether a note is.
origin: {project: here}
container: {kind: jsonl}
fields: {own: hash, previous: previous}
digest: {algorithm: sha256, encoding: hex}
preimage:
  - field: {name: text}
  - field: {name: note}
  - previous: {}
versions:
  - value: older
    preimage:
      - field: {name: text}
genesis: {kind: "null", restarts: true}
"""


def record(made: str, before: str | None, number: int) -> dict[str, object]:
    """Return a record: by the newer recipe "n", by the older "o", or the first of a chain "f"."""
    link = None if made == "f" else before
    text = f"event {number}"
    hashed = text + ("a note" + (link or "") if made == "n" else "")
    note = {"note": "a note"} if made == "n" else {}
    digest = hashlib.sha256(hashed.encode()).hexdigest()
    return {"text": text, **note, "previous": link, "hash": digest}


def written(folder: Path, log: str) -> Path:
    """Write a log, a letter a record."""
    (folder / "two.yaml").write_text(PROFILE)
    path, before = folder / "log.jsonl", None
    with path.open("w") as out:
        for number, made in enumerate(log):
            one = record(made, before, number)
            out.write(json.dumps(one) + "\n")
            before = str(one["hash"])
    return path


def told(folder: Path, log: str) -> list[tuple[str, int]]:
    """Return what is said against a log."""
    said = workbench(
        "verify", written(folder, log), "--json", "--profile", folder / "two.yaml"
    ).stdout
    (source,) = json.loads(said)["sources"]
    found = [(each["class"], each["record"]) for each in source["diagnoses"]]
    found = [each for each in found if each[0] != "SEQUENCE_ANOMALY"]  # that a chain starts again
    downgraded = any(kind == "RECIPE_DOWNGRADED" for kind, _ in found)
    assert (source["integrity"]["indication"] == "PASSED") == (not downgraded)
    return found


@pytest.mark.parametrize(
    ("log", "against"),
    [
        ("fooonnn", []),  # both recipes reproduce the first record
        ("fnnn", []),
        ("fo", []),
        ("fonfnn", []),  # a second chain, by the newer recipe from its second record on
        ("fonfnfn", []),
        ("foonnoo", [("RECIPE_DOWNGRADED", 6)]),
        ("fnfo", [("RECIPE_DOWNGRADED", 3)]),  # a chain by the older one, after a newer
        ("fnffo", [("RECIPE_DOWNGRADED", 4)]),
        ("fnof", [("RECIPE_DOWNGRADED", 3)]),
        ("fofof", []),
        ("fnfofo", [("RECIPE_DOWNGRADED", 3), ("RECIPE_DOWNGRADED", 5)]),
    ],
)
def test_recipes_only_get_newer(tmp_path: Path, log: str, against: Sequence[object]) -> None:
    assert told(tmp_path, log) == against
