"""A case is judged by what was taken in: what changed, went or came is never passed over."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import KEY, LogBuilder
from casework import AT, added, lines, new_case, plain_log, verified, written
from commands import CHECKOUT

from workbench.model.case import Custody, Engagement
from workbench.model.event import EventFlag
from workbench.model.expectation import Expectation, Period
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Code, Diagnosis, DiagnosisClass, Dimension, Indication
from workbench.model.verification import Verification
from workbench.services import cases, trusting
from workbench.services.investigation import Events
from workbench.services.verification.case import verify_case
from workbench.sign.keys import public_pem
from workbench.store import verdicts
from workbench.store.case_store import CaseStore

INTEGRITY, AUTHENTICITY, COMPLETENESS, _ = Dimension


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Return a chained log with its signed head."""
    folder = tmp_path / "evidence"
    builder = LogBuilder("workbench", 12)
    written(folder, "log.jsonl", builder.data())
    written(folder, "log.head", builder.head())
    return folder


@pytest.fixture
def case(tmp_path: Path, evidence: Path) -> Iterator[CaseStore]:
    """Return a case with the log, whose key it trusts."""
    (tmp_path / "work").mkdir()
    with new_case(tmp_path / "work") as case:
        trusting.add(case, [f"log={written(tmp_path, 'log.pem', public_pem(KEY.public_key()))}"])
        added(case, evidence)
        yield case


def words(verification: Verification) -> list[tuple[Indication, str | None]]:
    """Return indication and code of each dimension."""
    parts = [verification.dimension(dimension) for dimension in Dimension]
    return [(part.indication, part.code) for part in parts]


def test_case_is_judged_with_whom_it_trusts(case: CaseStore) -> None:
    verification = verified(case)
    assert words(verification)[:3] == [
        (Indication.PASSED, Code.ANCHORED),
        (Indication.PASSED, "log.pem"),
        (Indication.PASSED, Code.ANCHORED),
    ]
    assert verification.exit_code == 0
    trusting.remove(case, 1)
    assert verified(case).dimension(AUTHENTICITY).indication is Indication.INDETERMINATE


def test_verdict_is_kept_as_it_was_given(case: CaseStore) -> None:
    verification = verified(case)
    standing = cases.standing(case)
    assert standing.verification == verification
    (listed,) = standing.verdicts.values()
    assert (listed.integrity.indication, listed.records) == (Indication.PASSED, 12)
    assert standing.unjudged == ()
    entry = cases.journal_entries(case)[-1]
    assert entry.act == "case.verify"
    assert '"exit":0' in entry.detail
    assert '"integrity":"PASSED"' in entry.detail


def test_evidence_that_changed_is_failed(case: CaseStore, evidence: Path) -> None:
    builder = LogBuilder("workbench", 13)
    written(evidence, "log.jsonl", builder.data())
    verification = verified(case)
    assert verification.exit_code == 1
    assert verification.dimension(INTEGRITY).code == DiagnosisClass.EVIDENCE_CHANGED
    (subject,) = verification.subjects
    assert subject.verdict is not None
    diagnosis = subject.verdict.diagnoses[0]
    assert diagnosis.kind is DiagnosisClass.EVIDENCE_CHANGED
    assert diagnosis.stored == cases.standing(case).sources[1].sha256 != diagnosis.recomputed
    assert subject.verdict.assurance == ()


def test_anchor_that_changed_is_said(case: CaseStore, evidence: Path) -> None:
    written(evidence, "log.head", LogBuilder("workbench", 11).head())
    verification = verified(case)
    anchor = next(s for s in verification.sources if s.format == "head")
    assert anchor.problems[-1].code == DiagnosisClass.EVIDENCE_CHANGED
    assert verification.exit_code != 0


def test_subject_that_is_gone_is_never_left_out(case: CaseStore, evidence: Path) -> None:
    (evidence / "log.jsonl").unlink()
    verification = verified(case)
    assert verification.exit_code == 2
    assert Code.UNREADABLE in verification.dimension(INTEGRITY).codes
    (log,) = [s for s in verification.subjects if s.format == "chain"]
    assert log.verdict is not None
    assert "is not where it was" in log.verdict.notes[0]


