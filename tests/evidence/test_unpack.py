"""What comes out of archives stays within every limit, in a private folder that goes away."""

import bz2
import gzip
import lzma
import os
import stat
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from drops import (
    LOG,
    codes,
    contents,
    gzipped,
    kept_from_green,
    names,
    only,
    opened,
    placed,
    tarred,
    zipped,
)

from workbench.errors import Cancelled, SourceError
from workbench.evidence import spool
from workbench.evidence.drop import open_drop
from workbench.evidence.file import read_whole
from workbench.evidence.limits import MIB, Limits
from workbench.model.progress import Cancel, Silent

COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzipped,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}
SHORT = {".gz": ".tgz", ".bz2": ".tbz2", ".xz": ".txz"}


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which private folders are made."""
    folder = tmp_path / "private"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("suffix", COMPRESSIONS)
def test_compressed_file_is_an_archive_of_one(tmp_path: Path, suffix: str) -> None:
    path = placed(tmp_path, f"log.jsonl{suffix}", COMPRESSIONS[suffix](LOG))
    with opened(path) as drop:
        assert contents(drop) == {f"log.jsonl{suffix} → log.jsonl": LOG}
        assert [file.name for file in drop.containers] == [path.name]
        assert read_whole(drop.containers[0]) == path.read_bytes()
        assert not drop.problems


@pytest.mark.parametrize("suffix", COMPRESSIONS)
def test_compressed_tar_is_one_archive(tmp_path: Path, suffix: str) -> None:
    data = COMPRESSIONS[suffix](tarred({"a": LOG, "b": b""}))
    for name in (f"logs.tar{suffix}", f"logs{SHORT[suffix]}", "logs"):
        with opened(placed(tmp_path, name, data)) as drop:
            assert contents(drop) == {f"{name} → a": LOG, f"{name} → b": b""}
            assert len(drop.containers) == 1


@pytest.mark.parametrize("suffix", COMPRESSIONS)
@pytest.mark.parametrize("cut", [1, 9, 20])
def test_compressed_file_that_ends_early_is_never_green(
    tmp_path: Path, suffix: str, cut: int
) -> None:
    data = COMPRESSIONS[suffix](LOG)[:-cut]
    with opened(placed(tmp_path, f"log{suffix}", data)) as drop:
        assert kept_from_green(drop) == {f"log{suffix} → log": "TRUNCATED"}


@pytest.mark.parametrize("suffix", COMPRESSIONS)
@pytest.mark.parametrize("more", ["another stream", "one byte", "zeros"])
def test_only_the_first_stream_is_content_and_more_is_never_green(
    tmp_path: Path, suffix: str, more: str
) -> None:
    compress = COMPRESSIONS[suffix]
    after = {"another stream": compress(b"smuggled"), "one byte": b"\n", "zeros": bytes(512)}
    data = compress(LOG) + after[more]
    with opened(placed(tmp_path, f"log{suffix}", data)) as drop:
        assert contents(drop) == {f"log{suffix} → log": LOG}
        assert kept_from_green(drop) == {f"log{suffix} → log": "TRAILING_DATA"}


def test_stream_after_a_long_first_one_is_found(tmp_path: Path) -> None:
    first = os.urandom(600_000)
    data = gzipped(first) + gzipped(b"smuggled")
    with opened(placed(tmp_path, "log.gz", data)) as drop:
        assert contents(drop) == {"log.gz → log": first}
        assert codes(drop) == {"TRAILING_DATA"}


@pytest.mark.parametrize("at", [-1, -5, -20])
def test_altered_compressed_file_is_never_green(tmp_path: Path, at: int) -> None:
    data = bytearray(gzip.compress(os.urandom(100), mtime=0))
    data[at] ^= 1
    with opened(placed(tmp_path, "log.gz", bytes(data))) as drop:
        assert kept_from_green(drop) == {"log.gz → log": "CORRUPT"}


def test_damaged_compressed_tar_keeps_its_rest_from_green(tmp_path: Path) -> None:
    data = gzipped(tarred({"a": LOG}))
    with opened(placed(tmp_path, "logs.tgz", data + b"more")) as drop:
        assert contents(drop) == {"logs.tgz → a": LOG}
        assert kept_from_green(drop) == {"logs.tgz → (the rest)": "TRAILING_DATA"}


@pytest.mark.parametrize("name", ["m.npz", "m.pt", "m.keras", "a.xlsx", "a.docx", "a.jar", "a.whl"])
def test_document_that_is_a_zip_inside_stays_a_file(tmp_path: Path, name: str) -> None:
    data = zipped({"a": b"a"})
    with opened(placed(tmp_path, name, data)) as drop:
        assert read_whole(only(drop)) == data
        assert drop.containers == ()
        assert not drop.problems


@pytest.mark.parametrize("name", ["case", "CASE.ZIP", "case.2026.zip"])
def test_archive_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    with opened(placed(tmp_path, name, zipped({"a": b"a"}))) as drop:
        assert names(drop) == [f"{name} → a"]


@pytest.mark.parametrize("name", ["log.zip", "log.gz", "log.tar", "log.tgz", "log.xz"])
def test_file_that_is_only_called_an_archive_stays_a_file_and_is_told(
    tmp_path: Path, name: str
) -> None:
    with opened(placed(tmp_path, name, LOG)) as drop:
        assert contents(drop) == {name: LOG}
        assert kept_from_green(drop) == {name: "NOT_AN_ARCHIVE"}
    with opened(placed(tmp_path, name, b"")) as drop:
        assert kept_from_green(drop) == {name: "TRUNCATED"}


@pytest.mark.parametrize("start", [b"PK", b"PK\5\6", b"\x1f\x8b", b"BZh9 is a text", b"ustar"])
def test_file_that_only_starts_a_little_like_an_archive_stays_a_file(
    tmp_path: Path, start: bytes
) -> None:
    with opened(placed(tmp_path, "model", start)) as drop:
        assert contents(drop) == {"model": start}
        assert not drop.problems


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_hostile_names_become_no_path(
    tmp_path: Path, private: Path, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    hostile = ["../up", "/root", "a/../../b", "c:\\x", "..\\y", "C:z"]
    path = placed(tmp_path, "case/a.data.zip", pack(dict.fromkeys(hostile, LOG)))
    before = sorted(tmp_path.rglob("*"))
    with opened(path) as drop:
        assert names(drop) == [
            "a.data.zip → ..[\\]y",
            "a.data.zip → C:z",
            "a.data.zip → [..]/up",
            "a.data.zip → [/]root",
            "a.data.zip → a/[..]/[..]/b",
            "a.data.zip → c:[\\]x",
        ]
        assert codes(drop) == {"BAD_NAME"}
        assert set(contents(drop).values()) == {LOG}
        made = {p.relative_to(private).parts[1:] for p in private.rglob("*") if p.is_file()}
        assert made == {(str(n),) for n in range(len(hostile))}
    assert sorted(tmp_path.rglob("*")) == before


def duplicated(pack: str) -> bytes:
    if pack == "zip":
        return zipped({"a": b"one", "b": b"two"}).replace(b"b", b"a")
    return tarred({"a": b"one", "./a": b"two"})


@pytest.mark.parametrize("pack", ["zip", "tar"])
def test_members_that_share_a_name_are_both_kept_from_green(tmp_path: Path, pack: str) -> None:
    path = placed(tmp_path, f"x.{pack}", duplicated(pack))
    with opened(path) as drop:
        assert contents(drop) == {f"x.{pack} → a": b"one", f"x.{pack} → a (entry 2)": b"two"}
        assert set(kept_from_green(drop).values()) == {"DUPLICATE_MEMBER"}
        assert len(kept_from_green(drop)) == 2


def test_name_given_to_a_duplicate_can_be_taken(tmp_path: Path) -> None:
    data = tarred({"a": b"1", "a (entry 2)": b"2", "./a": b"3", ".//a": b"4"})
    with opened(placed(tmp_path, "x.tar", data)) as drop:
        assert sorted(contents(drop).values()) == [b"1", b"2", b"3", b"4"]
        assert len(set(names(drop))) == 4


def test_names_that_some_systems_take_for_one_are_told(tmp_path: Path) -> None:
    data = tarred({"Log": LOG, "log": LOG, "e\u0301": b"", "\u00c9": b""})
    with opened(placed(tmp_path, "x.tar", data)) as drop:
        told = [p.message for p in drop.problems if p.code == "NAME_COLLISION"]
        assert told == [
            "x.tar → log has a name that some systems take for Log.",
            "x.tar → \u00c9 has a name that some systems take for e\u0301.",
        ]
        assert kept_from_green(drop) == {}


@pytest.mark.parametrize("pack", [lambda d: zipped({"zeros": d}), gzipped], ids=["zip", "gz"])
def test_bomb_is_left_out_and_fills_nothing(
    tmp_path: Path, private: Path, pack: Callable[[bytes], bytes]
) -> None:
    name = "bomb.zip" if pack is not gzipped else "zeros.gz"
    with opened(placed(tmp_path, name, pack(bytes(40 * MIB)))) as drop:
        assert kept_from_green(drop) == {f"{name} → zeros": "LIMIT_EXCEEDED"}
        assert sum(p.stat().st_size for p in private.rglob("*") if p.is_file()) == 0
        with pytest.raises(SourceError) as caught:
            read_whole(only(drop))
        assert caught.value.code == "LIMIT_EXCEEDED"


def test_what_lies_beside_a_bomb_is_read(tmp_path: Path) -> None:
    members = {"0": LOG, "bomb": bytes(40 * MIB), "log.jsonl": LOG, "noise": os.urandom(MIB)}
    with opened(placed(tmp_path, "x.zip", zipped(members))) as drop:
        assert kept_from_green(drop) == {"x.zip → bomb": "LIMIT_EXCEEDED"}
        assert contents(drop)["x.zip → log.jsonl"] == LOG


def test_many_small_bombs_are_one_bomb(tmp_path: Path) -> None:
    members = {str(n): bytes(MIB) for n in range(50)}
    with opened(placed(tmp_path, "x.zip", zipped(members))) as drop:
        assert 1 < len(contents(drop)) < 20
        assert set(kept_from_green(drop).values()) == {"LIMIT_EXCEEDED"}
        assert len(drop.files) == 50


def test_bomb_in_an_archive_counts_for_the_archive_around(tmp_path: Path) -> None:
    inner = {f"{n}.zip": zipped({"zeros": bytes(4 * MIB)}) for n in range(40)}
    limits = Limits(ratio=1200, ratio_slack=0)
    with opened(placed(tmp_path, "x.zip", zipped(inner)), limits=limits) as drop:
        assert "LIMIT_EXCEEDED" in set(kept_from_green(drop).values())


def test_members_that_share_their_bytes_are_bounded_too(tmp_path: Path) -> None:
    """Many directory entries that point at one member (D. Fifield, 2019)."""
    data = zipped({"a": os.urandom(100_000)}, method=0)
    start, end = data.index(b"PK\1\2"), data.rindex(b"PK\5\6")
    entries = data[start:end] * 1000
    record = bytearray(data[end:])
    record[8:12] = (1000).to_bytes(2, "little") * 2
    record[12:16] = len(entries).to_bytes(4, "little")
    with opened(
        placed(tmp_path, "x.zip", data[:start] + entries + record), limits=Limits(ratio=10)
    ) as drop:
        assert len(drop.files) == 1000
        assert None not in {file.problem for file in drop.files}
        assert sum(file.size for file in drop.files) < 4 * MIB


def test_archives_in_archives_are_opened_to_a_depth(tmp_path: Path) -> None:
    two = zipped({"log.gz": gzipped(LOG)})
    with opened(placed(tmp_path, "x.zip", two)) as drop:
        assert contents(drop) == {"x.zip → log.gz!/log": LOG}
    with opened(placed(tmp_path, "x.zip", zipped({"two.zip": two, "a": b"a"}))) as drop:
        assert kept_from_green(drop) == {"x.zip → two.zip!/log.gz!/(the rest)": "LIMIT_EXCEEDED"}
        assert "lies in 2 archives and is not opened" in drop.problems[0].message
        assert contents(drop)["x.zip → a"] == b"a"


def test_archive_that_holds_itself_ends(tmp_path: Path) -> None:
    data = zipped({"a": b"a"})
    for _ in range(30):
        data = zipped({"x.zip": data})
    with opened(placed(tmp_path, "x.zip", data)) as drop:
        assert set(kept_from_green(drop).values()) == {"LIMIT_EXCEEDED"}


def test_a_zip_of_more_members_than_are_taken_says_so_before_any_is(tmp_path: Path) -> None:
    path = placed(tmp_path, "x.zip", zipped({str(n): b"" for n in range(10)}))
    with opened(path, limits=Limits(members=10)) as drop:
        assert kept_from_green(drop) == {"x.zip → (the rest)": "LIMIT_EXCEEDED"}
        assert len(drop.files) == 1
        assert "lists 10 members, and 9 can be taken: none was" in drop.problems[0].message
    with opened(path, limits=Limits(members=11)) as drop:
        assert len(drop.files) == 10
        assert not kept_from_green(drop)


def test_members_without_content_are_told_as_progress(tmp_path: Path) -> None:
    told: list[str] = []

    class Watching(Silent):
        def advance(self, done: int, total: int | None, what: str) -> None:
            told.append(what)

    path = placed(tmp_path, "x.zip", zipped({str(n): b"" for n in range(10)}))
    with open_drop([path], cancel=Cancel(), progress=Watching()):
        assert {str(n) for n in range(10)} <= set(told)


def test_number_of_members_is_bounded_and_the_rest_is_not_forgotten(tmp_path: Path) -> None:
    path = placed(tmp_path, "x.tar", tarred({str(n): b"" for n in range(10)}))
    with opened(path, limits=Limits(members=5)) as drop:
        assert kept_from_green(drop) == {"x.tar → (the rest)": "LIMIT_EXCEEDED"}
        assert len(drop.files) == 5
        assert "there are more than 5 files" in drop.problems[0].message


def test_disk_is_never_more_than_half_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = 100

    monkeypatch.setattr(spool.shutil, "disk_usage", lambda _: Usage)
    path = placed(tmp_path, "x.zip", zipped({"small": b"x" * 40, "big": b"x" * 60, "z": b"x" * 9}))
    with opened(path) as drop:
        assert kept_from_green(drop) == {"x.zip → big": "LIMIT_EXCEEDED"}
        assert drop.problems[0].message == (
            "x.zip → big was left out: it would fill more than 50 % of the free disk."
        )
        assert len(contents(drop)) == 2


def test_disk_that_is_full_is_a_problem_of_the_member(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    path = placed(tmp_path, "x.zip", zipped({"a": b"a"}))
    monkeypatch.setattr(spool.os, "write", full)
    with opened(path) as drop:
        assert kept_from_green(drop) == {"x.zip → a": "LIMIT_EXCEEDED"}
        assert "No space left on device" in drop.problems[0].message


def test_private_folder_is_private_and_gone_afterwards(tmp_path: Path, private: Path) -> None:
    with opened(placed(tmp_path, "log.gz", gzipped(LOG))) as drop:
        (folder,) = private.iterdir()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert [stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()] == [0o600]
        assert str(folder) == only(drop).root
    assert not list(private.iterdir())


def test_private_folder_is_made_only_for_archives(tmp_path: Path, private: Path) -> None:
    with opened(placed(tmp_path, "log.jsonl", LOG)):
        assert not list(private.iterdir())


def test_private_folder_is_gone_after_an_error(tmp_path: Path, private: Path) -> None:
    path = placed(tmp_path, "log.gz", gzipped(LOG))
    with pytest.raises(ZeroDivisionError), opened(path):
        raise ZeroDivisionError
    assert not list(private.iterdir())
    with pytest.raises(SourceError), opened(path, tmp_path / "missing"):
        pass
    assert not list(private.iterdir())


def test_private_folder_is_gone_after_a_wish_to_stop(tmp_path: Path, private: Path) -> None:
    class StopsSoon:
        def advance(self, done: int, total: int | None, what: str) -> None:
            if done > MIB:
                assert list(private.iterdir())
                cancel.set()

    cancel = Cancel()
    path = placed(tmp_path, "log.gz", gzipped(os.urandom(4 * MIB)))
    with pytest.raises(Cancelled), open_drop([path], cancel=cancel, progress=StopsSoon()):
        pass
    assert not list(private.iterdir())


def test_compressed_tar_takes_its_room_only_once(tmp_path: Path, private: Path) -> None:
    path = placed(tmp_path, "x.tgz", gzipped(tarred({"a": os.urandom(MIB)})))
    with opened(path):
        sizes = [p.stat().st_size for p in private.rglob("*") if p.is_file()]
        assert sizes == [MIB]


def test_archive_is_not_changed_by_opening(tmp_path: Path) -> None:
    path = placed(tmp_path, "x.zip", zipped({"a": LOG}))
    os.utime(path, ns=(10**18, 10**18))
    before = path.stat().st_mtime_ns, path.read_bytes()
    with opened(path) as drop:
        contents(drop)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_archive_that_changes_while_it_is_opened_is_never_green(tmp_path: Path) -> None:
    class Changes:
        def advance(self, done: int, total: int | None, what: str) -> None:
            os.utime(path, ns=(done, done))

    path = placed(tmp_path, "x.zip", zipped({"a": LOG}))
    with open_drop([path], cancel=Cancel(), progress=Changes()) as drop:
        assert kept_from_green(drop) == {"x.zip → (the rest)": "EVIDENCE_CHANGED"}


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    class Told:
        def __init__(self) -> None:
            self.done: list[int] = []

        def advance(self, done: int, total: int | None, what: str) -> None:
            self.done.append(done)

    told = Told()
    members = {"a": os.urandom(MIB), "b": b"x"}
    path = placed(tmp_path, "x.tar", tarred(members, form=tarfile.USTAR_FORMAT))
    with open_drop([path], cancel=Cancel(), progress=told):
        assert told.done == sorted(told.done)
        assert told.done[-1] == MIB + 1
