"""Logs whose records hold a digest and no link: what is said unasked, and after a search."""

import hashlib
import json
from collections.abc import Callable
from itertools import pairwise
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


def written(folder: Path, records: list[Record]) -> Path:
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def unasked(folder: Path, records: list[Record]) -> Any:
    """Return what is said of a log for which nobody asked for a search."""
    done = workbench("verify", written(folder, records), "--json")
    (source,) = json.loads(done.stdout)["sources"]
    return source


def searched(folder: Path, records: list[Record]) -> Any:
    """Return what is said of a log by the profile that a search found in it."""
    path, found = written(folder, records), folder / "found.yaml"
    workbench("profile", "infer", path, "--out", found, "--force")
    done = workbench("verify", path, "--json", "--profile", found)
    (source,) = json.loads(done.stdout)["sources"]
    return source


def told(source: Any) -> list[tuple[str, int]]:
    return [(each["class"], each["record"]) for each in source["diagnoses"]]


def from_zeros(_tenant: str) -> str:
    return "0" * 64


def from_a_secret(tenant: str) -> str:
    return hashlib.sha256(f"told to nobody {tenant}".encode()).hexdigest()


@pytest.mark.parametrize("name", ["hash", "record_hash", "digest"])
def test_a_log_of_digests_is_unprotected_and_a_search_is_named(tmp_path: Path, name: str) -> None:
    digests = (hashlib.sha256(str(n).encode()).hexdigest() for n in range(40))
    records = [{"path": f"f{n}", name: digest} for n, digest in enumerate(digests)]
    source = unasked(tmp_path, records)
    assert (source["format"], source["integrity"]["code"]) == ("log", "UNPROTECTED")
    (note,) = source["notes"]
    assert f"a value in {name} that may be a digest" in note
    assert "workbench profile infer" in note
    said = workbench("profile", "infer", tmp_path / "log.jsonl").stdout
    assert f"No link from one record to another was found. What stands in {name} may be" in said


def test_a_log_whose_digests_repeat_is_not_said_to_hold_any(tmp_path: Path) -> None:
    records: list[Record] = [{"n": n, "hash": f"{n % 2:064x}"} for n in range(10)]
    assert unasked(tmp_path, records)["notes"] == []


def test_a_chain_that_stores_no_link_is_judged_by_what_is_found(tmp_path: Path) -> None:
    records = log_of("a", 40, begins=from_zeros)
    assert searched(tmp_path, records)["integrity"]["code"] == "SELF_CONSISTENT"
    records[20]["amount"] = 1_000_000
    source = searched(tmp_path, records)
    assert source["integrity"]["indication"] == "FAILED"
    assert told(source) == [("LINK_BROKEN", 21)]


@pytest.mark.parametrize("tenants", ["ab", "abc"])
def test_chains_whose_beginning_nobody_can_guess_are_not_said_to_be_broken(
    tmp_path: Path, tenants: str
) -> None:
    records = log_of(tenants, 20, begins=from_a_secret)
    firsts = [("HEAD_TRUNCATED", 1 + 20 * n) for n in range(len(tenants))]
    source = searched(tmp_path, records)
    assert source["integrity"]["code"] == "NOT_RECOMPUTABLE"
    assert told(source) == firsts
    said = source["diagnoses"][1]["explanations"][-1]
    assert said.startswith("What may be: a chain begins here, by a value that is not known;")
    assert said.endswith("or record 21 was altered.")
    levels = {r: each["level"] for each in source["assurance"] for r in (each["first"],)}
    assert {levels[record] for _, record in firsts} == {0}
    records[30]["amount"] = 1_000_000
    source = searched(tmp_path, records)
    assert source["integrity"]["indication"] == "FAILED"
    assert ("LINK_BROKEN", 31) in told(source)


def chained(records: list[Record], before: str = "0" * 64) -> list[Record]:
    """Return records as one chain that does not store its links."""
    done = []
    for record in records:
        text = before + json.dumps(record, sort_keys=True, separators=(",", ":"))
        before = hashlib.sha256(text.encode()).hexdigest()
        done.append({**record, "hash": before})
    return done


