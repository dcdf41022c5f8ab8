"""Tiled transparency logs: whole, spoilt in one way each, witnessed, forked, and their proofs."""

import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.verify.tlog import builder as tl
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import SubjectVerdict
from workbench.services.verification import verify

AT = datetime(2026, 6, 30, tzinfo=UTC)
Files = dict[str, bytes]
GREEN = ("PASSED ANCHORED", f"PASSED {tl.ORIGIN}", "PASSED ANCHORED")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    (folder / "log.vkey").write_text(tl.vkey(tl.ORIGIN, tl.LOG))
    for name, key in tl.WITNESSES.items():
        (folder / f"{name}.vkey").write_text(tl.vkey(name, key, 4))
    return folder


@pytest.fixture(scope="module")
def whole_log() -> Files:
    return tl.tiles(tl.RECORDS, older=(200, 300)) | {
        "checkpoint": tl.checkpoint(tl.RECORDS),
        "checkpoint.200": tl.checkpoint(tl.RECORDS[:200]),
    }


@pytest.fixture
def files(whole_log: Files) -> Files:
    return dict(whole_log)


def judged(
    folder: Path, keys: Path, *trust: str, name: str = "log", **asked: object
) -> SubjectVerdict:
    specs = tuple(spec.format(keys) for spec in trust or ("log={}/log.vkey",))
    request = VerifyRequest(paths=(folder,), at=AT, trust=specs, **asked)  # type: ignore[arg-type]
    found = verify(request, progress=Silent(), cancel=Cancel())
    (verdict,) = [s.verdict for s in found.subjects if s.path == name]
    assert verdict is not None
    return verdict


def words(verdict: SubjectVerdict) -> tuple[str, str, str]:
    parts = (verdict.integrity, verdict.authenticity, verdict.completeness)
    one, two, three = (f"{part.indication} {part.code}" for part in parts)
    return one, two, three


def test_a_whole_log_with_a_trusted_head_is_green(tmp_path: Path, keys: Path, files: Files) -> None:
    verdict = judged(tl.lay(tmp_path / "log", files), keys)
    assert words(verdict) == GREEN
    assert verdict.records == 600
    assert [(r.first, r.last, r.level) for r in verdict.assurance] == [(1, 600, 2)]


def test_without_a_trusted_key_a_log_agrees_with_itself(
    tmp_path: Path, keys: Path, files: Files
) -> None:
    verdict = judged(tl.lay(tmp_path / "log", files), keys, "log={}/witness0.example.vkey")
    assert words(verdict) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE NO_TRUST_ANCHOR",
        "INDETERMINATE NO_ANCHOR",
    )


def spoil(name: str, at: int = 40) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        data = files[name]
        files[name] = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    return change


def anew(files: Files) -> None:
    """Write the log anew with another record 251, but for the heads."""
    records = list(tl.RECORDS)
    records[250] = b"another"
    files |= tl.tiles(records, older=(200,))
    for name in [name for name in files if name.endswith((".p/44", ".p/1"))]:
        files.pop(name)


