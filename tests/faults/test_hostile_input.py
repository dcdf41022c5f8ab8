"""However evidence is delivered, a gap in it never turns green, and nothing crashes.

Each case takes a log that is green with its signed head, and delivers it in a way that two
programs, or two people, would read differently.
"""

import gzip
import hashlib
import os
import random
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import KEY, LogBuilder
from drops import gzipped, placed, tarred, tarred_entries, zipped

from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Dimension, Indication
from workbench.model.verification import Verification
from workbench.services.verification import verify
from workbench.sign.keys import public_pem

BUILDER = LogBuilder("workbench")
LOG, HEAD = BUILDER.data(), BUILDER.head()
PAIR = {"log.jsonl": LOG, "log.head": HEAD}
DIGEST = hashlib.sha256(LOG).hexdigest()
BOMB = bytes(8 * 1024 * 1024)


@pytest.fixture
def judged(tmp_path: Path) -> Callable[[], Verification]:
    """Return a function that verifies the folder ``drop`` with the log's key trusted."""
    key = placed(tmp_path, "trust/log.pem", public_pem(KEY.public_key()))

    def run() -> Verification:
        request = VerifyRequest(
            paths=(tmp_path / "drop",), at=datetime(2026, 6, 30, tzinfo=UTC), trust=(f"log={key}",)
        )
        return verify(request, progress=Silent(), cancel=Cancel())

    return run


def codes(verification: Verification) -> set[str]:
    """Return every code in the verdicts, and of the problems of the drop."""
    dimensions = [verification.dimension(dimension) for dimension in Dimension]
    problems = {problem.code for problem in verification.problems}
    return problems | {code for dimension in dimensions for code in dimension.codes}


def altered(data: bytes, old: bytes, new: bytes) -> bytes:
    """Replace the first occurrence."""
    assert old in data
    return data.replace(old, new, 1)


CLEAN = {
    "folder": PAIR,
    "zip": {"x.zip": zipped(PAIR)},
    "tar": {"x.tar": tarred(PAIR)},
    "compressed tar": {"x.tar.gz": gzipped(tarred(PAIR))},
    "compressed log": {"log.jsonl.gz": gzipped(LOG), "log.head": HEAD},
    "archive in an archive": {"x.zip": zipped({"y.tar": tarred(PAIR)})},
}

STORED = zipped(PAIR, method=zipfile.ZIP_STORED)
LAST = LOG.splitlines(keepends=True)[-1]

HOSTILE: dict[str, tuple[dict[str, bytes], str]] = {
    "gzip cut off": ({"log.jsonl.gz": gzipped(LOG)[:-1], "log.head": HEAD}, "TRUNCATED"),
    "gzip cut in half": ({"log.jsonl.gz": gzipped(LOG)[:400], "log.head": HEAD}, "TRUNCATED"),
    "second gzip member": (
        {"log.jsonl.gz": gzipped(LOG) + gzipped(LAST), "log.head": HEAD},
        "TRAILING_DATA",
    ),
    "bytes after gzip": ({"log.jsonl.gz": gzipped(LOG) + b"\0", "log.head": HEAD}, "TRAILING_DATA"),
    "gzip with a wrong sum": (
        {"log.jsonl.gz": gzipped(LOG)[:-8] + bytes(8), "log.head": HEAD},
        "CORRUPT",
    ),
    "log that is only called gzip": ({"log.jsonl.gz": LOG, "log.head": HEAD}, "NOT_AN_ARCHIVE"),
    "empty gzip beside a good log": ({**PAIR, "more.jsonl.gz": b""}, "TRUNCATED"),
    "zip cut off beside a good log": ({**PAIR, "more.zip": zipped(PAIR)[:-30]}, "TRUNCATED"),
    "bomb beside a good log": ({**PAIR, "more.zip": zipped({"0": BOMB})}, "LIMIT_EXCEEDED"),
    "compressed bomb": ({**PAIR, "more.gz": gzipped(BOMB)}, "LIMIT_EXCEEDED"),
    "bomb in the archive": ({"x.zip": zipped({**PAIR, "0": BOMB})}, "LIMIT_EXCEEDED"),
    "archives in archives": (
        {**PAIR, "x.zip": zipped({"y.zip": zipped({"z.zip": zipped(PAIR)})})},
        "LIMIT_EXCEEDED",
    ),
    "two members of one name": (
        {"x.zip": zipped({**PAIR, "log.jsonm": LOG}).replace(b"log.jsonm", b"log.jsonl")},
        "DUPLICATE_MEMBER",
    ),
    "local header with another name": (
        {"x.zip": altered(STORED, b"log.jsonl", b"xxx.jsonl")},
        "HEADER_MISMATCH",
    ),
    "altered member": ({"x.zip": altered(STORED, b'"actor":"ann"', b'"actor":"bob"')}, "CORRUPT"),
    "bytes after the zip": ({"x.zip": zipped(PAIR) + b"x"}, "TRAILING_DATA"),
    "tar without its end": ({"x.tar": tarred(PAIR).rstrip(b"\0")}, "TRUNCATED"),
    "second tar behind the first": ({"x.tar": tarred(PAIR) + tarred(PAIR)}, "TRAILING_DATA"),
}


