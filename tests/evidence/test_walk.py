"""A folder is listed as it lies there, and nothing in it is followed, waited for or lost."""

import os
import unicodedata
from pathlib import Path

import pytest
from drops import LOG, codes, kept_from_green, names, opened, placed

from workbench.errors import Cancelled, SourceError
from workbench.evidence import handles, walk
from workbench.evidence.file import read_whole
from workbench.evidence.handles import Folder
from workbench.evidence.limits import Limits
from workbench.evidence.links import Link, LinkEnd
from workbench.evidence.names import raw_path
from workbench.model.progress import Cancel

LINKS = {
    "beside": ("log.jsonl", LinkEnd.FILE, "case/log.jsonl"),
    "sub/up": ("../log.jsonl", LinkEnd.FILE, "case/log.jsonl"),
    "folder": ("sub", LinkEnd.FOLDER, "case/sub"),
    "through": ("folder/up", LinkEnd.FILE, "case/log.jsonl"),
    "round": ("../case/sub/deep/..", LinkEnd.FOLDER, "case/sub"),
    "top": (".", LinkEnd.FOLDER, "case"),
    "out": ("../secret", LinkEnd.OUTSIDE, ""),
    "out by a link": ("out", LinkEnd.OUTSIDE, ""),
    "absolute": ("/etc/passwd", LinkEnd.OUTSIDE, ""),
    "nowhere": ("gone", LinkEnd.NOTHING, ""),
    "nowhere outside": ("../gone", LinkEnd.OUTSIDE, ""),
    "circle": ("circle", LinkEnd.NOTHING, ""),
}


