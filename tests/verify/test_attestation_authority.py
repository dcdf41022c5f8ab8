"""Bundles by a certificate of an authority that the auditor brought, with no Sigstore root."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.verify import attestation_builder as a
from tests.verify import sigstore_builder as sb
from workbench.model.verdict import Code, Indication

DATA = b"an artifact"
HERE = sb.Instance("company")
ROOT = HERE.root.public_bytes(Encoding.PEM)
BUNDLE = HERE.message(DATA)
SOUND = a.Drop(
    {"data.bin": DATA, "data.bin.sigstore.json": a.to_bytes(BUNDLE)},
    {"root.pem": ROOT},
    at=sb.SIGNED,
)


def test_a_path_to_an_authority_of_ones_own_is_enough_while_it_is_valid(tmp_path: Path) -> None:
    verdict = SOUND.verdict(tmp_path)
    assert a.words(verdict)[:3] == ["PASSED ANCHORED", "PASSED", "PASSED ANCHORED"]


def test_an_authority_that_travels_along_takes_nothing_from_the_one_brought(tmp_path: Path) -> None:
    bundle = copy.deepcopy(BUNDLE)
    material = bundle["verificationMaterial"]
    leaf = material.pop("certificate")
    root = {"rawBytes": a.b64(HERE.root.public_bytes(Encoding.DER))}
    material["x509CertificateChain"] = {"certificates": [leaf, root]}
    found = SOUND.with_file("data.bin.sigstore.json", a.to_bytes(bundle))
    assert a.words(found.verdict(tmp_path))[1] == "PASSED"


def test_an_authority_that_lies_beside_it_vouches_for_nobody(tmp_path: Path) -> None:
    found = SOUND.with_file("root.pem", ROOT).verdict(tmp_path, "data.bin")
    assert a.words(found)[1] == "INDETERMINATE SELF_SUPPLIED_KEY"


def test_a_certificate_that_has_ended_is_open(tmp_path: Path) -> None:
    found = replace(SOUND, at=a.AT).verdict(tmp_path)
    assert a.words(found)[1] == "INDETERMINATE OUT_OF_BOUNDS_NO_POE"


def test_another_authority_is_no_path(tmp_path: Path) -> None:
    other = {"root.pem": sb.Instance("other").root.public_bytes(Encoding.PEM)}
    verdict = replace(SOUND, trusted=other).verdict(tmp_path)
    assert verdict.authenticity.indication is Indication.INDETERMINATE
    assert verdict.authenticity.code == Code.NO_CERTIFICATE_CHAIN_FOUND


def test_an_altered_artifact_fails_its_signer(tmp_path: Path) -> None:
    verdict = SOUND.with_file("data.bin", b"another").verdict(tmp_path)
    assert a.words(verdict)[:2] == ["FAILED FILE_ALTERED", "FAILED SIG_CRYPTO_FAILURE"]


@pytest.mark.parametrize(
    ("identity", "issuer", "indication"),
    [
        (sb.IDENTITY, sb.ISSUER, Indication.PASSED),
        ("mallory@example.com", sb.ISSUER, Indication.INDETERMINATE),
        (sb.IDENTITY, "https://evil.example", Indication.INDETERMINATE),
    ],
)
def test_an_identity_that_is_asked_for_is_looked_for_under_any_authority(
    identity: str, issuer: str, indication: Indication, tmp_path: Path
) -> None:
    verdict = SOUND.stating(identity=identity, issuer=issuer).verdict(tmp_path)
    assert verdict.authenticity.indication is indication
    if indication is not Indication.PASSED:
        assert verdict.authenticity.code == Code.SIG_CONSTRAINTS_FAILURE
        assert verdict.completeness.code == Code.NO_ANCHOR


def test_a_bare_key_is_nobody_that_was_asked_for(tmp_path: Path) -> None:
    key, files = a.p256("ann"), {"data.bin": DATA}
    signed = a.to_bytes(a.envelope(a.provenance(files), key))
    drop = a.Drop({**files, "data.bin.intoto.jsonl": signed}, {"ann.pem": a.pem_of(key)})
    assert drop.verified(tmp_path / "unasked").exit_code == 0
    asked = drop.stating(identity="ann@example.com", issuer="https://accounts.example")
    verification = asked.verified(tmp_path / "asked")
    assert verification.exit_code == 2
    (source,) = verification.subjects
    assert source.verdict is not None
    assert a.words(source.verdict)[1] == f"INDETERMINATE {Code.SIG_CONSTRAINTS_FAILURE}"
    assert any("must be by ann@example.com" in note for note in source.verdict.notes)
