"""A head signed here makes a log provable, and none is signed over a log that does not hold."""

import subprocess
from pathlib import Path

import pytest
from commands import require_one_sentence, verify_json, workbench


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "log-key.pem"
    command = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


@pytest.fixture
def log(tmp_path: Path) -> Path:
    assert workbench("demo", tmp_path / "demo", "--events", "40").returncode == 0
    path = tmp_path / "drop" / "log.jsonl"
    path.parent.mkdir()
    path.write_bytes((tmp_path / "demo" / "evidence" / "log.jsonl").read_bytes())
    return path


def sign(log: Path, key: Path, out: Path):
    return workbench("head", log, "--key", key, "--origin", "example.com/log", "-o", out)


def test_a_head_signed_here_anchors_the_log(tmp_path: Path, log: Path, key: Path) -> None:
    done = sign(log, key, log.with_suffix(".head"))
    assert done.returncode == 0, done.stderr
    (tmp_path / "log.vkey").write_text(done.stdout.strip().splitlines()[-1] + "\n")
    document = verify_json(log.parent, "--trust", f"log={tmp_path / 'log.vkey'}")
    assert document["exit"] == 0
    assert document["case"]["completeness"]["code"] == "ANCHORED"


def test_no_head_over_a_broken_log(tmp_path: Path, log: Path, key: Path) -> None:
    log.write_bytes(log.read_bytes().replace(b'"success"', b'"denied"', 1))
    require_one_sentence(sign(log, key, tmp_path / "x.head"), "not one unbroken chain")
    assert not (tmp_path / "x.head").exists()


def test_no_head_over_nothing(tmp_path: Path, key: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    require_one_sentence(sign(tmp_path / "empty.jsonl", key, tmp_path / "x.head"), "empty.jsonl")


def test_a_head_that_exists_is_not_replaced_and_no_option_is_named_that_is_not_there(
    log: Path, key: Path
) -> None:
    out = log.with_suffix(".head")
    out.write_bytes(b"mine")
    refused = sign(log, key, out)
    assert refused.returncode == 3
    assert "exists already; name another file." in refused.stderr
    assert out.read_bytes() == b"mine"