@pytest.mark.parametrize("delivery", CLEAN)
def test_log_that_is_delivered_cleanly_is_green(
    tmp_path: Path, judged: Callable[[], Verification], delivery: str
) -> None:
    for name, data in CLEAN[delivery].items():
        placed(tmp_path / "drop", name, data)
    verification = judged()
    assert verification.exit_code == 0, codes(verification)
    assert [subject.verdict.records for subject in verification.subjects if subject.verdict] == [12]
    assert not verification.problems


@pytest.mark.parametrize("delivery", HOSTILE)
def test_gap_in_a_delivery_is_never_green(
    tmp_path: Path, judged: Callable[[], Verification], delivery: str
) -> None:
    files, expected = HOSTILE[delivery]
    for name, data in files.items():
        placed(tmp_path / "drop", name, data)
    verification = judged()
    assert verification.exit_code in {1, 2}
    assert expected in codes(verification)
    assert all(problem.message.count("\n") == 0 for problem in verification.problems)


def cut(share: float) -> bytes:
    """Return so much of the packed log that its last record ends early."""
    packed = gzipped(LOG)
    return packed[: int(len(packed) * share)]


@pytest.mark.parametrize("share", [0.4, 0.6, 0.8, 0.95])
@pytest.mark.parametrize("head", [False, True])
def test_a_delivery_that_is_cut_off_blames_no_record(
    tmp_path: Path, judged: Callable[[], Verification], share: float, head: bool
) -> None:
    placed(tmp_path / "drop", "log.jsonl.gz", cut(share))
    if head:
        placed(tmp_path / "drop", "log.head", HEAD)
    [subject] = [s.verdict for s in judged().subjects if s.verdict]
    assert subject.records in range(1, 12)
    assert not subject.diagnoses
    assert subject.integrity.indication is Indication.INDETERMINATE
    assert subject.integrity.code == "TRUNCATED"
    assert subject.completeness.indication is Indication.INDETERMINATE
    assert "TRUNCATED" in subject.completeness.codes
    assert sum(p.last - p.first + 1 for p in subject.assurance) == subject.records


