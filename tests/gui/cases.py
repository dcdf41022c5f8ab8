"""A real case, made once a session from the sample that ships: verified with its trust, indexed.

``sample_case`` is a copy of it that a test may write to; its evidence lies in ``resources/sample``
and is never written to. Use it in a test by its name; ``conftest.py`` makes it known.
"""

import shutil
from pathlib import Path

import pytest

from workbench.model.progress import Cancel, Silent
from workbench.services import cases, sample, trusting
from workbench.services.verification.case import verify_case

NAME = "Aldermoor.case"
WHO = "Ana Ruiz"
#: The log of the sample that was tampered with, as the case calls it, and the altered record.
TAMPERED = "evidence/audit-tampered/audit-log.jsonl"
ALTERED = 1845


def make_sample_case(folder: Path) -> Path:
    """Make the sample case in a folder, verified with the sample's trust, and return it closed."""
    found = sample.load()
    request = found.request()
    progress, cancel = Silent(), Cancel()
    with cases.create(folder / NAME, found.engagement, who=WHO) as case:
        trusting.add(case, found.trust)
        cases.add_evidence(
            case, [found.evidence], chains_later=True, progress=progress, cancel=cancel
        )
        cases.with_index(
            case,
            lambda tap, executor: verify_case(
                case, request, progress=progress, cancel=cancel, executor=executor, tap=tap
            ),
            progress=progress,
            cancel=cancel,
        )
        return case.folder


@pytest.fixture(scope="session")
def one_sample_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sample_case(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def sample_case(one_sample_case: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(one_sample_case, tmp_path / NAME))