@pytest.fixture(params=["by handle", "by path"])
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder to fill, listed by folder handles and, as on Windows, by path."""
    if request.param == "by path":
        monkeypatch.setattr(handles, "RELATIVE", False)
    placed(tmp_path, "secret", b"not evidence")
    placed(tmp_path, "case/log.jsonl", LOG)
    placed(tmp_path, "case/sub/deep/a", b"a")
    return tmp_path / "case"


def test_every_plain_file_is_listed_once_by_path(case: Path) -> None:
    with opened(case) as drop:
        assert names(drop) == ["case/log.jsonl", "case/sub/deep/a"]
        assert [read_whole(file) for file in drop.files] == [LOG, b"a"]
        assert not drop.problems
        assert not drop.links


def test_links_are_listed_with_where_they_lead_and_not_followed(case: Path) -> None:
    for name, (target, _, _) in LINKS.items():
        (case / name).symlink_to(target)
    with opened(case) as drop:
        assert names(drop) == ["case/log.jsonl", "case/sub/deep/a"]
        found = {link.path: (link.target, link.leads, link.end) for link in drop.links}
        assert found == {f"case/{name}": expected for name, expected in LINKS.items()}
        told = {p.locator.path.removeprefix("case/"): p.code for p in drop.problems}
        codes_by_end = {LinkEnd.OUTSIDE: "LINK_OUTSIDE", LinkEnd.NOTHING: "LINK_DANGLING"}
        lost = {name: end for name, (_, end, _) in LINKS.items() if end in codes_by_end}
        assert told == {name: codes_by_end[end] for name, end in lost.items()}


def test_absolute_link_leads_out_wherever_the_drop_lies(case: Path) -> None:
    (case / "link").symlink_to(case / "log.jsonl")
    with opened(case) as drop:
        assert [link.leads for link in drop.links] == [LinkEnd.OUTSIDE]


def test_link_to_another_argument_leads_into_the_drop(case: Path) -> None:
    placed(case.parent, "other/deep/log.jsonl", LOG)
    (case / "link").symlink_to("../other/deep")
    (case / "file").symlink_to("../secret")
    with opened(case, case.parent / "other", case.parent / "secret") as drop:
        assert drop.links == (
            Link("case/file", None, "../secret", LinkEnd.FILE, "secret"),
            Link("case/link", None, "../other/deep", LinkEnd.FOLDER, "other/deep"),
        )


def test_where_links_lead_is_not_asked_of_the_system(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case / "out").symlink_to("../secret")
    (case / "in").symlink_to("log.jsonl")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a link was followed")

    with opened(case) as drop:
        before = drop.links
    monkeypatch.setattr(Path, "exists", refuse)
    monkeypatch.setattr(Path, "is_dir", refuse)
    (case.parent / "secret").unlink()
    with opened(case) as drop:
        assert drop.links == before


def test_pipe_does_not_hang_and_is_not_lost(case: Path) -> None:
    os.mkfifo(case / "pipe")
    with opened(case) as drop:
        assert kept_from_green(drop) == {"case/pipe": "NOT_A_PLAIN_FILE"}
        assert [p.message for p in drop.problems] == ["case/pipe is not a plain file."]
        with pytest.raises(SourceError):
            read_whole(drop.files[1])


def test_file_that_cannot_be_opened_is_not_lost(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Folder, name: str) -> int:
        if name == "a":
            raise PermissionError(13, "Permission denied", name)
        return real(folder, name)

    real = Folder.open
    monkeypatch.setattr(Folder, "open", refuse)
    with opened(case) as drop:
        assert kept_from_green(drop) == {"case/sub/deep/a": "UNREADABLE"}
        (problem,) = drop.problems
        assert problem.message == "case/sub/deep/a cannot be read: Permission denied."
        assert str(problem.locator) == "case/sub/deep/a"


def test_folder_that_cannot_be_listed_is_not_lost(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = walk.opened_folder

    def refuse(root: Path, parts: tuple[str, ...], **more: bool) -> object:
        if parts == ("sub",):
            raise PermissionError(13, "Permission denied", "sub")
        return real(root, parts, **more)

    monkeypatch.setattr(walk, "opened_folder", refuse)
    with opened(case) as drop:
        assert names(drop) == ["case/log.jsonl", "case/sub"]
        assert kept_from_green(drop) == {"case/sub": "UNREADABLE"}


def test_folder_swapped_for_a_link_is_not_entered(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(case.parent, "elsewhere/secret", b"not evidence")
    real = walk.opened_folder

    def swap(root: Path, parts: tuple[str, ...], **more: bool) -> object:
        if parts == ("sub",) and not (case / "sub").is_symlink():
            (case / "sub").rename(case.parent / "moved")
            (case / "sub").symlink_to(case.parent / "elsewhere")
        return real(root, parts, **more)

    monkeypatch.setattr(walk, "opened_folder", swap)
    with opened(case) as drop:
        assert kept_from_green(drop) == {"case/sub": "UNREADABLE"}


@pytest.mark.parametrize("name", ["new\nline", "\u202egpj.exe", "a:b", "back\\slash", " "])
def test_odd_names_are_names(case: Path, name: str) -> None:
    placed(case, name, b"odd")
    with opened(case) as drop:
        assert f"case/{name}" in names(drop)
        assert all(read_whole(file) for file in drop.files)
        assert not drop.problems


def test_names_are_not_normalised(case: Path) -> None:
    both = [unicodedata.normalize(form, "é") for form in ("NFC", "NFD")]
    for name in both:
        placed(case, name, b"x")
    with opened(case) as drop:
        assert {f"case/{name}" for name in both} <= set(names(drop))


def test_name_that_is_not_utf8_is_shown_and_told(case: Path) -> None:
    (case / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"odd")
    with opened(case) as drop:
        assert names(drop)[0] == r"case/caf\xe9.txt"
        assert read_whole(drop.files[0]) == b"odd"
        assert codes(drop) == {"BAD_NAME"}


def test_names_that_are_not_utf8_never_look_the_same(case: Path) -> None:
    odd = [b"caf\xe9", b"caf\xe8", rb"caf\xe9", rb"caf\\xe9", b"caf[U+DCE9]"]
    for name in odd:
        (case / os.fsdecode(name)).write_bytes(name)
    with opened(case) as drop:
        found = {file.path: read_whole(file) for file in drop.files if "caf" in file.name}
        assert len(found) == len(odd)
        raw = {os.fsencode(raw_path(path)).removeprefix(b"case/") for path in found}
        assert raw == set(odd) == set(found.values())


def test_depth_is_bounded(case: Path) -> None:
    placed(case, "1/2/3/4/file", b"x")
    with opened(case, limits=Limits(folders=3)) as drop:
        assert kept_from_green(drop) == {"case/1/2/3/4": "LIMIT_EXCEEDED"}
        assert "lies too deep" in drop.problems[0].message


def test_number_of_files_is_bounded_and_the_rest_is_not_forgotten(case: Path) -> None:
    for n in range(10):
        placed(case, f"{n}", b"x")
    with opened(case, limits=Limits(members=5)) as drop:
        assert len(drop.files) == 6
        assert kept_from_green(drop) == {"case/(the rest)": "LIMIT_EXCEEDED"}
        assert drop.problems[0].message == (
            "case/(the rest) was not looked at: there are more than 5 files."
        )


def test_huge_file_is_listed_at_once(case: Path) -> None:
    with (case / "huge").open("wb") as stream:
        stream.truncate(2 << 30)
    with opened(case) as drop:
        assert {file.name: file.size for file in drop.files}["huge"] == 2 << 30


def test_listing_stops_for_a_wish(case: Path) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(Cancelled), opened(case, cancel=cancel):
        pass


def test_evidence_is_not_changed_by_looking(case: Path) -> None:
    before = {p: (p.lstat().st_mtime_ns, p.read_bytes()) for p in case.rglob("*") if p.is_file()}
    with opened(case) as drop:
        for file in drop.files:
            read_whole(file)
    after = {p: (p.lstat().st_mtime_ns, p.read_bytes()) for p in case.rglob("*") if p.is_file()}
    assert after == before
