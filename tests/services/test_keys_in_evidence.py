"""A trusted key anywhere in the drop proves nothing until its fingerprint is confirmed."""

import io
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import KEY, LogBuilder
from tests.verify import oms_builder as oms
from tests.verify.oms_case import INTACT, INTERMEDIATE, LEAF, ROOT, SIGNER, words
from tests.verify.test_evidence_keys import FORMS
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import SubjectVerdict
from workbench.model.verification import Verification
from workbench.services import verification
from workbench.sign.head import vkey
from workbench.verify import evidence_keys

KEY_MODEL = oms.signed_by_key(SIGNER)
CHAIN_MODEL = oms.signed_by_certificate(LEAF, INTERMEDIATE, ROOT)


def verified(drop: Path, trust: Path, *, confirm: tuple[str, ...] = ()) -> Verification:
    request = VerifyRequest((drop,), oms.AT, trust=(f"model={trust}",), confirm=confirm)
    return verification.verify(request, progress=Silent(), cancel=Cancel())


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """Return the auditor's own copy of the signer's key, outside the drop."""
    path = tmp_path / "key.pem"
    path.write_bytes(oms.pem(SIGNER))
    return path


def drop_with(tmp_path: Path, name: str, data: bytes) -> Path:
    drop = tmp_path / "drop"
    KEY_MODEL.write(drop)
    (drop / name).parent.mkdir(parents=True, exist_ok=True)
    (drop / name).write_bytes(data)
    return drop


def subject(verification: Verification) -> SubjectVerdict:
    """Return the verdict on the model; a key in JSON may be taken for a log, which is another."""
    (verdict,) = (s.verdict for s in verification.subjects if s.format == "oms")
    assert verdict is not None
    return verdict


@pytest.mark.parametrize("form", FORMS)
def test_a_key_beside_the_model_is_the_evidences_own_until_confirmed(
    form: str, tmp_path: Path, trust: Path
) -> None:
    drop = drop_with(tmp_path, "docs/readme.txt", FORMS[form](SIGNER))
    found = verified(drop, trust)
    assert (found.exit_code, subject(found).authenticity.code) == (2, "SELF_SUPPLIED_KEY")
    assert "docs/readme.txt" in " ".join(subject(found).notes)
    confirmed = verified(drop, trust, confirm=(oms.digest(oms.spki(SIGNER)),))
    assert words(subject(confirmed)) == INTACT


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/notes", data)
    return out.getvalue()


def tarred(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("k")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize("form", ["PEM", "JWK", "hex", "DER"])
def test_a_key_inside_an_archive_is_found(
    pack: Callable[[bytes], bytes], form: str, tmp_path: Path, trust: Path
) -> None:
    drop = drop_with(
        tmp_path,
        "papers.zip" if pack is zipped else "papers.tar.gz",
        pack(zipped(FORMS[form](SIGNER))),
    )
    assert subject(verified(drop, trust)).authenticity.code == "SELF_SUPPLIED_KEY"


def commented(data: bytes) -> bytes:
    out = io.BytesIO(zipped(b"nothing"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = data
    return out.getvalue()


@pytest.mark.parametrize("form", ["PEM", "JWK", "hex", "DER"])
def test_a_key_in_the_comment_of_an_archive_is_found(
    form: str, tmp_path: Path, trust: Path
) -> None:
    drop = drop_with(tmp_path, "papers.zip", commented(FORMS[form](SIGNER)))
    found = subject(verified(drop, trust))
    assert found.authenticity.code == "SELF_SUPPLIED_KEY"
    assert "lies in drop/papers.zip" in found.steps[-1].result


def test_a_chain_in_a_signature_that_is_packed_as_it_is_does_not_make_the_root_the_evidences_own(
    tmp_path: Path, trust: Path
) -> None:
    CHAIN_MODEL.write(tmp_path / "model")
    trust.write_bytes(ROOT.certificate.public_bytes(oms.Encoding.PEM))
    (tmp_path / "drop").mkdir()
    with tarfile.open(tmp_path / "drop" / "model.tar", "w") as archive:
        archive.add(tmp_path / "model", "model")
    assert verified(tmp_path / "drop", trust).exit_code == 0


def test_the_chain_in_the_signature_does_not_make_the_root_the_evidences_own(
    tmp_path: Path, trust: Path
) -> None:
    CHAIN_MODEL.write(tmp_path / "drop")
    root = ROOT.certificate.public_bytes(oms.Encoding.PEM)
    trust.write_bytes(root)
    assert verified(tmp_path / "drop", trust).exit_code == 0
    (tmp_path / "drop" / "chain.pem").write_bytes(root)
    assert subject(verified(tmp_path / "drop", trust)).authenticity.code == "SELF_SUPPLIED_KEY"


def test_a_key_inside_a_bundle_of_another_model_is_found(tmp_path: Path, trust: Path) -> None:
    drop = drop_with(tmp_path, "x", b"x")
    payload = oms.to_bytes(oms.statement(oms.FILES))
    old = oms.bundle(payload, oms.by_embedded_key(SIGNER), [b"nothing"])
    replace(KEY_MODEL, signature=oms.to_bytes(old)).write(drop / "older")
    codes = {s.verdict.authenticity.code for s in verified(drop, trust).subjects if s.verdict}
    assert codes == {"SELF_SUPPLIED_KEY", "SIG_CRYPTO_FAILURE"}


def test_the_trail_says_what_was_searched_and_found(tmp_path: Path, trust: Path) -> None:
    drop = drop_with(tmp_path, "x", b"x")
    step = subject(verified(drop, trust)).steps[-1]
    assert "raw, DER, PEM, base64, hexadecimal, JWK, SSH" in step.did
    assert "archives themselves too" in step.did
    assert "no bare private seed" in step.did
    assert f"every file of the evidence ({len(oms.FILES) + 2})" in step.did
    assert step.result == "None lies there."


def test_a_search_that_was_thinned_is_said(
    tmp_path: Path, trust: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_keys, "SPARING", 2000)
    files = {**oms.FILES, "weights.bin": bytes(range(256)) * 100}
    oms.signed_by_key(SIGNER, files).write(tmp_path / "drop")
    found = verified(tmp_path / "drop", trust)
    assert found.exit_code == 0
    assert "searched for raw and DER keys only: drop/model/weights.bin." in " ".join(
        subject(found).notes
    )


def test_a_head_by_a_key_from_the_evidence_says_where_it_lies(tmp_path: Path) -> None:
    log, drop = LogBuilder("workbench"), tmp_path / "drop"
    drop.mkdir()
    log.write(drop)
    (drop / "log.head").write_bytes(log.head())
    (tmp_path / "log.vkey").write_text(vkey("example.org/log", KEY.public_key()))
    (drop / "contact.md").write_text(f"Our key: {KEY.public_key().public_bytes_raw().hex()}\n")
    request = VerifyRequest((drop,), oms.AT, trust=(f"log={tmp_path / 'log.vkey'}",))
    found = verification.verify(request, progress=Silent(), cancel=Cancel())
    (verdict,) = (source.verdict for source in found.subjects)
    assert verdict is not None
    assert verdict.authenticity.code == "SELF_SUPPLIED_KEY"
    assert "also lies in the evidence: drop/contact.md." in " ".join(verdict.notes)
