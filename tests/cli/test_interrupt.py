"""Ctrl+C, whenever it comes, ends with exit 3 and at most one sentence, and leaves nothing over."""

import gzip
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from commands import CHECKOUT, require_one_sentence, workbench

from workbench import resources
from workbench.verify.chain.survey import SMALL

#: What packaging/setup wrote: a person starts this, not Python.
ENTRY = [str(Path(sys.executable).with_name("workbench"))]
MODULE = [sys.executable, "-m", "workbench"]
SAMPLE = resources.path("sample")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a demo whose log takes worker processes, and half a second to two, to verify."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert workbench("demo", folder, "--events", "200000").returncode == 0
    return folder


@pytest.fixture
def log(demo: Path) -> Path:
    return demo / "evidence" / "log.jsonl"


@pytest.fixture(scope="module")
def took(demo: Path) -> float:
    """Return how many seconds it takes to verify the log."""
    begun = time.monotonic()
    assert ended(start(*ENTRY, "verify", demo / "evidence" / "log.jsonl")).returncode == 2
    return time.monotonic() - begun


def start(*command: str | Path, **more) -> subprocess.Popen[str]:
    """Start a command in a process group of its own, as a terminal does.

    Python without the entry is started as the entry would: with the signal held back.
    """
    if command[0] == sys.executable:
        more["preexec_fn"] = hold_back
    return subprocess.Popen(
        list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=CHECKOUT, start_new_session=True, **more,
    )  # fmt: skip


def hold_back() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def press_ctrl_c(process: subprocess.Popen[str]) -> None:
    """Signal the whole group, as a terminal does."""
    os.killpg(process.pid, signal.SIGINT)


def await_python(process: subprocess.Popen[str]) -> None:
    """Wait until Python has begun, which starts with Ctrl+C held back; it may be over already."""
    until = time.monotonic() + 30
    while process.poll() is None and "python" not in program_of(process.pid):
        assert time.monotonic() < until
        time.sleep(0.001)


def program_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/exe").readlink().name
    except OSError:  # it is over
        return ""


def ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def pressed_after(delay: float, *command: str | Path) -> subprocess.Popen[str]:
    process = start(*command)
    await_python(process)
    time.sleep(delay)
    press_ctrl_c(process)
    return process


def group_is_gone(leader: int, *, within: float = 5) -> bool:
    """Tell whether no process of a group is left."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            os.killpg(leader, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@contextmanager
def unpacking(log: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a verification that has a private folder open in ``tmp_path/private``."""
    private = tmp_path / "private"
    private.mkdir()
    with gzip.open(tmp_path / "log.jsonl.gz", "wb", compresslevel=1) as packed:
        packed.write(log.read_bytes())
    where = {**os.environ, "TMPDIR": str(private)}
    process = start(*ENTRY, "verify", tmp_path / "log.jsonl.gz", env=where)
    until = time.monotonic() + 30
    while not list(private.glob("workbench-*/*")):
        assert time.monotonic() < until
        time.sleep(0.01)
    yield process
    assert not list(private.iterdir())


@pytest.mark.skipif(not Path(ENTRY[0]).exists(), reason="not set up by packaging/setup")
@pytest.mark.parametrize("first", range(6))
def test_ctrl_c_in_the_first_moments_is_one_sentence(log: Path, took: float, first: int) -> None:
    """60 tries from the very start of Python on: libraries, reading, workers starting.

    The last try comes after 0.6 s, or on a quick machine while there is still much to do.
    """
    step = min(0.01, took * 0.5 / 60)
    delays = [(first + 6 * n) * step for n in range(10)]
    pressed = [pressed_after(delay, *ENTRY, "verify", log) for delay in delays]
    for process in pressed:
        require_one_sentence(ended(process), "Stopped at your request")
        assert group_is_gone(process.pid)


def test_ctrl_c_before_python_starts_is_never_lost() -> None:
    """The shell says it; ``env`` has no words of its own, and dies of it."""
    for n in range(40):
        process = start(*ENTRY, "verify", SAMPLE)
        time.sleep(n * 0.0005)
        press_ctrl_c(process)
        done = ended(process)
        assert done.returncode in {3, -signal.SIGINT}, done
        if done.returncode == 3:
            require_one_sentence(done, "Stopped at your request")
        else:
            assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize("command", [["selftest"], ["verify", SAMPLE], ["inspect", SAMPLE]])
