"""The vectors that ship for the self-test get the verdicts that are known for them."""

import json
from pathlib import Path

import pytest

from tests.verify import oms_builder as oms
from workbench import resources
from workbench.model.verdict import Dimension
from workbench.verify.oms import VERIFIER
from workbench.verify.trust.anchors import load_trust
from workbench.verify.verifier import Bench

VECTORS = sorted(resources.path("selftest", "oms").iterdir())


def test_there_are_vectors_of_both_kinds() -> None:
    names = {path.name for path in VECTORS}
    assert {"key-intact", "certificate-intact", "key-weights-altered"} <= names


@pytest.mark.parametrize("folder", VECTORS, ids=lambda path: path.name)
def test_a_vector_is_judged_as_known(folder: Path) -> None:
    known = json.loads((folder / "expected.json").read_bytes())
    specs = [spec.replace("trust/", f"{folder}/trust/") for spec in known["trust"]]
    subject = oms.subject_at(folder / "drop", known["subject"], ["model.sig"])
    verdict = VERIFIER.verify(subject, Bench(trust=load_trust(specs, at=oms.AT)))
    for dimension in Dimension:
        indication, _, code = known[dimension.value].partition(" ")
        found = verdict.dimension(dimension)
        assert found.indication == indication
        assert not code or found.code == code
    assert [[d.kind.value, d.path] for d in verdict.diagnoses] == known["diagnoses"]
