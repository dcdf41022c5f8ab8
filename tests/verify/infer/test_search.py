"""A recipe nobody wrote down is found, kept and judged by; a wrong one is never taken."""

import hashlib
import json
from pathlib import Path
from random import Random

import pytest
from commands import workbench
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verify.certificates import AT
from workbench.evidence.file import single
from workbench.model.profile import Container
from workbench.model.recipe import DigestRecipe
from workbench.model.trust import Trust
from workbench.verify.chain.covered import covered
from workbench.verify.chain.digests import Hash, hasher
from workbench.verify.infer.log import IN_PASSING, infer
from workbench.verify.infer.places import plainest
from workbench.verify.infer.profile import profile_of
from workbench.verify.infer.roles import roles_of
from workbench.verify.infer.rows import rows_of
from workbench.verify.infer.search import search
from workbench.verify.verifier import Bench


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


def test_altered_records_do_not_hide_the_recipe_however_plain_they_are() -> None:
    records = linked(24, sorted_json)
    rows = rows_of(lines(records), Container())
    first_tried = plainest(rows, roles_of(rows)[:1])[:2]
    assert len(first_tried) == 2
    for n in first_tried:
        records[n] = {**records[n], "who": "eve"}
    found = search(rows_of(lines(records), Container())).found
    assert found is not None
    assert [n for n, is_right in enumerate(found.right) if not is_right] == sorted(first_tried)


def by_two_recipes(plan: str) -> list[dict[str, object]]:
    """Return records by the newer recipe "n", by the older "o", by both "b": they lack the note."""
    before, found = "0" * 64, []
    for n, made in enumerate(plan):
        record: dict[str, object] = {"event": f"event-{n * n + 7:04}", "who": ("ann", "bob")[n % 2]}
        if made != "b":
            record["note"] = f"note {n}"
        note = record["note"] if made == "n" else ""
        hashed = f"{record['event']}{record['who']}{note}{before}"
        record["prev"] = before
        before = record["hash"] = hashlib.sha256(hashed.encode()).hexdigest()
        found.append(record)
    return found


@pytest.mark.parametrize("plan", ["b" * 10 + "o" + "b" * 5 + "n" * 12, "b" * 4 + "o" + "n" * 20])
def test_the_value_of_one_record_is_no_name_of_a_recipe(plan: str) -> None:
    rows = rows_of(lines(by_two_recipes(plan)), Container())
    found = search(rows).found
    assert found is not None
    profile, _ = profile_of(rows, found, Container(), name="inferred")
    assert (found.older is not None, profile.version_field) == (True, None)


MEMBERS = ("actor", "action", "object", "outcome", "reason")


@settings(max_examples=6, deadline=None)
@given(st.sets(st.sampled_from(MEMBERS), min_size=1), st.booleans(), st.integers(0, 10**6))
def test_what_the_digest_does_not_cover_is_told_exactly(
    covered_names: set[str], joined: bool, seed: int
) -> None:
    random, before, records = Random(seed), "", []
    for _ in range(8):
        record = {name: f"{name}-{random.randrange(10**6)}" for name in MEMBERS}
        kept = [record[name] for name in MEMBERS if name in covered_names]
        some = {name: record[name] for name in sorted(covered_names)}
        as_json = before + json.dumps(some, separators=(",", ":"))
        text = "|".join([before, *kept]) if joined else as_json
        own = hashlib.sha256(text.encode()).hexdigest()
        records.append({**record, "prev": before, "hash": own})
        before = own
    rows = rows_of(lines(records))
    found = search(rows, budget=3_000_000).found
    assert found is not None
    profile, _ = profile_of(rows, found, Container(), name="x")
    assert covered(profile, (*MEMBERS, "prev", "hash")) == {*covered_names, "prev", "hash"}


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
    done = workbench("verify", "log.jsonl", "--json", cwd=tmp_path)
    (source,) = json.loads(done.stdout)["sources"]
    assert done.returncode == 1
    assert [d["record"] for d in source["diagnoses"]] == [41]
    assert any("Records 231 are not reproduced either" in note for note in source["notes"])


def test_times_that_are_written_anew_within_json_are_found() -> None:
    def dated(record: dict[str, object]) -> str:
        return sorted_json({**record, "at": str(record["at"]).replace(" ", "T")})

    records = timely(20, dated)
    found = search(rows_of(lines(records))).found
    assert found is not None
    assert all(found.right)
    assert [name for part in found.refined.parts for name, _ in part.times] == ["at"]


def timely(count: int, digest) -> list[dict[str, object]]:
    before, found = "GENESIS", []
    for n in range(count):
        at = f"2026-03-01 08:{n:02}:10.{n * 1001 + 1:06}+00:00"
        record: dict[str, object] = {"n": n, "at": at, "who": ("ann", "bob")[n % 2], "prev": before}
        before = digest(record)
        found.append({**record, "hash": before})
    return found


