"""Bad input gives one clear sentence and exit 3, or the right verdict; never a traceback."""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import CHECKOUT, peak_memory, require_one_sentence, verify_json, workbench
from typer.main import get_command

from workbench.cli import edge
from workbench.cli.main import application

MIB = 1024**2


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert workbench("demo", folder, "--events", "50").returncode == 0
    [path] = folder.rglob("*.jsonl")
    return path.read_bytes()


def only_subject(document: dict) -> dict:
    [source] = [s for s in document["sources"] if s["role"] == "subject"]
    return source


def test_an_unknown_option_is_not_a_verdict() -> None:
    require_one_sentence(workbench("verify", "--no-such-option", "x"), "--no-such-option")


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("verify",), ("report", "x")])
def test_a_command_that_makes_no_sense(arguments: tuple[str, ...]) -> None:
    require_one_sentence(workbench(*arguments))


#: Options whose numbers are only compared, or refused with words of their own.
WITHOUT_END = {"expect_count", "seed", "up", "down", "number"}


def test_every_number_that_an_option_takes_has_an_end_that_can_be_kept() -> None:
    asked = {
        f"{name} {option.name}": getattr(option.type, "max", None)
        for name, command in each_command(get_command(application()))
        for option in command.params
        if option.type.name.startswith("int") and option.name not in WITHOUT_END
    }
    assert len(asked) > 10
    assert [name for name, most in asked.items() if most is None or most > 2**31 - 1] == []


