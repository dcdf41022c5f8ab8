"""What ``make_demo`` writes is what it says, by a checker that shares nothing with it."""

import errno
import json
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import Cancelled, UsageError, WorkbenchError
from workbench.model.progress import Cancel, Silent
from workbench.model.verdict import DiagnosisClass as D
from workbench.services import demo
from workbench.services.demo import DemoResult, make_demo
from workbench.services.demo.faults import FEWEST, plantable
from workbench.services.demo.log import Sealed, Writer

EVENTS = 60
GENESIS = "0" * 64


def written(
    folder: Path,
    tamper: D | None = None,
    *,
    events: int = EVENTS,
    seed: int = 1,
    keep_key: bool = False,
) -> DemoResult:
    return make_demo(
        folder / "demo",
        events=events,
        tamper=tamper,
        seed=seed,
        keep_key=keep_key,
        progress=Silent(),
        cancel=Cancel(),
    )


def records(result: DemoResult) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.log.read_bytes().splitlines()]


def own_digest(record: dict[str, Any]) -> str:
    rest = {key: value for key, value in record.items() if key != "hash"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def wrong_digests(found: list[dict[str, Any]]) -> list[int]:
    return [n for n, record in enumerate(found, 1) if own_digest(record) != record["hash"]]


def wrong_links(found: list[dict[str, Any]]) -> list[int]:
    tips = [GENESIS, *(record["hash"] for record in found)]
    return [n for n, (tip, r) in enumerate(zip(tips, found, strict=False), 1) if r["prev"] != tip]


def numbers(found: list[dict[str, Any]]) -> list[int]:
    return [record["seq"] for record in found]


def merkle_root(lines: list[bytes]) -> bytes:
    """RFC 6962 2.1, as it stands there."""
    if len(lines) == 1:
        return sha256(b"\0" + lines[0]).digest()
    k = 1 << ((len(lines) - 1).bit_length() - 1)
    return sha256(b"\1" + merkle_root(lines[:k]) + merkle_root(lines[k:])).digest()


def test_an_honest_log_holds_together(tmp_path: Path) -> None:
    result = written(tmp_path)
    found = records(result)
    assert result.planted is None
    assert numbers(found) == list(range(1, EVENTS + 1))
    assert wrong_digests(found) == wrong_links(found) == []
    times = [record["time"] for record in found]
    assert times == sorted(times)
    assert times[0] >= "2026-04-01T00:00:00Z"
    assert times[-1] < "2026-07-01T00:00:00Z"


def test_every_line_is_canonical(tmp_path: Path) -> None:
    result = written(tmp_path)
    for line in result.log.read_bytes().splitlines():
        text = json.dumps(
            json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        assert line == text.encode()


def test_the_head_states_the_honest_log(tmp_path: Path) -> None:
    import base64

    result = written(tmp_path)
    lines = result.log.read_bytes().splitlines()
    [head] = result.heads
    stated = head.read_text(encoding="utf-8").splitlines()
    assert stated[1] == str(EVENTS)
    assert base64.b64decode(stated[2]) == merkle_root(lines)
    assert f"chain-head sha256:{records(result)[-1]['hash']}" in stated


def test_the_same_seed_gives_the_same_log_and_another_key(tmp_path: Path) -> None:
    one, two = written(tmp_path / "1", seed=7), written(tmp_path / "2", seed=7)
    other = written(tmp_path / "3", seed=8)
    assert one.log.read_bytes() == two.log.read_bytes() != other.log.read_bytes()
    assert one.public_key.read_bytes() != two.public_key.read_bytes()


def test_batches_leave_no_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = written(tmp_path / "whole", D.RECHAINED_AFTER)
    monkeypatch.setattr(demo, "BATCH", 7)
    pieces = written(tmp_path / "pieces", D.RECHAINED_AFTER)
    assert pieces.log.read_bytes() == whole.log.read_bytes()


def test_the_private_key_is_written_only_if_asked(tmp_path: Path) -> None:
    assert written(tmp_path / "without").private_key is None
    assert not [p for p in (tmp_path / "without").rglob("*") if "private" in p.name]
    kept = written(tmp_path / "with", keep_key=True).private_key
    assert kept is not None
    assert kept.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")


# -- each fault: what a checker sees ------------------------------------------------------

Found = list[dict[str, Any]]


def sees_altered(found: Found, at: int) -> bool:
    return wrong_digests(found) == [at] and not wrong_links(found)


def sees_rewritten(found: Found, at: int) -> bool:
    return not wrong_digests(found) and wrong_links(found) == [at + 1] and len(found) == EVENTS


def sees_deleted(found: Found, at: int) -> bool:
    gap = numbers(found)[at - 1] - numbers(found)[at - 2]
    return wrong_links(found) == [at] and gap == 4 and len(found) == EVENTS - 3


def sees_inserted(found: Found, at: int) -> bool:
    before, inserted, after = found[at - 2 : at + 1]
    bypassed = inserted["prev"] == after["prev"] == before["hash"]
    return bypassed and not wrong_digests(found) and len(found) == EVENTS + 1


def sees_reordered(found: Found, at: int) -> bool:
    return numbers(found)[at - 1 : at + 1] == [at + 1, at] and not wrong_digests(found)


def sees_duplicated(found: Found, at: int) -> bool:
    return found[at - 1] == found[at - 2] and len(found) == EVENTS + 1


def sees_head_cut(found: Found, at: int) -> bool:
    return at == 1 and numbers(found) == list(range(4, EVENTS + 1)) and wrong_links(found) == [1]


def sees_tail_cut(found: Found, at: int) -> bool:
    return at == len(found) == EVENTS - 3 and not wrong_links(found)


def sees_skipped(found: Found, at: int) -> bool:
    gap = numbers(found)[at - 1] - numbers(found)[at - 2]
    return gap == 6 and not wrong_links(found) and not wrong_digests(found)


def sees_rechained(found: Found, _: int) -> bool:
    return not wrong_links(found) and not wrong_digests(found) and len(found) == EVENTS


def sees_fork(found: Found, at: int) -> bool:
    root, first, second = found[at - 7], found[at - 6], found[at - 1]
    branches = first["prev"] == second["prev"] == root["hash"]
    return branches and wrong_links(found) == [at] and not wrong_digests(found)


def sees_clock_back(found: Found, at: int) -> bool:
    times = [record["time"] for record in found]
    back = [n for n, (a, b) in enumerate(pairwise(times), 2) if b < a]
    return back == [at] and not wrong_links(found) and not wrong_digests(found)


SEEN: dict[D, Callable[[Found, int], bool]] = {
    D.RECORD_ALTERED: sees_altered,
    D.RECORD_REWRITTEN: sees_rewritten,
    D.RECORDS_DELETED: sees_deleted,
    D.RECORD_INSERTED: sees_inserted,
    D.RECORDS_REORDERED: sees_reordered,
    D.RECORD_DUPLICATED: sees_duplicated,
    D.HEAD_TRUNCATED: sees_head_cut,
    D.TAIL_TRUNCATED: sees_tail_cut,
    D.SEQUENCE_ANOMALY: sees_skipped,
    D.RECHAINED_AFTER: sees_rechained,
    D.FORK: sees_fork,
    D.CLOCK_REGRESSION: sees_clock_back,
}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", SEEN)
def test_what_is_planted_can_be_seen_where_it_is_said_to_be(
    tmp_path: Path, kind: D, seed: int
) -> None:
    result = written(tmp_path, kind, seed=seed)
    assert result.planted is not None
    assert result.planted.kind is kind
    assert SEEN[kind](records(result), result.planted.record)


def test_a_malformed_record_is_the_only_one(tmp_path: Path) -> None:
    result = written(tmp_path, D.MALFORMED_RECORD)
    assert result.planted is not None
    broken = []
    for number, line in enumerate(result.log.read_bytes().splitlines(), 1):
        try:
            json.loads(line)
        except ValueError:
            broken.append(number)
    assert broken == [result.planted.record]


def test_a_rechained_log_disagrees_with_its_last_head_only(tmp_path: Path) -> None:
    result = written(tmp_path, D.RECHAINED_AFTER)
    found, planted = records(result), result.planted
    assert planted is not None
    early, last = (head.read_text(encoding="utf-8").splitlines() for head in result.heads)
    assert planted.record == int(early[1]) + 1
    assert f"chain-head sha256:{found[int(early[1]) - 1]['hash']}" in early
    assert f"chain-head sha256:{found[-1]['hash']}" not in last


def test_every_class_that_can_be_planted_is_tested() -> None:
    assert set(plantable()) == {*SEEN, D.MALFORMED_RECORD}


@pytest.mark.parametrize("kind", plantable())
def test_the_readme_says_what_was_planted_where(tmp_path: Path, kind: D) -> None:
    result = written(tmp_path, kind, events=FEWEST)
    assert result.planted is not None
    readme = (result.folder / "README.txt").read_text(encoding="utf-8")
    assert f"{kind} at record {result.planted.record}. {result.planted.done}" in readme
    assert any(result.planted.done in line for line in result.lines())


# -- refusals -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(set(D) - set(plantable())))
def test_a_class_that_one_log_cannot_show_is_refused_with_those_that_it_can(
    tmp_path: Path, kind: D
) -> None:
    with pytest.raises(UsageError, match="RECORD_ALTERED") as refused:
        written(tmp_path, kind)
    assert refused.value.message.startswith(f"{kind} cannot be shown")
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize(("events", "tamper"), [(0, None), (FEWEST - 1, D.RECORD_ALTERED)])
def test_too_few_events_are_refused(tmp_path: Path, events: int, tamper: D | None) -> None:
    with pytest.raises(UsageError, match="at least"):
        written(tmp_path, tamper, events=events)


def test_one_event_is_a_log(tmp_path: Path) -> None:
    assert numbers(records(written(tmp_path, events=1))) == [1]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        written(tmp_path)
    assert [p.name for p in (tmp_path / "demo").iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("mine")
    with pytest.raises(UsageError, match="name a new folder"):
        written(tmp_path)
    assert (tmp_path / "demo").read_text() == "mine"


class FullDisk(Writer):
    """A disk that is full after the first batch."""

    def take(self, first: int, last: int) -> list[Sealed]:
        if first > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().take(first, last)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "BATCH", 10)
    monkeypatch.setattr(demo, "Writer", FullDisk)
    with pytest.raises(WorkbenchError, match=r"could not be written to .*: No space left") as told:
        written(tmp_path)
    assert told.value.path == str(tmp_path / "demo")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_stays_when_the_work_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    stopped = Cancel()
    stopped.set()
    with pytest.raises(Cancelled):
        make_demo(tmp_path / "demo", events=EVENTS, progress=Silent(), cancel=stopped)
    assert list((tmp_path / "demo").iterdir()) == []
