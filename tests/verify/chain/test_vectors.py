"""The self-test vectors of logs: each gives the verdict that ships with it."""

import json

import pytest

from workbench import resources
from workbench.model.progress import Cancel, Silent
from workbench.services import selftest
from workbench.services.verification import verify

FOLDER = resources.path("selftest", "chain")
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))


def test_there_are_good_and_bad_vectors():
    known = [json.loads((FOLDER / name / "expected.json").read_text()) for name in NAMES]
    assert {value["integrity"].split()[0] for value in known} == {
        "PASSED",
        "INDETERMINATE",
        "FAILED",
    }
    assert sum((path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()), 0) < 200_000


@pytest.fixture(scope="module")
def outcomes() -> dict[str, tuple[str, ...]]:
    result = selftest.run(verify, progress=Silent(), cancel=Cancel())
    return {case.id: case.differences for case in result.cases}


@pytest.mark.parametrize("name", NAMES)
def test_vector_gives_its_verdict(name: str, outcomes: dict[str, tuple[str, ...]]):
    assert outcomes[f"chain/{name}"] == ()