def test_ctrl_c_held_back_until_our_first_line_is_never_lost(command: list[str | Path]) -> None:
    """From the very start of Python, because the entry holds the signal back."""
    for n in range(8):
        process = pressed_after(n * 0.03, *MODULE, *command)
        require_one_sentence(ended(process), "Stopped at your request")


def test_ctrl_c_near_the_end_stops_or_comes_too_late(tmp_path: Path) -> None:
    assert workbench("demo", tmp_path / "demo", "--events", "40000").returncode == 0
    log = tmp_path / "demo" / "evidence" / "log.jsonl"
    assert log.stat().st_size > SMALL, "worker processes read it"
    begun = time.monotonic()
    whole = ended(start(*MODULE, "verify", log))
    took = time.monotonic() - begun
    for share in (0.8, 0.95, 1.0):
        done = ended(pressed_after(took * share, *MODULE, "verify", log))
        if done.returncode == whole.returncode:
            assert (done.stdout.splitlines()[1:], done.stderr) == (
                whole.stdout.splitlines()[1:],
                "",
            )
        else:
            require_one_sentence(done, "Stopped at your request")


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.15, 0.6])
def test_ctrl_c_with_json_is_a_document_too(log: Path, delay: float) -> None:
    done = ended(pressed_after(delay, *MODULE, "verify", log, "--json"))
    document = json.loads(done.stdout)
    if delay > 0.5 and done.returncode != 3:  # a quick machine: it was too late to stop anything
        assert document["exit"] == done.returncode
        return
    require_one_sentence(done, "Stopped at your request")
    assert (document["exit"], document["error"]["code"]) == (3, "CANCELLED")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_no_private_folder_is_left_over(log: Path, tmp_path: Path, number: signal.Signals) -> None:
    with unpacking(log, tmp_path) as process:
        process.send_signal(number)
        require_one_sentence(ended(process), "Stopped at your request")


def test_a_second_ctrl_c_is_no_traceback_either(log: Path, tmp_path: Path) -> None:
    with unpacking(log, tmp_path) as process:
        press_ctrl_c(process)
        time.sleep(0.002)
        press_ctrl_c(process)
        require_one_sentence(ended(process), "Stopped at your request")


def test_a_stopped_demo_leaves_nothing(tmp_path: Path) -> None:
    process = pressed_after(0.8, *MODULE, "demo", tmp_path / "d", "--events", "5000000")
    require_one_sentence(ended(process), "Stopped at your request")
    assert not list(tmp_path.iterdir())


def test_a_stopped_report_leaves_nothing(tmp_path: Path) -> None:
    evidence = SAMPLE / "evidence"
    for delay in (0.9, 1.4, 1.9):
        process = pressed_after(delay, *MODULE, "report", evidence, "-o", tmp_path / "r.pdf")
        done = ended(process)
        if done.returncode == 3:
            require_one_sentence(done, "Stopped at your request")
            assert not list(tmp_path.iterdir())
        else:  # too late: it was written whole
            assert [p.name for p in tmp_path.iterdir()] == ["r.pdf"]
            (tmp_path / "r.pdf").unlink()


def test_ctrl_c_at_the_passphrase_prompt_gives_the_terminal_back(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    command = ["openssl", "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:x"]
    subprocess.run([*command, "-out", str(key)], check=True, capture_output=True)
    log = resources.path("selftest", "chain", "certmate-intact", "drop", "log.jsonl")
    line = [*MODULE, "head", str(log), "--key", str(key), "--origin", "a.example/log"]
    said, code, echoes = at_a_terminal(
        [*line, "-o", str(tmp_path / "h.head")], "Passphrase", b"\x03"
    )
    assert (code, echoes) == (3, True)
    assert "Traceback" not in said
    assert said.replace("\r", "").splitlines()[-1].startswith("workbench: Stopped")


def at_a_terminal(command: list[str], prompt: str, answer: bytes) -> tuple[str, int, bool]:
    """Run a command at a terminal and answer its prompt.

    Returns:
        What it said, its exit code, and whether the terminal shows again what is typed.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(CHECKOUT)
        os.execv(command[0], command)
    said = b""
    answered = False
    while True:
        try:
            block = os.read(terminal, 4096)
        except OSError:  # how Linux says that the other side is closed
            break
        if not block:
            break
        said += block
        if not answered and prompt.encode() in said:
            answered = True
            time.sleep(0.2)
            os.write(terminal, answer)
    echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    return said.decode(), os.waitstatus_to_exitcode(status), echoes
