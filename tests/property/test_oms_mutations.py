"""A thousand random single-byte changes over signed models: no protected one stays green.

The seed is fixed, so that a failure can be repeated; ``WORKBENCH_SEED`` and ``WORKBENCH_FLIPS``
give other and more changes.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.verify import oms_builder as oms
from workbench.evidence.subject import Subject
from workbench.model.trust import Trust
from workbench.model.verdict import Indication, SubjectVerdict
from workbench.verify.oms import VERIFIER
from workbench.verify.verifier import Bench

SEED = int(os.environ.get("WORKBENCH_SEED", "20260630"))
FLIPS = int(os.environ.get("WORKBENCH_FLIPS", "1000"))

ROOT = oms.issue("Root CA", ca=True)
INTERMEDIATE = oms.issue("Issuing CA", ROOT, ca=True)
LEAF = oms.issue("Model signer", INTERMEDIATE)
SIGNER = oms.key("signer")

KEY = (oms.signed_by_key(SIGNER), oms.trusting(oms.key_anchor(SIGNER)))
CERTIFICATE = (
    oms.signed_by_certificate(LEAF, INTERMEDIATE, ROOT),
    oms.trusting(oms.certificate_anchor(ROOT)),
)
KINDS = pytest.mark.parametrize(("model", "trust"), [KEY, CERTIFICATE], ids=["key", "certificate"])

#: Members of a bundle that nothing signs and nothing rests on: a change there changes no verdict.
UNPROTECTED = {
    "white space",
    "/verificationMaterial/publicKey/hint",
    "/verificationMaterial/tlogEntries",
    "/dsseEnvelope/signatures/0/keyid",
    # The auditor's own copy of the root ends the path, not the one in the bundle.
    "/verificationMaterial/x509CertificateChain/certificates/2/rawBytes",
}


def judge(subject: Subject, trust: Trust) -> SubjectVerdict:
    return VERIFIER.verify(subject, Bench(trust=trust))


def is_green(verdict: SubjectVerdict) -> bool:
    parts = (verdict.integrity, verdict.authenticity, verdict.completeness)
    return all(part.indication is Indication.PASSED for part in parts)


def flips(size: int, salt: str) -> Iterator[tuple[int, int]]:
    """Yield places and what to change there; never the same byte again."""
    chance = random.Random(f"{SEED} {salt}")
    for _ in range(FLIPS):
        yield chance.randrange(size), chance.randrange(1, 256)


def flipped(data: bytes, place: int, mask: int) -> bytes:
    return data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]


def rewritten(subject: Subject, root: Path, name: str, data: bytes) -> Subject:
    """Write a file anew and take it in as it now is."""
    (root / name).write_bytes(data)

    def again(files: Any) -> Any:
        return tuple(
            oms.evidence(root, root / name) if file.parts == Path(name).parts else file
            for file in files
        )

    return replace(subject, files=again(subject.files), signatures=again(subject.signatures))


@KINDS
def test_no_change_of_a_models_file_stays_green(
    model: oms.SignedModel, trust: Trust, tmp_path: Path
) -> None:
    subject = model.write(tmp_path)
    assert is_green(judge(subject, trust))
    everything = [(f"model/{n}", place) for n, c in model.files.items() for place in range(len(c))]
    for number, mask in flips(len(everything), "files"):
        name, place = everything[number]
        original = model.files[name.removeprefix("model/")]
        changed = rewritten(subject, tmp_path, name, flipped(original, place, mask))
        verdict = judge(changed, trust)
        assert verdict.integrity.indication is Indication.FAILED, (name, place, mask)
        assert [d.path for d in verdict.diagnoses] == [name.removeprefix("model/")]
        subject = rewritten(subject, tmp_path, name, original)


@KINDS
def test_only_unprotected_changes_of_the_signature_file_stay_green(
    model: oms.SignedModel, trust: Trust, tmp_path: Path
) -> None:
    subject = model.write(tmp_path)
    original = json.loads(model.signature)
    stayed: Counter[str] = Counter()
    for place, mask in flips(len(model.signature), "signature"):
        data = flipped(model.signature, place, mask)
        if is_green(judge(rewritten(subject, tmp_path, "model.sig", data), trust)):
            stayed.update(differences(original, json.loads(data)) or ["white space"])
    assert set(stayed) <= UNPROTECTED
    assert stayed.total() < FLIPS // 2


def differences(one: Any, other: Any, pointer: str = "") -> list[str]:
    """Return the pointers of the members that two documents do not share."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = list(dict.fromkeys([*one]))
        return [
            found
            for name in names
            for found in differences(one[name], other.get(name), f"{pointer}/{name}")
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [found for n, (a, b) in pairs for found in differences(a, b, f"{pointer}/{n}")]
    return [] if one == other else [pointer]
