"""Run the shell commands of a proof trail, as a reader does who trusts nobody."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from workbench.model.verdict import Step
from workbench.verify.by_hand import WIDTH


def run(script: str, folder: Path) -> str:
    """Return what bash prints; anything that goes wrong fails the test."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-s"],
        input=script, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def require_reproduced(steps: Sequence[Step], folder: Path) -> None:
    """Assert that every step has commands or says why not, and that they print what it says."""
    for step in steps:
        assert step.recipe, step
        lines = [*step.recipe.splitlines(), *step.prints.splitlines()]
        assert all(len(line) <= WIDTH for line in lines), step
        assert step.recipe.isascii()
        assert "  " not in step.recipe
    script = "\n".join(step.recipe for step in steps)
    expected = [line for step in steps for line in step.prints.splitlines()]
    said = run(script, folder).splitlines()
    assert said == expected, f"{script}\n{said}\n{expected}"


def commands(steps: Sequence[Step]) -> int:
    """Return how many steps have a command, not only a comment."""
    return sum(bool(step.prints) for step in steps)
