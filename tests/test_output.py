"""What we write is written whole or not at all, and never over a thing that is no ordinary file."""

import os
import resource
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import CHECKOUT, require_one_sentence, workbench

from workbench import output
from workbench.errors import UsageError, WorkbenchError
from workbench.output import require_writable, together, whole_file, write_together, write_whole

SAMPLE = CHECKOUT / "resources" / "sample"
MODEL = SAMPLE / "evidence" / "models" / "credit-scoring-v9-candidate"


def pipe(path: Path) -> None:
    os.mkfifo(path)


def socket_file(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def folder(path: Path) -> None:
    path.mkdir()


def link_to(make: Callable[[Path], None]) -> Callable[[Path], None]:
    def made(path: Path) -> None:
        make(path.with_name("target"))
        path.symlink_to("target")

    return made


def link_to_a_file(path: Path) -> None:
    path.with_name("target").write_bytes(b"precious")
    path.symlink_to("target")


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nowhere")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


#: What stands at the place of the output, and what the sentence calls it.
ODD = {
    "pipe": (pipe, "a pipe"),
    "socket": (socket_file, "a socket"),
    "folder": (folder, "a folder"),
    "link to a pipe": (link_to(pipe), "a symbolic link"),
    "link to a folder": (link_to(folder), "a symbolic link"),
    "link to a file": (link_to_a_file, "a symbolic link"),
    "link to nothing": (link_to_nothing, "a symbolic link"),
    "link to itself": (link_to_itself, "a symbolic link"),
}


def kinds_below(place: Path) -> dict[str, int]:
    return {p.name: stat.S_IFMT(p.lstat().st_mode) for p in place.rglob("*")}


@pytest.mark.parametrize("odd", ODD)
def test_force_replaces_ordinary_files_only(tmp_path: Path, odd: str) -> None:
    make, called = ODD[odd]
    make(tmp_path / "out")
    before = kinds_below(tmp_path)
    with pytest.raises(UsageError, match=called):
        require_writable(tmp_path / "out", force=True)
    with pytest.raises(UsageError, match=called):
        write_whole(tmp_path / "out", b"new")
    assert kinds_below(tmp_path) == before


@pytest.mark.parametrize("kind", [stat.S_IFCHR, stat.S_IFBLK])
def test_force_never_replaces_a_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: int
) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"the device")
    real = Path.lstat

    def pretended(self: Path) -> os.stat_result:
        status = real(self)
        return os.stat_result((kind | 0o666, *status[1:])) if self == path else status

    monkeypatch.setattr(Path, "lstat", pretended)
    with pytest.raises(UsageError, match="a device"):
        require_writable(path, force=True)
    with pytest.raises(UsageError, match="a device"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"the device"


def demo(out: Path) -> tuple[str | Path, ...]:
    return ("demo", out, "--events", "20")


def report(out: Path) -> tuple[str | Path, ...]:
    return ("report", MODEL, "-o", out, "--force")


def sample(out: Path) -> tuple[str | Path, ...]:
    return ("sample", "--out", out.parent)


def head(out: Path) -> tuple[str | Path, ...]:
    log, key = out.parent / "log.jsonl", out.parent / "key.pem"
    log.write_bytes(
        (CHECKOUT / "resources/selftest/chain/certmate-intact/drop/log.jsonl").read_bytes()
    )
    command = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return ("head", log, "--key", key, "--origin", "example.com/log", "-o", out)


@pytest.mark.parametrize(
    ("command", "name"),
    [(report, "r.pdf"), (head, "h.head"), (demo, "d"), (sample, "sample-report.pdf"),
     (sample, "report-root.pem")],
)  # fmt: skip
@pytest.mark.parametrize("make", [pipe, socket_file], ids=["pipe", "socket"])
def test_no_command_replaces_what_is_no_ordinary_file(
    tmp_path: Path, command: Callable[[Path], tuple[str | Path, ...]], name: str, make
) -> None:
    make(tmp_path / name)
    before = stat.S_IFMT((tmp_path / name).lstat().st_mode)
    require_one_sentence(workbench(*command(tmp_path / name)), name)
    assert stat.S_IFMT((tmp_path / name).lstat().st_mode) == before


def test_a_file_is_written_whole_with_the_rights_that_the_user_gives_files(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write_whole(tmp_path / "out", b"new")
    finally:
        os.umask(old)
    assert (tmp_path / "out").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_the_longest_name_that_a_folder_takes_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 251 + ".pdf")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_what_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    (tmp_path / "out").write_bytes(b"old")
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(WorkbenchError, match="File too large"):
            write_whole(tmp_path / "out", bytes(101), replace=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("command", "name"), [(report, "r.pdf"), (demo, "d"), (sample, "sample-report.pdf")]
)
def test_a_disk_that_fills_up_is_one_sentence_and_nothing_is_left(
    tmp_path: Path, command: Callable[[Path], tuple[str | Path, ...]], name: str
) -> None:
    """A limit on the size of files stands in for the full disk: the same system call fails."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
        "from workbench.__main__ import main; main()"
    )
    out = tmp_path / "out" / name
    out.parent.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, command(out))],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    require_one_sentence(done, name)
    left = {p.name for p in out.parent.iterdir()}
    assert left <= ({"report-root.pem"} if command is sample else set())


def no_links(*_arguments: object, **_more: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_that_appears_while_another_is_written_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(output.os, "link", no_links)
    path = tmp_path / "out"

    def write() -> None:
        with whole_file(path) as temporary:
            temporary.write_bytes(b"new")
            path.write_bytes(b"somebody else's")

    with pytest.raises(UsageError, match="exists already and was not replaced"):
        write()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"out": b"somebody else's"}


def test_nothing_is_replaced_unless_that_is_asked(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"old")
    with pytest.raises(UsageError, match="exists already"):
        write_whole(tmp_path / "out", b"new")
    assert (tmp_path / "out").read_bytes() == b"old"
    write_whole(tmp_path / "out", b"new", replace=True)
    assert (tmp_path / "out").read_bytes() == b"new"


def test_where_there_are_no_hard_links_a_file_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output.os, "link", no_links)
    write_whole(tmp_path / "out", b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"out": b"new"}


def test_a_name_that_was_claimed_is_given_back_where_it_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output.os, "link", no_links)
    monkeypatch.setattr(Path, "replace", no_links)
    with pytest.raises(WorkbenchError, match="not permitted"):
        write_whole(tmp_path / "out", b"new")
    assert list(tmp_path.iterdir()) == []


def test_files_that_belong_together_are_all_there_or_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "query").write_bytes(b"old")
    (tmp_path / "report").mkdir()
    files = {tmp_path / "report": b"new", tmp_path / "query": b"new"}
    with pytest.raises(UsageError, match=r"is a folder.*; nothing was written"):
        write_together(files, replace=True)
    assert (tmp_path / "query").read_bytes() == b"old"
    assert {p.name for p in tmp_path.iterdir()} == {"report", "query"}
    (tmp_path / "report").rmdir()
    write_together(files, replace=True)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == dict.fromkeys(
        ("report", "query"), b"new"
    )


def test_what_cannot_be_taken_back_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = output.os.link

    def link(file: Path, name: Path) -> None:
        if name.name == "report":
            monkeypatch.setattr(Path, "unlink", no_links)
            name.touch()
        real(file, name)

    monkeypatch.setattr(output.os, "link", link)
    with pytest.raises(UsageError, match=r"could not be taken back: .*query") as said:
        write_together({tmp_path / "report": b"new", tmp_path / "query": b"new"})
    assert "nothing was written" not in str(said.value)


def test_what_somebody_put_in_place_of_a_file_is_not_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "query"

    def write() -> None:
        with together() as put:
            put({path: b"new"})
            path.unlink()
            path.write_bytes(b"somebody else's")
            raise WorkbenchError("The rest failed.")

    with pytest.raises(WorkbenchError, match=r"The rest failed; .*taken back: .*query\."):
        write()
    assert path.read_bytes() == b"somebody else's"
