"""What reviewers broke once stays mended."""

import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from builders import KEY, LogBuilder
from commands import CHECKOUT, require_one_sentence, verify_json, workbench
from drops import placed, tarred_entries

from tests.verify import oms_builder as oms
from workbench.sign.keys import public_pem

SAMPLE = CHECKOUT / "resources" / "sample"
TRUST = [
    "--trust",
    f"log={SAMPLE}/trust/log.vkey",
    "--trust",
    f"model={SAMPLE}/trust/model-root.pem",
]


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """Return a drop that is green: the sample's log with its heads, and a signed model."""
    target = tmp_path / "drop"
    shutil.copytree(SAMPLE / "evidence" / "audit", target / "audit")
    shutil.copytree(SAMPLE / "evidence" / "models" / "credit-scoring-v7", target / "model")
    assert verify_json(target, *TRUST)["exit"] == 0
    return target


@pytest.mark.parametrize("spoilt", [b"x", b"\n"])
def test_a_spoilt_log_never_drops_out(drop: Path, spoilt: bytes) -> None:
    log = drop / "audit" / "audit-log.jsonl"
    log.write_bytes(spoilt + (log.read_bytes()[1:] if spoilt == b"x" else b""))
    assert verify_json(drop, *TRUST)["exit"] != 0


def test_heads_without_their_log_are_not_passed_over(drop: Path) -> None:
    (drop / "audit" / "audit-log.jsonl").unlink()
    assert verify_json(drop, *TRUST)["exit"] == 2


@pytest.mark.parametrize("kept", [2015, 2999])
def test_a_whole_copy_beside_a_log_that_was_cut_short_hides_nothing(drop: Path, kept: int) -> None:
    log = drop / "audit" / "audit-log.jsonl"
    placed(drop, "copy/audit-log.jsonl", log.read_bytes())
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:kept]))
    document = verify_json(drop, *TRUST)
    assert document["exit"] == 1
    assert document["case"]["completeness"]["code"] == "TAIL_TRUNCATED"


def test_an_anchor_from_elsewhere_is_about_the_artifact_named(drop: Path) -> None:
    other = placed(drop, "other/events.jsonl", LogBuilder("workbench").data())
    key = placed(drop.parent, "log.pem", public_pem(KEY.public_key()))
    head = placed(drop.parent, "given.head", LogBuilder("workbench").head(chain_head=False))
    trust = [*TRUST, "--trust", f"log={key}"]
    document = verify_json(drop, *trust, "--anchor", head, "--artifact", other)
    assert document["exit"] == 0
    [found] = [s for s in document["sources"] if s["path"] == "drop/other/events.jsonl"]
    assert found["completeness"]["code"] == "ANCHORED"


def test_a_count_without_a_log_is_refused(drop: Path) -> None:
    done = workbench("verify", drop / "model", *TRUST, "--expect-count", "3000")
    require_one_sentence(done, "--expect-count")


def test_a_key_in_the_model_folder_is_the_evidences_own(drop: Path) -> None:
    key = SAMPLE / "trust" / "model-root.pem"
    (drop / "model" / "notes.txt").write_text("  " + key.read_text().replace("\n", "\n  "))
    document = verify_json(drop, *TRUST)
    assert "SELF_SUPPLIED_KEY" in document["case"]["authenticity"]["codes"]


@pytest.mark.parametrize("name", ["report.pdf", "model/report.pdf", "audit/audit-log.jsonl"])
def test_a_report_is_never_written_into_evidence(drop: Path, name: str) -> None:
    before = (drop / "audit" / "audit-log.jsonl").read_bytes()
    done = workbench("report", drop, "-o", drop / name, "--force")
    require_one_sentence(done, "never written to")
    assert (drop / "audit" / "audit-log.jsonl").read_bytes() == before


