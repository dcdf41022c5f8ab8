"""Every command of the README does what the README says, as written, and prints what it shows."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from commands import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
STATED = re.compile(r"\(exit (\d)\)")
#: Stands in a shown output for lines that are left out. Nothing else in it may vary.
LEFT_OUT = "..."


@dataclass
class Command:
    """A command as written, the exit code stated right before it, the output shown after it."""

    line: str
    code: int
    shown: list[str] = field(default_factory=list)


def commands() -> list[Command]:
    found: list[Command] = []
    for block in BLOCK.finditer(README):
        lines = block[2].splitlines()
        before = README[: block.start()].rstrip().rpartition("\n\n")[2]
        if block[1] == "text":
            found[-1].shown = lines
        elif lines[0].startswith("workbench "):
            (code,) = STATED.findall(before)
            found += [Command(line, int(code)) for line in lines]
    return found


def stands_in(shown: list[str], printed: list[str]) -> bool:
    """Tell whether the shown lines were printed one after the other, but for what is left out."""
    if not shown:
        return True
    if shown[0] == LEFT_OUT:
        return any(stands_in(shown[1:], printed[n:]) for n in range(len(printed) + 1))
    return printed[:1] == shown[:1] and stands_in(shown[1:], printed[1:])


def test_every_command_of_the_readme_does_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "resources").symlink_to(CHECKOUT / "resources")
    function = f'workbench() {{ "{sys.executable}" -m workbench "$@"; }}\n'
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    for command in commands():
        done = subprocess.run(
            ["bash", "-c", function + command.line],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (command.code, ""), command.line
        printed = done.stdout.splitlines()
        assert stands_in([LEFT_OUT, *command.shown], printed), (command, done.stdout)


def test_the_readme_shows_each_kind_of_verdict_and_every_command() -> None:
    from workbench.cli.main import application

    found = commands()
    assert {command.code for command in found} == {0, 1, 2}
    assert sum(bool(command.shown) for command in found) >= 3
    shown = {command.line.split()[1] for command in found}
    names = {str(info.name) for info in application().registered_commands}
    assert names - shown <= {"head", "sample", "open"}  # the last needs a screen


def test_lines_that_are_shown_but_not_printed_are_noticed() -> None:
    printed = ["a", "b", "c", "d"]
    assert stands_in(["...", "b", "c"], printed)
    assert stands_in(["...", "b", "...", "d"], printed)
    assert not stands_in(["...", "b", "d"], printed)
    assert not stands_in(["...", "B"], printed)


def test_links_of_the_readme_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)]+)\)", README)
    assert targets
    assert [target for target in targets if not (CHECKOUT / target).exists()] == []
