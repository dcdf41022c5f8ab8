"""Each class of VERDICTS section 4 that one chain can show: what was done, what is told, where."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders import KEY, KINDS, LogBuilder
from tests.verify.chain.judging import in_words, judge, secret_for, told, trust_in
from workbench.model.verdict import Indication

ALL = sorted(KINDS)
NUMBERED = [kind for kind in ALL if KINDS[kind].sequence]
UNNUMBERED = [kind for kind in ALL if not KINDS[kind].sequence]
Spoil = Callable[[LogBuilder], None]


@dataclass(frozen=True)
class Attack:
    """One tampering of a log of twelve records, and what must be told of it."""

    name: str
    spoil: Spoil
    told: tuple[str, int]
    count: int | None = None


def edit(log: LogBuilder) -> None:
    log.edit(5)


def edit_own(log: LogBuilder) -> None:
    log.records[4][log.kind.own] = "ab" * 32


def edit_previous(log: LogBuilder) -> None:
    log.records[4][log.kind.previous] = "ab" * 32


def drop_own(log: LogBuilder) -> None:
    del log.records[4][log.kind.own]


def rewrite(log: LogBuilder) -> None:
    log.edit(5)
    log.rehash(5)


def delete_one(log: LogBuilder) -> None:
    del log.records[4]


def delete_three(log: LogBuilder) -> None:
    del log.records[4:7]


def insert_one(log: LogBuilder) -> None:
    log.records.insert(4, log.forged(5))


def insert_three(log: LogBuilder) -> None:
    for number in (5, 6, 7):
        log.records.insert(number - 1, log.forged(number))


def insert_unlinked(log: LogBuilder) -> None:
    log.records.insert(4, log.forged(5, previous="cd" * 32))


def swap(log: LogBuilder) -> None:
    log.records[4], log.records[5] = log.records[5], log.records[4]


def move_down(log: LogBuilder) -> None:
    log.records.insert(8, log.records.pop(4))


def move_up(log: LogBuilder) -> None:
    log.records.insert(4, log.records.pop(8))


def move_block(log: LogBuilder) -> None:
    block = log.records[4:7]
    del log.records[4:7]
    log.records[7:7] = block


def repeat(log: LogBuilder) -> None:
    log.records.insert(5, log.records[4])


def repeat_later(log: LogBuilder) -> None:
    log.records.insert(8, log.records[4])


def repeat_at_end(log: LogBuilder) -> None:
    log.records.append(log.records[4])


def repeat_block(log: LogBuilder) -> None:
    log.records[7:7] = log.records[4:7]


def branch(log: LogBuilder) -> None:
    other = LogBuilder(log.id, len(log.records))
    other.edit(9)
    other.rechain(9)
    log.records += other.records[8:10]


def interleave(log: LogBuilder) -> None:
    other = LogBuilder(log.id, len(log.records))
    other.edit(7)
    other.rechain(7)
    pairs = zip(log.records[6:], other.records[6:], strict=True)
    log.records[6:] = [record for pair in pairs for record in pair]


ANYWHERE = [
    Attack("content edited", edit, ("RECORD_ALTERED", 5), 1),
    Attack("own digest edited", edit_own, ("RECORD_ALTERED", 5), 1),
    Attack("own digest removed", drop_own, ("RECORD_ALTERED", 5), 1),
    Attack("previous digest edited", edit_previous, ("RECORD_ALTERED", 5), 1),
    Attack("one inserted", insert_one, ("RECORD_INSERTED", 5), 1),
    Attack("three inserted", insert_three, ("RECORD_INSERTED", 5), 3),
    Attack("one inserted, linked to nothing", insert_unlinked, ("RECORD_INSERTED", 5), 1),
    Attack("neighbours swapped", swap, ("RECORDS_REORDERED", 5), 2),
    Attack("one moved down", move_down, ("RECORDS_REORDERED", 5), 5),
    Attack("one moved up", move_up, ("RECORDS_REORDERED", 5), 5),
    Attack("block moved", move_block, ("RECORDS_REORDERED", 5), 6),
    Attack("one repeated", repeat, ("RECORD_DUPLICATED", 6), 1),
    Attack("one repeated later", repeat_later, ("RECORD_DUPLICATED", 9), 1),
    Attack("one repeated at the end", repeat_at_end, ("RECORD_DUPLICATED", 13), 1),
    Attack("block repeated", repeat_block, ("RECORD_DUPLICATED", 8), 3),
    Attack("second branch at the end", branch, ("FORK", 13), 2),
    Attack("two writers", interleave, ("FORK", 8), 6),
]
BY_NUMBER = [
    Attack("rewritten", rewrite, ("RECORD_REWRITTEN", 5)),
    Attack("one deleted", delete_one, ("RECORDS_DELETED", 5), 1),
    Attack("three deleted", delete_three, ("RECORDS_DELETED", 5), 3),
]
UNDECIDED = [
    Attack("rewritten", rewrite, ("LINK_BROKEN", 6)),
    Attack("one deleted", delete_one, ("LINK_BROKEN", 5)),
]


def named(attack: Attack) -> str:
    return attack.name


@pytest.mark.parametrize("kind", ALL)
def test_valid_log_has_no_diagnosis(kind: str, tmp_path: Path):
    verdict = judge(tmp_path, LogBuilder(kind), secret=secret_for(kind))
    assert told(verdict) == []
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert verdict.profile == kind


@pytest.mark.parametrize("attack", ANYWHERE, ids=named)
@pytest.mark.parametrize("kind", ALL)
def test_one_tampering_is_one_diagnosis(kind: str, attack: Attack, tmp_path: Path):
    log = LogBuilder(kind)
    attack.spoil(log)
    verdict = judge(tmp_path, log, secret=secret_for(kind))
    assert told(verdict) == [attack.told]
    assert verdict.diagnoses[0].count == attack.count
    assert in_words(verdict)[0] == f"FAILED {attack.told[0]}"


@pytest.mark.parametrize("attack", BY_NUMBER, ids=named)
@pytest.mark.parametrize("kind", NUMBERED)
def test_numbers_tell_deletion_from_rewriting(kind: str, attack: Attack, tmp_path: Path):
    log = LogBuilder(kind)
    attack.spoil(log)
    verdict = judge(tmp_path, log, secret=secret_for(kind))
    assert told(verdict) == [attack.told]
    assert verdict.diagnoses[0].count == attack.count


@pytest.mark.parametrize("attack", UNDECIDED, ids=named)
@pytest.mark.parametrize("kind", UNNUMBERED)
def test_without_numbers_both_readings_are_listed(kind: str, attack: Attack, tmp_path: Path):
    log = LogBuilder(kind)
    attack.spoil(log)
    verdict = judge(tmp_path, log, secret=secret_for(kind))
    assert told(verdict) == [attack.told]
    assert in_words(verdict)[2] == "INDETERMINATE LINK_BROKEN"
    words = " ".join(verdict.diagnoses[0].explanations)
    assert "deleted" in words
    assert "rewritten" in words


@pytest.mark.parametrize("attack", BY_NUMBER, ids=named)
@pytest.mark.parametrize("kind", UNNUMBERED)
def test_signed_head_tells_deletion_from_rewriting(kind: str, attack: Attack, tmp_path: Path):
    log = LogBuilder(kind)
    head = log.head()
    attack.spoil(log)
    verdict = judge(
        tmp_path,
        log,
        heads=[head],
        trust=trust_in(tmp_path / "trust", KEY),
        secret=secret_for(kind),
    )
    assert told(verdict) == [attack.told]
    assert verdict.diagnoses[0].count == attack.count


@pytest.mark.parametrize("attack", [*ANYWHERE, *BY_NUMBER], ids=named)
def test_signed_heads_add_no_second_diagnosis(attack: Attack, tmp_path: Path):
    log = LogBuilder("workbench")
    heads = [log.head(3), log.head(12)]
    attack.spoil(log)
    trust = trust_in(tmp_path / "trust", KEY)
    assert told(judge(tmp_path, log, heads=heads, trust=trust)) == [attack.told]


def test_two_tamperings_are_two_diagnoses(tmp_path: Path):
    log = LogBuilder("workbench")
    log.edit(3)
    del log.records[7]
    found = told(judge(tmp_path, log))
    assert found == [("RECORD_ALTERED", 3), ("RECORDS_DELETED", 8)]


@pytest.mark.parametrize("kind", ALL)
def test_cut_head_is_told(kind: str, tmp_path: Path):
    log = LogBuilder(kind)
    del log.records[:2]
    verdict = judge(tmp_path, log, secret=secret_for(kind))
    assert told(verdict) == [("HEAD_TRUNCATED", 1)]
    assert verdict.integrity.indication is Indication.PASSED
    declared = {"workbench", "comptext", "cmcp"}
    expected = "FAILED HEAD_TRUNCATED" if kind in declared else "INDETERMINATE HEAD_UNKNOWN"
    assert in_words(verdict)[2] == expected


def test_line_that_is_no_record_is_told_once_with_its_place(tmp_path: Path):
    log = LogBuilder("workbench")
    lines = log.lines()
    lines[4] = b'{"seq":5,'
    verdict = judge(tmp_path, b"\n".join(lines) + b"\n")
    assert told(verdict) == [("MALFORMED_RECORD", 5)]
    assert verdict.diagnoses[0].offset == sum(len(line) + 1 for line in lines[:4])


def test_lines_that_are_no_records_in_a_row_are_one_diagnosis(tmp_path: Path):
    lines = LogBuilder("workbench").lines()
    lines[4:6] = [b"\xff\xfe", b"[]"]
    verdict = judge(tmp_path, b"\n".join(lines) + b"\n")
    assert told(verdict) == [("MALFORMED_RECORD", 5)]
    assert verdict.diagnoses[0].count == 2


def test_deletion_behind_an_unreadable_line_is_still_told(tmp_path: Path):
    lines = LogBuilder("workbench").lines()
    lines[4:7] = [b"garbage"]
    found = told(judge(tmp_path, b"\n".join(lines) + b"\n"))
    assert found == [("MALFORMED_RECORD", 5), ("RECORDS_DELETED", 6)]


def test_gap_in_numbers_whose_links_hold_is_an_anomaly(tmp_path: Path):
    log = LogBuilder("workbench")
    for record in log.records[5:]:
        record["seq"] += 3
    log.rechain(6)
    verdict = judge(tmp_path, log)
    assert told(verdict) == [("SEQUENCE_ANOMALY", 6)]
    assert in_words(verdict)[2] == "INDETERMINATE SEQUENCE_ANOMALY"


@pytest.mark.parametrize(("back", "expected"), [(290, []), (400, [("CLOCK_REGRESSION", 5)])])
def test_clock_that_goes_back_beyond_tolerance_is_told(
    back: int, expected: list[tuple[str, int]], tmp_path: Path
):
    log = LogBuilder("workbench")
    log.records[4]["time"] = f"2026-03-01T02:{59 - back // 60:02d}:{59 - back % 60:02d}Z"
    log.records[3]["time"] = "2026-03-01T02:59:59Z"
    log.rechain(4)
    verdict = judge(tmp_path, log)
    assert told(verdict) == expected
    if expected:
        assert verdict.time.code == "CLOCK_REGRESSION"


def test_two_logs_in_one_file_are_a_fork(tmp_path: Path):
    other = LogBuilder("workbench", 3)
    other.edit(1)
    other.rechain()
    data = LogBuilder("workbench").data() + other.data()
    assert told(judge(tmp_path, data)) == [("FORK", 13)]


def test_restart_that_the_profile_allows_is_an_anomaly(tmp_path: Path):
    other = LogBuilder("earcrawler", 3)
    other.edit(1)
    other.rechain()
    verdict = judge(tmp_path, LogBuilder("earcrawler").data() + other.data())
    assert told(verdict) == [("SEQUENCE_ANOMALY", 13)]
    assert verdict.integrity.indication is Indication.PASSED


def test_branch_that_grows_from_a_repeated_record_is_told_beside_it(tmp_path: Path):
    log = LogBuilder("certmate")
    log.records += [log.records[4], log.forged(6)]
    verdict = judge(tmp_path, log)
    assert told(verdict) == [("RECORD_DUPLICATED", 13), ("FORK", 14)]
    assert [found.count for found in verdict.diagnoses] == [1, 1]


@pytest.mark.parametrize("kind", ALL)
def test_record_whose_digest_lost_its_name_is_one_diagnosis(kind: str, tmp_path: Path):
    log = LogBuilder(kind)
    record = log.records[4]
    log.records[4] = {"x" if n == log.kind.own else n: v for n, v in record.items()}
    verdict = judge(tmp_path, log, secret=secret_for(kind))
    assert told(verdict) == [("RECORD_ALTERED", 5)]


def test_first_record_of_a_log_that_may_restart_can_be_out_of_place(tmp_path: Path):
    log = LogBuilder("earcrawler")
    log.records[0], log.records[4] = log.records[4], log.records[0]
    assert told(judge(tmp_path, log)) == [("RECORDS_REORDERED", 1)]


def test_assurance_is_none_at_the_break_and_one_after_it(tmp_path: Path):
    log = LogBuilder("workbench")
    head = log.head(4)
    log.edit(7)
    verdict = judge(tmp_path, log, heads=[head], trust=trust_in(tmp_path / "trust", KEY))
    ranges = [(part.first, part.last, part.level) for part in verdict.assurance]
    assert ranges == [(1, 4, 2), (5, 6, 1), (7, 7, 0), (8, 12, 1)]


@pytest.mark.parametrize(
    ("kind", "line", "cause"),
    [
        ("hashchainalgo", lambda r: {**r, "ts": int(r["ts"] - 0.5)}, None),
        ("cmcp", lambda r: {**r, "detail": {**r["detail"], "n": float(r["detail"]["n"])}}, "Num"),
        ("cmcp", lambda r: {**r, "timestamp_utc": r["timestamp_utc"].replace("+00:00", "Z")}, "Ti"),
        ("cmcp", lambda r: {**r, "timestamp_utc": r["timestamp_utc"].replace("T", " ")}, "Ti"),
    ],
)
def test_innocent_causes_are_tested_on_the_bytes(
    kind: str, line: Callable[[dict[str, object]], dict[str, object]], cause: str, tmp_path: Path
):
    log = LogBuilder(kind)
    log.records[4] = line(log.records[4])
    (found,) = judge(tmp_path, log).diagnoses
    explaining = [note for note in found.explanations if "tested: explains" in note]
    assert [note[: len(cause)] for note in explaining] == [cause] if cause else explaining == []
    assert any("tested: does not" in note for note in found.explanations)


def test_reserialised_line_of_a_canonical_log_is_altered_and_explained(tmp_path: Path):
    lines = LogBuilder("workbench").lines()
    lines[4] = lines[4].replace(b',"', b', "', 1)
    (found,) = judge(tmp_path, b"\n".join(lines) + b"\n").diagnoses
    assert (found.kind, found.record) == ("RECORD_ALTERED", 5)
    assert any(n.startswith("Re-serialised") and "explains" in n for n in found.explanations)
