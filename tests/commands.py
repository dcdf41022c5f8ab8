"""Run the command line as a user does: another process, its words, its exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
#: So long a command may take on a busy machine.
PATIENCE = 300
#: What is loaded once: a command is then forked, which costs no start of Python and libraries.
LOADED = [
    *("commands", "cryptography.x509", "duckdb", "numpy", "orjson", "sqlalchemy.orm", "yaml"),
    *("sqlalchemy.dialects.sqlite", "workbench.cli.edge", "workbench.cli.main"),
    *("workbench.services.cases", "workbench.services.inspection", "workbench.services.reports"),
    *("workbench.services.verification.case", "workbench.verify.chain.verdict"),
]


def start(*arguments: str | Path, **more: Any) -> subprocess.Popen[str]:
    """Start ``workbench`` and return the process."""
    return subprocess.Popen(
        [sys.executable, "-m", "workbench", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"},
        **more,
    )


def workbench(
    *arguments: str | Path, cwd: Path | None = None, **more: Any
) -> subprocess.CompletedProcess[str]:
    """Run ``workbench`` to its end, in a process of its own that does not begin from nothing.

    A test that is about beginning (imports, signals, streams) uses ``start``.
    """
    if more or sys.platform != "linux":
        begun = start(*arguments, cwd=cwd, **more)
        out, err = begun.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess(arguments, begun.returncode, out, err)
    context = get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    with TemporaryDirectory(prefix="workbench-said-") as folder:
        said = (Path(folder) / "out", Path(folder) / "err")
        given = (list(map(str, arguments)), cwd, dict(os.environ), said)
        process = context.Process(target=_run, args=given)
        process.start()
        process.join(PATIENCE)
        if process.is_alive():
            process.kill()
            raise subprocess.TimeoutExpired(list(map(str, arguments)), PATIENCE)
        out, err = (path.read_text("utf-8") for path in said)
    return subprocess.CompletedProcess(arguments, process.exitcode, out, err)


def _run(
    arguments: list[str], cwd: Path | None, environment: Mapping[str, str], said: tuple[Path, Path]
) -> None:
    """Be ``workbench`` with these arguments, here, and say everything into these files."""
    from workbench.__main__ import main

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd or CHECKOUT)
    for number, path in enumerate((Path(os.devnull), *said)):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT
        os.dup2(os.open(path, flags, 0o600), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = ["workbench", *arguments]
    main()


def peak_memory(*arguments: str | Path) -> tuple[int, int]:
    """Return exit code and peak resident bytes of a run.

    A small process starts it: Linux counts what the parent held at the start as the child's.
    """
    measure = (
        "import os, subprocess, sys; p = subprocess.Popen(sys.argv[1:], stdout=-3);"
        "_, status, used = os.wait4(p.pid, 0); print(status >> 8, used.ru_maxrss * 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", measure, sys.executable, "-m", "workbench", *map(str, arguments)],
        capture_output=True, text=True, cwd=CHECKOUT, check=True,
    )  # fmt: skip
    code, peak = done.stdout.split()
    return int(code), int(peak)


def verify_json(*arguments: str | Path) -> dict[str, Any]:
    """Return what ``workbench verify --json`` prints; its exit code is in the document."""
    done = workbench("verify", *arguments, "--json")
    document: dict[str, Any] = json.loads(done.stdout)
    assert document["exit"] == done.returncode, done.stderr
    return document


def require_one_sentence(done: subprocess.CompletedProcess[str], *mentions: str) -> None:
    """Assert that the work was not done, and that one line on stderr says why and where."""
    assert done.returncode == 3, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr + done.stdout
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("workbench: ")
    for mention in mentions:
        assert mention in lines[0], lines[0]
