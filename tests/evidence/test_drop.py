"""What the auditor names becomes one sorted list, under names that do not depend on the place."""

import os
from pathlib import Path

import pytest
from drops import LOG, gzipped, names, only, opened, placed, zipped

from workbench.errors import SourceError
from workbench.evidence.file import read_whole


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Return a folder with two cases that have files of the same names."""
    for case in ("a/case", "b/case"):
        placed(tmp_path, f"{case}/log.jsonl", LOG)
        placed(tmp_path, f"{case}/keys/key.pem", b"key")
    return tmp_path


def test_file_is_called_by_its_name(disk: Path) -> None:
    with opened(disk / "a/case/log.jsonl") as drop:
        assert names(drop) == ["log.jsonl"]
        assert read_whole(only(drop)) == LOG


def test_folder_gives_its_name_to_what_is_in_it(disk: Path) -> None:
    with opened(disk / "a/case") as drop:
        assert names(drop) == ["case/keys/key.pem", "case/log.jsonl"]


def test_working_folder_has_its_real_name(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(disk / "a/case")
    with opened(Path()) as here, opened(Path("keys/..")) as round_about:
        assert names(here) == names(round_about) == ["case/keys/key.pem", "case/log.jsonl"]


def test_same_names_are_parted_by_the_folder_above(disk: Path) -> None:
    with opened(disk / "a/case", disk / "b/case", placed(disk, "c/other", b"")) as drop:
        assert names(drop) == [
            "a/case/keys/key.pem",
            "a/case/log.jsonl",
            "b/case/keys/key.pem",
            "b/case/log.jsonl",
            "other",
        ]


def test_same_names_are_parted_by_as_many_folders_as_it_takes(tmp_path: Path) -> None:
    paths = [placed(tmp_path, f"{top}/same/log.jsonl", LOG) for top in ("x", "y")]
    with opened(*paths) as drop:
        assert names(drop) == ["x/same/log.jsonl", "y/same/log.jsonl"]


def test_what_is_named_twice_is_listed_once(disk: Path) -> None:
    case = disk / "a/case"
    with opened(case / "log.jsonl", case, case / "keys", disk / "a" / ".." / "a" / "case") as drop:
        assert names(drop) == ["case/keys/key.pem", "case/log.jsonl"]


def test_order_of_the_arguments_does_not_matter(disk: Path) -> None:
    with (
        opened(disk / "a/case", disk / "b/case") as one,
        opened(disk / "b/case", disk / "a/case") as other,
    ):
        assert one == other


def test_link_that_the_auditor_names_is_followed(disk: Path) -> None:
    (disk / "latest").symlink_to("a/case/log.jsonl")
    with opened(disk / "latest") as drop:
        assert names(drop) == ["log.jsonl"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing", "No such file or directory"),
        ("dangling", "No such file or directory"),
        ("circle", "[Ll]oop|levels of symbolic links"),
        ("nul\0", "null"),
        ("pipe", "is neither a file nor a folder"),
        ("a/case/log.jsonl/x", "Not a directory"),
    ],
)
def test_path_that_cannot_be_opened_is_a_sentence(disk: Path, name: str, why: str) -> None:
    os.mkfifo(disk / "pipe")
    (disk / "circle").symlink_to("circle")
    (disk / "dangling").symlink_to("missing")
    with pytest.raises(SourceError, match=why) as caught, opened(disk / name):
        pass
    assert caught.value.path == str(disk / name)
    assert caught.value.message.count("\n") == 0


def test_file_in_a_folder_that_may_not_be_listed_opens(disk: Path) -> None:
    folder = disk / "a/case"
    folder.chmod(0o111)
    try:
        with opened(folder / "log.jsonl") as drop:
            assert read_whole(only(drop)) == LOG
    finally:
        folder.chmod(0o755)


def test_members_stand_beside_files_and_archives_apart(tmp_path: Path) -> None:
    placed(tmp_path, "case/logs.zip", zipped({"b.jsonl": LOG, "a.jsonl.gz": gzipped(LOG)}))
    placed(tmp_path, "case/x.txt", b"x")
    with opened(tmp_path / "case") as drop:
        assert names(drop) == [
            "case/logs.zip → a.jsonl.gz!/a.jsonl",
            "case/logs.zip → b.jsonl",
            "case/x.txt",
        ]
        assert [file.display for file in drop.containers] == [
            "case/logs.zip",
            "case/logs.zip → a.jsonl.gz",
        ]
        assert [read_whole(file) for file in drop.files] == [LOG, LOG, b"x"]


def test_nothing_named_is_nothing_found() -> None:
    with opened() as drop:
        assert drop.files == ()


def test_folder_as_it_was_delivered_has_its_archives_whole(tmp_path: Path) -> None:
    inner = zipped({"log.gz": gzipped(LOG), "a": b"a"})
    placed(tmp_path, "case/model/vocab.json.gz", gzipped(b"{}"))
    placed(tmp_path, "case/model/inner.zip", inner)
    placed(tmp_path, "case/model/weights", b"w")
    placed(tmp_path, "case/case.zip", zipped({"model/inner.zip": inner, "model/b": b"b"}))
    with opened(tmp_path / "case") as drop:
        assert [file.display for file in drop.delivered_below("case/model/")] == [
            "case/model/inner.zip",
            "case/model/vocab.json.gz",
            "case/model/weights",
        ]
        assert [file.display for file in drop.delivered_below("case/case.zip/model/")] == [
            "case/case.zip → model/b",
            "case/case.zip → model/inner.zip",
        ]
        assert len(drop.delivered_below("")) == 4
        assert read_whole(drop.delivered_below("case/model/")[0]) == inner
