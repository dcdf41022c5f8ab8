"""A log that has grown is judged on from an earlier verdict; its old bytes are read again."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import LogBuilder
from tests.verify.chain.judging import AT
from workbench.errors import UsageError
from workbench.model.contract import verification_to_json
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Code, DiagnosisClass, Indication, SubjectVerdict
from workbench.model.verification import Verification
from workbench.services.verification import verify
from workbench.verify.chain import survey

OLD, NEW = 40, 60


def verified(log: Path, since: Path | None = None) -> Verification:
    request = VerifyRequest(paths=(log,), at=AT, since=since)
    return verify(request, progress=Silent(), cancel=Cancel())


def verdict_of(found: Verification) -> SubjectVerdict:
    (subject,) = found.subjects
    assert subject.verdict is not None
    return subject.verdict


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "delivered" / "log.jsonl"


@pytest.fixture
def since(log: Path, tmp_path: Path) -> Path:
    """Return the verdict on the first records of the log; all of them lie there now."""
    log.parent.mkdir()
    lines = LogBuilder("workbench", NEW).lines()
    log.write_bytes(b"".join(line + b"\n" for line in lines[:OLD]))
    document = tmp_path / "earlier.json"
    document.write_text(json.dumps(verification_to_json(verified(log))))
    log.write_bytes(b"".join(line + b"\n" for line in lines))
    return document


def test_a_log_that_grew_gets_the_verdict_that_it_would_get(
    log: Path, since: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew = verdict_of(verified(log))
    walked: list[int] = []
    honest = survey.walk
    monkeypatch.setattr(survey, "walk", lambda task: walked.append(task.cut.offset) or honest(task))
    on = verdict_of(verified(log, since))
    assert on.integrity.codes == (*anew.integrity.codes, Code.EARLIER_VERDICT)
    same = ("records", "sha256", "assurance", "diagnoses", "completeness", "not_covered")
    assert [getattr(on, name) for name in same] == [getattr(anew, name) for name in same]
    assert min(walked) > 0  # the old part was not walked
    said = [step.result for step in on.steps]
    assert any("these very bytes were judged then" in text for text in said)
    assert f"{NEW - OLD} of {NEW - OLD} digests reproduced." in said


def test_an_old_part_of_many_pieces_ends_within_one(tmp_path: Path) -> None:
    log, since = tmp_path / "log.jsonl", tmp_path.parent / f"{tmp_path.name}.json"
    lines = LogBuilder("workbench", 9000).lines()
    log.write_bytes(b"".join(line + b"\n" for line in lines[:5000]))
    assert log.stat().st_size > survey.PIECE
    since.write_text(json.dumps(verification_to_json(verified(log))))
    log.write_bytes(b"".join(line + b"\n" for line in [*lines[:7000], *lines[7001:]]))
    on, anew = verdict_of(verified(log, since)), verdict_of(verified(log))
    assert on.diagnoses == anew.diagnoses != ()
    assert (on.records, on.sha256, on.assurance) == (anew.records, anew.sha256, anew.assurance)


def edit_old(data: bytes) -> bytes:
    return data.replace(b'"actor":"ann"', b'"actor":"anm"', 1)


def edit_new(data: bytes) -> bytes:
    head, _, tail = data.rpartition(b'"actor":"ann"')
    return head + b'"actor":"anm"' + tail


def test_an_altered_old_record_is_found_whatever_the_times_of_the_file_say(
    log: Path, since: Path
) -> None:
    import os

    before = log.stat()
    log.write_bytes(edit_old(log.read_bytes()))
    os.utime(log, ns=(before.st_atime_ns, before.st_mtime_ns))
    found = verdict_of(verified(log, since))
    assert found.integrity.indication is Indication.FAILED
    assert found.completeness.code == Code.EARLIER_PART_DIFFERS
    assert [d.record for d in found.diagnoses] == [1]
    assert any(
        "All records were judged anew: its beginning has other bytes" in s.result
        for s in found.steps
    )


def test_an_altered_new_record_is_found(log: Path, since: Path) -> None:
    log.write_bytes(edit_new(log.read_bytes()))
    found = verdict_of(verified(log, since))
    assert [(d.kind, d.record) for d in found.diagnoses] == [(DiagnosisClass.RECORD_ALTERED, NEW)]
    assert found.diagnoses == verdict_of(verified(log)).diagnoses


def test_a_missing_record_between_old_and_new_is_found(log: Path, since: Path) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([*lines[:OLD], *lines[OLD + 1 :]]))
    found = verdict_of(verified(log, since))
    assert [(d.kind, d.record) for d in found.diagnoses] == [
        (DiagnosisClass.RECORDS_DELETED, OLD + 1)
    ]


@pytest.mark.parametrize("cut", [lambda d: d[: len(d) // 3], lambda d: edit_old(d)])
def test_a_log_that_did_not_only_grow_is_said_to_be_another(
    cut: Callable[[bytes], bytes], log: Path, since: Path
) -> None:
    log.write_bytes(cut(log.read_bytes()))
    found = verdict_of(verified(log, since))
    assert found.completeness.indication is Indication.INDETERMINATE
    assert found.completeness.code == Code.EARLIER_PART_DIFFERS


def test_a_log_of_another_name_is_no_other_delivery(log: Path, since: Path) -> None:
    other = log.with_name("other.jsonl")
    other.write_bytes(LogBuilder("workbench", 10).data())
    log.unlink()
    found = verdict_of(verified(other, since))
    assert Code.EARLIER_PART_DIFFERS not in found.completeness.codes


def test_a_byte_order_mark_amid_the_log_is_not_the_one_at_its_beginning(
    log: Path, since: Path
) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([*lines[:OLD], b"\xef\xbb\xbf", *lines[OLD:]]))
    found = verdict_of(verified(log, since))
    assert found.diagnoses == verdict_of(verified(log)).diagnoses != ()


def test_a_verdict_on_a_broken_log_is_nothing_to_go_on_from(
    log: Path, since: Path, tmp_path: Path
) -> None:
    whole = log.read_bytes()
    log.write_bytes(edit_old(b"".join(whole.splitlines(keepends=True)[:OLD])))
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(verification_to_json(verified(log))))
    log.write_bytes(edit_old(whole))
    found = verdict_of(verified(log, broken))
    assert found.integrity.indication is Indication.FAILED
    assert Code.EARLIER_VERDICT not in found.integrity.codes


def test_a_verdict_that_came_with_the_evidence_is_refused(log: Path, since: Path) -> None:
    within = log.with_name("verdict.json")
    within.write_bytes(since.read_bytes())
    request = VerifyRequest(paths=(log.parent,), at=AT, since=within)
    with pytest.raises(UsageError, match="lies in what is to be judged"):
        verify(request, progress=Silent(), cancel=Cancel())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: "{}",
        lambda d: "[",
        lambda d: json.dumps({**d, "tool": {"name": "x", "version": "0.0.0"}}),
    ],
)
def test_what_is_no_verdict_of_this_version_is_refused(
    spoil: Callable[[dict[str, object]], str], log: Path, since: Path
) -> None:
    since.write_text(spoil(json.loads(since.read_text())))
    with pytest.raises(UsageError, match="verdict of"):
        verified(log, since)


def test_a_second_opinion_reads_the_old_part_too(log: Path, since: Path) -> None:
    request = VerifyRequest(paths=(log,), at=AT, since=since)
    found = verify(replace(request, recheck=True), progress=Silent(), cancel=Cancel())
    assert any("Both agree" in step.result for step in verdict_of(found).steps)
