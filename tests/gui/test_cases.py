"""The case that tests of pages stand on is what it says it is."""

from pathlib import Path

from tests.gui.cases import ALTERED, TAMPERED
from workbench.model.verdict import DiagnosisClass
from workbench.services import cases
from workbench.services.investigation import Events


def test_the_sample_case_is_verified_with_its_trust_and_indexed(sample_case: Path) -> None:
    with cases.open_case(sample_case) as case:
        found = cases.standing(case)
        assert found.verification is not None
        assert not found.unjudged
        broken = {s.path: s.verdict.diagnoses for s in found.verification.subjects if s.verdict}
        (diagnosis,) = broken[TAMPERED]
        assert (diagnosis.kind, diagnosis.record) == (DiagnosisClass.RECORD_ALTERED, ALTERED)
        assert Events(case).count() == 6000
