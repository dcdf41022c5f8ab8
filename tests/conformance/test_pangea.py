"""A real event of the Pangea Secure Audit Log, and what was made of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conformance.table import Conforms
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.services.verification import verify

AT = datetime(2026, 6, 30, tzinfo=UTC)
EXPECTED = {
    "log_artifact.json": "PASSED SELF_CONSISTENT",
    "event-changed_fail.json": "FAILED RECORD_ALTERED",
    "root-hash-changed_fail.json": "FAILED HASH_FAILURE",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_event_gets_its_published_verdict(
    name: str, evidence_archive: Callable[[str], Path], conforms: Conforms
) -> None:
    path = evidence_archive("integrity/pangea") / name
    request = VerifyRequest(paths=(path,), at=AT)
    (found,) = verify(request, progress=Silent(), cancel=Cancel()).subjects
    assert found.verdict is not None
    integrity = found.verdict.integrity
    assert f"{integrity.indication} {integrity.code}" == EXPECTED[name]
    conforms(agreed=1)
    print(f"pangea: {name} agreed")  # noqa: T201