@pytest.mark.parametrize("before", ["0" * 64, "f" * 64], ids=["known", "unknown"])
@pytest.mark.parametrize("altered", [1, 2, 5])
def test_records_altered_into_values_of_their_own_begin_no_chains(
    tmp_path: Path, before: str, altered: int
) -> None:
    records = chained(
        [{"approver": "alice", "n": n * 7, "act": f"a{n % 5}"} for n in range(60)], before
    )
    for n in range(1, altered + 1):
        records[-n]["approver"] = f"mallory {n}"
    source = searched(tmp_path, records)
    assert source["integrity"]["indication"] == "FAILED"
    assert [record for _, record in told(source)][-altered:] == [*range(61 - altered, 61)]


@pytest.mark.parametrize("field", ["day", "tenant"])
def test_chains_of_which_some_are_deleted_are_not_taken_for_chains_that_begin(
    tmp_path: Path, field: str
) -> None:
    records = chained([{field: f"v{n // 10}", "n": n * 7, "act": f"a{n % 5}"} for n in range(60)])
    kept = [record for record in records if record[field] not in {"v1", "v3", "v5"}]
    source = searched(tmp_path, kept)
    assert source["integrity"]["indication"] == "FAILED"
    assert told(source) == [("LINK_BROKEN", 11), ("LINK_BROKEN", 21)]


