"""What is embedded for programs of others is valid, and never better than what was found."""

import json
import re
from dataclasses import replace
from functools import cache

import jsonschema_rs
import pytest

from tests.report.case import ALTERED_LOG, HOSTILE, case, source
from workbench import resources
from workbench.model.case import EvidenceRef, Finding, JournalState, Severity
from workbench.model.locator import Locator
from workbench.model.policy import (
    Check,
    CheckOutcome,
    CheckResult,
    Clause,
    Footing,
    Population,
    Row,
    Undecided,
)
from workbench.report.context import CaseContent, ReportContext
from workbench.report.oscal import VERSION, results_bytes

HIDDEN = (
    "",
    " ",
    "\n",
    "\u202e",
    "a\nb\n\n c ",
    "[x](javascript:y)",
    "{{ insert: param, x }}",
    HOSTILE,
)
_NAMED = ("criteria", "condition", "cause", "consequence", "corrective_action", "response")


@cache
def _schema() -> dict[str, object]:
    folder = resources.path("third_party", "oscal")
    return json.loads((folder / "oscal_assessment-results_schema.json").read_text())


@cache
def _validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(_schema(), validate_formats=True)


def made(context: ReportContext) -> dict[str, object]:
    """Return the document, which is valid."""
    document = json.loads(results_bytes(context, "seed"))
    assert [error.message for error in _validator().iter_errors(document)] == []
    return document["assessment-results"]


def checked(outcome: CheckOutcome, text: str = "Approved before deployment") -> CheckResult:
    check = Check("APP-01", text, text, Severity.HIGH, Population.DEPLOYMENT,
                  mappings=(Clause("ai-act", "12"),))  # fmt: skip
    ref = EvidenceRef("ab" * 32, Locator(text or "x", record=3), text)
    row = Row(text, {}, (ref,))
    return CheckResult(
        check, outcome, 9, 7, (row,), (Undecided(row, text),), text, ((Footing.UNPROTECTED, 9),)
    )


def of_case(*results: CheckResult, findings: tuple[Finding, ...] = ()) -> ReportContext:
    content = CaseContent("c", JournalState(1, "00" * 32), findings, checks=results)
    return case(case=content)


def test_a_report_without_a_case_is_valid_and_has_an_observation_for_each_verdict():
    (result,) = made(case())["results"]
    assert len(result["observations"]) == 3 * 4
    assert "findings" not in result


def test_it_names_the_version_of_the_schema_it_was_tested_with():
    assert f"/{VERSION}/" in _schema()["$id"]
    assert made(case())["metadata"]["oscal-version"] == VERSION


@pytest.mark.parametrize("text", HIDDEN)
def test_no_text_of_evidence_makes_it_invalid_or_acts_in_it(text):
    finding = Finding(text or "F-1", text, **dict.fromkeys(_NAMED, text))
    context = of_case(checked(CheckOutcome.NOT_SATISFIED, text), findings=(finding,))
    sources = (source(text or "x", ALTERED_LOG), source("lone\udc80", None, member=text or None))
    hostile = replace(context, title=text, auditor=text)
    document = made(replace(hostile, verification=replace(context.verification, sources=sources)))
    assert "\\u202e" not in json.dumps(document)
    for said in _markup(document):
        assert re.search(r"(?<!\\)[\[\]<>{}*`&]", said) is None, said


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (CheckOutcome.SATISFIED, "satisfied", "pass"),
        (CheckOutcome.NOT_SATISFIED, "not-satisfied", "fail"),
        (CheckOutcome.INDETERMINATE, "not-satisfied", "other"),
    ],
)
def test_a_check_that_could_not_decide_is_never_satisfied(outcome, state, reason):
    (result,) = made(of_case(checked(outcome)))["results"]
    (finding,) = result["findings"]
    status = finding["target"]["status"]
    assert (status["state"], status["reason"]) == (state, reason)
    assert "unprotected" in status["remarks"]
    observed = result["observations"][-1]
    assert {p["name"]: p["value"] for p in observed["props"]}["outcome"] == outcome.value
    assert finding["related-observations"] == [{"observation-uuid": observed["uuid"]}]


def test_a_check_that_is_not_applicable_concludes_nothing():
    (result,) = made(of_case(checked(CheckOutcome.NOT_APPLICABLE)))["results"]
    assert "findings" not in result


def test_every_outcome_has_its_place():
    for outcome in CheckOutcome:
        made(of_case(checked(outcome)))


def test_verdicts_are_observations_with_their_words_and_conclude_nothing():
    (result,) = made(case())["results"]
    words = [
        {prop["name"]: prop["value"] for prop in observation["props"]}
        for observation in result["observations"]
    ]
    assert {"dimension": "integrity", "indication": "FAILED", "code": "RECORD_ALTERED"} in words
    assert sum(word["indication"] == "INDETERMINATE" for word in words) == 8


def test_evidence_is_named_by_its_digest():
    document = made(case())
    (log,) = [r for r in document["back-matter"]["resources"] if "tampered" in r["title"]]
    (link,) = log["rlinks"]
    assert link["hashes"][0]["value"] == case().verification.sources[2].sha256
    assert link["href"] == "./chain/tampered.jsonl"


def test_no_identifier_stands_for_two_things():
    findings = (Finding("F-1", "One"), Finding("F-2", "Two"))
    document = made(of_case(checked(CheckOutcome.SATISFIED), findings=findings))
    found = list(_uuids(document))
    assert len(found) == len(set(found)) > 20


def _markup(value: object) -> list[str]:
    """Return every text that a reader may take for CommonMark."""
    if isinstance(value, dict):
        own = [value[key] for key in ("title", "description", "remarks") if key in value]
        return own + [text for part in value.values() for text in _markup(part)]
    return [text for part in value for text in _markup(part)] if isinstance(value, list) else []


def _uuids(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["uuid"]] if "uuid" in value else []
        return own + [uuid for part in value.values() for uuid in _uuids(part)]
    return [uuid for part in value for uuid in _uuids(part)] if isinstance(value, list) else []


def test_identifiers_follow_from_the_report():
    assert results_bytes(case(), "a") == results_bytes(case(), "a")
    assert results_bytes(case(), "a") != results_bytes(case(), "b")
