"""A recipe nobody wrote down is found, kept and judged by; a wrong one is never taken."""

import hashlib
import json
from pathlib import Path
from random import Random

import pytest
from commands import workbench

from tests.verify.certificates import AT
from tests.verify.infer.drawn import Drawn, RejectedError, draw
from workbench.evidence.file import single
from workbench.evidence.strict_yaml import load_yaml
from workbench.model.profile import Container
from workbench.model.profile_file import parse_profile
from workbench.model.trust import Trust
from workbench.verify.infer.log import infer
from workbench.verify.infer.profile import profile_of
from workbench.verify.infer.rows import rows_of
from workbench.verify.infer.search import search
from workbench.verify.verifier import Bench


def drawn(seed: int) -> Drawn:
    """Return the first recipe that makes a chain from a seed on."""
    for number in range(seed, seed + 100):
        try:
            return draw(Random(number))
        except RejectedError:
            continue
    raise AssertionError


def linked(count: int, digest) -> list[dict[str, object]]:
    """Return records that name each other by digests that ``digest`` makes up."""
    before, found = "GENESIS", []
    for n in range(count):
        record: dict[str, object] = {"n": n, "who": ("ann", "bob")[n % 2], "prev": before}
        before = digest(record)
        found.append({**record, "hash": before})
    return found


def lines(records: list[dict[str, object]]) -> list[bytes]:
    return [json.dumps(record, ensure_ascii=False).encode() for record in records]


def sorted_json(record: dict[str, object]) -> str:
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("seed", [6, 8, 24, 41])
def test_a_recipe_drawn_at_random_is_found_and_its_file_says_the_same(seed: int) -> None:
    log = drawn(100_000 + seed)
    rows = rows_of(log.lines)
    found = search(rows, secrets=log.secrets).found
    assert found is not None
    assert sum(found.refined.right) >= len(rows) - (found.roles.previous is None)
    secret = log.secrets[0] if found.secret is not None else None
    profile, text = profile_of(rows, found, Container(), name="x", secret=secret)
    read = load_yaml(text, what="x.yaml")
    assert parse_profile(read, what="x.yaml", sha256=profile.sha256) == profile
    assert profile.genesis.value == log.profile.genesis.value


def test_digests_over_something_else_are_never_explained() -> None:
    random = Random(7)
    rows = rows_of(lines(linked(20, lambda _record: random.randbytes(32).hex())))
    done = search(rows, budget=200_000)
    assert done.found is None
    assert done.roles is not None
    assert done.roles.linked == 19


def test_a_digest_that_covers_no_previous_one_is_no_chain() -> None:
    def alone(record: dict[str, object]) -> str:
        return sorted_json({name: record[name] for name in ("n", "who")})

    rows = rows_of(lines(linked(20, alone)))
    assert search(rows, budget=200_000).found is None


def test_two_records_are_too_few() -> None:
    assert search(rows_of(lines(linked(2, sorted_json))), budget=100_000).found is None


@pytest.mark.parametrize("place", [0, 7, 19])
def test_a_log_of_which_a_record_was_altered_is_judged_by_what_was_found(
    tmp_path: Path, place: int
) -> None:
    records = linked(20, sorted_json)
    records[place]["who"] = "eve"
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines(records)) + b"\n")
    done = workbench("verify", "log.jsonl", "--json", cwd=tmp_path)
    (source,) = json.loads(done.stdout)["sources"]
    assert done.returncode == 1
    assert source["profile"] == "inferred"
    assert [d["record"] for d in source["diagnoses"]] == [place + 1]


def test_what_only_unexplained_records_have_accuses_nobody(tmp_path: Path) -> None:
    def odd(record: dict[str, object]) -> str:
        text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.replace("ü", "ue").encode()).hexdigest()

    records = linked(9, odd)
    before = records[-1]["hash"]
    for n in range(9, 12):
        record = {"n": n, "who": "jürgen" if n == 10 else "ann", "prev": before}
        before = odd(record)
        records.append({**record, "hash": before})
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines(records)) + b"\n")
    done = workbench("verify", "log.jsonl", "--json", cwd=tmp_path)
    (source,) = json.loads(done.stdout)["sources"]
    assert done.returncode == 2
    assert source["integrity"]["indication"] == "INDETERMINATE"
    assert source["diagnoses"] == []


def test_the_profile_that_was_found_is_kept_and_adopted(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines(linked(20, sorted_json))) + b"\n")
    done = workbench("profile", "infer", "log.jsonl", "-o", "mine.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "reproduces 20 of the 20 records" in done.stdout
    by_search = json.loads(workbench("verify", "log.jsonl", "--json", cwd=tmp_path).stdout)
    adopted = workbench("verify", "log.jsonl", "--profile", "mine.yaml", "--json", cwd=tmp_path)
    codes = [
        document["sources"][0]["integrity"]["code"]
        for document in (by_search, json.loads(adopted.stdout))
    ]
    assert codes == ["PROFILE_INFERRED", "SELF_CONSISTENT"]


def test_what_comes_up_only_later_accuses_nobody_either(tmp_path: Path) -> None:
    def odd(record: dict[str, object]) -> str:
        text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.replace("ü", "ue").encode()).hexdigest()

    records = linked(230, odd)
    record = {"n": 230, "who": "jürgen", "prev": records[-1]["hash"]}
    records.append({**record, "hash": odd(record)})
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines(records)) + b"\n")
    done = workbench("verify", "log.jsonl", "--json", cwd=tmp_path)
    (source,) = json.loads(done.stdout)["sources"]
    assert done.returncode == 2
    assert source["diagnoses"] == []
    records[40]["who"] = "eve"
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines(records)) + b"\n")
    assert workbench("verify", "log.jsonl", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize("container", ["jsonl", "csv", "text"])
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_in_a_file_without_a_record_nothing_is_found(
    container: str, data: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.write_bytes(data)
    assert infer(single(path), container, Bench(Trust(AT))).found is None
