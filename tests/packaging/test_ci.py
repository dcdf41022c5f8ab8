import shutil
from pathlib import Path

import pytest

from tests.packaging.conftest import PROJECT, System, call


@pytest.mark.parametrize(("check", "test", "result"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (0, 5, 1)])
def test_ci_runs_checks_and_tests_and_passes_when_both_do(
    tmp_path: Path, check: int, test: int, result: int
) -> None:
    for folder in (".ci", "packaging"):
        (tmp_path / folder).mkdir()
    shutil.copy2(PROJECT / ".ci" / "run", tmp_path / ".ci" / "run")
    for name, code in {"setup": 0, "check": check, "test": test}.items():
        script = tmp_path / "packaging" / name
        script.write_text(f"#!/bin/sh\necho {name} $*\nexit {code}\n")
        script.chmod(0o755)
    done = call("bash", ".ci/run", cwd=tmp_path, env={"CI": "true"})
    assert done.stdout.splitlines() == ["setup --dev", "check", "test"]
    assert done.returncode == result
    failed = [name for name, code in {"check": check, "test": test}.items() if code]
    assert [line.split()[0] for line in done.stderr.splitlines()] == [
        f"packaging/{name}" for name in failed
    ]


def test_resolving_without_uv_is_one_line(system: System) -> None:
    done = system.call(PROJECT / "packaging" / "lock")
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert "pip install uv" in line
