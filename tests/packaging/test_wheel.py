"""The wheel is built from a copy, so that a build leaves nothing in the checkout."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.packaging.conftest import PROJECT

LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*_cache")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(PROJECT / name, source)
    for name in ("workbench", "resources"):
        shutil.copytree(PROJECT / name, source / name, ignore=LEFT_OUT)
    command = [sys.executable, "-I", "-m", "build", "--wheel", "--no-isolation", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (source / "dist").glob("*.whl")
    return built


def files_below(folder: Path) -> set[str]:
    found = (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {p.relative_to(folder).as_posix() for p in found}


def test_wheel_holds_the_package_resources_licence_and_entry_and_nothing_else(
    wheel: Path,
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {n for n in archive.namelist() if ".dist-info/" not in n}
        (licence,) = [n for n in archive.namelist() if n.endswith(".dist-info/licenses/LICENSE")]
        (entry,) = [n for n in archive.namelist() if n.endswith(".dist-info/entry_points.txt")]
        assert archive.read(licence) == (PROJECT / "LICENSE").read_bytes()
        assert "workbench = workbench.__main__:main" in archive.read(entry).decode()
    package = {f"workbench/{n}" for n in files_below(PROJECT / "workbench")}
    resources = {f"workbench/_resources/{n}" for n in files_below(PROJECT / "resources")}
    assert resources
    assert names == package | resources


def test_wheel_holds_the_same_bytes(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in files_below(PROJECT / "resources"):
            packed = archive.read(f"workbench/_resources/{name}")
            assert packed == (PROJECT / "resources" / name).read_bytes(), name


def test_wheel_runs_from_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "venv"
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", str(target)], check=True)
    python = target / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(said([str(python), "-I", "-c", where]).strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # The libraries are borrowed from the environment that runs the tests; the program is not.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    assert said([str(python), "-I", "-m", "workbench", "--version"]).startswith("Audit Workbench ")
    root = "from workbench import resources; print(resources.root())"
    assert Path(said([str(python), "-I", "-c", root]).strip()) == site / "workbench" / "_resources"


def said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