def test_a_record_altered_before_the_cut_is_still_found(
    tmp_path: Path, judged: Callable[[], Verification]
) -> None:
    packed = gzipped(altered(LOG, b'"actor":"ann"', b'"actor":"bob"'))
    placed(tmp_path / "drop", "log.jsonl.gz", packed[: len(packed) * 2 // 3])
    [subject] = [s.verdict for s in judged().subjects if s.verdict]
    assert [(d.kind, d.record) for d in subject.diagnoses] == [("RECORD_ALTERED", 1)]


def test_a_delivery_cut_off_in_its_first_record_has_no_records(
    tmp_path: Path, judged: Callable[[], Verification]
) -> None:
    placed(tmp_path / "drop", "log.jsonl.gz", gzipped(LOG)[:60])
    placed(tmp_path / "drop", "log.head", HEAD)
    verification = judged()
    assert verification.exit_code == 2
    assert not any(s.verdict.diagnoses for s in verification.subjects if s.verdict)


def test_a_log_that_is_not_packed_and_ends_early_has_a_malformed_record(
    tmp_path: Path, judged: Callable[[], Verification]
) -> None:
    placed(tmp_path / "drop", "log.jsonl", LOG[:-20])
    [subject] = [s.verdict for s in judged().subjects if s.verdict]
    assert [(d.kind, d.record) for d in subject.diagnoses] == [("MALFORMED_RECORD", 12)]


def test_hostile_names_of_good_members_are_told_and_leave_nothing_behind(
    tmp_path: Path, judged: Callable[[], Verification]
) -> None:
    members = {f"../../../{name}": data for name, data in PAIR.items()}
    placed(tmp_path, "drop/x.zip", zipped(members))
    before = sorted(tmp_path.rglob("*"))
    found = judged()
    assert "BAD_NAME" in codes(found)
    assert {s.verdict.completeness.code for s in found.subjects if s.verdict} == {"BAD_NAME"}
    assert found.exit_code == 2
    assert sorted(tmp_path.rglob("*")) == before
    above = [tmp_path.parents[n] / name for n in range(3) for name in PAIR]
    assert not [path for path in above if path.exists()]


@pytest.mark.parametrize("odd", ["pipe", "loop", "outside", "undecodable", "deep"])
def test_odd_things_in_a_folder_neither_hang_nor_crash(
    tmp_path: Path, judged: Callable[[], Verification], odd: str
) -> None:
    drop = tmp_path / "drop"
    for name, data in PAIR.items():
        placed(drop, name, data)
    match odd:
        case "pipe":
            os.mkfifo(drop / "pipe.jsonl")
        case "loop":
            (drop / "self").symlink_to(".")
        case "outside":
            placed(tmp_path, "secret.jsonl", LOG)
            (drop / "other.jsonl").symlink_to("../secret.jsonl")
        case "undecodable":
            (drop / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"x")
        case "deep":
            placed(drop, "/".join(["d"] * 300) + "/x.jsonl", LOG)
    verification = judged()
    assert verification.exit_code == (2 if odd in {"pipe", "deep", "outside"} else 0)
    assert len([s for s in verification.subjects if s.format == "chain"]) == 1


@pytest.mark.parametrize("seed", range(4))
def test_random_damage_to_archives_never_turns_green_and_never_crashes(
    tmp_path: Path, judged: Callable[[], Verification], seed: int
) -> None:
    """Green is allowed only where the damage left every byte of the log as it was."""
    choose = random.Random(seed)
    packed = {"x.zip": zipped(PAIR), "x.tgz": gzip.compress(tarred(PAIR), mtime=0)}
    for _ in range(12):
        name = choose.choice(sorted(packed))
        data = bytearray(packed[name])
        for _ in range(choose.choice([1, 1, 4])):
            data[choose.randrange(len(data))] ^= 1 << choose.randrange(8)
        path = placed(tmp_path, f"drop/{name}", bytes(data))
        verification = judged()
        if verification.exit_code == 0:
            assert sorted(s.sha256 for s in verification.subjects) == [DIGEST]
        path.unlink()


def hard_link() -> tarfile.TarInfo:
    info = tarfile.TarInfo("log.jsonl")
    info.type, info.linkname = tarfile.LNKTYPE, "other"
    return info


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("x.tgz", gzipped(tarred_entries(hard_link())), "LINK_MEMBER"),
        ("log.jsonl.gz", gzipped(LOG)[:-8] + bytes(8), "CORRUPT"),
        ("x.zip", b"#!" + zipped({"log.jsonl": LOG}), "PREPENDED_DATA"),
    ],
)
def test_what_an_archive_did_not_deliver_cleanly_comes_first(
    tmp_path: Path, judged: Callable[[], Verification], name: str, data: bytes, code: str
) -> None:
    placed(tmp_path / "drop", name, data)
    for subject in judged().subjects:
        assert subject.verdict is not None
        assert subject.verdict.integrity.code == subject.verdict.completeness.code == code


@pytest.mark.parametrize("name", ["../x/log.jsonl", "/log.jsonl", "a\\log.jsonl"])
def test_a_member_that_is_shown_under_another_name_has_no_command(
    tmp_path: Path, judged: Callable[[], Verification], name: str
) -> None:
    placed(tmp_path / "drop", "x.zip", zipped({name: LOG}))
    [subject] = [s.verdict for s in judged().subjects if s.verdict]
    assert len(subject.steps) > 1
    assert all(step.recipe.startswith("# No command: ") for step in subject.steps)
    assert not any(step.prints for step in subject.steps)
