"""The sample case: what it holds is what its README and ``expected.json`` say."""

import hashlib
import hmac
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SAMPLE = Path(__file__).resolve().parents[1] / "resources" / "sample"
EVIDENCE, TRUST = SAMPLE / "evidence", SAMPLE / "trust"
EXPECTED: dict[str, Any] = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
DIMENSIONS = ("integrity", "authenticity", "completeness", "time")

GENUINE = EVIDENCE / "audit" / "audit-log.jsonl"
TAMPERED = EVIDENCE / "audit-tampered" / "audit-log.jsonl"

#: agentmesh 3.7.0, ``SignedAuditEntry._canonical_payload``.
HASHED = (
    "entry_id", "timestamp", "event_type", "agent_did", "action", "resource", "target_did", "data",
    "outcome", "policy_decision", "matched_rule", "trace_id", "session_id", "previous_hash",
)  # fmt: skip


def placed(spec: str) -> str:
    role, equals, name = spec.rpartition("=")
    return f"{role}{equals}{SAMPLE / name}"


def records(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_bytes().splitlines()]


def content_hash(record: dict[str, Any]) -> str:
    text = json.dumps({name: record[name] for name in HASHED}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def merkle_root(lines: list[bytes]) -> bytes:
    """RFC 6962 2.1, as it stands there."""
    if len(lines) == 1:
        return hashlib.sha256(b"\0" + lines[0]).digest()
    k = 1 << ((len(lines) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + merkle_root(lines[:k]) + merkle_root(lines[k:])).digest()


@pytest.fixture(scope="module")
def verification() -> dict[str, Any]:
    command = [sys.executable, "-m", "workbench", "verify", str(EVIDENCE), "--json"]
    command += ["--at", EXPECTED["at"]]
    for option in ("trust", "secret"):
        for spec in EXPECTED[option]:
            command += [f"--{option}", placed(spec)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=300)
    assert done.returncode == EXPECTED["exit"], done.stderr.decode()
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_the_subjects_are_those_expected(verification: dict[str, Any]) -> None:
    subjects = {s["path"] for s in verification["sources"] if s["role"] == "subject"}
    assert subjects == set(EXPECTED["subjects"])


@pytest.mark.parametrize("path", EXPECTED["subjects"])
def test_each_verdict_is_the_expected_one(verification: dict[str, Any], path: str) -> None:
    expected = EXPECTED["subjects"][path]
    [found] = [s for s in verification["sources"] if s["path"] == path and s["role"] == "subject"]
    words = {d: f"{found[d]['indication']} {found[d]['code']}" for d in DIMENSIONS}
    assert words == {d: expected[d] for d in DIMENSIONS}
    diagnoses = [[d["class"], d["record"]] for d in found["diagnoses"]]
    assert diagnoses == expected.get("diagnoses", [])


def test_every_head_belongs_to_the_log_beside_it(verification: dict[str, Any]) -> None:
    pairs = {s["path"]: s["pairs_with"] for s in verification["sources"] if s["role"] == "anchor"}
    assert len(pairs) == 6
    for head, log in pairs.items():
        assert log == head.split("/heads/")[0] + "/audit-log.jsonl"


# -- by independent means -----------------------------------------------------------------


def test_the_genuine_log_holds_by_its_recipe() -> None:
    secret = (TRUST / "log-secret.txt").read_bytes().removesuffix(b"\n")
    tip = ""
    found = records(GENUINE)
    for record in found:
        assert record["previous_hash"] == tip
        tip = record["content_hash"]
        assert content_hash(record) == tip
        assert hmac.new(secret, tip.encode(), "sha256").hexdigest() == record["signature"]
    times = [record["timestamp"] for record in found]
    assert times == sorted(times)
    assert "2026-04-01" <= times[0] < times[-2] < "2026-07-01" < times[-1]
    assert len(found) == 3000


def test_the_tampered_log_differs_in_one_member_of_one_record() -> None:
    planted = EXPECTED["planted"]
    pairs = zip(records(GENUINE), records(TAMPERED), strict=True)
    differing = [(n, a, b) for n, (a, b) in enumerate(pairs, 1) if a != b]
    [(number, genuine, tampered)] = differing
    assert number == planted["record"]
    assert {name for name in genuine if genuine[name] != tampered[name]} == {planted["member"]}
    assert (genuine["agent_did"], tampered["agent_did"]) == (planted["was"], planted["is"])
    assert genuine["action"] == "model.approve"
    assert content_hash(tampered) != tampered["content_hash"]


@pytest.mark.parametrize("end", ["2026-04-30", "2026-05-31", "2026-07-01"])
def test_each_head_states_the_log_at_the_end_of_its_month(end: str) -> None:
    import base64

    head = (GENUINE.parent / "heads" / f"{end}.head").read_bytes()
    assert head == (TAMPERED.parent / "heads" / f"{end}.head").read_bytes()
    origin, size, root, *rest = head.decode().split("\n")
    lines = GENUINE.read_bytes().splitlines()[: int(size)]
    last = json.loads(lines[-1])
    assert origin == "aldermoor.example/audit-log"
    assert last["timestamp"][:10] <= end
    assert base64.b64decode(root) == merkle_root(lines)
    assert f"chain-head sha256:{last['content_hash']}" in rest
    profile = (SAMPLE.parent / "profiles" / "agentmesh.yaml").read_bytes()
    assert f"profile agentmesh sha256:{hashlib.sha256(profile).hexdigest()}" in rest, (
        "the profile changed since: packaging/sample/make --seal"
    )


def test_registry_log_and_models_speak_of_the_same_things() -> None:
    database = sqlite3.connect(f"file:{EVIDENCE / 'registry' / 'mlflow.db'}?mode=ro", uri=True)
    runs = {row[0] for row in database.execute("SELECT run_uuid FROM runs")}
    versions = set(database.execute("SELECT name, CAST(version AS TEXT) FROM model_versions"))
    database.close()
    assert len(runs) == 60
    assert len(versions) == 13
    found = records(GENUINE)
    named = {r["resource"].removeprefix("runs:/") for r in found if r["event_type"] == "train"}
    assert named <= runs
    live = {tuple(r["resource"].split("/")[1:]) for r in found if r["action"] == "score.serve"}
    assert live <= versions
    stated = {r["data"]["model_sha256"] for r in found if "model_sha256" in r["data"]}
    weights = {hashlib.sha256(p.read_bytes()).hexdigest() for p in EVIDENCE.rglob("*.safetensors")}
    assert stated == weights


def test_the_registry_tag_and_the_log_disagree_about_who_approved_version_8() -> None:
    database = sqlite3.connect(f"file:{EVIDENCE / 'registry' / 'mlflow.db'}?mode=ro", uri=True)
    [tag] = database.execute(
        "SELECT value FROM model_version_tags"
        " WHERE name = 'credit-scoring' AND version = 8 AND key = 'approved_by'"
    )
    database.close()
    approval = records(GENUINE)[EXPECTED["planted"]["record"] - 1]
    assert approval["resource"] == "models:/credit-scoring/8"
    assert approval["agent_did"] == "did:mesh:tomas.okafor"
    assert tag == ("priya.raman",)


def every_file() -> Iterator[Path]:
    return (path for path in SAMPLE.rglob("*") if path.is_file())


def test_no_private_key_but_the_demo_auditor_s_is_committed() -> None:
    private = [p for p in every_file() if b"PRIVATE KEY" in p.read_bytes()]
    assert private == []
    assert [p.name for p in every_file() if p.suffix in {".p12", ".pfx"}] == ["demo-auditor.p12"]


def test_nothing_names_the_machine_that_made_it() -> None:
    named = [
        p
        for p in every_file()
        for place in (b"/work/", b"/tmp/", b"/root/", b"/home/")
        if place in p.read_bytes()
    ]
    assert named == []
