"""Measure what a command takes that has little to do: most of that is loading itself."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PYTHON = str(CHECKOUT / ".venv" / "bin" / "python")
WORKBENCH = str(CHECKOUT / ".venv" / "bin" / "workbench")
EVENTS, MODEL_BYTES = 200, 8192


def main() -> None:
    """Print each command beside a bare interpreter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    pairs = parser.parse_args().pairs
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as name:
        commands = commands_in(Path(name))
        taken = [[run(command) for command in commands.values()] for _ in range(pairs + 1)][1:]
    for what, runs in zip(commands, zip(*taken, strict=True), strict=True):
        wall, cpu = zip(*runs, strict=True)
        print(
            f"{what:<15} {statistics.median(wall):.2f} s (median of {pairs}), "
            f"{min(wall):.2f} s at best; CPU {min(cpu):.2f} s at best"
        )


def commands_in(folder: Path) -> dict[str, Sequence[str]]:
    """Write a small log and a small signed model; return what is run."""
    run([WORKBENCH, "demo", f"{folder}/demo", "--events", str(EVENTS)])
    script = CHECKOUT / "packaging" / "vectors" / "large_model.py"
    run([PYTHON, "-I", str(script), f"{folder}/signed", str(MODEL_BYTES)])
    log = f"{folder}/demo/evidence/log.jsonl"
    model = [f"{folder}/signed/drop", "--trust", f"model={folder}/signed/key.pem"]
    require_passed([WORKBENCH, "verify", log, "--json"])
    require_passed([WORKBENCH, "verify", *model, "--json"])
    return {
        "bare python": [PYTHON, "-I", "-c", "pass"],
        "--version": [WORKBENCH, "--version"],
        "verify a log": [WORKBENCH, "verify", log],
        "verify a model": [WORKBENCH, "verify", *model],
    }


def require_passed(command: Sequence[str]) -> None:
    """Stop unless what is measured was verified."""
    document = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    if document["case"]["integrity"]["indication"] != "PASSED":
        sys.exit(f"it was not verified as it should be: {document['case']}")


def run(command: Sequence[str]) -> tuple[float, float]:
    """Run a command; return its wall time and its CPU time."""
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    wall, after = time.perf_counter() - start, os.times()
    if done.returncode not in {0, 2}:
        sys.exit(f"exit {done.returncode}: {' '.join(command)}\n{done.stderr.decode()}")
    user, system = after.children_user, after.children_system
    return wall, user + system - before.children_user - before.children_system


if __name__ == "__main__":
    main()