def test_one_altered_record_where_a_field_changes_is_no_other_chain(tmp_path: Path) -> None:
    records = chained([{"env": "ab"[n // 20], "n": n * 7, "act": f"a{n % 5}"} for n in range(40)])
    records[20]["n"] = 1_000_000
    assert told(searched(tmp_path, records)) == [("LINK_BROKEN", 21)]


@pytest.mark.parametrize("again", [[20], [10, 30]])
def test_a_chain_that_begins_again_as_it_began_is_no_break(
    tmp_path: Path, again: list[int]
) -> None:
    records: list[Record] = [{"n": n * 7, "act": f"a{n % 5}"} for n in range(60)]
    starts = [0, *again, 60]
    parts = [chained(records[a:b]) for a, b in pairwise(starts)]
    source = searched(tmp_path, [record for part in parts for record in part])
    assert source["integrity"]["indication"] == "PASSED"
    assert told(source) == [("SEQUENCE_ANOMALY", start + 1) for start in again]


def test_a_last_record_that_begins_as_the_first_does_begins_nothing(tmp_path: Path) -> None:
    records: list[Record] = [{"n": n * 7, "act": f"a{n % 5}"} for n in range(40)]
    records = [*chained(records)[:-1], *chained([records[-1] | {"act": "forged"}])]
    assert told(searched(tmp_path, records)) == [("FORK", 40)]


def test_a_chain_whose_numbers_go_on_does_not_begin_again(tmp_path: Path) -> None:
    records: list[Record] = [{"seq": n, "act": f"a{n % 5}"} for n in range(1, 41)]
    source = searched(tmp_path, [*chained(records[:20]), *chained(records[20:])])
    assert source["integrity"]["indication"] == "FAILED"


def test_chains_whose_own_numbers_go_on_do_not_begin_again(tmp_path: Path) -> None:
    each: list[Record] = [{"seq": n, "act": f"a{n % 5}"} for n in range(1, 21)]
    chains = [[{"tenant": t, **record} for record in each] for t in "abc"]
    done = [[*chained(chain[:10]), *chained(chain[10:])] for chain in chains]
    records = in_turn([record for chain in done for record in chain], 3)
    assert searched(tmp_path, records)["integrity"]["indication"] == "FAILED"


def test_chains_of_several_tenants_may_each_begin_again(tmp_path: Path) -> None:
    each = [{"n": n * 7, "act": f"a{n % 5}"} for n in range(20)]
    one = [chained([{"tenant": t, **record} for record in each]) for t in "abc"]
    records = in_turn([record for chain in one for record in chain], 3)
    source = searched(tmp_path, [*records, *records_of_next_day(records)])
    assert source["integrity"]["indication"] == "PASSED"
    assert told(source) == [("SEQUENCE_ANOMALY", n) for n in (61, 62, 63)]


def records_of_next_day(records: list[Record]) -> list[Record]:
    """Return records of the same chains, begun again with other values."""
    chains: dict[str, list[Record]] = {}
    for record in records:
        other = {k: v for k, v in record.items() if k != "hash"} | {"n": record["n"] + 1}
        chains.setdefault(record["tenant"], []).append(other)
    done = [record for chain in chains.values() for record in chained(chain)]
    return in_turn(done, len(chains))


@pytest.mark.parametrize("field", ["tenant", "day"])
def test_numbers_that_run_through_the_file_show_one_chain(tmp_path: Path, field: str) -> None:
    records = [{"seq": n, field: f"v{n // 20}", "act": f"a{n * 7 % 5}"} for n in range(5, 60)]
    records = chained(records, "f" * 64)  # rotated: nothing shows how it began
    for n in (15, 35):
        records[n]["act"] = "forged"
    source = searched(tmp_path, records)
    assert source["integrity"]["indication"] == "FAILED"
    assert told(source)[1:] == [("RECORD_ALTERED", 16), ("RECORD_ALTERED", 36)]


def test_a_log_that_was_migrated_with_its_beginnings_does_not_continue_another(
    tmp_path: Path,
) -> None:
    records: list[Record] = [{"v": 1, "n": n * 7, "act": f"a{n % 5}"} for n in range(20)]
    before, older = "0" * 64, list[Record]()
    for record in records:
        text = before + "|" + "|".join(map(str, record.values()))
        before = hashlib.sha256(text.encode()).hexdigest()
        older.append({**record, "hash": before})
    newer = chained([record | {"v": 2} for record in records], before)
    source = searched(tmp_path, [*older, *newer])
    assert source["integrity"]["indication"] == "PASSED"
    assert 'otherwise: "truncated"' in (tmp_path / "found.yaml").read_text()


def in_turn(records: list[Record], tenants: int) -> list[Record]:
    """Return the records of chains that lie one after the other, so that they take turns."""
    each = len(records) // tenants
    return [records[n % tenants * each + n // tenants] for n in range(len(records))]


def test_chains_that_begin_elsewhere_are_not_accused_where_some_begin_here(tmp_path: Path) -> None:
    records = in_turn(log_of("abc", 20, begins=from_zeros), 3)
    source = searched(tmp_path, records[2:])
    assert source["integrity"]["code"] == "NOT_RECOMPUTABLE"
    assert told(source) == [("HEAD_TRUNCATED", 2), ("HEAD_TRUNCATED", 3)]
    assert "The other: record 3 was altered." in source["diagnoses"][1]["explanations"]


@pytest.mark.parametrize("tenants", ["ab", "abc"])
def test_a_first_record_that_is_not_reproduced_is_told_where_half_the_chains_begin_here(
    tmp_path: Path, tenants: str
) -> None:
    records = in_turn(log_of(tenants, 20, begins=from_zeros), len(tenants))
    records[0]["amount"] = 1_000_000
    source = searched(tmp_path, records)
    assert source["integrity"]["indication"] == "FAILED"
    assert told(source) == [("LINK_BROKEN", 1)]


def test_a_first_record_that_is_numbered_so_and_not_reproduced_was_altered(
    tmp_path: Path,
) -> None:
    chains = [
        chained([{"n": n, "tenant": t, "amount": n * 31 % 97} for n in range(1, 21)], "GENESIS")
        for t in "abc"
    ]
    records = in_turn([record for chain in chains for record in chain], 3)
    records[1]["amount"] = 1_000_000
    source = searched(tmp_path, records)
    assert source["integrity"]["indication"] == "FAILED"
    assert told(source) == [("RECORD_ALTERED", 2)]


@pytest.mark.parametrize("odd", [{"act": "ü"}, {"rate": 1e-7}, {"act": None}], ids=str)
def test_records_that_have_what_none_had_are_not_accused_unasked(
    tmp_path: Path, odd: Record
) -> None:
    """The recipe that was found may not know how such are written, whether links are stored."""
    records, before = list[Record](), "0" * 64
    for n in range(260):
        record: Record = {"n": n * 7, "parent_hash": "a" * 64, "act": f"a{n % 5}"}
        if n in {230, 250}:
            record |= odd
        hashed = {key: value for key, value in record.items() if value is not None}
        said = json.dumps(hashed, sort_keys=True, ensure_ascii=False).replace("1e-07", "1e-7")
        before = hashlib.sha256((before + said).encode()).hexdigest()
        records.append({**record, "hash": before})
    source = unasked(tmp_path, records)
    assert source["integrity"]["indication"] == "INDETERMINATE"
    assert told(source) == []
