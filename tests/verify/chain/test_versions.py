"""Two recipes in one log: what both reproduce tells neither, an older one after a newer is told."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from commands import workbench

from workbench.verify.chain.survey import MOST_STRETCHES

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
        ("nnn/booo", [4]),
        ("nnn/nooo", [5]),
        ("bnn/b<oo", [5]),
        ("nnn<b<ooo", [5]),
        ("nnn<oo<oo", [4]),  # told once
        ("nn/oo/nn/oo", [3, 7]),
        ("obo", []),  # further on, too, what both reproduce tells neither
        ("ooobbobnbn", []),
        ("nbo", [3]),
        ("obnbbo", [6]),
        ("nnn<bboo", [4]),  # at a break what both reproduce counts as what goes on from it
        ("nnobon", [3]),  # as in "nnooon"
    ],
)
def test_recipes_only_get_newer(tmp_path: Path, log: str, told: Sequence[int]) -> None:
    assert downgraded(tmp_path, log) == told


@pytest.mark.parametrize("blank", [0, 40, 200, 5000])
def test_where_a_log_is_cut_into_pieces_changes_nothing(tmp_path: Path, blank: int) -> None:
    log = "n" * 570 + "/" + "b" + "o" * 700 + "/" + "bn" * 300
    assert downgraded(tmp_path, log, blank=blank) == [571]
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


SECRETS = {"first": b"the first secret", "second": b"the second secret"}


def keyed(folder: Path, log: str, newer: str | None, older: str | None) -> Path:
    """Write a log as ``written`` does, each recipe with a secret or none, and its profile."""
    plain, path, before, records = PROFILE, folder / "log.jsonl", None, list[str]()
    newest, _, rest = plain.partition("versions:")
    named = [f", key: {{id: {name}, encoding: text}}" if name else "" for name in (newer, older)]
    newest = newest.replace("encoding: hex", f"encoding: hex{named[0]}")
    digest = f"digest: {{algorithm: sha256, encoding: hex{named[1]}}}"
    rest = rest.replace("    preimage:", f"    {digest}\n    preimage:", 1)
    (folder / "two.yaml").write_text(f"{newest}versions:{rest}")
    for name, secret in SECRETS.items():
        (folder / name).write_bytes(secret)
    for n, made in enumerate(log.lower()):
        record = {"text": f"event {n}", "note": "a note", "time": 3000 + n, "previous": before}
        data = f"event {n}" + "a note" * (made == "n") + (before or "")
        name = newer if made == "n" else older
        before = hashlib.sha256(data.encode()).hexdigest()
        if name is not None:
            before = hmac.new(SECRETS[name], data.encode(), "sha256").hexdigest()
        record["text"] += " altered" * log[n].isupper()
        records.append(json.dumps({**record, "hash": before}) + "\n")
    path.write_text("".join(records))
    return path


@pytest.mark.parametrize(
    ("newer", "older"),
    [(None, "first"), ("first", None), ("first", "first"), ("first", "second")],
)
def test_each_recipe_has_a_secret_of_its_own_or_none(
    tmp_path: Path, newer: str | None, older: str | None
) -> None:
    names = {name for name in (newer, older) if name}
    for given in (names, names - {newer}, names - {older}, set[str]()):
        secrets = [x for name in given for x in ("--secret", f"{name}={tmp_path / name}")]

        def told(log: str, *secrets: str) -> tuple[str, list[str]]:
            path = keyed(tmp_path, log, newer, older)
            said = workbench(
                "verify", path, "--json", "--profile", tmp_path / "two.yaml", *secrets
            ).stdout
            (source,) = json.loads(said)["sources"]
            found = [f"{d['class']} {d['record']}" for d in source["diagnoses"]]
            return source["integrity"]["code"], found

        enough = given == names
        honest = "SELF_CONSISTENT" if enough else "NOT_RECOMPUTABLE"
        assert told("ooonnn", *secrets) == (honest, []), "an honest log is not accused"
        code, found = told("ooOnnn", *secrets)
        assert (code, found) == ("RECORD_ALTERED", ["RECORD_ALTERED 3"]) or not enough
        assert code != "SELF_CONSISTENT"


def test_a_record_that_names_its_recipe_lacks_no_secret_of_another(tmp_path: Path) -> None:
    path = keyed(tmp_path, "ooonnN", None, "first")
    profile = tmp_path / "two.yaml"
    profile.write_text(profile.read_text().replace("versions:", "version_field: v\nversions:"))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    named = [{**line, "v": "older" if n < 3 else "newer"} for n, line in enumerate(lines)]
    path.write_text("".join(json.dumps(line) + "\n" for line in named))
    said = workbench("verify", path, "--json", "--profile", profile).stdout
    (source,) = json.loads(said)["sources"]
    assert source["integrity"]["indication"] == "FAILED"
    assert [(d["class"], d["record"]) for d in source["diagnoses"]] == [("RECORD_ALTERED", 6)]


def test_chains_of_partitions_tell_what_their_older_recipe_leaves_out(tmp_path: Path) -> None:
    path = written(tmp_path, "oonn")
    profile = tmp_path / "two.yaml"
    profile.write_text(PROFILE.replace("time: time}", "time: time, partition: [tenant]}"))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps({**line, "tenant": "t"}) + "\n" for line in lines))
    said = workbench("verify", path, "--json", "--profile", profile).stdout
    (source,) = json.loads(said)["sources"]
    assert source["integrity"]["indication"] == "PASSED"
    assert source["not_covered"] == ["note", "tenant", "time"]


def test_chains_that_begin_with_what_both_reproduce_are_one_stretch_each(tmp_path: Path) -> None:
    log = "boo" + "/boo" * (MOST_STRETCHES * 6 // 10)
    path = written(tmp_path, log)
    said = workbench("verify", path, "--json", "--profile", tmp_path / "two.yaml").stdout
    (source,) = json.loads(said)["sources"]
    assert source["integrity"]["code"] == "SELF_CONSISTENT"
