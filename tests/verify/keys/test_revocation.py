"""A list of revoked keys only takes trust away, and is never believed by halves."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.chain_writers import SIGNER, lemma_ocsf
from tests.verify import tokens
from tests.verify.certificates import Sheet, issue
from tests.verify.chain.judging import in_words
from workbench.errors import SourceError
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.trust import AnchorKind, Trust
from workbench.model.verdict import Code, SubjectVerdict
from workbench.services.verification import verified
from workbench.verify.trust.anchors import load_trust
from workbench.verify.trust.revocation import Revocation
from workbench.verify.trust.x509 import validate_path

AT = datetime(2026, 6, 30, tzinfo=UTC)
KEY_ID = "ed25519:" + hashlib.sha256(SIGNER.public_key().public_bytes_raw()).hexdigest()[:16]


def key_list(revoked_at: str, *, name: str = KEY_ID, signer: Ed25519PrivateKey = SIGNER) -> bytes:
    """Return a list as an agent of Lemma publishes it."""
    rest: dict[str, Any] = {
        "producer": "TestProducer",
        "issued_at": "2026-06-01T00:00:00+00:00",
        "revocations": [{"key_id": name, "revoked_at": revoked_at, "reason": "leaked"}],
        "issuer_key_id": KEY_ID,
    }
    signed = json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()
    return json.dumps({**rest, "signature": signer.sign(signed).hex()}).encode()


def brought(folder: Path, data: bytes) -> Trust:
    (folder / "keys.json").write_bytes(data)
    public = SIGNER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "signer.pem").write_bytes(public)
    return load_trust([f"log={folder / 'signer.pem'}", str(folder / "keys.json")], at=AT)


def judged(folder: Path, trust: Trust, *, stamped: bool = False) -> SubjectVerdict:
    drop, written = folder / "drop", lemma_ocsf()
    drop.mkdir()
    data = written.data(written.records)
    (drop / "log.jsonl").write_bytes(data)
    if stamped:
        (drop / "log.jsonl.tsr").write_bytes(tokens.token(data=data))
        trust = replace(trust, anchors=(*trust.anchors, tokens.TRUSTED))
    (source,) = verified(
        VerifyRequest(paths=(drop,), at=AT), trust, Silent(), Cancel(), None
    ).subjects
    assert source.verdict is not None
    return source.verdict


def test_records_that_claim_a_time_after_their_key_was_revoked_fail(tmp_path: Path) -> None:
    latest = max(record["signed_at"] for record in lemma_ocsf().records)
    found = judged(tmp_path, brought(tmp_path, key_list(latest)))
    assert in_words(found)[1] == "FAILED REVOKED"
    assert "claim a time at which signer.pem was revoked" in found.signatures[0].covers


def test_records_that_claim_an_earlier_time_prove_it_by_nothing(tmp_path: Path) -> None:
    found = judged(tmp_path, brought(tmp_path, key_list("2026-05-01T00:00:00+00:00")))
    assert in_words(found)[1] == "INDETERMINATE REVOKED_NO_POE"


def test_records_that_were_stamped_before_their_key_was_revoked_stay_signed(tmp_path: Path) -> None:
    trust = brought(tmp_path, key_list("2026-05-01T00:00:00+00:00"))
    found = judged(tmp_path, trust, stamped=True)
    assert found.signatures[0].code == Code.NOT_RECOMPUTABLE  # as without a list


def test_another_key_on_the_list_changes_nothing(tmp_path: Path) -> None:
    data = key_list("2020-01-01T00:00:00+00:00", name="ed25519:" + "0" * 16)
    found = judged(tmp_path, brought(tmp_path, data))
    assert found.signatures[0].code == Code.NOT_RECOMPUTABLE


def test_a_list_that_its_stated_signer_did_not_sign_is_refused(tmp_path: Path) -> None:
    other = Ed25519PrivateKey.generate()
    with pytest.raises(SourceError, match="is damaged"):
        brought(tmp_path, key_list("2026-05-01T00:00:00+00:00", signer=other))


@pytest.mark.parametrize(
    "spoilt",
    [
        b'{"revocations": [{"key_id": "x", "revoked_at": "2026-05-01T00:00:00"}]}',
        b'{"revocations": [{"key_id": "x", "revoked_at": "soon"}]}',
        b'{"revocations": [{"key_id": 7, "revoked_at": "2026-05-01T00:00:00Z"}]}',
        b'{"revocations": "revoked_at", "revoked_at": 1}',
        b'{"revocations": [], "revocations": [], "revoked_at": 1}',
        b'{"revocations": [{"key_id": "x", "revoked_at": "2026-05-01T00:00Z"}], "signature": "g"}',
    ],
)
def test_a_list_that_cannot_be_read_is_refused(spoilt: bytes, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(spoilt)
    with pytest.raises(SourceError):
        load_trust([str(tmp_path / "keys.json")], at=AT)


def test_a_list_that_lies_in_the_evidence_revokes_nobody(tmp_path: Path) -> None:
    trust = brought(tmp_path, key_list("2020-01-01T00:00:00+00:00"))
    trust = replace(trust, revocations=())
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "keys.json").write_bytes(key_list("2020-01-01T00:00:00+00:00"))
    written = lemma_ocsf()
    (drop / "log.jsonl").write_bytes(written.data(written.records))
    found = verified(VerifyRequest(paths=(drop,), at=AT), trust, Silent(), Cancel(), None)
    (verdict,) = [s.verdict for s in found.subjects if s.path.endswith("log.jsonl")]
    assert verdict is not None
    assert verdict.signatures[0].code == Code.NOT_RECOMPUTABLE


def test_a_list_revokes_the_key_of_a_certificate_too(tmp_path: Path) -> None:
    leaf = issue(Sheet("Signer"), tokens.ROOT)
    spki = leaf.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    entry = {"key_id": hashlib.sha256(spki).hexdigest(), "revoked_at": "2026-03-01T00:00:00Z"}
    (tmp_path / "keys.json").write_bytes(json.dumps({"revocations": [entry]}).encode())
    lists = load_trust([str(tmp_path / "keys.json")], at=AT).revocations
    assert lists[0].kind is AnchorKind.KEY_REVOCATIONS
    path = validate_path(leaf.der, [], [tokens.ROOT.anchor()], at=AT, revocation=Revocation(lists))
    assert path.code == Code.REVOKED_NO_POE
