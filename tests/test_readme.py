"""Every command of the README does what the README says, as written."""

import os
import re
import subprocess
import sys
from pathlib import Path

from commands import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
    if line.startswith("workbench ")
]
#: Exit code of each, in the order of the README.
CODES = [0, 2, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0]


def test_every_command_of_the_readme_runs_as_written(tmp_path: Path) -> None:
    (tmp_path / "resources").symlink_to(CHECKOUT / "resources")
    function = f'workbench() {{ "{sys.executable}" -m workbench "$@"; }}\n'
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    codes = []
    for command in COMMANDS:
        done = subprocess.run(
            ["bash", "-c", function + command],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, command
        assert done.returncode != 3, (command, done.stderr)
        codes.append(done.returncode)
    assert codes == CODES


def test_links_of_the_readme_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", README)
    assert targets
    assert [target for target in targets if not (CHECKOUT / target).exists()] == []