SPOILT: dict[str, tuple[Callable[[Files], object], list[str], tuple[str, str, str]]] = {
    "an entry": (
        spoil("tile/entries/001"),
        ["RECORD_ALTERED 259"],
        ("FAILED RECORD_ALTERED", GREEN[1], "PASSED ANCHORED"),
    ),
    "a leaf hash": (
        spoil("tile/0/002.p/88"),
        ["FILE_ALTERED tile/0/002.p/88"],
        ("FAILED FILE_ALTERED", GREEN[1], "PASSED ANCHORED"),
    ),
    "an older tile": (
        spoil("tile/0/000.p/200"),
        ["FILE_ALTERED tile/0/000.p/200"],
        ("FAILED FILE_ALTERED", GREEN[1], "PASSED ANCHORED"),
    ),
    "an older bundle": (
        spoil("tile/entries/001.p/44"),
        ["FILE_ALTERED tile/entries/001.p/44"],
        ("FAILED FILE_ALTERED", GREEN[1], "PASSED ANCHORED"),
    ),
    "a higher tile": (
        spoil("tile/1/000.p/2"),
        ["FILE_ALTERED tile/1/000.p/2"],
        ("FAILED FILE_ALTERED", GREEN[1], "PASSED ANCHORED"),
    ),
    "the end": (
        lambda files: [files.pop(n) for n in list(files) if "002.p" in n],
        ["TAIL_TRUNCATED 512"],
        ("PASSED ANCHORED", GREEN[1], "FAILED TAIL_TRUNCATED"),
    ),
    "the middle": (
        lambda files: [files.pop(n) for n in list(files) if "/001" in n],
        ["SEGMENT_MISSING 257"],
        ("INDETERMINATE NOT_RECOMPUTABLE", GREEN[1], "FAILED SEGMENT_MISSING"),
    ),
    "all entries": (
        lambda files: [files.pop(n) for n in list(files) if "entries" in n],
        [],
        ("INDETERMINATE NOT_RECOMPUTABLE", GREEN[1], "INDETERMINATE PARTIAL_COVERAGE"),
    ),
    "all hashes": (
        lambda files: [files.pop(n) for n in list(files) if "tile/0" in n or "tile/1" in n],
        [],
        GREEN,
    ),
    "the history": (
        anew,
        ["RECHAINED_AFTER 201"],
        ("FAILED RECHAINED_AFTER", "FAILED RECHAINED_AFTER", "INDETERMINATE NO_ANCHOR"),
    ),
    "the head": (
        spoil("checkpoint", 25),
        [],
        ("PASSED ANCHORED", "FAILED SIG_CRYPTO_FAILURE", "INDETERMINATE NO_ANCHOR"),
    ),
    "the form of the head": (
        lambda files: files.update({"checkpoint": files["checkpoint"].replace(b"\n", b"\r\n")}),
        [],
        ("PASSED ANCHORED", "FAILED FORMAT_FAILURE", "INDETERMINATE NO_ANCHOR"),
    ),
    "a bundle's length": (
        lambda files: files.update({"tile/entries/002.p/88": files["tile/entries/002.p/88"][:-3]}),
        ["MALFORMED_RECORD 600", "FILE_ALTERED tile/entries/002.p/88"],
        ("FAILED FILE_ALTERED", GREEN[1], "INDETERMINATE PARTIAL_COVERAGE"),
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_each_tampering_has_its_diagnosis(
    case: str, tmp_path: Path, keys: Path, files: Files
) -> None:
    change, told, expected = SPOILT[case]
    change(files)
    verdict = judged(tl.lay(tmp_path / "log", files), keys)
    said = [f"{d.kind} {d.record or d.path}" for d in verdict.diagnoses]
    assert sorted(said) == sorted(told)
    codes = words(verdict)
    assert codes[1:] == expected[1:]
    assert codes[0].split()[0] == expected[0].split()[0]


def test_no_flipped_byte_of_a_log_stays_green(tmp_path: Path, keys: Path) -> None:
    records = tl.RECORDS[:5]
    files = tl.tiles(records) | {"checkpoint": tl.checkpoint(records)}
    folder = tl.lay(tmp_path / "log", files)
    assert words(judged(folder, keys)) == GREEN
    for name, data in files.items():
        for at in range(0, len(data), 1 + len(data) // 9):
            (folder / name).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            assert words(judged(folder, keys)) != GREEN, (name, at)
        (folder / name).write_bytes(data)


def test_two_heads_of_one_size_are_a_fork(tmp_path: Path, keys: Path, files: Files) -> None:
    other = [*tl.RECORDS[:599], b"what others were shown"]
    tl.lay(tmp_path / "drop/log", files)
    tl.lay(tmp_path / "drop/seen-by-others", {"checkpoint": tl.checkpoint(other)})
    verdict = judged(tmp_path / "drop", keys, name="drop/log")
    assert words(verdict)[:2] == ("FAILED FORK", "FAILED FORK")
    assert [(d.kind, d.record) for d in verdict.diagnoses] == [("FORK", 201)]


def test_an_older_head_of_another_history_is_a_fork(
    tmp_path: Path, keys: Path, files: Files
) -> None:
    files["checkpoint.300"] = tl.checkpoint([*tl.RECORDS[:299], b"what others were shown"])
    verdict = judged(tl.lay(tmp_path / "log", files), keys)
    assert [(d.kind, d.record) for d in verdict.diagnoses] == [("FORK", 201)]


def test_two_copies_of_one_log_are_held_against_each_others_heads(
    tmp_path: Path, keys: Path, files: Files
) -> None:
    other = [*tl.RECORDS[:400], *([b"other"] * 300)]
    tl.lay(tmp_path / "drop/a", files)
    tl.lay(tmp_path / "drop/b", tl.tiles(other) | {"checkpoint": tl.checkpoint(other)})
    told = {
        name: [d.kind for d in judged(tmp_path / "drop", keys, name=f"drop/{name}").diagnoses]
        for name in "ab"
    }
    assert told == {"a": [], "b": ["FORK"]}  # a is the older one, and not cut off by that


WITNESSED = ("log={0}/log.vkey", "witness={0}/witness0.example.vkey", "{0}/witness1.example.vkey")


@pytest.mark.parametrize(
    ("names", "threshold", "level"),
    [
        (["witness0.example"], 1, 4),
        (["witness0.example", "witness1.example"], 1, 4),
        (["witness2.example"], 1, 2),
        ([], 1, 2),
    ],
)
def test_trusted_witnesses_give_time_and_the_highest_level(
    names: list[str], threshold: int, level: int, tmp_path: Path, keys: Path, files: Files
) -> None:
    files["checkpoint"] = tl.checkpoint(tl.RECORDS, witnesses=names)
    folder = tl.lay(tmp_path / "log", files)
    verdict = judged(folder, keys, *WITNESSED, threshold=threshold)
    assert words(verdict) == GREEN
    assert [r.level for r in verdict.assurance] == [level]
    assert verdict.time.indication == ("PASSED" if level == 4 else "INDETERMINATE")
    times = [s.time for s in verdict.signatures if s.witness and s.time]
    assert times == [datetime.fromtimestamp(1_780_000_000, UTC)] * len(times)


def test_witnesses_do_not_stand_in_for_the_logs_own_keys(
    tmp_path: Path, keys: Path, files: Files
) -> None:
    names = ["witness0.example", "witness1.example"]
    files["checkpoint"] = tl.checkpoint(tl.RECORDS, witnesses=names)
    verdict = judged(tl.lay(tmp_path / "log", files), keys, *WITNESSED, threshold=2)
    assert words(verdict)[1] == "INDETERMINATE TOO_FEW_SIGNERS"


def test_a_witness_alone_does_not_make_a_head_the_logs(
    tmp_path: Path, keys: Path, files: Files
) -> None:
    files["checkpoint"] = tl.checkpoint(tl.RECORDS, witnesses=["witness0.example"], key=tl.OTHER)
    verdict = judged(tl.lay(tmp_path / "log", files), keys, WITNESSED[1])
    assert words(verdict)[0] == "PASSED SELF_CONSISTENT"
    assert words(verdict)[1] == "INDETERMINATE NO_TRUST_ANCHOR"


def test_a_false_cosignature_of_a_trusted_witness_fails(
    tmp_path: Path, keys: Path, files: Files
) -> None:
    head = tl.checkpoint(tl.RECORDS, witnesses=["witness0.example"])
    other = tl.checkpoint(tl.RECORDS, witnesses=["witness0.example"], time=1_790_000_000)
    line, false = (data.splitlines(keepends=True)[-1] for data in (head, other))
    blob = false[:60] + line[60:]
    files["checkpoint"] = head.replace(line, blob)
    verdict = judged(tl.lay(tmp_path / "log", files), keys, *WITNESSED)
    assert words(verdict)[1] == "FAILED SIG_CRYPTO_FAILURE"


def certificate_entry(number: int, *, pre: bool) -> tuple[bytes, bytes]:
    """Return a TileLeaf of static-ct-api and the leaf of RFC 6962 that it is."""
    body = b"certificate %d" % number
    signed = (b"K" * 32 if pre else b"") + len(body).to_bytes(3) + body
    leaf = number.to_bytes(8) + int(pre).to_bytes(2) + signed + (2).to_bytes(2) + b"ex"
    after = (len(body).to_bytes(3) + body if pre else b"") + (32).to_bytes(2) + b"F" * 32
    return leaf + after, b"\0\0" + leaf


def test_entries_of_a_log_of_certificates_are_hashed_as_rfc_6962_has_them(
    tmp_path: Path, keys: Path
) -> None:
    entries = [certificate_entry(n, pre=n % 2 == 1) for n in range(5)]
    records = [leaf for _, leaf in entries]
    files = {n: d for n, d in tl.tiles(records).items() if "entries" not in n}
    files["tile/data/000.p/5"] = b"".join(data for data, _ in entries)
    files["checkpoint"] = tl.checkpoint(records)
    folder = tl.lay(tmp_path / "log", files)
    assert words(judged(folder, keys)) == GREEN
    spoil("tile/data/000.p/5", 15)(files)
    assert words(judged(tl.lay(folder, files), keys))[0] == "FAILED RECORD_ALTERED"


HOSTILE = {
    "no entries": {"tile/entries/000.p/1": b""},
    "endless": {"tile/entries/000": b"\0\0" * 70_000},
    "odd widths": {"tile/0/000.p/300": b"x", "tile/0/000.p/256": b"y"},
    "a far tile": {"tile/0/x999/x999/999": b"z" * 8192},
    "a huge head": {"checkpoint": b"x\n9223372036854775808\n" + b"A" * 43 + b"=\n\n"},
    "level 63": {"tile/63/000.p/1": b"q" * 32},
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_tiles_are_a_verdict(case: str, tmp_path: Path, keys: Path, files: Files) -> None:
    verdict = judged(tl.lay(tmp_path / "log", files | HOSTILE[case]), keys)
    assert case == "level 63" or words(verdict) != GREEN


def test_the_commands_print_what_they_say(tmp_path: Path, keys: Path, files: Files) -> None:
    verdict = judged(tl.lay(tmp_path / "log", files), keys)
    text = "\n".join(step.recipe for step in verdict.steps[:-1])
    said = "\n".join(filter(None, (step.prints for step in verdict.steps[:-1])))
    run = subprocess.run(["bash", "-c", text], cwd=tmp_path, capture_output=True, text=True)
    assert run.stdout.strip() == said, run.stderr
    assert said.count("Signature Verified Successfully") == 2


def proof(index: int, records: list[bytes], *, witnesses: list[str] | None = None) -> bytes:
    hashes = tl.inclusion([tl.leaf(r) for r in records], index)
    lines = ["c2sp.org/tlog-proof@v1", "extra eA==", f"index {index}"]
    lines += [b64encode(h).decode() for h in hashes]
    head = tl.checkpoint(records, witnesses=witnesses or [])
    return "\n".join([*lines, "", ""]).encode() + head


@pytest.fixture
def proven(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    tl.lay(folder, {"model.txt": b"weights", "model.txt.tlog-proof": b""})
    return folder


def test_a_proof_of_inclusion_anchors_the_file(proven: Path, keys: Path) -> None:
    records = [*tl.RECORDS[:20], b"weights", *tl.RECORDS[20:40]]
    (proven / "model.txt.tlog-proof").write_bytes(proof(20, records))
    assert words(judged(proven, keys, name="drop/model.txt")) == GREEN
    step = judged(proven, keys, name="drop/model.txt").steps[1]
    run = subprocess.run(
        ["bash", "-c", step.recipe], cwd=proven.parent, capture_output=True, text=True
    )
    assert run.stdout.strip() == step.prints, run.stderr
    (proven / "model.txt").write_bytes(b"other")
    assert words(judged(proven, keys, name="drop/model.txt"))[:2] == (
        "FAILED FILE_ALTERED",
        "FAILED HASH_FAILURE",
    )


def test_a_witnessed_proof_gives_time(proven: Path, keys: Path) -> None:
    records = [b"weights", *tl.RECORDS[:4]]
    data = proof(0, records, witnesses=["witness0.example"])
    (proven / "model.txt.tlog-proof").write_bytes(data)
    verdict = judged(proven, keys, *WITNESSED, name="drop/model.txt")
    assert words(verdict) == GREEN
    assert verdict.time.indication == "PASSED"


def test_no_flipped_byte_of_a_proof_stays_green(proven: Path, keys: Path) -> None:
    records = [*tl.RECORDS[:2], b"weights", *tl.RECORDS[2:4]]
    data = proof(2, records)
    unsigned = range(data.index(b"eA=="), data.index(b"eA==") + 4)
    for at in range(0, len(data), 7):
        if at in unsigned:
            continue
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        (proven / "model.txt.tlog-proof").write_bytes(changed)
        assert words(judged(proven, keys, name="drop/model.txt")) != GREEN, at


def test_heads_without_their_log_are_held_against_each_other(tmp_path: Path, keys: Path) -> None:
    files = {
        "one.checkpoint": tl.checkpoint(tl.RECORDS[:9], witnesses=["witness0.example"]),
        "two.checkpoint": tl.checkpoint([*tl.RECORDS[:8], b"x"]),
        "three.checkpoint": tl.checkpoint(tl.RECORDS[:4]),
    }
    folder = tl.lay(tmp_path / "heads", files)
    verdict = judged(folder, keys, *WITNESSED, name="heads/one.checkpoint")
    assert words(verdict)[:2] == ("FAILED FORK", "FAILED FORK")
    shutil.move(folder / "two.checkpoint", tmp_path)
    verdict = judged(folder, keys, *WITNESSED, name="heads/one.checkpoint")
    assert words(verdict) == (
        "INDETERMINATE NOT_RECOMPUTABLE",
        f"PASSED {tl.ORIGIN}",
        "INDETERMINATE NO_ANCHOR",
    )
    assert verdict.time.indication == "PASSED"
