"""What ``--json`` prints is what the published schemas say."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from workbench import resources
from workbench.model.contract import inspection_to_json, verification_to_json
from workbench.model.inspection import InspectedSource, Inspection
from workbench.model.locator import Locator
from workbench.model.source import Problem, Role
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Code,
    Diagnosis,
    DiagnosisClass,
    Indication,
    SignatureVerdict,
    Step,
    SubjectVerdict,
    failed,
    indeterminate,
    passed,
)
from workbench.model.verification import SourceVerdict, Verification

AT = datetime(2026, 6, 30, 12, tzinfo=UTC)


def validator(name: str) -> Draft202012Validator:
    schema = json.loads(Path(resources.path("schemas", f"{name}.schema.json")).read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def example() -> Verification:
    verdict = SubjectVerdict(
        integrity=failed(DiagnosisClass.RECORD_ALTERED),
        authenticity=passed("log.example"),
        completeness=passed(Code.ANCHORED),
        time=indeterminate(Code.NO_TRUSTED_TIME),
        profile="certmate",
        records=3,
        not_covered=("signature",),
        assurance=(AssuranceRange(1, 3, frozenset({AssuranceFlag.CONSISTENT})),),
        diagnoses=(Diagnosis(DiagnosisClass.RECORD_ALTERED, 3, 1, offset=812, stored="ab"),),
        signatures=(SignatureVerdict(Indication.PASSED, None, "log.example", "ab", "k.pem", AT),),
        steps=(Step("RFC 6962 2.1", "Hashed.", "ab"),),
    )
    subject = SourceVerdict("log.jsonl", None, Role.SUBJECT, "0" * 64, 9, "chain", verdict)
    key = SourceVerdict("k.pem", None, Role.TRUST, "1" * 64, 9, "key")
    problem = Problem("BAD_NAME", Locator("a.zip", "x"), "A name.")
    return Verification(AT, (subject, key), ("README.txt",), problems=(problem,))


def test_verification_is_valid_and_says_what_the_contract_says() -> None:
    document = verification_to_json(example())
    validator("verification").validate(document)
    assert document["exit"] == 1
    assert document["at"] == "2026-06-30T12:00:00Z"
    assert document["case"]["integrity"] == {
        "indication": "FAILED", "code": "RECORD_ALTERED", "codes": ["RECORD_ALTERED"],
    }  # fmt: skip
    assert document["sources"][0]["assurance"][0]["level"] == 1
    assert "integrity" not in document["sources"][1]


def test_a_verdict_without_a_reason_is_not_valid() -> None:
    document = verification_to_json(example())
    document["case"]["integrity"] = {"indication": "INDETERMINATE", "code": None, "codes": []}
    with pytest.raises(ValidationError):
        validator("verification").validate(document)


def test_inspection_is_valid() -> None:
    source = InspectedSource(
        "a",
        None,
        "0" * 64,
        1,
        "mlflow",
        "3.17",
        Role.SUBJECT,
        {"runs": 2, "relations": {"used": 1}},
    )
    validator("inspection").validate(inspection_to_json(Inspection((source,))))