def test_whole_delivery_that_is_gone_is_never_left_out(case: CaseStore, evidence: Path) -> None:
    evidence.rename(evidence.with_name("elsewhere"))
    verification = verified(case)
    assert (len(verification.subjects), verification.exit_code) == (1, 2)


def test_what_came_to_lie_there_is_not_in_the_case_and_said(
    case: CaseStore, evidence: Path
) -> None:
    builder = LogBuilder("certmate", 5)
    builder.edit(2)
    written(evidence, "other/log.jsonl", builder.data())
    verification = verified(case)
    assert [s.path for s in verification.subjects] == ["evidence/log.jsonl"]
    assert verification.exit_code == 0
    assert [p.code for p in verification.problems] == ["NOT_IN_CASE"]


def test_link_in_evidence_is_listed_and_no_stranger(case: CaseStore, evidence: Path) -> None:
    (evidence / "latest.jsonl").symlink_to("log.jsonl")
    added(case, evidence)
    verification = verified(case)
    assert [s.path for s in verification.sources if s.format == "link"] == ["evidence/latest.jsonl"]
    assert verification.problems == ()
    assert verification.exit_code == 0


def test_what_was_added_after_the_verdict_is_unjudged(case: CaseStore, tmp_path: Path) -> None:
    verified(case)
    added(case, written(tmp_path, "late.jsonl", lines(plain_log())))
    assert [s.path for s in cases.standing(case).unjudged] == ["late.jsonl"]


def test_period_of_the_engagement_is_that_of_the_verdict(case: CaseStore) -> None:
    period = Period(AT, AT)
    cases.change_engagement(case, Engagement("Second quarter", period=period))
    assert verified(case).dimension(COMPLETENESS).code == Code.PARTIAL_COVERAGE
    inside = Period(*(datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in (1, 3)))
    asked = Expectation(period=inside)
    assert verified(case, expectation=asked).dimension(COMPLETENESS).code != Code.PARTIAL_COVERAGE


def test_key_that_lies_in_the_evidence_is_self_supplied_until_confirmed(
    case: CaseStore, evidence: Path
) -> None:
    written(evidence, "key.pem", public_pem(KEY.public_key()))
    added(case, evidence)
    assert verified(case).dimension(AUTHENTICITY).code == Code.SELF_SUPPLIED_KEY
    fingerprint = trusting.trusted(case)[0].anchor.fingerprint
    trusting.confirm(case, fingerprint.upper(), how="telephone")
    assert verified(case).dimension(AUTHENTICITY).indication is Indication.PASSED


def test_levels_and_flags_of_events_are_those_of_the_newest_verdict(
    case: CaseStore, tmp_path: Path
) -> None:
    builder = LogBuilder("workbench", 9)
    builder.edit(4)
    added(case, written(tmp_path, "bad.jsonl", builder.data()))
    assert [e.event.level for e in Events(case).page(first=0, count=3)] == [0, 0, 0]
    verified(case)
    bad = Events(case, "source:bad").page(first=0, count=9)
    events = {e.event.locator.record: e.event for e in bad}
    assert events[4].flags == {EventFlag.BROKEN, EventFlag.UNANCHORED}
    assert (events[4].level, events[3].level) == (0, 1)
    assert {e.event.level for e in Events(case, "source:evidence").page(first=0, count=99)} == {2}
    assert Events(case, "flag:broken").count() == 1
    assert Events(case, "level>=2").count() == 12


def tapped(case: CaseStore) -> Verification:
    """Verify a case and index what is missing on the way."""
    tap = cases.index_tap(case, progress=Silent(), cancel=Cancel())
    request = VerifyRequest((), AT)
    found = verify_case(case, request, progress=Silent(), cancel=Cancel(), tap=tap)
    if tap is not None:
        cases.keep_tapped(case, tap, found)
        cases.index_missing(case, progress=Silent(), cancel=Cancel())
    return found


LOGS = {
    "good": lambda b: b.data(),
    "altered": lambda b: b.edit(5) or b.data(),
    "cut short": lambda b: b.data()[:-40],
    "with a bad line": lambda b: b.data()[:700] + b"{\n" + b.data()[700:],
    "CRLF": lambda b: b.data(b"\r\n"),
    "with a mark": lambda b: b"\xef\xbb\xbf" + b.data(),
    "blank lines": lambda b: b.data(b"\n\n"),
}


