"""Canonical JSON (RFC 8785) as its author publishes it: what chains and proofs are hashed over."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.table import Conforms
from workbench.evidence.strict_json import parse
from workbench.model.recipe import JsonStyle, Numbers, Sort
from workbench.verify.chain.render import render

CASES = ("arrays", "french", "structures", "unicode", "values", "weird")
STYLE = JsonStyle(sort=Sort.UTF16, ensure_ascii=False, numbers=Numbers.ECMASCRIPT)


@pytest.mark.parametrize("case", CASES)
def test_every_published_document_has_its_published_bytes(
    case: str, evidence_archive: Callable[[str], Path], conforms: Conforms
) -> None:
    folder = evidence_archive("integrity/jcs") / "testdata"
    given = (folder / "input" / f"{case}.json").read_bytes()
    found = render(parse(given, what=case), STYLE)
    published = (folder / "output" / f"{case}.json").read_bytes()
    assert bytes.fromhex((folder / "outhex" / f"{case}.txt").read_text()) == published
    assert found == published
    conforms(agreed=1)


def test_every_published_document_is_a_case(evidence_archive: Callable[[str], Path]) -> None:
    folder = evidence_archive("integrity/jcs") / "testdata" / "input"
    assert {path.stem for path in folder.iterdir()} == set(CASES)
