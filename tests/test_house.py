"""The house stands as DESIGN section 3 draws it, and its rules bite."""

import ast
import re
import shutil
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
WORKBENCH = PROJECT / "workbench"

#: The product in one sentence, top to bottom.
LAYERS = [
    "api | cli | gui",
    "services",
    "report | policy",
    "analysis",
    "formats | verify | sign | store",
    "evidence",
    "model",
    "output | plugins | resources",
    "errors",
]
ROOMS = set(re.findall(r"\w+", " ".join(LAYERS)))
MODULES = {"__init__", "__main__", "errors", "output", "plugins", "resources"}
BESIDE_THE_HOUSE = {
    "conformance", "faults", "fuzz", "gui", "mutation", "packaging", "property",
}  # fmt: skip

#: Loaded at first use only, because they make every command slow to start.
HEAVY = {
    "PySide6", "blake3", "cryptography", "lxml", "orjson", "pikepdf", "pyhanko",
    "pyhanko_certvalidator", "reportlab", "yaml", "sqlalchemy", "duckdb", "numpy", "re2",
    "license_expression",
}  # fmt: skip

#: A line that must not stand in a module, for each rule of the house.
TRESPASSES = {
    "a format that judges": ("formats/planted.py", "import workbench.verify.verifier"),
    "a word that opens files": ("model/planted.py", "import workbench.evidence.file"),
    "a service that asks another": (
        "services/planted.py",
        "import workbench.services.verification",
    ),
    "a verifier that prints": ("verify/planted.py", "import workbench.cli.main"),
    "Qt outside the window": ("report/planted.py", "import PySide6.QtCore"),
    "pages laid out elsewhere": ("services/planted.py", "import reportlab.platypus"),
    "signatures handled elsewhere": ("report/planted.py", "import pyhanko.sign"),
    "keys handled elsewhere": ("cli/planted.py", "import cryptography.x509"),
    "YAML loaded elsewhere": ("verify/planted.py", "import yaml"),
    "commands declared elsewhere": ("services/planted.py", "import typer"),
    "a word that needs a library": ("model/planted.py", "import orjson"),
    "a room that is on no plan": ("attic/__init__.py", "import workbench.model"),
}


def pyproject() -> dict[str, object]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text())


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as lint\nlint()",
    ]
    return subprocess.run(
        [*command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy_of_the_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copy2(PROJECT / "pyproject.toml", folder)
    shutil.copytree(WORKBENCH, folder / "workbench", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_every_package_has_its_place_and_nothing_lies_about() -> None:
    found = {p.parent.name for p in WORKBENCH.glob("*/__init__.py")}
    assert found <= ROOMS - MODULES
    assert {"cli", "services", "report", "formats", "verify", "sign", "evidence", "model"} <= found
    assert {p.stem for p in WORKBENCH.glob("*.py")} == MODULES


def test_contract_is_the_one_of_the_design() -> None:
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    (layers,) = [c for c in contracts if c["type"] == "layers"]
    assert layers["layers"] == LAYERS
    assert layers["exhaustive"] is True
    assert layers["exhaustive_ignores"] == ["__main__"]
    assert not [c["id"] for c in contracts if c.get("ignore_imports")]


def test_house_keeps_its_contract(copy_of_the_house: Path) -> None:
    done = lint_imports(copy_of_the_house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("trespass", TRESPASSES)
def test_contract_catches(copy_of_the_house: Path, trespass: str) -> None:
    name, line = TRESPASSES[trespass]
    planted = copy_of_the_house / "workbench" / name
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"{line}\n")
    try:
        done = lint_imports(copy_of_the_house)
    finally:
        planted.unlink()
        if planted.name == "__init__.py":
            shutil.rmtree(planted.parent)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout or "not listed as layers" in done.stdout, done.stdout


def test_tests_lie_where_the_code_lies() -> None:
    folders = {p.parent for p in (PROJECT / "tests").rglob("test_*.py")} - {PROJECT / "tests"}
    ours = {f.relative_to(PROJECT / "tests") for f in folders}
    lost = {f for f in ours if f.parts[0] not in BESIDE_THE_HOUSE and not (WORKBENCH / f).is_dir()}
    assert not lost


def test_plan_names_every_package_and_only_what_exists() -> None:
    plan = (WORKBENCH / "README.md").read_text()
    packages = {p.parent.relative_to(WORKBENCH).as_posix() for p in WORKBENCH.glob("*/__init__.py")}
    named = set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", plan))
    assert {f"{p}/" for p in packages} <= named
    missing = {n for n in named if not ((WORKBENCH / n).exists() or (PROJECT / n).exists())}
    assert not missing


def test_what_a_stranger_looks_for_first_is_there() -> None:
    for name in ("README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml"):
        assert (PROJECT / name).stat().st_size > 0, name
    assert "Apache License" in (PROJECT / "LICENSE").read_text()[:200]
    project = pyproject()["project"]
    assert (project["license"], project["requires-python"]) == ("Apache-2.0", ">=3.11")


def test_change_log_knows_this_version() -> None:
    from workbench import __version__

    headings = re.findall(r"^## (.+)$", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0].startswith(("Unreleased", __version__))


def test_command_line_starts_without_the_heavy_libraries() -> None:
    look = (
        "import sys; from workbench.cli import main; main.application(); "
        "print(*{m.partition('.')[0] for m in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert HEAVY.intersection(done.stdout.split()) == set()


def sources() -> list[Path]:
    return [
        *WORKBENCH.rglob("*.py"),
        *(PROJECT / "packaging").rglob("*.py"),
        PROJECT / "packaging/bench",
    ]


def bodies(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function with the lines of its body: a command's options are no steps."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            steps = node.body[1:] if ast.get_docstring(node) else node.body
            lines = steps[-1].end_lineno - steps[0].lineno + 1 if steps else 0
            yield f"{path.relative_to(PROJECT)}:{node.name}", lines


def test_one_function_one_screen() -> None:
    lengths = {name: lines for path in sources() for name, lines in bodies(path)}
    assert not {name: lines for name, lines in lengths.items() if lines > 40}
    assert statistics.median(lengths.values()) < 15


def test_one_module_one_job() -> None:
    assert not {p: n for p in sources() if (n := len(p.read_text().splitlines())) > 400}