@pytest.mark.parametrize("kind", ["workbench", "certmate", "agentmesh"])
@pytest.mark.parametrize("how", LOGS)
def test_events_taken_on_the_way_are_those_of_a_scan_of_their_own(
    tmp_path: Path, kind: str, how: str
) -> None:
    log = written(tmp_path, "log.jsonl", LOGS[how](LogBuilder(kind, 12)))
    found = []
    for number, later in enumerate((False, True)):
        (tmp_path / str(number)).mkdir()
        with new_case(tmp_path / str(number)) as case:
            added(case, log, chains_later=later)
            tapped(case)
            events = Events(case)
            found.append(events.page(first=0, count=99))
            for event in found[-1]:
                if EventFlag.MALFORMED not in event.event.flags:
                    assert cases.raw(case, event.ref, cancel=Cancel()).data
    assert found[0] == found[1]
    assert len(found[0]) >= 11


def test_log_of_an_unknown_recipe_is_indexed_after_the_verdict(tmp_path: Path) -> None:
    records = [{**r, "hash": "a" * 64, "prev": "b" * 64} for r in plain_log()]
    with new_case(tmp_path) as case:
        added(case, written(tmp_path, "log.jsonl", lines(records)), chains_later=True)
        assert cases.standing(case).sources[0].events is None
        assert tapped(case).dimension(INTEGRITY).code == Code.UNKNOWN_PROFILE
        assert cases.standing(case).sources[0].events == 20
        assert cases.index_tap(case, progress=Silent(), cancel=Cancel()) is None


def test_log_that_changed_before_it_was_read_is_not_indexed(tmp_path: Path) -> None:
    log = written(tmp_path, "log.jsonl", LogBuilder("workbench").data())
    with new_case(tmp_path) as case:
        added(case, log, chains_later=True)
        log.write_bytes(LogBuilder("workbench", 20).data())
        assert tapped(case).dimension(INTEGRITY).code == DiagnosisClass.EVIDENCE_CHANGED
        assert cases.standing(case).sources[0].events is None
        assert not list(case.index_folder.glob("*-*/*.parquet"))


def test_what_the_document_does_not_hold_is_kept_beside_it(case: CaseStore) -> None:
    given = verified(case)
    (subject,) = given.subjects
    assert subject.verdict is not None
    ranged = Diagnosis(DiagnosisClass.RECORD_ALTERED, record=3, last=7)
    plain = Diagnosis(DiagnosisClass.RECORD_ALTERED, record=9)
    verdict = replace(subject.verdict, diagnoses=(plain, ranged))
    rest = tuple(s for s in given.sources if s is not subject)
    given = replace(
        given, sources=(replace(subject, verdict=verdict), *rest), keys_in_evidence={"ab": "x.pem"}
    )
    numbers = {(s.path, s.member): s.id for s in cases.standing(case).sources}
    with case.acting("test.verify") as act:
        verdicts.put(act.session, given, numbers, done=act.at, who="ann")
    assert cases.standing(case).verification == given


def test_history_keeps_every_verification(case: CaseStore) -> None:
    first, second = verified(case), verified(case, required=(Dimension.TIME,))
    with case.reading() as session:
        history = verdicts.history(session)
        assert [(n, code) for n, _, code in history] == [(2, 2), (1, 0)]
        assert verdicts.get(session, 1) == first
        assert verdicts.latest(session) == second


def test_key_that_ever_lay_in_the_evidence_stays_self_supplied(
    case: CaseStore, evidence: Path
) -> None:
    """Deleting the copy, or delivering something else in its place, confirms nothing."""
    copy = written(evidence, "key.pem", public_pem(KEY.public_key()))
    added(case, evidence)
    copy.write_text("something else")
    added(case, evidence)
    part = verified(case).dimension(AUTHENTICITY)
    assert (part.indication, part.code) == (Indication.INDETERMINATE, Code.SELF_SUPPLIED_KEY)
    copy.unlink()
    assert verified(case).dimension(AUTHENTICITY).code == Code.SELF_SUPPLIED_KEY
    trusting.confirm(case, trusting.trusted(case)[0].anchor.fingerprint, how="telephone")
    assert verified(case).dimension(AUTHENTICITY).indication is Indication.PASSED


