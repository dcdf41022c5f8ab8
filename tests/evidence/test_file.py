"""A file is opened as it was at intake, or not at all."""

import gc
import hashlib
import os
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from drops import LOG, only, opened, placed

from workbench.errors import Cancelled, LimitError, SourceError
from workbench.evidence import file as file_module
from workbench.evidence import handles
from workbench.evidence.file import (
    EvidenceFile,
    blocks,
    read_range,
    read_whole,
    sha256_of,
    single,
)
from workbench.model.progress import Cancel


@pytest.fixture(params=["by handle", "by path"])
def log(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EvidenceFile]:
    """Return a log, opened by folder handles and, as on Windows, by path."""
    if request.param == "by path":
        monkeypatch.setattr(handles, "RELATIVE", False)
    placed(tmp_path, "case/logs/log.jsonl", LOG)
    with opened(tmp_path / "case") as drop:
        yield only(drop)


def real_path(file: EvidenceFile) -> Path:
    return Path(file.root, *file.parts)


def refusal(file: EvidenceFile) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_whole(file)
    return caught.value


def test_bytes_come_out_as_they_lie_there(log: EvidenceFile) -> None:
    assert read_whole(log) == LOG
    assert b"".join(blocks(log, cancel=Cancel(), size=3)) == LOG
    assert read_range(log, 9, 4) == LOG[9:13]
    assert read_range(log, 9, 10_000) == LOG[9:]
    assert sha256_of(log, cancel=Cancel()) == hashlib.sha256(LOG).hexdigest()


def test_reference_survives_the_way_to_another_process(log: EvidenceFile) -> None:
    assert read_whole(pickle.loads(pickle.dumps(log))) == LOG


@pytest.mark.parametrize("change", ["appended", "replaced", "touched", "shortened"])
def test_file_that_changed_since_intake_is_not_read(log: EvidenceFile, change: str) -> None:
    path = real_path(log)
    match change:
        case "appended":
            path.write_bytes(LOG + b"{}\n")
        case "replaced":
            placed(path.parent, "other", LOG)
            (path.parent / "other").replace(path)
        case "touched":
            os.utime(path, ns=(0, 0))
        case "shortened":
            path.write_bytes(LOG[:-1])
    error = refusal(log)
    assert (error.code, error.path) == ("EVIDENCE_CHANGED", "case/logs/log.jsonl")
    assert error.message == "case/logs/log.jsonl changed while it was read."


def test_file_that_changes_while_it_is_read_is_noticed(log: EvidenceFile) -> None:
    reading = blocks(log, cancel=Cancel(), size=4)
    next(reading)
    with real_path(log).open("ab") as stream:
        stream.write(b"{}\n")
    with pytest.raises(SourceError, match="changed while it was read"):
        list(reading)


def test_link_put_in_the_place_of_a_file_is_not_followed(log: EvidenceFile, tmp_path: Path) -> None:
    path = real_path(log)
    path.unlink()
    path.symlink_to(placed(tmp_path, "secret", LOG))
    assert refusal(log).code == "UNREADABLE"


def test_link_put_in_the_place_of_a_folder_is_not_followed(
    log: EvidenceFile, tmp_path: Path
) -> None:
    folder = real_path(log).parent
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert refusal(log).code == "UNREADABLE"


def test_pipe_put_in_the_place_of_a_file_does_not_hang(log: EvidenceFile) -> None:
    path = real_path(log)
    path.unlink()
    os.mkfifo(path)
    assert "is not a plain file" in refusal(log).message


@pytest.mark.parametrize("gone", ["logs/log.jsonl", "logs"])
def test_what_is_gone_is_a_sentence(log: EvidenceFile, tmp_path: Path, gone: str) -> None:
    (Path(log.root) / gone).rename(tmp_path / "moved")
    assert refusal(log).message == "case/logs/log.jsonl cannot be read: No such file or directory."


def test_medium_that_fails_is_a_sentence(
    log: EvidenceFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_module, "open_below", lambda *_: os.open(real_path(log), os.O_WRONLY))
    assert refusal(log).message == "case/logs/log.jsonl cannot be read: Bad file descriptor."
    with log.open() as stream, pytest.raises(SourceError, match="cannot be read"):
        stream.readinto(bytearray(4))


def test_file_without_bytes_says_why(log: EvidenceFile) -> None:
    lost = replace(log, member="x", parts=(), problem="LIMIT_EXCEEDED")
    error = refusal(lost)
    assert (error.code, error.place) == ("LIMIT_EXCEEDED", "x")


def test_large_file_is_not_read_whole(log: EvidenceFile) -> None:
    with pytest.raises(LimitError, match="18 bytes; at most 17 are read whole"):
        read_whole(log, limit=17)
    assert read_whole(log, limit=18) == LOG


def test_reading_stops_for_a_wish(log: EvidenceFile) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled):
        sha256_of(log, cancel=cancel)


def test_no_handle_is_left_open(log: EvidenceFile) -> None:
    gc.collect()  # what other tests left is not counted
    before = len(list(Path("/proc/self/fd").iterdir()))
    read_whole(log)
    next(blocks(log, cancel=Cancel(), size=1)).hex()
    real_path(log).unlink()
    refusal(log)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_file_outside_a_drop_is_opened_the_same_way(tmp_path: Path) -> None:
    path = placed(tmp_path, "key.pem", b"key")
    file = single(path)
    assert (file.path, read_whole(file)) == ("key.pem", b"key")
    path.write_bytes(b"other")
    assert refusal(file).code == "EVIDENCE_CHANGED"


@pytest.mark.parametrize("name", ["missing", ".", "pipe", "nul\0"])
def test_no_file_outside_a_drop_is_a_sentence(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match=r"cannot be read: .*\.$"):
        single(tmp_path / name)
