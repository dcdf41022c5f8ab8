"""A finding keeps its number, its evidence and its history."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from casework import added, again, lines, new_case, plain_log, written

from workbench.errors import UsageError
from workbench.model.case import EvidenceRef, Finding, FindingState, Severity
from workbench.model.locator import Locator
from workbench.services import cases, findings
from workbench.services.investigation import Events
from workbench.store.case_store import CaseStore

DRAFT = Finding(
    "ignored",
    "Nobody approved version 8",
    Severity.HIGH,
    criteria="Two approvals",
    condition="None",
    cause="Not established",
    consequence="Unreviewed model",
    corrective_action="Approve or withdraw",
    owner="risk",
    due=datetime(2026, 9, 30, tzinfo=UTC),
    origin="rows",
)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseStore]:
    """Return a case with a log."""
    with new_case(tmp_path) as case:
        added(case, written(tmp_path, "log.jsonl", lines(plain_log())))
        yield case


def refs(case: CaseStore, *records: int) -> tuple[EvidenceRef, ...]:
    """Return places of records."""
    page = Events(case).page(first=0, count=99)
    return tuple(replace(page[n - 1].ref, note=f"row {n}") for n in records)


@pytest.mark.parametrize("lacking", ["condition", "response", "retest"])
def test_finding_is_closed_only_when_it_says_what_that_needs(case: CaseStore, lacking: str) -> None:
    said = {"condition": "it is", "response": "we will", "retest": "it is done", lacking: " "}
    kept = findings.add(case, Finding("", "A finding"))
    with pytest.raises(UsageError, match=f"no {lacking}"):
        findings.change(case, replace(kept, state=FindingState.CLOSED, **said))
    said[lacking] = "something"
    findings.change(case, replace(kept, state=FindingState.CLOSED, **said))
    assert findings.get(case, kept.id).state is FindingState.CLOSED


def test_finding_comes_out_as_it_went_in(case: CaseStore) -> None:
    kept = findings.add(case, replace(DRAFT, evidence=refs(case, 3, 7)))
    assert (kept.id, kept.author) == ("F-0001", "ann")
    assert kept.modified is not None
    opened = again(case)
    assert findings.get(opened, "F-0001") == kept
    assert findings.every(opened) == [kept]


def test_change_is_kept_and_told_with_old_and_new(case: CaseStore) -> None:
    kept = findings.add(case, replace(DRAFT, evidence=refs(case, 3)))
    changed = replace(
        kept, state=FindingState.OPEN, response="We disagree", evidence=refs(case, 5, 3)
    )
    findings.change(case, changed)
    after = findings.get(case, kept.id)
    assert replace(after, modified=None) == replace(changed, modified=None)
    entry = cases.journal_entries(case)[-1]
    assert (entry.act, entry.subject) == ("finding.change", "F-0001")
    assert '"response":["","We disagree"]' in entry.detail
    assert '"state":["draft","open"]' in entry.detail
    assert "criteria" not in entry.detail


def test_numbers_go_on(case: CaseStore) -> None:
    assert [findings.add(case, DRAFT).id for _ in range(3)] == ["F-0001", "F-0002", "F-0003"]


def test_finding_rests_on_evidence_of_the_case_only(case: CaseStore) -> None:
    strange = EvidenceRef("0" * 64, Locator("log.jsonl"))
    with pytest.raises(UsageError, match="no evidence with SHA-256 000"):
        findings.add(case, replace(DRAFT, evidence=(strange,)))
    with pytest.raises(UsageError, match="no finding F-0009"):
        findings.change(case, replace(DRAFT, id="F-0009"))
    assert findings.every(case) == []
    assert [e.act for e in cases.journal_entries(case)] == ["case.new", "evidence.add"]


def test_findings_are_found_by_what_they_rest_on(case: CaseStore) -> None:
    ref = refs(case, 1)
    findings.add(case, DRAFT)
    findings.add(case, replace(DRAFT, evidence=ref))
    assert [f.id for f in findings.resting_on(case, ref[0].sha256)] == ["F-0002"]
