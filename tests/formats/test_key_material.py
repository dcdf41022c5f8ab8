"""Keys, certificates and revocation lists are recognised, and trusted for nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from tests.verify import oms_builder as oms
from tests.verify.oms_case import ROOT
from tests.verify.test_evidence_keys import KEYS, pem, private_pem, ssh
from workbench.formats.key_material import READER
from workbench.formats.reader import Look, Recognition
from workbench.model.source import Role

AT = datetime(2026, 6, 30, tzinfo=UTC)
CRL = (
    x509.CertificateRevocationListBuilder()
    .issuer_name(ROOT.certificate.subject)
    .last_update(AT)
    .next_update(AT.replace(year=2027))
    .sign(ROOT.private, hashes.SHA256())
)


def seen(tmp_path: Path, name: str, data: bytes) -> Recognition | None:
    (tmp_path / name).write_bytes(data)
    return READER.recognise(Look(oms.evidence(tmp_path, tmp_path / name), data, True))


@pytest.mark.parametrize(
    ("name", "data", "known_as"),
    [
        ("k.pem", pem(KEYS["P-256"]), "key"),
        ("k.txt", private_pem(KEYS["P-256"]), "private-key"),
        ("c", ROOT.certificate.public_bytes(Encoding.PEM), "certificate"),
        ("c.cer", ROOT.certificate.public_bytes(Encoding.DER), "certificate"),
        ("id_ed25519.pub", ssh(KEYS["Ed25519"]).split(b"\n")[1].split(b" ", 1)[1], "key"),
        ("allowed_signers", ssh(KEYS["P-256"]).split(b"\n")[1], "key"),
        ("r.pem", CRL.public_bytes(Encoding.PEM), "revocation-list"),
        ("r.crl", CRL.public_bytes(Encoding.DER), "revocation-list"),
    ],
)
def test_what_may_be_trusted_is_recognised(
    name: str, data: bytes, known_as: str, tmp_path: Path
) -> None:
    found = seen(tmp_path, name, data)
    assert found is not None
    assert (found.format, found.role) == (known_as, Role.TRUST)


def test_a_revocation_list_says_that_it_counts_only_as_trust(tmp_path: Path) -> None:
    found = seen(tmp_path, "r.crl", CRL.public_bytes(Encoding.DER))
    assert found is not None
    assert "given with --trust" in found.cannot_show[0]


@pytest.mark.parametrize(
    "data", [b"", b"text", b"\x30\x03\x02\x01\x00", b"use ssh-ed25519 keys\n", b"ssh-rsa"]
)
def test_anything_else_is_not(data: bytes, tmp_path: Path) -> None:
    assert seen(tmp_path, "f.txt", data) is None
