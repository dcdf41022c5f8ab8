"""A verification that was kept is read back whole, and nothing is guessed."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import LogBuilder

from workbench.errors import StoreError
from workbench.model.contract import verification_to_json
from workbench.model.contract_reading import verification_of
from workbench.model.locator import Locator
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.source import Problem
from workbench.model.verdict import (
    AssuranceFlag,
    AssuranceRange,
    Dimension,
    Indication,
    SignatureVerdict,
)
from workbench.model.verification import Verification
from workbench.services.verification import verify

AT = datetime(2026, 7, 2, tzinfo=UTC)


@pytest.fixture
def verification(tmp_path: Path) -> Verification:
    """Return a verification with everything that a verdict can hold."""
    builder = LogBuilder("workbench")
    builder.edit(5)
    builder.write(tmp_path)
    (tmp_path / "log.head").write_bytes(builder.head())
    (tmp_path / "read.me").write_text("context")
    found = verify(VerifyRequest((tmp_path,), AT), progress=Silent(), cancel=Cancel())
    subject = found.subjects[0]
    assert subject.verdict is not None
    found = replace(found, keys_in_evidence={})
    signature = SignatureVerdict(Indication.PASSED, None, "a", "f", "b", AT, "head")
    flags = frozenset({AssuranceFlag.CONSISTENT, AssuranceFlag.SIGNED})
    verdict = replace(
        subject.verdict,
        signatures=(*subject.verdict.signatures, signature),
        assurance=(AssuranceRange(1, 4, flags, "p"),),
    )
    problem = Problem("CODE", Locator(subject.path, "a.zip!/b"), "Something.")
    rest = tuple(s for s in found.sources if s is not subject)
    with_problem = replace(subject, verdict=verdict, problems=(problem,))
    return replace(found, sources=(with_problem, *rest), problems=(problem,), network=("tsa",))


def test_what_was_written_is_read_back_whole(verification: Verification) -> None:
    document = json.loads(json.dumps(verification_to_json(verification)))
    assert verification_of(document, verification.required) == verification


def test_what_is_required_decides_the_exit_code(verification: Verification) -> None:
    document = json.loads(json.dumps(verification_to_json(verification)))
    assert verification_of(document, [Dimension.TIME]).required == (Dimension.TIME,)


SPOILT = [
    (("schema",), "workbench.verification/9"),
    (("at",), "yesterday"),
    (("at",), "2026-07-02T00:00:00"),
    (("sources",), {}),
    (("sources", 0), []),
    (("sources", 0, "path"), 5),
    (("sources", 0, "role"), "boss"),
    (("sources", 0, "bytes"), True),
    (("sources", 0, "integrity", "indication"), "GREEN"),
    (("sources", 0, "diagnoses", 0, "class"), "OTHER"),
    (("sources", 0, "diagnoses", 0, "record"), "5"),
    (("sources", 0, "assurance", 0, "first"), None),
    (("context",), [1]),
]


@pytest.mark.parametrize(("place", "value"), SPOILT, ids=str)
def test_what_is_not_of_the_contract_is_refused(
    verification: Verification, place: tuple[str | int, ...], value: object
) -> None:
    document = json.loads(json.dumps(verification_to_json(verification)))
    node = document
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value
    with pytest.raises(StoreError, match="kept verification"):
        verification_of(document, ())


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(StoreError, match="is no object"):
        verification_of([], ())
