"""Logs that break at every record: one cause stays one diagnosis, and the work stays bounded."""

from pathlib import Path

import pytest

from tests.builders import LogBuilder
from tests.verify.chain.judging import in_words, judge, told
from workbench.verify.chain import survey


@pytest.mark.parametrize("most", [10_000, 20])
def test_export_in_the_other_order_is_told_once_beyond_the_bound_too(
    most: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(survey, "MOST_STRETCHES", most)
    log = LogBuilder("workbench", 30)
    log.records.reverse()
    verdict = judge(tmp_path, log)
    assert told(verdict) == [("RECORDS_REORDERED", 1)]
    assert in_words(verdict)[0] == "FAILED RECORDS_REORDERED"
    assert "HEAD_TRUNCATED" not in verdict.completeness.codes


def test_altered_record_of_an_export_in_the_other_order_is_told_beyond_the_bound(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(survey, "MOST_STRETCHES", 20)
    log = LogBuilder("workbench", 30)
    log.edit(25)
    log.records.reverse()
    assert told(judge(tmp_path, log)) == [("RECORDS_REORDERED", 1), ("RECORD_ALTERED", 6)]


def test_repeated_records_do_not_make_pieces_be_read_again_and_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    reads: list[int] = []
    read_range = survey.read_range

    def counted(*args: object) -> bytes:
        reads.append(1)
        return read_range(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(survey, "read_range", counted)
    line = LogBuilder("workbench", 1).data()
    verdict = judge(tmp_path, line * (2 * survey.PIECE // len(line)))
    assert verdict.diagnoses[0].kind == "RECORD_DUPLICATED"
    assert len(reads) < 20