def link_entry(name: str, target: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, target
    return info


def named_in(out: str) -> set[str]:
    return {word.strip("(),.:") for word in out.split()}


@pytest.mark.parametrize("target", ["../outside.jsonl", "/etc/hostname", "gone.jsonl", "l.jsonl"])
def test_a_link_to_what_was_not_handed_over_is_never_green(drop: Path, target: str) -> None:
    shutil.copy(drop / "audit" / "audit-log.jsonl", drop.parent / "outside.jsonl")
    (drop / "l.jsonl").symlink_to(target)
    document = verify_json(drop, *TRUST)
    assert document["exit"] == 2
    [link] = [s for s in document["sources"] if s["path"] == "drop/l.jsonl"]
    assert (link["role"], link["integrity"]["indication"]) == ("subject", "INDETERMINATE")
    assert {"LINK_OUTSIDE", "LINK_DANGLING"} & set(link["integrity"]["codes"])
    for command in (("verify", drop, *TRUST), ("inspect", drop), ("inspect", drop, "--json")):
        assert "drop/l.jsonl" in named_in(workbench(*command).stdout.replace('"', ""))


@pytest.mark.parametrize(
    ("target", "end"),
    [("audit/audit-log.jsonl", "drop/audit/audit-log.jsonl"), ("audit", "drop/audit")],
)
def test_a_link_within_the_drop_is_named_with_what_it_leads_to(
    drop: Path, target: str, end: str
) -> None:
    (drop / "l").symlink_to(target)
    document = verify_json(drop, *TRUST)
    assert document["exit"] == 0
    [link] = [s for s in document["sources"] if s["path"] == "drop/l"]
    assert (link["role"], link["format"], link["pairs_with"]) == ("context", "link", end)
    assert {"drop/l", end} <= named_in(workbench("verify", drop, *TRUST).stdout)
    assert {"drop/l", end} <= named_in(workbench("inspect", drop).stdout)


@pytest.mark.parametrize("pack", ["zip", "tar"])
def test_a_link_in_an_archive_is_never_passed_over(drop: Path, pack: str) -> None:
    inside = drop.parent / "packed"
    inside.mkdir()
    (inside / "out.jsonl").symlink_to("../outside.jsonl")
    (inside / "in.jsonl").symlink_to("note.txt")
    (inside / "note.txt").write_text("a note")
    command = {"zip": ["zip", "-qry"], "tar": ["tar", "cf"]}[pack]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not here")
    archive = drop / f"more.{pack}"
    names = ["out.jsonl", "in.jsonl", "note.txt"]
    subprocess.run([*command, archive, *names], cwd=inside, check=True)
    document = verify_json(drop, *TRUST)
    assert document["exit"] == 2
    members = {
        s["member"]: s["role"] for s in document["sources"] if s["path"] == f"drop/more.{pack}"
    }
    assert members == {None: "context", "out.jsonl": "subject", "in.jsonl": "context"}


def test_a_link_in_an_unsigned_model_is_named_and_one_that_leads_out_told(drop: Path) -> None:
    (drop / "other").mkdir()
    (drop / "other" / "model.onnx").write_bytes(b"weights")
    (drop / "other" / "alias.onnx").symlink_to("model.onnx")
    (drop / "other" / "shards").symlink_to("/data/shards")
    document = verify_json(drop, *TRUST)
    [model] = [s for s in document["sources"] if s["path"] == "drop/other"]
    assert (model["format"], "LINK_OUTSIDE" in model["integrity"]["codes"]) == ("model", True)
    said = " ".join(model["notes"])
    assert "drop/other/alias.onnx is a link to model.onnx" in said
    assert "drop/other/shards is a link to /data/shards" in said


def test_a_link_in_a_signed_model_is_named(drop: Path) -> None:
    (drop / "model" / "alias.json").symlink_to("config.json")
    document = verify_json(drop, *TRUST)
    assert document["exit"] == 1
    assert "drop/model/alias.json is a link to config.json" in str(document)


def test_a_link_inside_an_archive_of_a_signed_model_is_a_byte_of_it(tmp_path: Path) -> None:
    packed = tarred_entries(link_entry("latest", "vocab.txt"))
    files = {**oms.FILES, "data.tar": packed}
    oms.signed_by_key(oms.key("signer"), files).write(tmp_path / "drop")
    trust = placed(tmp_path, "signer.pem", oms.pem(oms.key("signer")))
    document = verify_json(tmp_path / "drop", "--trust", f"model={trust}")
    [model] = [s for s in document["sources"] if s["role"] == "subject"]
    assert (model["diagnoses"], model["integrity"]["indication"]) == ([], "PASSED")
    assert "drop/model/data.tar → latest" in str(document["problems"])


def test_the_digest_of_a_folder_is_over_the_names_as_they_lie_there(tmp_path: Path) -> None:
    names = [b"caf\xe9.bin", b"caf\xe8.bin", rb"caf\xe9.bin", b"config.json"]
    for name in names:
        placed(tmp_path / "drop", os.fsdecode(name), name)
    [model] = [s for s in verify_json(tmp_path / "drop")["sources"] if s["role"] == "subject"]
    lines = [hashlib.sha256(n).hexdigest().encode() + b"  " + n + b"\n" for n in sorted(names)]
    assert model["sha256"] == hashlib.sha256(b"".join(lines)).hexdigest()


def test_an_extreme_time_is_a_usage_error(drop: Path) -> None:
    require_one_sentence(workbench("verify", drop, "--at", "0001-01-01T00:00:00+14:00"))
