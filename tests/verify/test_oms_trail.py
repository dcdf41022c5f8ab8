"""What the proof trail says can be redone by hand."""

from dataclasses import replace
from pathlib import Path

import recipes
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.verify import oms_builder as oms
from tests.verify.oms_case import (
    CERTIFICATE_TRUST,
    INTERMEDIATE,
    LEAF,
    MODEL,
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


def redo(verdict: SubjectVerdict, folder: Path) -> list[str]:
    """Run the commands of a verdict where its drop lies and return the lines that they print."""
    recipes.require_reproduced(verdict.steps, folder)
    return [line for step in verdict.steps for line in step.prints.splitlines()]


def test_the_recipe_for_a_key_works_with_openssl(tmp_path: Path) -> None:
    verdict = judge(MODEL.write(tmp_path / "drop"))
    said = redo(verdict, tmp_path)
    assert "Verified OK" in said
    assert oms.statement(oms.FILES)["subject"][0]["digest"]["sha256"] in said
    assert str(len(oms.FILES)) in said


def test_the_recipe_for_a_certificate_works_with_openssl(tmp_path: Path) -> None:
    subject = oms.signed_by_certificate(LEAF, INTERMEDIATE).write(tmp_path / "drop", "it's a model")
    said = redo(judge(subject, CERTIFICATE_TRUST), tmp_path)
    assert {"Verified OK", "stdin: OK"} <= set(said)


def test_the_recipe_for_the_form_of_0_2_works_with_openssl(tmp_path: Path) -> None:
    private = oms.key("signer", ec.SECP384R1())
    model = legacy(private, algorithm=hashes.SHA256())
    verdict = judge(model.write(tmp_path / "drop"), oms.trusting(oms.key_anchor(private)))
    assert "Verified OK" in redo(verdict, tmp_path)


def test_the_recipe_for_files_goes_through_links(tmp_path: Path) -> None:
    content = {**oms.FILES, "words/vocab.txt": oms.FILES["tokenizer/vocab.txt"]}
    said = oms.statement(content, allow_symlinks=True)
    model = replace(oms.signed_by_key(SIGNER, said=said), links={"words": "tokenizer"})
    verdict = judge(model.write(tmp_path / "drop"))
    assert str(len(content)) in redo(verdict, tmp_path)
    (step,) = [s for s in verdict.steps if s.clause == "OMS 1.0, 6.1.1"]
    assert step.result == "1 file stands behind links."


def test_two_signature_files_do_not_get_into_each_others_way(tmp_path: Path) -> None:
    """A recipe once wrote the next one's key over its own: a valid model then failed by hand."""
    other = oms.key("another signer")
    second = oms.signed_by_key(other).signature
    model = replace(MODEL, extra_signatures={"other.sig": second})
    trust = oms.trusting(oms.key_anchor(SIGNER), oms.key_anchor(other))
    verdict = judge(model.write(tmp_path / "drop"), trust)
    assert redo(verdict, tmp_path).count("Verified OK") == 2
