"""What claims from outside show: ranges, not places that nobody knows; forks; numbers stated."""

from pathlib import Path

import pytest

from tests.builders import KEY, OTHER_KEY, LogBuilder
from tests.verify.chain.judging import in_words, judge, secret_for, told, trust_in
from workbench.model.expectation import Expectation
from workbench.model.trust import Trust
from workbench.model.verdict import Indication
from workbench.report.glossary import headline

#: A change of each kind of log in bytes that its chain digest does not cover.
LOOSE_BYTES = {
    "certmate": (b'"seq": ', b'"seq":  '),
    "comptext": (b'"index": ', b'"index":  '),
    "cmcp": (b'"actor": ', b'"actor":  '),
    "hashchainalgo": (b'"actor": ', b'"severity": "low", "actor": '),
    "agentmesh": (b'"sandbox_id": null', b'"sandbox_id": "x"'),
    "earcrawler": (b'"hmac": "', b'"hmac": "0'),
    "bernstein": (b'"actor": ', b'"actor":  '),
}


def trusted(folder: Path) -> Trust:
    return trust_in(folder / "trust", KEY)


def loosely_changed(log: LogBuilder, number: int) -> bytes:
    """Return a log in whose record ``number`` only bytes that no digest covers are changed."""
    lines = log.lines()
    lines[number - 1] = lines[number - 1].replace(*LOOSE_BYTES[log.id], 1)
    return b"\n".join(lines) + b"\n"


@pytest.mark.parametrize("kind", sorted(LOOSE_BYTES))
def test_change_beside_the_chain_is_told_as_a_range_of_records(kind: str, tmp_path: Path):
    log = LogBuilder(kind)
    heads = [log.head(3), log.head(8), log.head(12)]
    data = loosely_changed(log, 7)
    secret = secret_for(kind)
    verdict = judge(tmp_path, data, heads=heads, trust=trusted(tmp_path), secret=secret)
    assert told(verdict) == [("RECORD_ALTERED", 4)]
    (found,) = verdict.diagnoses
    assert (found.count, found.last) == (5, 8)
    assert headline(found).startswith("One or more of records 4 to 8 ")
    words = " ".join(found.explanations)
    assert "One or more of records 4 to 8 was changed" in words
    assert "Merkle roots over the first 8 records" in words
    assert "not tested" in words
    assert "Record 4" not in words
    ranges = [(part.first, part.last, part.level) for part in verdict.assurance]
    assert ranges == [(1, 3, 2), (4, 8, 0), (9, 12, 1)]
    assert in_words(verdict)[:2] == ("FAILED RECORD_ALTERED", "INDETERMINATE HASH_FAILURE")
    assert not any("Looked at record 4" in step.did for step in verdict.steps)


def test_change_beside_the_chain_is_placed_where_heads_leave_one_record(tmp_path: Path):
    log = LogBuilder("certmate")
    heads = [log.head(4), log.head(5)]
    data = loosely_changed(log, 5)
    (found,) = judge(tmp_path, data, heads=heads, trust=trusted(tmp_path)).diagnoses
    assert (found.record, found.count, found.last) == (5, 1, None)
    assert headline(found).startswith("Record 5 ")


def test_change_under_a_head_without_last_digest_is_not_called_rechained_for_certain(
    tmp_path: Path,
):
    log = LogBuilder("certmate")
    heads = [log.head(3, chain_head=False), log.head(12, chain_head=False)]
    data = loosely_changed(log, 7)
    (found,) = judge(tmp_path, data, heads=heads, trust=trusted(tmp_path)).diagnoses
    assert (found.kind, found.record) == ("RECHAINED_AFTER", 4)
    assert "chained" not in headline(found)
    assert any("not told from" in note for note in found.explanations)


def test_change_of_an_hmac_log_that_is_not_recomputed_is_not_called_uncovered(tmp_path: Path):
    log = LogBuilder("bernstein")
    head = log.head()
    log.edit(5)
    (found,) = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path)).diagnoses
    assert (found.kind, found.record, found.last) == ("RECORD_ALTERED", 1, 12)
    assert any("not recomputed" in note for note in found.explanations)


@pytest.mark.parametrize("size", [8, 12, 20])
def test_two_heads_of_one_log_are_a_fork_at_a_record_that_is_there(size: int, tmp_path: Path):
    log, other = LogBuilder("workbench"), LogBuilder("workbench", 20)
    other.edit(6)
    other.rechain(6)
    heads = [log.head(4), other.head(size), LogBuilder("workbench", 20).head(size)]
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    (found,) = [d for d in verdict.diagnoses if d.kind == "FORK"]
    assert (found.record, found.last) == (5, min(size, 12))
    assert in_words(verdict)[1] == "FAILED FORK"