def test_key_found_deep_in_the_evidence_once_stays_self_supplied(
    case: CaseStore, evidence: Path
) -> None:
    der = trusting.trusted(case)[0].anchor.der
    note = written(evidence, "note.txt", b"{" + der.hex().encode() + b"}")
    added(case, evidence)
    assert verified(case).dimension(AUTHENTICITY).code == Code.SELF_SUPPLIED_KEY
    note.unlink()
    assert verified(case).dimension(AUTHENTICITY).code == Code.SELF_SUPPLIED_KEY


def test_missing_source_of_any_role_is_said(case: CaseStore, evidence: Path) -> None:
    (evidence / "log.head").unlink()
    found = verified(case)
    (gone,) = [s for s in found.sources if s.path.endswith("log.head")]
    assert gone.problems[0].code == "UNREADABLE"
    assert "is not where it was" in gone.problems[0].message
    assert not cases.standing(case).unjudged


def test_missing_subject_was_looked_for_and_is_no_longer_unjudged(
    case: CaseStore, evidence: Path
) -> None:
    (evidence / "log.jsonl").unlink()
    assert verified(case).exit_code == 2
    assert not cases.standing(case).unjudged


TOTALS = {
    "records": ({"records": 13}, Indication.FAILED),
    "events": ({"events": 11}, Indication.FAILED),
    "agreeing": ({"events": 12}, Indication.PASSED),
    "of something that is not counted": ({"bananas": 3}, Indication.PASSED),
}


@pytest.mark.parametrize("which", TOTALS)
def test_contradicted_control_total_fails_completeness(
    tmp_path: Path, case: CaseStore, which: str
) -> None:
    totals, expected = TOTALS[which]
    log = next(s for s in cases.standing(case).sources if s.format == "chain")
    cases.state_totals(case, log.id, totals)
    assert cases.standing(case).stale == ""  # not verified yet
    found = verified(case)
    part = found.dimension(COMPLETENESS)
    assert part.indication is expected
    verdict = found.subjects[0].verdict
    assert verdict is not None
    if expected is Indication.FAILED:
        assert part.code == DiagnosisClass.COUNT_MISMATCH
        (diagnosis,) = verdict.diagnoses
        assert diagnosis.kind is DiagnosisClass.COUNT_MISMATCH
        assert diagnosis.recomputed.endswith(" 12")
        assert found.exit_code == 1
    assert next(iter(totals)) in verdict.steps[-1].result
    cases.state_totals(case, log.id, {"events": 12})
    assert "control total" in cases.standing(case).stale


def test_what_was_stated_at_intake_stands_in_the_journal(tmp_path: Path) -> None:
    written(tmp_path, "drop/plain.jsonl", lines(plain_log()))
    with new_case(tmp_path) as case:
        custody = Custody("IT", None, "courier", "bag 7")
        totals = {"plain.jsonl": {"events": 21}}
        added(case, tmp_path / "drop", stated=cases.Stated(custody, totals=totals))
        detail = cases.journal_entries(case)[-1].detail
    assert '"from":"IT"' in detail
    assert '"totals":{"drop/plain.jsonl":{"events":21}}' in detail


def test_trust_brought_to_one_verification_stands_in_the_journal_and_goes_no_further(
    tmp_path: Path,
) -> None:
    sample = CHECKOUT / "resources" / "sample"
    root = f"model={sample / 'trust' / 'model-root.pem'}"
    with new_case(tmp_path) as case:
        added(case, sample / "evidence" / "models" / "credit-scoring-v7")
        known = digests_of_trust(case)
        found = [verified(case, trust=trust) for trust in ((root,), ())]
        entries = [e for e in cases.journal_entries(case) if e.act == "case.verify"]
        assert digests_of_trust(case) == known == []
    (signer,) = found[0].subjects[0].verdict.signatures
    assert [v.dimension(Dimension.AUTHENTICITY).indication for v in found] == [
        Indication.PASSED,
        Indication.INDETERMINATE,
    ]
    told = [json.loads(entry.detail).get("trust") for entry in entries]
    assert [len(each or ()) for each in told] == [1, 0]
    assert signer.trusted_by


def digests_of_trust(case: CaseStore) -> list[str]:
    return [entry.anchor.fingerprint for entry in trusting.trusted(case)]
