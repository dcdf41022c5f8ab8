"""What the machine, or a fault of our own, does to a run: one sentence and exit 3, no verdict."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import CHECKOUT, peak_memory, require_one_sentence

from workbench.cli import edge, main

SAMPLE = CHECKOUT / "resources" / "sample"
LOG = SAMPLE / "evidence" / "audit" / "audit-log.jsonl"
MIB = 1024**2
#: Takes from root what lets it read what it may not: so it is the user that a test needs.
AS_A_USER = [
    "setpriv", "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
]  # fmt: skip


def as_a_user(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``workbench`` as somebody whom permissions bind."""
    prefix: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("this is root, and setpriv is not here to give up its rights")
        prefix = AS_A_USER
    return subprocess.run(
        [*prefix, sys.executable, "-m", "workbench", *map(str, arguments)],
        capture_output=True, text=True, cwd=CHECKOUT, check=False,
    )  # fmt: skip


@pytest.fixture
def closed(tmp_path: Path):
    """Return a folder with a file that may not be read and a folder that may not be entered."""
    (tmp_path / "file").write_bytes(LOG.read_bytes())
    (tmp_path / "folder").mkdir()
    for path in tmp_path.iterdir():
        path.chmod(0)
    yield tmp_path
    for path in tmp_path.iterdir():
        path.chmod(0o700)


FORBIDDEN = [
    ("inspect", "folder/x"),
    ("verify", "folder/x"),
    ("verify", LOG, "--trust", "file"),
    ("verify", LOG, "--secret", "file"),
    ("verify", LOG, "--profile", "file"),
    ("verify-report", "file"),
    ("profile", "show", "folder/x"),
    ("head", LOG, "--key", "file", "--origin", "a.example/log", "-o", "h.head"),
    ("report", LOG, "-o", "r.pdf", "--sign", "file"),
]


@pytest.mark.parametrize("arguments", FORBIDDEN, ids=lambda a: " ".join(map(str, a[:3:2])))
def test_what_may_not_be_read_is_named(closed: Path, arguments: tuple[str | Path, ...]) -> None:
    odd = {name: closed / name for name in ("file", "folder/x", "h.head", "r.pdf")}
    done = as_a_user(*(odd.get(str(argument), argument) for argument in arguments))
    require_one_sentence(done, "ermission denied", str(closed))
    assert {path.name for path in closed.iterdir()} == {"file", "folder"}


@pytest.mark.parametrize("name", ["file", "folder", ""])
def test_evidence_that_may_not_be_read_is_never_green(closed: Path, name: str) -> None:
    done = as_a_user("verify", closed / name)
    assert done.returncode in {2, 3}
    assert "ermission denied" in done.stdout + done.stderr


def test_a_folder_that_may_not_be_written_is_named(closed: Path) -> None:
    (closed / "folder").chmod(0o500)
    out = closed / "folder"
    for arguments in (
        ("report", LOG, "-o", out / "r.pdf"),
        ("demo", out / "demo", "--events", "20"),
        ("sample", "--out", out),
        ("sample", "--out", out / "new"),
    ):
        require_one_sentence(as_a_user(*arguments), "folder")
    assert not list(out.iterdir())


def test_a_line_of_half_a_gigabyte_takes_bounded_memory(tmp_path: Path) -> None:
    with (tmp_path / "log.jsonl").open("wb") as stream:
        stream.write(b'{"a": "')
        stream.truncate(512 * MIB)
    for command, expected in (("verify", 2), ("inspect", 0)):
        code, peak = peak_memory(command, tmp_path / "log.jsonl")
        assert code == expected
        assert peak < 200_000_000  # a record may have 64 MiB


class Panic(BaseException):
    """As libraries written in Rust raise it: no ``Exception``."""


FAULTS = [
    ZeroDivisionError("planted"), AssertionError(), RecursionError("planted"), MemoryError(),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "planted"), KeyError("planted\nin two lines"),
    StopIteration(), OSError(5, "Input/output error"), SystemExit(0), SystemExit(1), SystemExit(),
    KeyboardInterrupt(), GeneratorExit(), Panic("planted"), EOFError(),
]  # fmt: skip

#: What each command is asked, and the service that is broken for it.
SERVICES = {
    "verify": (("verify", LOG), "verification.verify"),
    "inspect": (("inspect", LOG), "inspection.inspect"),
    "report": (("report", LOG, "-o", "x.pdf"), "verification.verify"),
    "verify-report": (("verify-report", LOG), "reports.check"),
    "head": (("head", LOG, "--key", LOG, "--origin", "a", "-o", "x"), "sealing.sign_head"),
    "demo": (("demo", "x"), "demo.make_demo"),
    "selftest": (("selftest",), "selftest.run"),
    "sample": (("sample", "--out", "."), "verification.verify"),
    "profile list": (("profile", "list"), "profiles.known"),
    "profile show": (("profile", "show", "certmate"), "profiles.explain"),
}


@pytest.mark.parametrize("command", SERVICES)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_no_exception_is_a_verdict(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: str,
    fault: BaseException,
) -> None:
    arguments, service = SERVICES[command]

    def broken(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(f"workbench.services.{service}", broken)
    assert edge.run([str(argument) for argument in arguments]) == 3
    out, err = capfd.readouterr()
    assert err.startswith("workbench: ")
    assert len(err.splitlines()) == 1
    assert out == ""
    assert "Traceback" not in err


@pytest.mark.parametrize("missing", ["typer", "orjson", "workbench.cli.main"])
def test_a_broken_installation_is_no_verdict(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; "
    done = subprocess.run(
        [sys.executable, "-c", f"{code}from workbench.__main__ import main; main()", "verify", LOG],
        capture_output=True, text=True, cwd=CHECKOUT, check=False,
    )  # fmt: skip
    require_one_sentence(done, "could not be loaded", missing)


def test_what_has_no_exit_code_is_a_fault_and_no_pass(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main.typer.main, "get_command", lambda _: _Forgetful())
    assert edge.run(["verify", "x"]) == 3
    assert "fault of the program itself" in capfd.readouterr().err


class _Forgetful:
    """A command line whose commands forget to say how it went."""

    def make_context(self, *_: object) -> "_Forgetful":
        return self

    def __enter__(self) -> "_Forgetful":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def invoke(self, _: object) -> None:
        return None
