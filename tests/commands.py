"""Run the command line as a user does: another process, its words, its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]


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


def workbench(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run ``workbench`` to its end."""
    process = start(*arguments, **more)
    out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


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
