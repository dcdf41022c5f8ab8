"""A signature made by GnuPG over a real file, and over the same file tampered with."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conformance.table import Conforms
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.services.verification import verify

AT = datetime(2026, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("artifact.json", "PASSED"),
        ("artifact-tampered.json", "FAILED"),
    ],
)
def test_the_real_signature_gets_its_published_verdict(
    name: str,
    expected: str,
    evidence_archive: Callable[[str], Path],
    tmp_path: Path,
    conforms: Conforms,
) -> None:
    real = evidence_archive("integrity/misc") / "openpgp"
    shutil.copy(real / name, tmp_path / "artifact.json")
    shutil.copy(real / "artifact.json.asc", tmp_path)
    request = VerifyRequest(paths=(tmp_path,), at=AT, trust=(str(real / "signer.asc"),))
    (found,) = verify(request, progress=Silent(), cancel=Cancel()).subjects
    assert found.verdict is not None
    # The file is a layout of in-toto, whose links are not here: that stays open, whoever signed it.
    (signature,) = [s for s in found.verdict.signatures if "OpenPGP" in s.covers]
    assert signature.indication == expected
    assert (found.verdict.integrity.code == "FILE_ALTERED") is (expected == "FAILED")
    conforms(agreed=1)
    print(f"openpgp: {name} agreed")  # noqa: T201
