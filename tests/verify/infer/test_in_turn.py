"""Chains that take turns in a file and do not store their links."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from commands import workbench


def in_turn(path: Path, field: str, chains: int, records: int, *, altered: int = -1) -> None:
    """Write a log in which each chain takes its turn, so that none has two records in a row."""
    latest: dict[str, str] = {}
    lines = []
    for n in range(records):
        name = f"t{n % chains}"
        record = {"seq": n // chains, field: name, "act": f"do {n * 7 % 13}", "amount": n * 3}
        text = latest.get(name, "GENESIS") + json.dumps(record, sort_keys=True)
        record["hash"] = latest[name] = hashlib.sha256(text.encode()).hexdigest()
        if n == altered:
            record["amount"] = 1_000_000
        lines.append(json.dumps(record) + "\n")
    path.write_text("".join(lines))


def judged(log: Path, reproduced: str) -> dict[str, Any]:
    """Search the recipe of a log, keep it, and return the verdict by it."""
    found = log.with_name("found.yaml")
    said = workbench("profile", "infer", log, "--out", found).stdout
    assert f"it reproduces {reproduced} records looked at" in said
    (source,) = json.loads(workbench("verify", log, "--json", "--profile", found).stdout)["sources"]
    return source


@pytest.mark.parametrize("field", ["tenant", "actor"])
@pytest.mark.parametrize("chains", [2, 7])
def test_chains_that_take_turns_are_told_apart(tmp_path: Path, field: str, chains: int) -> None:
    log = tmp_path / "log.jsonl"
    in_turn(log, field, chains, 60, altered=20)
    source = judged(log, "59 of the 60")
    assert source["integrity"]["indication"] == "FAILED"
    (told,) = source["diagnoses"]
    assert (told["class"], told["record"]) == ("RECORD_ALTERED", 21)


def test_first_records_that_a_found_beginning_reproduces_count(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    in_turn(log, "tenant", 20, 60)
    assert judged(log, "60 of the 60")["integrity"]["indication"] == "PASSED"