def test_fork_after_the_last_record_has_no_place(tmp_path: Path):
    log, other = LogBuilder("workbench"), LogBuilder("workbench", 20)
    other.edit(16)
    other.rechain(16)
    heads = [log.head(12), other.head(20), LogBuilder("workbench", 20).head(20)]
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    (found,) = [d for d in verdict.diagnoses if d.kind == "FORK"]
    assert (found.record, found.offset) == (None, None)
    assert any("after record 12" in note for note in found.explanations)
    assert verdict.integrity.indication is Indication.FAILED


def test_heads_of_logs_of_other_names_are_no_fork(tmp_path: Path):
    log, other = LogBuilder("workbench"), LogBuilder("workbench")
    other.edit(6)
    other.rechain(6)
    heads = [log.head(12), other.head(12, origin="example.org/other")]
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == []
    assert in_words(verdict) == ("PASSED ANCHORED", "PASSED key0.pem", "PASSED ANCHORED")
    assert any("another log, example.org/other" in step.result for step in verdict.steps)


@pytest.mark.parametrize("size", [12, 20])
def test_head_of_another_name_that_reaches_further_leaves_it_open(size: int, tmp_path: Path):
    log, other = LogBuilder("workbench"), LogBuilder("workbench", 20)
    other.edit(6)
    other.rechain(6)
    heads = [log.head(8), other.head(size, origin="example.org/other")]
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == []
    assert in_words(verdict)[1:] == (
        "INDETERMINATE AMBIGUOUS_PAIRING",
        "INDETERMINATE NO_ANCHOR",
    )


def test_head_of_another_name_counts_where_its_last_digest_stands_in_the_log(tmp_path: Path):
    log = LogBuilder("certmate")
    heads = [log.head(4), log.head(12, origin="example.org/renamed")]
    data = loosely_changed(log, 7)
    verdict = judge(tmp_path, data, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == [("RECORD_ALTERED", 5)]
    whole = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    assert in_words(whole) == ("PASSED ANCHORED", "PASSED key0.pem", "PASSED ANCHORED")


def test_head_of_another_log_alone_is_said_to_be_possibly_that(tmp_path: Path):
    log, other = LogBuilder("workbench"), LogBuilder("workbench")
    other.edit(1)
    other.rechain()
    heads = [other.head(12, origin="example.org/other")]
    (found,) = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path)).diagnoses
    assert (found.kind, found.record) == ("RECHAINED_AFTER", 1)
    assert any("another one than example.org/other" in note for note in found.explanations)


def test_untrusted_head_is_no_branch_of_a_fork(tmp_path: Path):
    log, other = LogBuilder("workbench"), LogBuilder("workbench")
    other.edit(6)
    other.rechain(6)
    heads = [log.head(12), other.head(12, key=OTHER_KEY)]
    assert told(judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))) == []


def test_no_records_expected_and_some_found_fails(tmp_path: Path):
    verdict = judge(tmp_path, LogBuilder("workbench"), expect=Expectation(count=0))
    assert in_words(verdict)[2] == "FAILED COUNT_MISMATCH"
    assert told(verdict) == [("RECORD_INSERTED", 1)]
    assert verdict.diagnoses[0].count == 12


def test_no_records_expected_and_none_found_is_still_no_pass(tmp_path: Path):
    verdict = judge(tmp_path, b"", expect=Expectation(count=0))
    assert in_words(verdict)[2] == "INDETERMINATE NO_ANCHOR"


def test_last_digest_expected_of_an_emptied_log_fails(tmp_path: Path):
    head = LogBuilder("workbench").own(12)
    verdict = judge(tmp_path, b"", expect=Expectation(head=head))
    assert in_words(verdict)[2] == "FAILED TAIL_TRUNCATED"


@pytest.mark.parametrize(
    ("count", "head", "expected"),
    [
        (12, 7, ("RECORD_INSERTED", 8)),
        (9, 12, ("RECORD_INSERTED", 10)),
        (9, 9, ("RECORD_INSERTED", 10)),
        (14, 12, ("TAIL_TRUNCATED", 12)),
        (14, 7, ("TAIL_TRUNCATED", 12)),
    ],
)
def test_count_and_last_digest_that_do_not_fit_together_fail_completeness_alone(
    count: int, head: int, expected: tuple[str, int], tmp_path: Path
):
    log = LogBuilder("workbench")
    verdict = judge(tmp_path, log, expect=Expectation(count=count, head=log.own(head)))
    assert told(verdict) == [expected]
    assert verdict.completeness.indication is Indication.FAILED
    assert in_words(verdict)[:2] == ("PASSED SELF_CONSISTENT", "INDETERMINATE NO_SIGNATURE")


