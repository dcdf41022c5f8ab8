"""What the proof trail says can be redone by hand."""

import subprocess
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from tests.verify import oms_builder as oms
from tests.verify.oms_case import (
    CERTIFICATE_TRUST,
    INTERMEDIATE,
    LEAF,
    MODEL,
    ROOT,
    SIGNER,
    judge,
    legacy,
)
from workbench.model.verdict import SubjectVerdict


def test_the_digest_of_the_folder_is_that_of_its_sha256sum_listing(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path))
    lines = sorted((name.encode(), oms.digest(content)) for name, content in oms.FILES.items())
    listing = b"".join(digest.encode() + b"  " + name + b"\n" for name, digest in lines)
    assert verdict.sha256 == oms.digest(listing)


def by_hand(verdict: SubjectVerdict, folder: Path, clauses: tuple[str, ...]) -> str:
    """Run the recipes of the named clauses one after the other and return what they print."""
    steps = [s.recipe for s in verdict.steps if s.clause in clauses and s.recipe]
    script = "set -e\n" + "\n".join(steps).replace("drop/", "")
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


SIGNATURE_STEPS = ("DSSE 1.0, protocol", "OMS 1.0, 8.2")


def test_the_recipe_for_a_key_works_with_openssl(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path))
    (tmp_path / "key.pem").write_bytes(oms.pem(SIGNER))
    assert "Verified OK" in by_hand(verdict, tmp_path, SIGNATURE_STEPS)
    root = by_hand(verdict, tmp_path, ("DSSE 1.0, protocol", "OMS 1.0, 6.5.1"))
    assert root.split()[0] == oms.statement(oms.FILES)["subject"][0]["digest"]["sha256"]
    listed = by_hand(verdict, tmp_path, ("OMS 1.0, 8.4",))
    assert {line.split()[0] for line in listed.splitlines()} == {
        oms.digest(content) for content in oms.FILES.values()
    }


def test_the_recipe_for_a_certificate_works_with_openssl(tmp_path: Path) -> None:
    subject = oms.signed_by_certificate(LEAF, INTERMEDIATE).write(tmp_path, "it's a model")
    verdict = judge(subject, CERTIFICATE_TRUST)
    assert "Verified OK" in by_hand(verdict, tmp_path, SIGNATURE_STEPS)
    (tmp_path / "root.pem").write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    assert "chain.pem: OK" in by_hand(verdict, tmp_path, ("RFC 5280 6.1; OMS 1.0, 8.2",))


def test_the_recipe_for_the_form_of_0_2_works_with_openssl(tmp_path: Path) -> None:
    private = oms.key("signer", ec.SECP384R1())
    model = legacy(private, algorithm=hashes.SHA256())
    verdict = judge(model.write(tmp_path), oms.trusting(oms.key_anchor(private)))
    (tmp_path / "key.pem").write_bytes(oms.pem(private))
    assert "Verified OK" in by_hand(verdict, tmp_path, SIGNATURE_STEPS)


def test_the_recipe_for_files_goes_through_links(tmp_path: Path) -> None:
    content = {**oms.FILES, "words/vocab.txt": oms.FILES["tokenizer/vocab.txt"]}
    said = oms.statement(content, allow_symlinks=True)
    model = replace(oms.signed_by_key(SIGNER, said=said), links={"words": "tokenizer"})
    verdict = judge(model.write(tmp_path))
    listed = by_hand(verdict, tmp_path, ("OMS 1.0, 8.4",))
    assert {line.split()[1] for line in listed.splitlines()} == {f"./{name}" for name in content}
    (step,) = [s for s in verdict.steps if s.clause == "OMS 1.0, 6.1.1"]
    assert step.result == "1 file(s) stand behind links."
