"""What tests of signed models share: signers, trust, and a verdict in words."""

from dataclasses import replace

from cryptography.hazmat.primitives import hashes

from tests.verify import oms_builder as oms
from workbench.evidence.subject import Subject
from workbench.model.expectation import Expectation
from workbench.model.trust import Trust
from workbench.model.verdict import SubjectVerdict
from workbench.verify.oms import VERIFIER
from workbench.verify.verifier import Bench

SIGNER = oms.key("signer")
OTHER = oms.key("other")
ROOT = oms.issue("Root CA", ca=True)
INTERMEDIATE = oms.issue("Issuing CA", ROOT, ca=True)
LEAF = oms.issue("Model signer", INTERMEDIATE)
TRUST = oms.trusting(oms.key_anchor(SIGNER))
CERTIFICATE_TRUST = oms.trusting(oms.certificate_anchor(ROOT))
MODEL = oms.signed_by_key(SIGNER)


def judge(
    subject: Subject, trust: Trust = TRUST, *, expectation: Expectation | None = None
) -> SubjectVerdict:
    return VERIFIER.verify(subject, Bench(trust=trust, expectation=expectation or Expectation()))


def words(verdict: SubjectVerdict) -> tuple[str, str, str]:
    """Return Integrity, Authenticity and Completeness as ``INDICATION CODE``."""
    parts = (verdict.integrity, verdict.authenticity, verdict.completeness)
    first, second, third = (f"{part.indication} {part.code}" for part in parts)
    return first, second, third


def diagnoses(verdict: SubjectVerdict) -> list[tuple[str, str | None]]:
    return [(diagnosis.kind.value, diagnosis.path) for diagnosis in verdict.diagnoses]


INTACT = ("PASSED ANCHORED", "PASSED key.pem", "PASSED ANCHORED")
UNTRUSTED = (
    "PASSED SELF_CONSISTENT",
    "INDETERMINATE NO_TRUST_ANCHOR",
    "INDETERMINATE NO_ANCHOR",
)


def explanation(verdict: SubjectVerdict) -> str:
    return " ".join(text for diagnosis in verdict.diagnoses for text in diagnosis.explanations)


def legacy(private: oms.Key, algorithm: hashes.HashAlgorithm | None = None) -> oms.SignedModel:
    """Return a model in the form of model_signing 0.2."""
    payload = oms.to_bytes(oms.legacy_statement(oms.FILES))
    value = oms.sign(private, oms.legacy_encoding(payload), algorithm)
    return replace(MODEL, signature=oms.to_bytes(oms.bundle(payload, oms.by_key(private), [value])))
