"""A log that is delivered again is held against the verdict on what it replaces."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import LogBuilder
from casework import added, new_case, verified, written

from workbench.model.verdict import Code, DiagnosisClass, Indication, SubjectVerdict
from workbench.store import verdicts
from workbench.store.case_store import CaseStore

LINES = [line + b"\n" for line in LogBuilder("workbench", 60).lines()]
OLD = b"".join(LINES[:40])
SAME, OTHER = "the same bytes", "other bytes than then"


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Return a folder with a log, and another one of the same name that nobody touches."""
    folder = tmp_path / "evidence"
    written(folder, "a/log.jsonl", OLD)
    written(folder, "b/log.jsonl", b"".join(LINES[:20]))
    return folder


@pytest.fixture
def case(tmp_path: Path, evidence: Path) -> Iterator[CaseStore]:
    """Return a case with both, verified once."""
    (tmp_path / "work").mkdir()
    with new_case(tmp_path / "work") as case:
        added(case, evidence)
        verified(case)
        yield case


def again(case: CaseStore, evidence: Path, data: bytes) -> SubjectVerdict:
    written(evidence, "a/log.jsonl", data)
    added(case, evidence)
    return judged(case)


def judged(case: CaseStore, name: str = "a/log.jsonl") -> SubjectVerdict:
    (found,) = [s.verdict for s in verified(case).subjects if s.path.endswith(name)]
    assert found is not None
    return found


def compared(verdict: SubjectVerdict) -> list[str]:
    return [step.result for step in verdict.steps if "in place of" in step.did]


def test_a_log_that_grew_begins_with_what_was_judged(case: CaseStore, evidence: Path) -> None:
    verdict = again(case, evidence, b"".join(LINES))
    (said,) = compared(verdict)
    assert SAME in said
    assert verdict.integrity.indication is Indication.PASSED
    assert Code.EARLIER_PART_DIFFERS not in verdict.completeness.codes
    assert any("begins with the very bytes" in note for note in verdict.notes)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"".join(LINES[:30]), "fewer now"),
        (OLD.replace(b"\n", b"\r\n") + b"".join(LINES[40:]), OTHER),
        (LogBuilder("cmcp", 90).data(), OTHER),
    ],
    ids=["shorter", "other line ends", "another log"],
)
def test_a_log_that_did_not_only_grow_is_said_to_at_every_verification(
    data: bytes, words: str, case: CaseStore, evidence: Path
) -> None:
    for verdict in (again(case, evidence, data), judged(case)):
        assert verdict.completeness.code == Code.EARLIER_PART_DIFFERS
        assert verdict.completeness.indication is Indication.INDETERMINATE
        assert any(words in said for said in compared(verdict))


def test_every_delivery_before_it_is_remembered(case: CaseStore, evidence: Path) -> None:
    again(case, evidence, b"".join(LINES[:30]))
    verdict = again(case, evidence, b"".join(LINES))
    assert [SAME in said for said in compared(verdict)] == [True, True]
    assert Code.EARLIER_PART_DIFFERS not in verdict.completeness.codes


def test_another_log_of_the_same_name_is_not_held_against_it(
    case: CaseStore, evidence: Path
) -> None:
    again(case, evidence, b"".join(LINES))
    other = judged(case, "b/log.jsonl")
    assert compared(other) == []
    assert Code.EARLIER_PART_DIFFERS not in other.completeness.codes


def test_what_changed_without_a_delivery_is_evidence_that_changed(
    case: CaseStore, evidence: Path
) -> None:
    written(evidence, "a/log.jsonl", b"".join(LINES))
    verdict = judged(case)
    assert verdict.integrity.code == DiagnosisClass.EVIDENCE_CHANGED
    assert compared(verdict) == []


def test_what_was_broken_before_is_held_against_nothing(case: CaseStore, evidence: Path) -> None:
    again(case, evidence, OLD.replace(b"\n", b" \n", 3).replace(b'"actor"', b'"actress"', 1))
    verdict = again(case, evidence, b"".join(LINES))
    assert len(compared(verdict)) == 1  # with the first delivery, which was whole


def test_a_verdict_of_another_version_lends_its_bytes_and_no_more(
    case: CaseStore, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again(case, evidence, b"".join(LINES))
    on = judged(case)
    monkeypatch.setattr(verdicts, "version_of", lambda _session, _number: "0.0.9")
    anew = judged(case)
    assert (SAME in compared(on)[0], SAME in compared(anew)[0]) == (True, True)
    assert Code.EARLIER_VERDICT not in anew.integrity.codes
