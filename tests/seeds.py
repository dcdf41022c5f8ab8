"""What random tests draw from: the commit, which nobody chooses, so that a failure is repeated."""

import subprocess
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[1]


@cache
def commit() -> str:
    """Return the start of the commit's digest; "0" outside a repository."""
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "0"
