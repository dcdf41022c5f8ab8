"""``workbench as-of``: the state of the sample case on a day, and what its records are worth."""

import json
from pathlib import Path

import pytest
from commands import CHECKOUT, require_one_sentence, workbench
from jsonschema import Draft202012Validator

from workbench import resources

AUDIT = CHECKOUT / "resources" / "sample" / "evidence" / "audit"
KEY = CHECKOUT / "resources" / "sample" / "trust" / "log.vkey"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("as-of") / "c.case"
    workbench("case", "new", folder)
    workbench("trust", "add", folder, f"log={KEY}")
    workbench("case", "add", folder, AUDIT, "--verify")
    return folder


def versions(case: Path, day: str) -> dict[tuple[str, str], dict]:
    document = json.loads(workbench("as-of", case, day, "--json").stdout)
    schema = json.loads(resources.path("schemas", "as-of.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    return {(v["name"], v["version"]): v for v in document["versions"]}


def test_a_version_stands_from_its_deployment_on(case: Path) -> None:
    before = versions(case, "2026-05-27")["credit-scoring", "8"]
    after = versions(case, "2026-05-28")["credit-scoring", "8"]
    assert before["deployed"] is None
    assert after["deployed"]["time"] == "2026-05-28T06:30:12.34Z"
    assert after["deployed"]["place"]["record"] == 1895
    assert after["deployed"]["level"] == 2
    assert [a["actor"] for a in after["approvals"]] == ["did:mesh:tomas.okafor"]


def test_what_replaced_it_is_told_with_its_record(case: Path) -> None:
    found = versions(case, "2026-06-15")["credit-scoring", "7"]
    assert found["deployed"] is None
    assert found["retired"]["actor"]


def test_text_names_the_record_and_its_file(case: Path) -> None:
    done = workbench("as-of", case, "2026-05-28", "--of", "credit-scoring")
    assert done.returncode == 0
    assert "(record 1,895 of audit/audit-log.jsonl, level 2)" in done.stdout
    assert "early-warning" not in done.stdout


def test_before_everything_nothing_is_claimed(case: Path) -> None:
    done = workbench("as-of", case, "2020-01-01")
    assert "No log of this case says that anything was deployed by then." in done.stdout


def test_what_is_no_time_is_said(case: Path) -> None:
    done = workbench("as-of", case, "yesterday")
    assert done.returncode == 3
    require_one_sentence(done, "yesterday is not a time")