def test_stated_count_of_a_log_with_an_inserted_record_adds_no_diagnosis(tmp_path: Path):
    log = LogBuilder("workbench")
    log.records.insert(4, log.forged(5))
    verdict = judge(tmp_path, log, expect=Expectation(count=12))
    assert told(verdict) == [("RECORD_INSERTED", 5)]
    assert in_words(verdict)[2] == "FAILED COUNT_MISMATCH"


@pytest.mark.parametrize(
    ("signed", "expected", "authenticity"),
    [
        ([], ("RECHAINED_AFTER", 1), "INDETERMINATE NO_SIGNATURE"),
        ([4], ("RECHAINED_AFTER", 5), "INDETERMINATE PARTIAL_COVERAGE"),
        ([4, 12], ("FORK", 5), "PASSED key0.pem"),
    ],
)
def test_digest_stated_by_the_auditor_alone_leaves_authenticity_as_it_was(
    signed: list[int], expected: tuple[str, int], authenticity: str, tmp_path: Path
):
    log = LogBuilder("workbench")
    heads, stated = [log.head(size) for size in signed], Expectation(count=12, head="ab" * 32)
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path), expect=stated)
    assert told(verdict) == [expected]
    assert in_words(verdict)[:2] == (f"FAILED {expected[0]}", authenticity)


def test_stated_digest_that_is_nowhere_is_told_beside_a_head_that_agrees(tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judge(
        tmp_path,
        log,
        heads=[log.head(4)],
        trust=trusted(tmp_path),
        expect=Expectation(head="ab" * 32),
    )
    assert told(verdict) == [("TAIL_TRUNCATED", 12)]


@pytest.mark.parametrize("broken", [False, True])
def test_record_of_a_head_that_is_deleted_or_broken_is_not_told_as_rechained_too(
    broken: bool, tmp_path: Path
):
    log = LogBuilder("certmate")
    heads = [log.head(4), log.head(12)]
    lines = log.lines()
    if broken:
        lines[3] = lines[3].replace(b'"hash": "', b'"hash": "0')
    else:
        del lines[2:5]
    data = b"\n".join(lines) + b"\n"
    verdict = judge(tmp_path, data, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == [("RECORD_ALTERED", 4) if broken else ("RECORDS_DELETED", 3)]


def test_heads_tell_which_of_two_branches_was_put_in(tmp_path: Path):
    log = LogBuilder("certmate")
    heads, genuine = [log.head(4), log.head(12)], list(log.records)
    for number in (11, 12, 13):
        log.records.insert(number - 1, log.forged(number))
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == [("RECORD_INSERTED", 11)]
    other = LogBuilder("certmate", 15)
    other.edit(6)
    other.rechain(6)
    log.records = genuine + other.records[5:]
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == [("FORK", 13)]


def test_cut_head_of_an_unnumbered_log_is_counted_by_its_signed_head(tmp_path: Path):
    log = LogBuilder("agentmesh")
    heads = [log.head(4), log.head(12)]
    del log.records[:7]
    (found,) = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path)).diagnoses
    assert (found.kind, found.record, found.count) == ("HEAD_TRUNCATED", 1, 7)


def test_altered_last_digest_is_not_told_as_a_cut_tail_too(tmp_path: Path):
    log = LogBuilder("workbench")
    head = log.own(12)
    log.records[11] = {**log.records[11], "hash": "ab" * 32}
    assert told(judge(tmp_path, log, expect=Expectation(head=head))) == [("RECORD_ALTERED", 12)]


def test_segment_taken_from_a_log_that_may_restart_is_told_by_its_head(tmp_path: Path):
    log = LogBuilder("earcrawler", 5)
    rest = LogBuilder("earcrawler", 7)
    rest.edit(1)
    rest.rechain()
    whole = LogBuilder("earcrawler", 5)
    whole.records = [*log.records, *rest.records]
    head = whole.head()
    verdict = judge(tmp_path, rest, heads=[head], trust=trusted(tmp_path))
    assert told(verdict) == [("RECORDS_DELETED", 1)]
    assert verdict.diagnoses[0].count == 5
    assert verdict.completeness.indication is Indication.FAILED


def test_stated_head_in_sentences_speaks_of_the_auditor(tmp_path: Path):
    verdict = judge(tmp_path, LogBuilder("workbench"), expect=Expectation(count=14))
    assert verdict.diagnoses[0].explanations == ("The auditor states 14 records.",)
