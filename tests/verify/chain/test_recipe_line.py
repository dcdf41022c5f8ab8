"""The shell lines of a proof trail do what they say."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import KINDS, SECRET, LogBuilder
from tests.verify.chain.judging import judge, secret_for

TOOLS = [shutil.which(name) for name in ("bash", "sha256sum", "tail", "head", "openssl", "xxd")]


def run(line: str, folder: Path) -> str:
    """Return the digest that a line prints, run where the drop lies."""
    (folder / "SECRET").write_bytes(SECRET)
    line = line.replace("python3", sys.executable)
    done = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode().replace("SHA2-256(stdin)= ", "").split()[0]


@pytest.mark.skipif(not all(TOOLS), reason="a tool of the recipe is not on this machine")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_recipe_reproduces_the_digest_of_the_first_and_the_broken_record(kind: str, tmp_path: Path):
    log = LogBuilder(kind)
    log.edit(5)
    verdict = judge(tmp_path, log, secret=secret_for(kind))
    recipes = [step.recipe for step in verdict.steps if "python3" in step.recipe]
    first, broken = recipes
    assert run(first, tmp_path) == log.own(1)
    assert run(broken, tmp_path) == verdict.diagnoses[0].recomputed
    (whole,) = (step.recipe for step in verdict.steps if step.recipe.startswith("sha256sum"))
    assert run(whole, tmp_path) == verdict.sha256
