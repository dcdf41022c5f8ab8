"""Every recipe of the help on Python runs as it stands and prints what it shows."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from commands import CHECKOUT

PAGE = (CHECKOUT / "resources" / "help" / "python.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass
class Recipe:
    """The commands before a recipe, its code, and what the page says that it prints."""

    title: str
    commands: list[str] = field(default_factory=list)
    code: str = ""
    shown: str = ""


def recipes() -> list[Recipe]:
    found = []
    for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        recipe = Recipe(part.splitlines()[0])
        for kind, text in BLOCK.findall(part):
            match kind:
                case "python":
                    recipe.code += text
                case "text":
                    recipe.shown += text
                case _:
                    recipe.commands += text.splitlines()
        found.append(recipe)
    return found


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.title)
def test_a_recipe_prints_what_the_page_shows(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "resources").symlink_to(CHECKOUT / "resources")
    (tmp_path / "reports").mkdir()
    function = f'workbench() {{ "{sys.executable}" -I -m workbench "$@"; }}\n'
    for command in recipe.commands:
        done = subprocess.run(
            ["bash", "-c", function + command], cwd=tmp_path, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")
    script = tmp_path / "recipe.py"
    script.write_text(recipe.code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-X", "utf8", script],
        cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8",
        env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip
    assert (done.stderr, done.stdout) == ("", recipe.shown)


def test_there_are_five_recipes() -> None:
    assert len(recipes()) == 5
    assert all(recipe.code and recipe.shown for recipe in recipes())


def test_the_page_names_every_part_of_the_api() -> None:
    import workbench

    ours = [name for name in vars(workbench.Case) if not name.startswith("_")]
    assert [name for name in ours if name not in PAGE] == []
    assert [name for name in workbench.__all__ if name not in PAGE] == []
