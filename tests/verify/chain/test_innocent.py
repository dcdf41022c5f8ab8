"""Innocent causes are tested on the value that broke; what was not tested explains nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import SECRET, LogBuilder
from tests.verify.chain.judging import judge, told

EXPLAINS = "tested: explains it"


def explaining(notes: tuple[str, ...]) -> list[str]:
    return [note for note in notes if EXPLAINS in note]


@pytest.mark.parametrize("kind", ["agentmesh", "earcrawler"])
def test_forged_seal_is_explained_by_nothing(kind: str, tmp_path: Path):
    log = LogBuilder(kind)
    log.records[4]["signature" if kind == "agentmesh" else "hmac"] = "ab" * 32
    (found,) = judge(tmp_path, log, secret=SECRET).diagnoses
    assert explaining(found.explanations) == []
    assert any("another secret" in n and "not tested" in n for n in found.explanations)
    ruled_out = any("ruled out" in note for note in found.explanations)
    assert ruled_out == (kind == "agentmesh")


def test_seal_in_upper_case_is_explained_by_that(tmp_path: Path):
    log = LogBuilder("agentmesh")
    log.records[4]["signature"] = log.records[4]["signature"].upper()
    (found,) = judge(tmp_path, log, secret=SECRET).diagnoses
    assert [note[:8] for note in explaining(found.explanations)] == ["The seal"]


def test_line_out_of_canonical_form_is_explained_by_that_alone(tmp_path: Path):
    lines = LogBuilder("workbench").lines()
    lines[4] = lines[4].replace(b',"', b', "', 1)
    (found,) = judge(tmp_path, b"\n".join(lines) + b"\n").diagnoses
    assert [note[:13] for note in explaining(found.explanations)] == ["Re-serialised"]
    assert not any("CRLF" in note or "Times" in note for note in found.explanations)
    assert found.stored == LogBuilder("workbench").own(5)
    assert len(found.recomputed) == 64
    assert found.recomputed != found.stored


def test_record_without_a_digest_has_nothing_to_test(tmp_path: Path):
    log = LogBuilder("workbench")
    del log.records[4]["hash"]
    (found,) = judge(tmp_path, log).diagnoses
    assert any("not tested, there is no digest" in note for note in found.explanations)


def all_floats(record: dict[str, object]) -> dict[str, object]:
    detail = record["detail"]
    assert isinstance(detail, dict)
    return {**record, "sequence_number": 4.0, "detail": {**detail, "n": float(detail["n"])}}


def at_utc(record: dict[str, object]) -> dict[str, object]:
    return {**record, "timestamp_utc": str(record["timestamp_utc"]).replace("T", " ")}


@pytest.mark.parametrize(("change", "cause"), [(all_floats, "Numbers"), (at_utc, "Times")])
def test_cause_that_changed_several_values_at_once_is_found(
    change: Callable[[dict[str, object]], dict[str, object]], cause: str, tmp_path: Path
):
    log = LogBuilder("cmcp")
    log.records[4] = change(log.records[4])
    (found,) = judge(tmp_path, log).diagnoses
    assert [note.split()[0] for note in explaining(found.explanations)] == [cause]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-03-01T04:00:00.123456+00:00", "2026-03-01T04:00:00.123+00:00"),
        ("2026-03-01T04:00:00.123+00:00", "2026-03-01T04:00:00+00:00"),
    ],
)
def test_digits_of_a_second_that_were_cut_off_are_found(written: str, kept: str, tmp_path: Path):
    log = LogBuilder("cmcp")
    log.records[4]["timestamp_utc"] = written
    log.rechain(5)
    log.records[4]["timestamp_utc"] = kept
    (found,) = judge(tmp_path, log).diagnoses
    assert [note[:6] for note in explaining(found.explanations)] == ["Digits"]


def test_content_that_was_edited_is_explained_by_nothing(tmp_path: Path):
    log = LogBuilder("cmcp")
    log.edit(5)
    verdict = judge(tmp_path, log)
    assert told(verdict) == [("RECORD_ALTERED", 5)]
    assert explaining(verdict.diagnoses[0].explanations) == []


def test_test_that_was_given_up_says_so(tmp_path: Path):
    log = LogBuilder("cmcp")
    log.records[4]["detail"] = {"times": ["2026-03-01T00:00:00Z"] * 300}
    log.rechain(5)
    log.edit(5)
    (found,) = judge(tmp_path, log).diagnoses
    assert any(n.startswith("Times") and "tested in part" in n for n in found.explanations)


def test_digests_that_hold_are_not_counted_as_broken_by_a_seal(tmp_path: Path):
    log = LogBuilder("agentmesh")
    log.records[4]["signature"] = "ab" * 32
    verdict = judge(tmp_path, log, secret=SECRET)
    assert any("12 of 12 digests reproduced" in step.result for step in verdict.steps)
    assert json.dumps([step.result for step in verdict.steps]).count("ab" * 32) == 1