def two_recipes(record: dict[str, object]) -> str:
    if int(record["n"]) >= 12:
        return sorted_json(record)
    text = "|".join([str(record["prev"]), str(record["n"]), str(record["who"])])
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_log_whose_recipe_was_changed_is_explained_by_both(tmp_path: Path) -> None:
    records = linked(30, two_recipes)
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines(records)) + b"\n")
    done = workbench("profile", "infer", "log.jsonl", "-o", "mine.yaml", cwd=tmp_path)
    assert "12 of these records, from 1 to 12, are by another recipe" in done.stdout
    judged = workbench("verify", "log.jsonl", "--profile", "mine.yaml", "--json", cwd=tmp_path)
    (source,) = json.loads(judged.stdout)["sources"]
    assert source["integrity"]["code"] == "SELF_CONSISTENT"
    for place in (4, 20):
        altered = [{**r, "who": "eve"} if n == place else r for n, r in enumerate(records)]
        (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines(altered)) + b"\n")
        judged = workbench("verify", "log.jsonl", "--profile", "mine.yaml", "--json", cwd=tmp_path)
        (source,) = json.loads(judged.stdout)["sources"]
        assert [d["record"] for d in source["diagnoses"]] == [place + 1]


def test_records_of_a_recipe_that_is_not_found_are_told_and_accused_of_nothing(
    tmp_path: Path,
) -> None:
    secret = Random(3)

    def half(record: dict[str, object]) -> str:
        return sorted_json(record) if int(record["n"]) < 15 else secret.randbytes(32).hex()

    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines(linked(30, half))) + b"\n")
    done = workbench("verify", "log.jsonl", "--json", cwd=tmp_path)
    (source,) = json.loads(done.stdout)["sources"]
    assert done.returncode == 2
    assert source["diagnoses"] == []
    assert any("16 to 30 are by another recipe" in note for note in source["notes"])


@pytest.mark.parametrize("container", ["jsonl", "csv", "text"])
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_in_a_file_without_a_record_nothing_is_found(
    container: str, data: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "log"
    path.write_bytes(data)
    assert infer(single(path), container, Bench(Trust(AT))).found is None


def test_a_first_record_of_which_nothing_shows_what_stood_before_is_accused_of_nothing(
    tmp_path: Path,
) -> None:
    records, before = [], hashlib.sha256(b"another file").hexdigest()
    for n in range(20):
        record: dict[str, object] = {"n": n, "who": ("ann", "bob")[n % 2]}
        text = before + json.dumps(record, sort_keys=True, separators=(",", ":"))
        before = hashlib.sha256(text.encode()).hexdigest()
        records.append({**record, "hash": before})
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines(records)) + b"\n")
    workbench("profile", "infer", "log.jsonl", "-o", "mine.yaml", cwd=tmp_path)
    done = workbench("verify", "log.jsonl", "--profile", "mine.yaml", "--json", cwd=tmp_path)
    (source,) = json.loads(done.stdout)["sources"]
    assert done.returncode == 2
    assert [d["class"] for d in source["diagnoses"]] == ["HEAD_TRUNCATED"]
    assert source["integrity"]["code"] == "NOT_RECOMPUTABLE"


def test_a_field_that_says_the_same_in_all_records_is_no_obstacle() -> None:
    """A log of one actor and one tenant is as plain as any other."""

    def digest(record: dict[str, object]) -> str:
        text = "|".join(str(value) for value in record.values())
        return hashlib.sha256(text.encode()).hexdigest()

    before, records = "0" * 64, []
    for n in range(12):
        at = f"2026-03-01T00:{n:02d}:00Z"
        record = {"seq": n + 1, "at": at, "actor": "ann", "tenant": "t1", "did": f"act{n % 3}"}
        record["prev"] = before
        before = digest(record)
        records.append({**record, "hash": before})
    found = search(rows_of(lines(records)), budget=IN_PASSING).found
    assert found is not None
    assert all(found.right)


@pytest.mark.parametrize("seed", [1, 2, 6])
def test_record_that_lacks_a_member_is_not_the_one_that_is_searched(seed: int) -> None:
    """Where no previous digest is stored, every field may be one that parts chains."""
    random, before, records = Random(seed), "0" * 64, []
    for n in range(90):
        record = {
            "seq": n % 30 + 1,
            "actor": random.choice(("ann", "bob", "cyd", "deb")),
            "action": random.choice(("read", "train", "deploy", "approve")),
            "outcome": random.choice(("success", "denied", None, None)),
            "reason": random.choice(("ticket", "weekly", None, None)),
        }
        texts = [before, *(str(record[name] or "NULL") for name in sorted(record))]
        sized = [len(text).to_bytes(4, "big") + text.encode() for text in texts]
        before = hashlib.sha256(b"".join(sized)).hexdigest()
        stated = {name: value for name, value in record.items() if value is not None}
        records.append({**stated, "hash": before})
    found = search(rows_of(lines(records)), budget=3 * IN_PASSING).found
    assert found is not None
    assert all(found.right[1:])


def test_long_records_end_the_search_as_many_short_ones_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The end is a number of digests; one over a long record is as much work as many."""
    made = 0

    def counting(recipe: DigestRecipe, secret: bytes | None) -> Hash:
        digest = hasher(recipe, secret)

        def count(data: bytes) -> bytes:
            nonlocal made
            made += 1
            return digest(data)

        return count

    monkeypatch.setattr("workbench.verify.infer.target.hasher", counting)

    def digests(length: int) -> int:
        nonlocal made
        made = 0
        records = linked(6, lambda r: hashlib.sha256(f"no recipe {r['n']}".encode()).hexdigest())
        long = [{"text": f"{n}" * length, **record} for n, record in enumerate(records)]
        assert search(rows_of(lines(long)), budget=30_000).found is None
        return made

    assert digests(20_000) * 5 < digests(10)
