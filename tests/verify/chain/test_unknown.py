"""Where no record is reproduced, or none is there, a signed head still speaks."""

from pathlib import Path

import pytest

from tests.builders import KEY, OTHER_KEY, LogBuilder
from tests.verify.chain.judging import in_words, judge, told, trust_in
from workbench.model.trust import Trust
from workbench.model.verdict import Indication


def trusted(folder: Path) -> Trust:
    return trust_in(folder / "trust", KEY)


def unnamed(log: LogBuilder, size: int | None = None, **more: object) -> bytes:
    """Return a head whose profile is another, so that it names none to judge by."""
    return log.head(size, profile="0" * 64, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("altered", [49, 50, 60])
def test_altering_more_records_does_not_soften_the_verdict(altered: int, tmp_path: Path):
    log = LogBuilder("workbench", 100)
    head = unnamed(log)
    for number in range(1, altered + 1):
        log.edit(number)
    verdict = judge(tmp_path, log, heads=[head], trust=trusted(tmp_path))
    assert verdict.profile == "workbench"
    assert told(verdict) == [("RECORD_ALTERED", n) for n in range(1, altered + 1)]


def opaque(log: LogBuilder, *, last: str = "") -> bytes:
    """Return lines that no profile knows, as many as the log has."""
    lines = [b'{"a":"%d"}' % n for n in range(len(log.records))]
    lines[-1] = b'{"a":"%s"}' % last.encode()
    return b"\n".join(lines) + b"\n"


def test_root_of_a_trusted_head_is_compared_without_any_recipe(tmp_path: Path):
    log = LogBuilder("workbench")
    verdict = judge(tmp_path, opaque(log), heads=[unnamed(log)], trust=trusted(tmp_path))
    assert told(verdict) == [("RECHAINED_AFTER", 1)]
    assert in_words(verdict)[:2] == ("FAILED RECHAINED_AFTER", "FAILED RECHAINED_AFTER")
    assert verdict.signatures


def test_last_digest_that_still_stands_there_means_altered_records(tmp_path: Path):
    log = LogBuilder("workbench")
    data = opaque(log, last=log.own(12))
    verdict = judge(tmp_path, data, heads=[unnamed(log)], trust=trusted(tmp_path))
    assert told(verdict) == [("RECORD_ALTERED", 1)]
    assert in_words(verdict)[:2] == ("FAILED RECORD_ALTERED", "INDETERMINATE HASH_FAILURE")


def test_head_of_another_log_says_nothing_without_a_recipe(tmp_path: Path):
    log = LogBuilder("workbench")
    head = unnamed(log, origin="example.org/other")
    verdict = judge(tmp_path, opaque(log), heads=[head], trust=trusted(tmp_path))
    assert told(verdict) == []
    assert in_words(verdict)[:2] == (
        "INDETERMINATE UNKNOWN_PROFILE",
        "INDETERMINATE AMBIGUOUS_PAIRING",
    )


def test_head_over_no_records_is_not_told_as_no_signature(tmp_path: Path):
    head = LogBuilder("workbench").head(0)
    verdict = judge(tmp_path, b"", heads=[head], trust=trusted(tmp_path))
    assert in_words(verdict)[1] == "INDETERMINATE PARTIAL_COVERAGE"
    assert any("states 0 records" in note for note in verdict.notes)
    assert verdict.integrity.indication is Indication.INDETERMINATE


def test_emptied_log_is_a_cut_tail_with_what_the_head_states(tmp_path: Path):
    head = LogBuilder("workbench", 10).head()
    verdict = judge(tmp_path, b"", heads=[head], trust=trusted(tmp_path))
    assert [(d.kind, d.count) for d in verdict.diagnoses] == [("TAIL_TRUNCATED", 10)]
    assert in_words(verdict)[1:] == (
        "INDETERMINATE PARTIAL_COVERAGE",
        "FAILED TAIL_TRUNCATED",
    )
    assert "10 records" in verdict.diagnoses[0].explanations[0]


def test_emptied_log_with_a_head_by_an_unknown_key_says_who_signed(tmp_path: Path):
    head = LogBuilder("workbench", 10).head(key=OTHER_KEY)
    verdict = judge(tmp_path, b"", heads=[head], trust=trusted(tmp_path))
    assert in_words(verdict)[1] != "INDETERMINATE NO_SIGNATURE"
    assert verdict.completeness.indication is Indication.INDETERMINATE
