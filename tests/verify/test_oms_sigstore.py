"""Model signatures by a Sigstore identity: the same procedure as for any bundle."""

from dataclasses import replace
from pathlib import Path

import pytest
import recipes

from tests.verify import oms_builder as oms
from tests.verify import sigstore_builder as sb
from workbench.model.expectation import Expectation, Origin
from workbench.model.trust import Trust
from workbench.model.verdict import Code, Indication, SubjectVerdict
from workbench.verify.oms import VERIFIER
from workbench.verify.trust.anchors import load_trust
from workbench.verify.verifier import Bench

INSTANCE = sb.Instance("models")
WHO = Origin(identity=sb.IDENTITY, issuer=sb.ISSUER)
SIGNATURE = oms.to_bytes(INSTANCE.attestation(oms.statement(oms.FILES)))


def trust_at(folder: Path, role: str = "model") -> Trust:
    path = folder / "trusted_root.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(oms.to_bytes(INSTANCE.trusted_root()))
    return load_trust([f"{role}={path}"], at=oms.AT)


def judged(
    folder: Path, *, origin: Origin = WHO, role: str = "model", spoil: str = ""
) -> SubjectVerdict:
    model = oms.signed_by_key(oms.key("anybody"))
    spoilt = model.with_files({spoil: b"other"} if spoil else {})
    subject = replace(spoilt, signature=SIGNATURE).write(folder / "drop")
    bench = Bench(trust_at(folder / "trust", role), Expectation(origin=origin))
    return VERIFIER.verify(subject, bench)


def test_a_model_signed_by_the_pinned_identity_is_green(tmp_path: Path) -> None:
    verdict = judged(tmp_path)
    assert (verdict.integrity.code, verdict.completeness.code) == (Code.ANCHORED, Code.ANCHORED)
    assert verdict.authenticity.indication is Indication.PASSED
    assert verdict.authenticity.code == sb.IDENTITY
    assert verdict.time.code == "https://log.example"
    recipes.require_reproduced(verdict.steps, tmp_path)
    said = [line for step in verdict.steps for line in step.prints.splitlines()]
    assert {"Verified OK", "stdin: OK"} <= set(said)


@pytest.mark.parametrize(
    ("origin", "role", "code"),
    [
        (Origin(), "model", Code.IDENTITY_NOT_PINNED),
        (Origin(identity="x", issuer=sb.ISSUER), "model", Code.SIG_CONSTRAINTS_FAILURE),
        (WHO, "attestation", Code.ROLE_MISMATCH),
    ],
)
def test_who_is_not_pinned_or_not_trusted_for_models_is_open(
    origin: Origin, role: str, code: Code, tmp_path: Path
) -> None:
    verdict = judged(tmp_path, origin=origin, role=role)
    assert verdict.authenticity.indication is Indication.INDETERMINATE
    assert code in verdict.authenticity.codes
    assert verdict.completeness.code == Code.NO_ANCHOR


def test_an_altered_weight_fails_under_a_good_identity(tmp_path: Path) -> None:
    verdict = judged(tmp_path, spoil="README.md")
    assert verdict.integrity.code == "FILE_ALTERED"
    assert verdict.authenticity.indication is Indication.PASSED
