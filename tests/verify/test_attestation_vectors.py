"""The vectors of attestations that ship for the self-test get the verdicts known for them."""

import pytest

from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verification import Verification
from workbench.services import selftest
from workbench.services.verification import verified
from workbench.verify.trust.anchors import load_trust

VECTORS = [v for v in selftest._vectors() if v.id.startswith("attestation/")]


def here(request: VerifyRequest) -> Verification:
    trust = load_trust(request.trust, at=request.at, threshold=request.threshold)
    return verified(request, trust, Silent(), Cancel(), None)


def test_there_are_vectors_of_every_kind() -> None:
    kinds = {vector.id.partition("/")[2].partition("-")[0] for vector in VECTORS}
    assert kinds == {"provenance", "sigstore", "layout"}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.id)
def test_a_vector_is_judged_as_known(vector: "selftest._Vector") -> None:
    assert selftest._case(vector, here).differences == ()