def each_command(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    yield name, command
    for child, each in getattr(command, "commands", {}).items():
        yield from each_command(each, f"{name} {child}".strip())


def test_a_huge_limit_is_refused_at_its_option(tmp_path: Path) -> None:
    done = workbench("search", "no.case", "x", "--limit", "9" * 30, cwd=tmp_path)
    require_one_sentence(done, "--limit")


@pytest.mark.parametrize("command", ["verify", "inspect", "report"])
def test_an_empty_path_is_not_the_current_folder(tmp_path: Path, command: str) -> None:
    done = workbench(command, "", cwd=tmp_path)
    require_one_sentence(done, "empty")


@pytest.mark.parametrize("option", ["--anchor", "--signature", "--artifact"])
def test_an_empty_option_is_not_the_current_folder(tmp_path: Path, log: bytes, option: str) -> None:
    (tmp_path / "log.jsonl").write_bytes(log)
    require_one_sentence(workbench("verify", "log.jsonl", option, "", cwd=tmp_path), "empty")


def test_a_missing_path(tmp_path: Path) -> None:
    require_one_sentence(workbench("verify", tmp_path / "gone.jsonl"), "gone.jsonl")


def test_a_missing_path_with_json_is_a_document_too(tmp_path: Path) -> None:
    done = workbench("verify", tmp_path / "gone.jsonl", "--json")
    require_one_sentence(done, "gone.jsonl")
    assert json.loads(done.stdout)["error"]["path"].endswith("gone.jsonl")


def test_a_missing_key(tmp_path: Path, log: bytes) -> None:
    (tmp_path / "log.jsonl").write_bytes(log)
    done = workbench("verify", tmp_path / "log.jsonl", "--trust", tmp_path / "gone.pem")
    require_one_sentence(done, "gone.pem")


@pytest.mark.parametrize("content", [b"", b"not a key", b"-----BEGIN PUBLIC KEY-----\nAA\n"])
def test_a_trust_file_without_a_key(tmp_path: Path, log: bytes, content: bytes) -> None:
    (tmp_path / "log.jsonl").write_bytes(log)
    (tmp_path / "k.pem").write_bytes(content)
    done = workbench("verify", tmp_path / "log.jsonl", "--trust", tmp_path / "k.pem")
    require_one_sentence(done, "k.pem")


@pytest.mark.parametrize(
    "option",
    [
        ("--at", "yesterday"),
        ("--period", "2026"),
        ("--period", "2026-06-01..2026-01-01"),
        ("--require", "everything"),
        ("--confirm", "xyz"),
        ("--expect-head", "xyz"),
        ("--expect-head", "ab" * 31),
        ("--expect-count", "-1"),
        ("--profile", "no-such-profile"),
        ("--threshold", "0"),
    ],
)
def test_an_option_that_cannot_be_understood(
    tmp_path: Path, log: bytes, option: tuple[str, str]
) -> None:
    (tmp_path / "log.jsonl").write_bytes(log)
    require_one_sentence(workbench("verify", tmp_path / "log.jsonl", *option))


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    path = tmp_path / "secret.jsonl"
    path.write_text("{}\n")
    real = os.open

    def refuse(name, *rest, **more):
        if str(name).endswith("secret.jsonl"):
            raise PermissionError(13, "Permission denied", str(name))
        return real(name, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    assert edge.run(["verify", str(path)]) == 3
    said = capsys.readouterr().err
    assert "secret.jsonl" in said
    assert "ermission denied" in said


def test_an_empty_file_is_never_green(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").touch()
    document = verify_json(tmp_path / "log.jsonl")
    assert document["exit"] == 2
    assert only_subject(document)["integrity"]["code"] == "NO_RECORDS"


def test_an_empty_folder_has_nothing_to_judge(tmp_path: Path) -> None:
    document = verify_json(tmp_path)
    assert (document["exit"], document["sources"]) == (2, [])


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda packed: packed[: len(packed) // 2], "TRUNCATED"),
        (lambda packed: packed + gzip.compress(b'{"smuggled": 1}\n'), "TRAILING_DATA"),
        (lambda packed: packed + b"rubbish", "TRAILING_DATA"),
    ],
)
def test_a_spoiled_gzip_is_never_green(tmp_path: Path, log: bytes, spoil, code: str) -> None:
    (tmp_path / "log.jsonl.gz").write_bytes(spoil(gzip.compress(log)))
    document = verify_json(tmp_path / "log.jsonl.gz")
    assert document["exit"] in {1, 2}
    assert code in only_subject(document)["integrity"]["codes"]


def test_a_clean_gzip_verifies_as_its_content(tmp_path: Path, log: bytes) -> None:
    (tmp_path / "log.jsonl.gz").write_bytes(gzip.compress(log))
    source = only_subject(verify_json(tmp_path / "log.jsonl.gz"))
    assert (source["member"], source["integrity"]["indication"]) == ("log.jsonl", "PASSED")


def test_a_line_that_would_not_fit_is_refused_in_bounded_memory(tmp_path: Path, log: bytes) -> None:
    path = tmp_path / "log.jsonl"
    with path.open("wb") as stream:
        stream.write(log + b'{"seq": 51, "prev": "')
        stream.truncate(512 * MIB)
    source = only_subject(verify_json(path))
    assert source["integrity"]["indication"] == "FAILED"
    assert [(d["class"], d["record"]) for d in source["diagnoses"]] == [("MALFORMED_RECORD", 51)]
    assert peak_memory("verify", path)[1] < 200_000_000  # a record may have 64 MiB


def test_a_lone_line_over_the_limit_is_never_green(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"a": "')
        stream.truncate(128 * MIB)
    document = verify_json(path)
    assert document["exit"] == 2
    assert only_subject(document)["notes"]


@pytest.mark.parametrize("bad", [b"\xff\xfe{}", b"[" * 1_000_000, b'{"seq": 1e999}', b"{"])
def test_a_line_that_is_no_record_is_named(tmp_path: Path, log: bytes, bad: bytes) -> None:
    lines = log.splitlines(keepends=True)
    (tmp_path / "log.jsonl").write_bytes(b"".join([*lines[:9], bad + b"\n", *lines[10:]]))
    source = only_subject(verify_json(tmp_path / "log.jsonl"))
    assert source["integrity"]["indication"] == "FAILED"
    assert ("MALFORMED_RECORD", 10) in [(d["class"], d["record"]) for d in source["diagnoses"]]


def test_deep_json_alone_is_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_bytes(b"[" * 1_000_000)
    (tmp_path / "model.sig").write_bytes(b'{"dsseEnvelope":' * 100_000)
    assert verify_json(tmp_path)["exit"] in {1, 2}


def test_names_that_climb_out_of_a_zip_write_nothing(tmp_path: Path, log: bytes) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    with zipfile.ZipFile(drop / "evil.zip", "w") as archive:
        archive.writestr("../../climbed.jsonl", log)
        archive.writestr("/rooted.jsonl", log)
        archive.writestr("log.jsonl", log)
    document = verify_json(drop)
    assert "BAD_NAME" in {problem["code"] for problem in document["problems"]}
    assert not list(tmp_path.rglob("climbed.jsonl"))
    assert document["exit"] != 0


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.jsonl", b"0" * 30_000_000)
    started = time.monotonic()
    document = verify_json(tmp_path / "bomb.zip")
    assert time.monotonic() - started < 30
    assert document["exit"] in {1, 2}
    assert "LIMIT_EXCEEDED" in document["case"]["integrity"]["codes"]


def test_a_tar_with_a_link_out_is_not_followed(tmp_path: Path, log: bytes) -> None:
    (tmp_path / "outside.jsonl").write_bytes(log)
    drop = tmp_path / "drop"
    drop.mkdir()
    with tarfile.open(drop / "a.tar", "w") as archive:
        link = tarfile.TarInfo("log.jsonl")
        link.type, link.linkname = tarfile.SYMTYPE, "../../outside.jsonl"
        archive.addfile(link)
        info = tarfile.TarInfo("note.txt")
        info.size = 2
        archive.addfile(info, io.BytesIO(b"hi"))
    document = verify_json(drop)
    assert document["exit"] == 2
    assert "LINK_OUTSIDE" in {problem["code"] for problem in document["problems"]}


def test_a_fault_of_our_own_is_no_verdict(tmp_path: Path, log: bytes) -> None:
    (tmp_path / "log.jsonl").write_bytes(log)
    planted = (
        "import workbench.verify.judge as j\n"
        "def broken(*a, **k): raise ZeroDivisionError('planted')\n"
        "import workbench.services.verification.judging as v\n"
        "v.judge = broken\n"
        "from workbench.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", planted, "verify", str(tmp_path / "log.jsonl")],
        capture_output=True, text=True, cwd=CHECKOUT, check=False,
    )  # fmt: skip
    require_one_sentence(done, "fault of the program itself", "ZeroDivisionError")


def test_a_report_never_overwrites_unasked(tmp_path: Path, log: bytes) -> None:
    (tmp_path / "log.jsonl").write_bytes(log)
    (tmp_path / "r.pdf").write_bytes(b"precious")
    done = workbench("report", tmp_path / "log.jsonl", "-o", tmp_path / "r.pdf")
    require_one_sentence(done, "r.pdf")
    assert (tmp_path / "r.pdf").read_bytes() == b"precious"


def test_verify_report_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "r.pdf").write_bytes(b"%PDF-1.7\nhello")
    require_one_sentence(workbench("verify-report", tmp_path / "r.pdf"), "r.pdf")
