"""Time-stamp tokens of rfc3161-client's own tests, with the verdicts in the archive's README.

The README fails ``response-expired`` as the peer does without the authority's certificate. With it
the peer passes, since it judges the path at the token's own time, as we do.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.conformance.table import Conforms
from tests.verify.certificates import AT
from workbench.model.verdict import Code, Indication
from workbench.verify.timestamp.judge import JudgedToken, judge_token
from workbench.verify.trust.anchors import load_trust

Unpack = Callable[[str], Path]
ARCHIVE = "integrity/rfc3161"

#: Token, file with the chain, how many certificates of it from its end are trusted, verdict.
CASES = {
    "test_tsa/response": ("test_tsa", 1, Indication.PASSED, None),
    "test_tsa/response-injected-certs": ("test_tsa", 1, Indication.PASSED, None),
    "test_tsa/other_response": (
        "test_tsa",
        1,
        Indication.INDETERMINATE,
        Code.NO_CERTIFICATE_CHAIN_FOUND,
    ),
    "sigstore.mock/response-expired": (
        "sigstore.mock",
        1,
        Indication.INDETERMINATE,
        Code.NO_CERTIFICATE_CHAIN_FOUND,
    ),
}


def judged(folder: Path, case: str, tmp_path: Path, *, supplied: bool = True) -> JudgedToken:
    where, trusted, *_ = CASES[case]
    chain = x509.load_pem_x509_certificates((folder / where / "ts_chain.pem").read_bytes())
    root = tmp_path / "root.pem"
    root.write_bytes(b"".join(c.public_bytes(Encoding.PEM) for c in chain[-trusted:]))
    payload = folder / where / "payload"
    data = payload.read_bytes() if payload.exists() else b"hello"
    between = [c.public_bytes(Encoding.DER) for c in chain[1 if not supplied else 0 : -trusted]]
    return judge_token(
        (folder / f"{case}.tsr").read_bytes(),
        lambda name: hashlib.new(name, data).digest(),
        load_trust([f"tsa={root}"], at=AT),
        certificates=between,
    )


def test_every_token_of_the_archive_is_a_case(evidence_archive: Unpack) -> None:
    folder = evidence_archive(ARCHIVE) / "rfc3161-client"
    found = {str(p.relative_to(folder).with_suffix("")) for p in folder.rglob("*.tsr")}
    assert found == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_a_token_is_judged_as_known(
    case: str, evidence_archive: Unpack, tmp_path: Path, conforms: Conforms
) -> None:
    folder = evidence_archive(ARCHIVE) / "rfc3161-client"
    found = judged(folder, case, tmp_path, supplied=not case.startswith("sigstore"))
    assert (found.indication, found.code) == CASES[case][2:]
    conforms(agreed=1)
    print(f"\n{case:36} {found.indication} {found.code or ''} {found.signer}")  # noqa: T201


def test_the_injected_certificate_is_never_the_signer(
    evidence_archive: Unpack, tmp_path: Path
) -> None:
    folder = evidence_archive(ARCHIVE) / "rfc3161-client"
    found = judged(folder, "test_tsa/response-injected-certs", tmp_path)
    assert found.signer == "CN=Test TSA Timestamping,O=local"


def test_token_without_a_certificate_passes_at_its_own_time_once_that_is_given(
    evidence_archive: Unpack, tmp_path: Path
) -> None:
    folder = evidence_archive(ARCHIVE) / "rfc3161-client"
    found = judged(folder, "sigstore.mock/response-expired", tmp_path)
    assert (found.indication, found.code) == (Indication.PASSED, None)
