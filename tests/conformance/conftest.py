"""Real evidence, unpacked once a run; where it is absent the tests say so and skip."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.table import Conforms
from tests.drops import untarred

EVIDENCE = Path(__file__).resolve().parents[2].parent / "shared" / "evidence"


@pytest.fixture
def conforms(request: pytest.FixtureRequest) -> Conforms:
    """Return what records how the cases of a test stand, for the table at the end."""
    return Conforms(request.node.user_properties)


@pytest.fixture(scope="session")
def evidence_archive(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that unpacks ``integrity/chains`` and gives the folder."""
    unpacked: dict[str, Path] = {}

    def unpack(name: str) -> Path:
        archive = EVIDENCE / f"{name}.tar.xz"
        if not archive.is_file():
            pytest.skip(f"real evidence {name} is not beside this checkout: conformance not run")
        if name not in unpacked:
            target = tmp_path_factory.mktemp(name.replace("/", "-"))
            unpacked[name] = untarred(archive, target) / Path(name).name
        return unpacked[name]

    return unpack
