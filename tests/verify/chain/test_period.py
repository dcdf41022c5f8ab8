"""When an audit period is covered: claimed times are held against each other, and protected."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import KEY, KINDS, LogBuilder
from tests.verify.chain.judging import in_words, judge, trust_in
from workbench.model.expectation import Expectation, Period
from workbench.model.recipe import JsonObject
from workbench.model.verdict import SubjectVerdict
from workbench.verify.chain import library

DAY = datetime(2026, 3, 1, tzinfo=UTC)
TIMED = sorted(kind for kind in KINDS if kind not in {"comptext", "hashchainalgo", "bernstein"})
OPEN = "INDETERMINATE NO_ANCHOR"
PARTLY = "INDETERMINATE PARTIAL_COVERAGE"


def hours(first: float, last: float) -> Expectation:
    """Return a period in hours of the first day; record n of a log is from hour n - 1."""
    return Expectation(Period(DAY + timedelta(hours=first), DAY + timedelta(hours=last)))


def judged(
    folder: Path, log: LogBuilder, size: int, period: Expectation, **more: object
) -> SubjectVerdict:
    """Return the verdict on a log with a head over its first ``size`` records."""
    trust = trust_in(folder / "trust", KEY)
    return judge(folder, log, heads=[log.head(size)], trust=trust, expect=period, **more)


def at(log: LogBuilder, number: int, time: str) -> None:
    """Give a record another time, and chain the log anew."""
    log.records[number - 1]["time"] = time
    log.rechain(number)


@pytest.mark.parametrize("kind", TIMED)
@pytest.mark.parametrize(
    ("size", "last", "expected"),
    [
        (10, 8, "PASSED ANCHORED"),
        (10, 9, "PASSED ANCHORED"),  # the last anchored record is at the end of the period
        (10, 9.5, OPEN),  # later than the last anchored record
        (12, 11, "PASSED ANCHORED"),
        (12, 11.5, PARTLY),  # silence at the end is no proof
    ],
)
def test_period_ends_where_a_record_of_the_anchored_range_is_at_or_after_its_end(
    kind: str, size: int, last: float, expected: str, tmp_path: Path
):
    verdict = judged(tmp_path, LogBuilder(kind), size, hours(0, last))
    found = in_words(verdict)[2]
    assert found == expected


def test_one_record_with_a_late_clock_ends_no_period(tmp_path: Path):
    log = LogBuilder("workbench")
    at(log, 10, "2027-01-01T00:00:00Z")
    verdict = judged(tmp_path, log, 10, hours(0, 10.5))
    assert in_words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert in_words(verdict)[2] == OPEN
    assert verdict.time.code == "CLOCK_REGRESSION"


def test_late_clock_that_was_set_right_again_does_not_spoil_a_period(tmp_path: Path):
    log = LogBuilder("workbench")
    at(log, 3, "2027-01-01T00:00:00Z")
    assert in_words(judged(tmp_path, log, 10, hours(0, 8)))[2] == "PASSED ANCHORED"


def test_late_clock_within_the_anchored_range_ends_no_period(tmp_path: Path):
    log = LogBuilder("workbench")
    at(log, 5, "2027-01-01T00:00:00Z")
    assert in_words(judged(tmp_path, log, 12, hours(0, 20)))[2] == PARTLY


def test_record_of_the_period_after_the_last_anchor_leaves_it_open(tmp_path: Path):
    log = LogBuilder("workbench")
    at(log, 12, "2026-03-01T07:59:59Z")
    assert in_words(judged(tmp_path, log, 10, hours(0, 8)))[2] == OPEN
    at(log, 12, "2026-03-01T08:00:00Z")
    assert in_words(judged(tmp_path, log, 10, hours(0, 8)))[2] == OPEN


def test_record_without_a_time_after_the_last_anchor_leaves_it_open(tmp_path: Path):
    log = LogBuilder("workbench")
    at(log, 12, "soon")
    assert in_words(judged(tmp_path, log, 10, hours(0, 8)))[2] == OPEN


@pytest.mark.parametrize("whole", [True, False])
def test_period_before_the_first_record_is_not_covered(whole: bool, tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judged(tmp_path, log, 12 if whole else 10, hours(-48, -24))
    assert in_words(verdict)[2] == PARTLY


def test_log_that_starts_at_genesis_within_the_period_covers_its_start(tmp_path: Path):
    verdict = judged(tmp_path, LogBuilder("workbench"), 10, hours(-48, 8))
    assert in_words(verdict)[2] == "PASSED ANCHORED"


def test_log_that_starts_later_than_the_period_and_not_at_genesis_does_not_cover_it(
    tmp_path: Path,
):
    log = LogBuilder("certmate")
    del log.records[:3]
    assert "PARTIAL_COVERAGE" in judged(tmp_path, log, 9, hours(1, 8)).completeness.codes
    assert "PARTIAL_COVERAGE" not in judged(tmp_path, log, 9, hours(4, 8)).completeness.codes


def test_altered_record_ends_no_period(tmp_path: Path):
    log = LogBuilder("workbench")
    expect = replace(hours(0, 8), head=log.own(9))
    log.edit(9)
    assert in_words(judge(tmp_path, log, expect=expect))[2] == OPEN


def test_time_that_no_digest_covers_ends_no_period(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (profile,) = (p for p in library.shipped() if p.id == "earcrawler")
    (previous, body) = profile.preimage
    assert isinstance(body, JsonObject)
    loose = replace(body, exclude=(*body.exclude, "ts"))
    changed = replace(profile, preimage=(previous, loose), seals=())
    monkeypatch.setattr(library, "shipped", lambda: (changed,))
    log = LogBuilder("earcrawler")
    for number, record in enumerate(log.records):
        bare = {k: v for k, v in record.items() if k not in loose.exclude}
        record["chain_prev"] = log.records[number - 1]["chain_hash"] if number else "0" * 64
        text = json.dumps(bare, sort_keys=True, separators=(",", ":"))
        record["chain_hash"] = _sha(record["chain_prev"] + text)
    whole = judged(tmp_path, log, 12, hours(0, 8))
    assert in_words(whole)[2] == "PASSED ANCHORED"  # the signed root covers every byte
    assert in_words(judged(tmp_path, log, 10, hours(0, 8)))[2] == OPEN
    stated = replace(hours(0, 8), count=12)
    assert in_words(judge(tmp_path, log, expect=stated))[2] == PARTLY


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_what_the_auditor_states_lends_a_signature_no_reach(tmp_path: Path):
    log = LogBuilder("workbench")
    expect = replace(hours(0, 8), head=log.own(12))
    verdict = judged(tmp_path, log, 4, expect)
    assert in_words(verdict) == (
        "PASSED ANCHORED",
        "INDETERMINATE PARTIAL_COVERAGE",
        "PASSED AUDITOR_STATED",
    )


def test_edge_of_a_period_is_found_on_the_fast_way_too(tmp_path: Path):
    log = LogBuilder("workbench", 300)
    for size, expected in ((151, "PASSED ANCHORED"), (150, OPEN)):
        period = Expectation(Period(DAY, DAY + timedelta(hours=149, minutes=30)))
        assert in_words(judged(tmp_path, log, size, period))[2] == expected
