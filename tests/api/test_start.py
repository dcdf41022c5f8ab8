"""``import workbench`` costs nothing, finds the API at first use, and tells types the same."""

import subprocess
import sys

import pytest
from commands import CHECKOUT

import workbench


def test_importing_it_loads_nothing() -> None:
    look = (
        "import sys\nbefore = set(sys.modules)\nimport workbench\n"
        "print(*set(sys.modules) - before)\n"
        "workbench.open\nprint('workbench.api' in sys.modules, 'numpy' in sys.modules,"
        " 'sqlalchemy' in sys.modules, 'networkx' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    loaded, after = done.stdout.splitlines()
    assert {name for name in loaded.split() if not name.startswith("importlib")} <= {
        "workbench", "warnings",
    }  # fmt: skip
    assert after == "True False False False"


def test_what_it_lists_is_there_and_known_to_type_checkers() -> None:
    stub = (CHECKOUT / "workbench" / "__init__.pyi").read_text("utf-8")
    for name in workbench.__all__:
        assert getattr(workbench, name) is not None
        assert f"import {name} as {name}" in stub
    assert set(workbench.__all__) <= set(dir(workbench))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        workbench.nothing  # noqa: B018
