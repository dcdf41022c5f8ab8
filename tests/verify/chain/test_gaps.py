"""Counts that are stated show what is missing only after what was put in is taken off."""

from pathlib import Path

import pytest

from tests.builders import KEY, LogBuilder
from tests.verify.chain.judging import in_words, judge, told, trust_in
from workbench.model.expectation import Expectation
from workbench.model.trust import Trust

COUNTED = Expectation(count=12)


def trusted(folder: Path) -> Trust:
    return trust_in(folder / "trust", KEY)


def words(*notes: str) -> str:
    return " ".join(notes)


def masked(log: LogBuilder, how: str) -> None:
    """Delete record 5, and repeat or forge one further on, so that the count is right."""
    del log.records[4]
    again = dict(log.records[7]) if how == "repeated" else log.forged(9, previous=log.own(8))
    log.records.insert(8, again)


@pytest.mark.parametrize("how", ["repeated", "forged"])
@pytest.mark.parametrize("by", ["head", "count"])
def test_deletion_that_another_record_makes_up_for_is_told(how: str, by: str, tmp_path: Path):
    log = LogBuilder("hashchainalgo")
    heads = [log.head(12)] if by == "head" else []
    masked(log, how)
    expect = COUNTED if by == "count" else Expectation()
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path), expect=expect)
    put_in = "RECORD_DUPLICATED" if how == "repeated" else "RECORD_INSERTED"
    assert told(verdict) == [("RECORDS_DELETED", 5), (put_in, 9)]
    assert verdict.diagnoses[0].count == 1
    assert in_words(verdict)[2] == "FAILED RECORDS_DELETED"
    assert "none is missing" not in words(*(w for d in verdict.diagnoses for w in d.explanations))


def test_cut_tail_that_a_repeated_record_makes_up_for_is_told(tmp_path: Path):
    log = LogBuilder("hashchainalgo")
    log.records.insert(5, dict(log.records[4]))
    del log.records[-1]
    verdict = judge(tmp_path, log, expect=COUNTED)
    assert told(verdict) == [("RECORD_DUPLICATED", 6), ("TAIL_TRUNCATED", 12)]
    assert in_words(verdict)[2] == "FAILED TAIL_TRUNCATED"


def test_two_gaps_tell_only_how_many_are_missing_in_all(tmp_path: Path):
    log = LogBuilder("hashchainalgo")
    heads = [log.head(12)]
    del log.records[8], log.records[3]
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == [("RECORDS_DELETED", 4), ("RECORDS_DELETED", 8)]
    assert [found.count for found in verdict.diagnoses] == [None, None]
    assert all("2 records are missing in all" in words(*d.explanations) for d in verdict.diagnoses)


def test_one_deletion_beside_a_rewriting_is_not_told_as_two(tmp_path: Path):
    log = LogBuilder("hashchainalgo")
    heads = [log.head(12)]
    log.records[8] = log.forged(9, previous=log.own(8))
    del log.records[3]
    verdict = judge(tmp_path, log, heads=heads, trust=trusted(tmp_path))
    assert told(verdict) == [("LINK_BROKEN", 4), ("LINK_BROKEN", 9)]
    assert in_words(verdict)[2] == "FAILED COUNT_MISMATCH"
    assert "1 record is missing in all" in words(*verdict.diagnoses[0].explanations)


def test_two_gaps_and_the_right_count_do_not_show_that_none_is_missing(tmp_path: Path):
    """One record deleted, and one put in and chained before another gap, look the same."""
    log = LogBuilder("hashchainalgo")
    log.records[8] = log.forged(9, previous=log.own(8))
    log.records[3] = log.forged(4, previous=log.own(3))
    verdict = judge(tmp_path, log, expect=COUNTED)
    assert told(verdict) == [("LINK_BROKEN", 5), ("LINK_BROKEN", 10)]
    assert in_words(verdict)[2] == "INDETERMINATE LINK_BROKEN"
