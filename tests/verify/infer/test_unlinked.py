"""Logs whose records hold a digest and no link: judged by what a search finds, or unprotected."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commands import workbench

Record = dict[str, Any]


def log_of(tenants: str, each: int, *, begins: Callable[[str], str]) -> list[Record]:
    """Return chains one after the other, whose records do not store their links."""
    records = []
    for tenant in tenants:
        before = begins(tenant)
        for n in range(each):
            record: Record = {"tenant": tenant, "act": f"do {n * 7 % 13}", "amount": n * 31 % 97}
            text = before + json.dumps(record, sort_keys=True, separators=(",", ":"))
            record["hash"] = before = hashlib.sha256(text.encode()).hexdigest()
            records.append(record)
    return records


def verified(folder: Path, records: list[Record]) -> Any:
    """Return what is said of a log for which nobody asked for a search."""
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    (source,) = json.loads(workbench("verify", path, "--json").stdout)["sources"]
    return source


def from_zeros(_tenant: str) -> str:
    return "0" * 64


def from_a_secret(tenant: str) -> str:
    return hashlib.sha256(f"told to nobody {tenant}".encode()).hexdigest()


def test_a_chain_that_stores_no_link_is_judged_by_what_is_found(tmp_path: Path) -> None:
    records = log_of("a", 40, begins=from_zeros)
    source = verified(tmp_path, records)
    assert source["integrity"]["code"] == "PROFILE_INFERRED"
    records[20]["amount"] = 1_000_000
    source = verified(tmp_path, records)
    assert source["integrity"]["indication"] == "FAILED"
    (told,) = source["diagnoses"]
    assert (told["class"], told["record"]) == ("LINK_BROKEN", 21)


@pytest.mark.parametrize("name", ["hash", "record_hash", "digest"])
def test_digests_of_which_nothing_is_known_protect_nothing(tmp_path: Path, name: str) -> None:
    digests = (hashlib.sha256(str(n).encode()).hexdigest() for n in range(40))
    source = verified(tmp_path, [{"path": f"f{n}", name: d} for n, d in enumerate(digests)])
    assert (source["integrity"]["indication"], source["integrity"]["code"]) == (
        "INDETERMINATE",
        "UNPROTECTED",
    )
    assert f"Each has a value in {name}" in " ".join(source["notes"])
    assert "name another one:" not in " ".join(source["notes"])


def test_chains_whose_beginning_nobody_can_guess_are_not_said_to_be_broken(tmp_path: Path) -> None:
    records = log_of("abc", 20, begins=from_a_secret)
    source = verified(tmp_path, records)
    assert source["integrity"]["code"] == "NOT_RECOMPUTABLE"
    assert {(told["class"], told["offset"]) for told in source["diagnoses"]} == {
        ("HEAD_TRUNCATED", offset) for offset in firsts(tmp_path / "log.jsonl", 20)
    }
    records[30]["amount"] = 1_000_000
    source = verified(tmp_path, records)
    assert source["integrity"]["indication"] == "FAILED"
    assert ("LINK_BROKEN", 31) in {(d["class"], d["record"]) for d in source["diagnoses"]}


def firsts(path: Path, each: int) -> list[int]:
    lengths = [len(line) for line in path.read_bytes().splitlines(keepends=True)]
    return [sum(lengths[:n]) for n in range(0, len(lengths), each)]


def test_one_altered_record_where_a_field_changes_is_no_other_chain(tmp_path: Path) -> None:
    records = log_of("a", 40, begins=from_zeros)
    before = "0" * 64
    for n, record in enumerate(records):
        record["tenant"] = "a" if n < 20 else "b"
        del record["hash"]
        text = before + json.dumps(record, sort_keys=True, separators=(",", ":"))
        record["hash"] = before = hashlib.sha256(text.encode()).hexdigest()
    records[20]["amount"] = 1_000_000
    source = verified(tmp_path, records)
    (told,) = source["diagnoses"]
    assert (told["class"], told["record"]) == ("LINK_BROKEN", 21)


def in_turn(records: list[Record], tenants: int) -> list[Record]:
    """Return the records of chains that lie one after the other, so that they take turns."""
    each = len(records) // tenants
    return [records[n % tenants * each + n // tenants] for n in range(len(records))]


def test_a_chain_that_begins_elsewhere_is_not_accused_where_others_begin_here(
    tmp_path: Path,
) -> None:
    records = in_turn(log_of("abc", 20, begins=from_zeros), 3)
    source = verified(tmp_path, records[1:])
    assert source["integrity"]["code"] == "NOT_RECOMPUTABLE"
    (told,) = source["diagnoses"]
    assert (told["class"], told["record"]) == ("HEAD_TRUNCATED", 3)
    assert "The other: record 3 was altered." in told["explanations"]


def test_a_first_record_that_is_numbered_so_and_not_reproduced_was_altered(
    tmp_path: Path,
) -> None:
    def numbered(tenant: str) -> list[Record]:
        before, records = "GENESIS", list[Record]()
        for n in range(1, 21):
            record: Record = {"n": n, "tenant": tenant, "amount": n * 31 % 97}
            before = hashlib.sha256((before + json.dumps(record)).encode()).hexdigest()
            records.append({**record, "hash": before})
        return records

    records = in_turn([record for tenant in "abc" for record in numbered(tenant)], 3)
    records[1]["amount"] = 1_000_000
    source = verified(tmp_path, records)
    assert source["integrity"]["indication"] == "FAILED"
    (told,) = source["diagnoses"]
    assert (told["class"], told["record"]) == ("RECORD_ALTERED", 2)
