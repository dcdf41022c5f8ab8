"""Whatever a command prints with ``--json``, done or not, is what its published schema says."""

import json

import pytest
from commands import CHECKOUT, require_one_sentence, workbench
from jsonschema import Draft202012Validator

from workbench import resources
from workbench.cli.failure import SCHEMAS

SAMPLE = CHECKOUT / "resources" / "sample"
NAMES = {
    "verify": "verification",
    "inspect": "inspection",
    "verify-report": "report-verification",
    "selftest": "selftest",
    "case": "case",
    "query": "query",
    "search": "search",
    "tag": "query",
    "note": "query",
    "view": "views",
    "diff": "diff",
    "as-of": "as-of",
    "reconcile": "reconciliation",
    "alternate": "alternates",
    "timeline": "timeline",
    "detect": "detection",
}

#: What each command is asked, beside ``--json``, and its exit code.
ASKED = [
    (("verify", SAMPLE / "evidence"), 1),
    (("verify", SAMPLE / "evidence" / "audit"), 2),
    (("verify", SAMPLE / "nowhere"), 3),
    (("verify", "--no-such-option"), 3),
    (("verify",), 3),
    (("verify", SAMPLE / "evidence", "--trust", SAMPLE / "nowhere.pem"), 3),
    (("inspect", SAMPLE / "evidence"), 0),
    (("inspect", SAMPLE / "nowhere"), 3),
    (("inspect",), 3),
    (("verify-report", SAMPLE / "expected.json"), 3),
    (("verify-report", SAMPLE / "nowhere.pdf"), 3),
    (("verify-report",), 3),
    (("selftest",), 0),
    (("selftest", "too", "much"), 3),
    (("case", "show", SAMPLE / "nowhere"), 3),
    (("reconcile", SAMPLE / "nowhere"), 3),
    (("alternate", "list", SAMPLE / "nowhere"), 3),
    (("alternate", "list", SAMPLE / "nowhere", "--of", "no-source"), 3),
    (("query", SAMPLE / "nowhere"), 3),
    (("search", SAMPLE / "nowhere", "x"), 3),
    (("tag", "list", SAMPLE / "nowhere"), 3),
    (("note", "list", SAMPLE / "nowhere"), 3),
    (("view", "list", SAMPLE / "nowhere"), 3),
    (("diff", SAMPLE / "evidence" / "registry", SAMPLE / "evidence" / "registry"), 0),
    (("diff", SAMPLE / "evidence" / "registry", SAMPLE / "nowhere"), 3),
    (("as-of", SAMPLE / "nowhere", "2026-01-01"), 3),
    (("timeline", SAMPLE / "nowhere"), 3),
    (("detect", SAMPLE / "nowhere"), 3),
]


def validator(name: str) -> Draft202012Validator:
    schema = json.loads(resources.path("schemas", f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize(("arguments", "code"), ASKED)
def test_every_document_follows_its_schema(arguments: tuple, code: int) -> None:
    done = workbench(*arguments, "--json")
    document = json.loads(done.stdout)
    validator(NAMES[arguments[0]]).validate(document)
    assert done.returncode == code
    assert document["schema"] == SCHEMAS[arguments[0]]
    if code == 3:
        assert document["exit"] == 3
        require_one_sentence(done, document["error"]["message"])


@pytest.mark.parametrize("form", [("--format", "json"), ("--format=json",)])
def test_lineage_that_is_not_done_has_a_document_too(form: tuple) -> None:
    done = workbench("lineage", SAMPLE / "nowhere", "--of", "x", *form)
    document = json.loads(done.stdout)
    validator("lineage").validate(document)
    require_one_sentence(done, document["error"]["message"])


def test_case_that_is_not_verified_has_the_document_of_a_verification() -> None:
    done = workbench("case", "verify", SAMPLE / "nowhere", "--json")
    validator("verification").validate(json.loads(done.stdout))


@pytest.mark.parametrize("arguments", [("demo", "x", "--json"), ("nonsense", "--json")])
def test_a_command_without_documents_prints_none(arguments: tuple) -> None:
    done = workbench(*arguments)
    require_one_sentence(done)
    assert done.stdout == ""
