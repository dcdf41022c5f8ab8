"""What is too deep, too large, too many, or at no time: a verdict or a sentence, and soon.

Each command has one GiB of address space and a minute of processor time. Files of 10 GiB are
sparse: they take no disk, and what reads them whole would take more than that.
"""

import json
import os
import socket
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bounded import command, seconds
from tests.builders import KEY, LogBuilder
from tests.commands import require_one_sentence, workbench
from tests.drops import codes, gzipped, opened, placed, tarred, zipped
from tests.verify import oms_builder as oms
from tests.verify.chain.judging import AT, judge, trust_in
from workbench.errors import Cancelled, WorkbenchError
from workbench.evidence.limits import Limits
from workbench.evidence.strict_json import JsonError, JsonTooDeep, parse
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Indication
from workbench.policy import library as packs
from workbench.services.verification import verify
from workbench.services.verification.since import earlier_of
from workbench.sign.keys import public_pem
from workbench.verify.chain import library
from workbench.verify.heads.head import HeadProblem, read_head
from workbench.verify.heads.note import MOST_SIGNATURES
from workbench.verify.trust.anchors import load_trust

GIB = 1024**3
TEN = 10 * GIB
DEEP = b"[" * 1_000_000
NAMES = (
    "log.jsonl", "audit.json", "model.sig", "root.layout", "write.0a1b2c3d.link", "events.ndjson",
    "model.bits.intoto.jsonl", "model.bits.sigstore.json", "notes", "table.csv", "keys.json",
    "111122223333_CloudTrail-Digest_eu-central-1_main_eu-central-1_20260301T110000Z.json",
)  # fmt: skip
WRAPPED = {
    "list": DEEP,
    "object": b'{"a":' * 1_000_000,
    "closed": b"[" * 1_000_000 + b"]" * 1_000_000,
    "after a good record": LogBuilder("workbench", 3).data() + b'{"a":' + DEEP + b"\n",
    "in an envelope": b'{"payloadType":"application/vnd.in-toto+json","payload":' + DEEP,
    "in a layout": b'{"signatures":[],"signed":{"_type":"layout","steps":' + DEEP,
}


@pytest.mark.parametrize("form", WRAPPED)
def test_json_a_million_deep_is_no_json(form: str) -> None:
    with seconds(10), pytest.raises(JsonError):
        parse(WRAPPED[form], what="x")


def test_json_a_million_deep_is_a_verdict_whatever_it_is_called(tmp_path: Path) -> None:
    for number, name in enumerate(NAMES):
        form = list(WRAPPED.values())[number % len(WRAPPED)]
        placed(tmp_path, f"{number}/{name}", form)
    placed(tmp_path, "model/model.safetensors", b"weights")
    done = command("verify", tmp_path)
    assert done.returncode in {1, 2}, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert command("inspect", tmp_path).returncode == 0


#: What reads a file that the auditor names, beside the evidence.
NAMED: dict[str, Callable[[Path], object]] = {
    "trust": lambda path: load_trust((f"log={path}",), at=AT),
    "secret": lambda path: load_trust((), secrets=(str(path),), at=AT),
    "profile": library.load,
    "pack of checks": packs.load,
    "earlier verdict": lambda path: earlier_of(path, ()),
}


@pytest.mark.parametrize("kind", sorted(set(NAMED) - {"secret"}))
def test_json_a_million_deep_is_no_trust_and_no_recipe(kind: str, tmp_path: Path) -> None:
    path = placed(tmp_path, "deep", DEEP)
    with seconds(10), pytest.raises(WorkbenchError):
        NAMED[kind](path)


def sparse(path: Path, size: int = TEN, begin: bytes = b"") -> Path:
    """Return a file of so many bytes that takes no room."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(begin)
        stream.truncate(size)
    return path


def test_ten_gibibytes_that_are_no_log_are_not_read_into_memory(tmp_path: Path) -> None:
    for name in ("a.json", "b.sig", "c.pdf", "d.yaml", "e.vkey"):
        sparse(tmp_path / name, 100 * 1024**2)
    sparse(tmp_path / "huge.json", begin=b'{"events": [')
    assert command("verify", tmp_path).returncode == 2


@pytest.mark.parametrize("kind", NAMED)
def test_ten_gibibytes_of_anything_named_are_refused_unread(kind: str, tmp_path: Path) -> None:
    path = sparse(tmp_path / "huge")
    with seconds(2), pytest.raises(WorkbenchError, match="bytes"):
        NAMED[kind](path)


def test_ten_gibibytes_are_no_report(tmp_path: Path) -> None:
    require_one_sentence(command("verify-report", sparse(tmp_path / "huge.pdf")), "huge.pdf")


class _Impatient(Cancel):
    """Wishes to stop at the so-and-so-many-th time that it is asked."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most

    def check(self) -> None:
        self._left -= 1
        if self._left < 0:
            self.set()
        super().check()


