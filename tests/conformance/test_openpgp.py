"""A signature made by GnuPG over a real file, and over the same file tampered with."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.services.verification import verify

AT = datetime(2026, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("artifact.json", ("PASSED ANCHORED", "PASSED")),
        ("artifact-tampered.json", ("FAILED FILE_ALTERED", "FAILED")),
    ],
)
def test_the_real_signature_gets_its_published_verdict(
    name: str,
    expected: tuple[str, str],
    evidence_archive: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    real = evidence_archive("integrity/misc") / "openpgp"
    shutil.copy(real / name, tmp_path / "artifact.json")
    shutil.copy(real / "artifact.json.asc", tmp_path)
    request = VerifyRequest(paths=(tmp_path,), at=AT, trust=(str(real / "signer.asc"),))
    (found,) = verify(request, progress=Silent(), cancel=Cancel()).subjects
    assert found.verdict is not None
    integrity, authenticity = found.verdict.integrity, found.verdict.authenticity
    assert (f"{integrity.indication} {integrity.code}", authenticity.indication) == expected
    print(f"openpgp: {name} agreed")  # noqa: T201
