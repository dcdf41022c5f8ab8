"""What ``verify-report --json`` prints is what its published schema says."""

import json
from pathlib import Path
from typing import Any

import pytest
import reports
from commands import workbench
from cryptography.hazmat.primitives.serialization import Encoding
from jsonschema import Draft202012Validator, ValidationError

from workbench import resources

AT = ("--at", reports.NOW.isoformat())


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    path = resources.path("schemas", "report-verification.schema.json")
    document = json.loads(path.read_text())
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    path.write_bytes(reports.ada().root.public_bytes(Encoding.PEM))
    return path


def printed(path: Path, *options: str | Path) -> tuple[int, dict[str, Any]]:
    done = workbench("verify-report", path, "--json", *AT, *options)
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("data", "trusted", "exit_code", "code"),
    [
        (reports.signed_report().data, True, 0, None),
        (reports.signed_report().data, False, 2, "NO_CERTIFICATE_CHAIN_FOUND"),
        (reports.signed_report().data.replace(b"/Reason (A", b"/Reason (a"), True, 1, None),
        (reports.signed_report().data + b"x", True, 1, "FORMAT_FAILURE"),
        (b"%PDF-1.7\n/ByteRange\n%%EOF\n", True, 1, "FORMAT_FAILURE"),
    ],
    ids=["passed", "nobody trusted", "altered", "appended", "remains"],
)
def test_every_verdict_follows_the_schema(
    schema: Draft202012Validator,
    tmp_path: Path,
    root: Path,
    data: bytes,
    trusted: bool,
    exit_code: int,
    code: str | None,
) -> None:
    (tmp_path / "report.pdf").write_bytes(data)
    trust = ("--trust", root) if trusted else ()
    returned, document = printed(tmp_path / "report.pdf", *trust)
    schema.validate(document)
    assert returned == document["exit"] == exit_code
    assert code in {None, document["code"]}


def test_what_is_no_report_follows_it_too(schema: Draft202012Validator, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"no report")
    returned, document = printed(tmp_path / "x.pdf")
    schema.validate(document)
    assert (returned, document["exit"]) == (3, 3)
    assert document["error"]["code"] == "NOT_A_SIGNED_REPORT"


@pytest.mark.parametrize("change", [{"exit": 2}, {"code": "X"}, {"more": 1}, {"at": None}])
def test_the_schema_refuses_what_contradicts_itself(
    schema: Draft202012Validator, tmp_path: Path, root: Path, change: dict[str, Any]
) -> None:
    (tmp_path / "report.pdf").write_bytes(reports.signed_report().data)
    _, document = printed(tmp_path / "report.pdf", "--trust", root)
    with pytest.raises(ValidationError):
        schema.validate(document | change)
