"""``check`` and ``finding`` on the sample case: words, exit codes, documents, what is recorded."""

import json
import shutil
from pathlib import Path

import pytest
from commands import require_one_sentence, workbench
from jsonschema import Draft202012Validator

from tests.gui.cases import NAME, make_sample_case
from workbench import resources
from workbench.model.case import Severity
from workbench.model.policy import (
    Check,
    CheckOutcome,
    CheckResult,
    Pack,
    Population,
    Row,
    Undecided,
)
from workbench.model.policy_contract import checks_to_json
from workbench.services import cases, checking


@pytest.fixture(scope="module")
def one_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sample_case(tmp_path_factory.mktemp("case"))


@pytest.fixture
def case(one_case: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(one_case, tmp_path / NAME))


def document(name: str, done) -> dict:
    found = json.loads(done.stdout)
    schema = json.loads(resources.path("schemas", f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(found)
    assert found["exit"] == done.returncode
    return found


def findings(*arguments, code: int = 0) -> list:
    done = workbench("finding", *arguments, "--json")
    assert done.returncode == code, done.stderr
    return document("findings", done)["findings"]


def test_check_says_what_the_sample_hides_and_exits_1(case):
    found = document("checks", workbench("check", case, "--json"))
    assert found["exit"] == 1
    by_id = {check["id"]: check for check in found["checks"]}
    assert (by_id["APP-01"]["outcome"], by_id["APP-01"]["exceptions"]) == ("INDETERMINATE", [])
    assert by_id["APP-01"]["undecided"][0]["reason"] == "It rests on a record that is broken."
    assert by_id["APP-01"]["protection"] == {"broken": 1, "consistent": 2, "signed": 5}
    assert by_id["SRV-01"]["said"] == "SATISFIED on unprotected claims"
    assert by_id["INV-10"]["reason"].startswith("1 of 59 tested are exceptions.")
    assert {f["id"]: f["from"] for f in found["frameworks"]}["ai-act"] == "2024-08-01"
    assert by_id["APP-03"]["exceptions"][0]["evidence"][0]["locator"].startswith(
        "evidence/audit/audit-log.jsonl, record 1845"
    )
    assert (by_id["INV-10"]["population"], by_id["INV-10"]["tested"]) == (133, 59)
    assert len(by_id["INV-10"]["undecided"]) == 74


def test_every_outcome_follows_the_schema():
    check = Check("A-1", "a", "b", Severity.LOW, Population.RUN)
    rows = (Row("r", {}),)
    results = tuple(
        CheckResult(check, outcome, 2, 1, rows, (Undecided(rows[0], "why"),), "because")
        for outcome in CheckOutcome
    )
    schema = json.loads(resources.path("schemas", "checks.schema.json").read_text())
    pack = Pack("p", "1", "t", "d", "ab" * 32, (check,))
    Draft202012Validator(schema).validate(checks_to_json(pack, results, 1))


def test_check_prints_words_and_makes_a_finding(case):
    done = workbench("check", case, "--finding", "APP-03")
    assert done.returncode == 1
    assert "APP-03  NOT_SATISFIED" in done.stdout
    assert "SRV-01  SATISFIED on unprotected claims" in done.stdout
    assert "Rests on rows that are: 3 unprotected." in done.stdout
    assert "maps to: ai-act 17(1)(a); iso-42001 A.6.2.5" in done.stdout
    assert "ai-act: Regulation (EU) 2024/1689 (AI Act), from 2024-08-01. Duties" in done.stdout
    assert "Finding F-0001:" in done.stdout
    assert findings("list", case)[0]["origin"] == "check APP-03"


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        (("check", "--pack", "nowhere.yaml"), "nowhere.yaml"),
        (("check", "--finding", "XXX-99"), "XXX-99"),
        (("check", "--finding", "APP-01"), "no exceptions"),
        (("finding", "show", "F-0009"), "F-0009"),
        (("finding", "new"), "--title"),
        (("finding", "new", "--title", " "), "--title"),
        (("finding", "new", "--title", "a", "--due", "soon"), "soon"),
        (("finding", "new", "--from-check", "APP-01"), "no exceptions"),
        (("finding", "new", "--from-check", "XXX-99"), "XXX-99"),
        (("finding", "change", "F-0009", "--cause", "a"), "F-0009"),
    ],
)
def test_what_cannot_be_done_exits_3_with_its_document(case, arguments, mentions):
    command, *rest = arguments
    at = 1 if command == "finding" else 0
    done = workbench(command, *rest[:at], case, *rest[at:], "--json")
    require_one_sentence(done, mentions)
    assert document("findings" if at else "checks", done)["error"]["message"]


def test_finding_is_written_shown_changed_and_listed(case):
    (new,) = findings(
        "new", case, "--title", "Nobody approved", "--severity", "high", "--condition", "None",
        "--due", "2026-12-24", "--who", "Ana Ruiz",
    )  # fmt: skip
    assert (new["id"], new["severity"], new["state"]) == ("F-0001", "high", "draft")
    assert (new["author"], new["due"]) == ("Ana Ruiz", "2026-12-24T00:00:00Z")
    (changed,) = findings(
        "change", case, "F-0001", "--cause", "Not established", "--state", "open", "--due", ""
    )
    assert (changed["cause"], changed["state"], changed["due"]) == ("Not established", "open", None)
    assert changed["condition"] == "None"
    assert findings("show", case, "F-0001") == findings("list", case) == [changed]
    words = workbench("finding", "show", case, "F-0001").stdout
    assert "Cause: Not established" in words
    with cases.open_case(case, write=False) as opened:
        last = cases.journal_entries(opened)[-1]
    assert json.loads(last.detail)["cause"] == ["", "Not established"]


def test_changing_nothing_is_refused_and_the_same_again_is_no_act(case):
    findings("new", case, "--title", "a")
    require_one_sentence(workbench("finding", "change", case, "F-0001"), "what to change")
    with cases.open_case(case, write=False) as opened:
        before = len(cases.journal_entries(opened))
    findings("change", case, "F-0001", "--title", "a")
    with cases.open_case(case, write=False) as opened:
        assert len(cases.journal_entries(opened)) == before


def test_finding_of_a_check_rests_on_its_exceptions_and_says_of_how_many(case):
    (made,) = findings("new", case, "--from-check", "INV-10", "--severity", "low")
    assert made["condition"].startswith("1 of 59 tested are exceptions: credit-scoring-trial-14.")
    assert made["condition"].endswith("74 could not be decided.")
    assert made["severity"] == "low"
    assert [ref["note"] for ref in made["evidence"]] == ["credit-scoring-trial-14"]


def test_hidden_characters_of_a_label_do_not_reach_the_text():
    check = Check("A-1", "a", "b", Severity.LOW, Population.RUN)
    result = CheckResult(check, CheckOutcome.NOT_SATISFIED, 1, 1, (Row("x\u202ey", {}),))
    assert "x[U+202E]y" in checking.finding_of(result).condition


def test_an_empty_list_is_said(case):
    done = workbench("finding", "list", case)
    assert (done.returncode, done.stdout) == (0, "This case has no findings yet.\n")