class _Told(Silent):
    """Remembers how far the work was said to be."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, int | None]] = []

    def advance(self, done: int, total: int | None, what: str) -> None:
        self.seen.append((done, total))


@pytest.mark.parametrize("begin", [b"", b'{"a": "', LogBuilder("workbench", 3).data()])
@pytest.mark.parametrize("asked", [1, 300])
def test_a_log_of_ten_gibibytes_can_be_stopped_at_any_block(
    begin: bytes, asked: int, tmp_path: Path
) -> None:
    log = sparse(tmp_path / "log.jsonl", begin=begin)
    with seconds(10), pytest.raises(Cancelled):
        verify(VerifyRequest((log,), AT), progress=Silent(), cancel=_Impatient(asked))


def test_a_model_of_ten_gibibytes_tells_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    oms.signed_by_key(oms.key("x")).write(tmp_path / "drop")
    sparse(tmp_path / "drop" / "model" / "model.safetensors")
    trust = placed(tmp_path, "key.pem", oms.pem(oms.key("x")))
    progress = _Told()
    request = VerifyRequest((tmp_path / "drop",), AT, (f"model={trust}",))
    with seconds(20), pytest.raises(Cancelled):
        verify(request, progress=progress, cancel=_Impatient(100))
    assert progress.seen
    assert all(total is None or done <= total for done, total in progress.seen)


def header_claiming(size: bytes) -> bytes:
    """Return a tar whose only member says that it has another size than it has."""
    data = bytearray(tarred({"log.jsonl": b'{"n":1}\n'}, form=tarfile.GNU_FORMAT))
    data[124:136] = size
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    return bytes(data)


@pytest.mark.parametrize(
    "size",
    [b"77777777777\0", b"\x80" + (10 * GIB).to_bytes(11), b"\x80" + b"\xff" * 11, b"\xff" * 12,
     b"-0000000010\0", b"99999999999\0", b"\x80" + (1 << 62).to_bytes(11),
     b"\x80" + (1 << 63).to_bytes(11)],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_a_header_that_claims_ten_gibibytes_gets_what_is_there(
    size: bytes, packed: bool, tmp_path: Path
) -> None:
    data = header_claiming(size)
    path = placed(tmp_path, "x.tgz" if packed else "x.tar", gzipped(data) if packed else data)
    with seconds(5), opened(path) as drop:
        assert codes(drop) & {"TRUNCATED", "CORRUPT", "NOT_AN_ARCHIVE"}
        assert all(file.problem or not file.size for file in drop.files)


def test_archives_a_hundred_deep_are_opened_as_far_as_is_said(tmp_path: Path) -> None:
    data = LogBuilder("workbench", 3).data()
    for number in range(100):
        data = zipped({"inner.zip" if number else "log.jsonl": data})
    with seconds(5), opened(placed(tmp_path, "x.zip", data)) as drop:
        assert codes(drop) == {"LIMIT_EXCEEDED"}


def test_a_million_names_that_lead_out_are_a_million_problems_at_most(tmp_path: Path) -> None:
    members = {f"../{number}": b"" for number in range(3000)}
    limits = Limits(members=2000)
    with seconds(20), opened(placed(tmp_path, "x.tar", tarred(members)), limits=limits) as drop:
        assert codes(drop) == {"BAD_NAME", "LIMIT_EXCEEDED"}


LONG = "n" * 4096


@pytest.mark.parametrize("name", [LONG, f"{LONG}/" * 15, "\u202e" * 4096, "a/" * 30_000])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_long_names_in_archives_are_told_and_shown_short(
    name: str, pack: Callable[[dict[str, bytes]], bytes], tmp_path: Path
) -> None:
    with seconds(5), opened(placed(tmp_path, "x.arc.zip", pack({f"{name}x": b"1"}))) as drop:
        assert all(len(file.display) < 5000 for file in (*drop.files, *drop.containers))


def odd_things(folder: Path) -> None:
    """Make links in circles, a pipe, a socket and, where one may, a device."""
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    (folder / "self").symlink_to("self")
    (folder / "up").symlink_to("..")
    os.mkfifo(folder / "pipe.jsonl")
    if os.geteuid() == 0:
        os.mknod(folder / "null.jsonl", 0o600 | 0o020000, os.makedev(1, 3))
    (folder / os.fsdecode(b"\xff\xfe" + b"n" * 250)).write_bytes(b"x")


def test_pipes_sockets_devices_and_circles_neither_hang_nor_vanish(tmp_path: Path) -> None:
    drop = tmp_path / "d"
    drop.mkdir()
    LogBuilder("workbench", 3).write(drop)
    odd_things(drop)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(drop / "socket.jsonl"))
        done = command("verify", drop, "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 2
    told = {source["path"].rpartition("/")[2] for source in document["sources"]}
    odd = {"pipe.jsonl", "socket.jsonl"} | ({"null.jsonl"} if os.geteuid() == 0 else set())
    assert odd <= told
    assert {"a", "b", "self", "up"} <= told


TIMES: tuple[object, ...] = (
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "10000-01-01T00:00:00Z", "+292277026596-12-04T15:30:07Z", "2016-12-31T23:59:60Z",
    "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00+99:99", "", "NaN", "now",
    "1" * 5000, -1, 0, 1e308, -1e308, 5e-324, 10**18, 2**63, 10**400, True, None, [], {"a": 1},
)  # fmt: skip


def test_records_at_no_time_are_whole_and_at_no_time(tmp_path: Path) -> None:
    log = LogBuilder("workbench", len(TIMES))
    for record, time in zip(log.records, TIMES, strict=True):
        record["time"] = time
    log.rechain()
    verdict = judge(tmp_path, log, heads=[log.head()], trust=trust_in(tmp_path / "trust", KEY))
    assert verdict.integrity.indication is Indication.PASSED
    assert verdict.time.indication is Indication.INDETERMINATE
    assert not [d for d in verdict.diagnoses if d.kind != "CLOCK_REGRESSION"]


def test_records_at_no_time_come_into_a_case_and_are_found(tmp_path: Path) -> None:
    log = LogBuilder("workbench", len(TIMES))
    for record, time in zip(log.records, TIMES, strict=True):
        record["time"] = time
    log.rechain()
    path, case = log.write(tmp_path), tmp_path / "x.case"
    assert workbench("case", "new", case, "--title", "t").returncode == 0
    assert workbench("case", "add", case, path, "--verify").returncode == 2
    query = "NOT time:* OR time<0001-01-02 OR time>9999-12-30 OR time:[1677-01-01..2263-01-01]"
    done = workbench("query", case, query, "--json")
    assert done.returncode == 0, done.stderr
    assert str(len(TIMES)) in done.stdout


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000])
@pytest.mark.parametrize("where", ["time", "seq"])
def test_a_number_that_is_none_is_a_malformed_record(
    number: str, where: str, tmp_path: Path
) -> None:
    log = LogBuilder("workbench", 3)
    lines = log.lines()
    value = json.dumps(log.records[1][where])
    lines[1] = lines[1].replace(f'"{where}":{value}'.encode(), f'"{where}":{number}'.encode())
    verdict = judge(tmp_path, b"\n".join(lines) + b"\n")
    kinds = {(d.kind, d.record) for d in verdict.diagnoses}
    assert kinds & {("MALFORMED_RECORD", 2), ("RECORD_ALTERED", 2)}
    assert verdict.integrity.indication is Indication.FAILED


@pytest.mark.parametrize("size", [b"-1", b"18446744073709551616", b"1" + b"0" * 400, b"1" * 10_000])
def test_a_head_of_no_size_is_none_and_vouches_for_nothing(size: bytes, tmp_path: Path) -> None:
    log = LogBuilder("workbench")
    head = log.head().replace(b"\n12\n", b"\n" + size + b"\n", 1)
    assert isinstance(read_head(head), HeadProblem)
    placed(tmp_path, "drop/log.jsonl", log.data())
    placed(tmp_path, "drop/log.jsonl.head", head)
    key = placed(tmp_path, "log.pem", public_pem(KEY.public_key()))
    request = VerifyRequest((tmp_path / "drop",), AT, (f"log={key}",))
    found = verify(request, progress=Silent(), cancel=Cancel())
    assert found.exit_code in {1, 2}
    for source in found.subjects:
        assert source.verdict is not None
        assert source.verdict.authenticity.indication is not Indication.PASSED


def test_a_note_of_a_hundred_thousand_signatures_is_read_no_further_than_said() -> None:
    head = LogBuilder("workbench").head()
    text, blank, signature = head.rpartition(b"\n\n")
    for count in (MOST_SIGNATURES + 1, 100_000):
        with seconds(5):
            assert isinstance(read_head(text + blank + signature * count), HeadProblem)


def test_depth_is_told_from_other_damage() -> None:
    with pytest.raises(JsonTooDeep):
        parse(DEEP, what="x")
