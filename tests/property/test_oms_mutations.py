"""A thousand random single-byte changes over signed models: no protected one stays green.

The changes are shared out over kinds of signature, and over files and bundle of each. The seed is
fixed, so that a failure can be repeated; ``WORKBENCH_SEED`` and ``WORKBENCH_FLIPS`` give other and
more changes.
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
from cryptography.hazmat.primitives.serialization import Encoding

from tests.verify import oms_builder as oms
from tests.verify.oms_case import INTERMEDIATE, LEAF, OTHER, ROOT, SIGNER, legacy
from workbench.errors import SourceError
from workbench.evidence.subject import Subject
from workbench.model.trust import Trust
from workbench.model.verdict import Indication, SubjectVerdict
from workbench.verify.oms import VERIFIER
from workbench.verify.trust.anchors import load_trust
from workbench.verify.verifier import Bench

SEED = int(os.environ.get("WORKBENCH_SEED", "20260630"))
FLIPS = int(os.environ.get("WORKBENCH_FLIPS", "1000"))

KEY_TRUST = oms.trusting(oms.key_anchor(SIGNER))
ROOT_TRUST = oms.trusting(oms.certificate_anchor(ROOT))


def embedded() -> oms.SignedModel:
    """Return a model in the form of releases before 1.1, which bring the key along."""
    payload = oms.to_bytes(oms.statement(oms.FILES, ignore_paths=None))
    values = [oms.sign(SIGNER, oms.encoding(payload))]
    document = oms.bundle(payload, oms.by_embedded_key(SIGNER), values)
    return oms.SignedModel(oms.FILES, oms.to_bytes(document))


def old_with_certificate() -> oms.SignedModel:
    payload = oms.to_bytes(oms.legacy_statement(oms.FILES))
    values = [oms.sign(LEAF.private, oms.legacy_encoding(payload))]
    chain = oms.by_certificates(LEAF.certificate, INTERMEDIATE.certificate, ROOT.certificate)
    return oms.SignedModel(oms.FILES, oms.to_bytes(oms.bundle(payload, chain, values)))


SHARDED = oms.statement(oms.FILES, algorithm="blake2b", shard_size=300)
MODELS: dict[str, tuple[oms.SignedModel, Trust]] = {
    "key": (oms.signed_by_key(SIGNER), KEY_TRUST),
    "key, shards": (oms.signed_by_key(SIGNER, said=SHARDED), KEY_TRUST),
    "key before 1.1": (
        embedded(),
        oms.trusting(replace(oms.key_anchor(SIGNER), confirmed=True)),
    ),
    "key of 0.2": (legacy(SIGNER), KEY_TRUST),
    "certificate": (oms.signed_by_certificate(LEAF, INTERMEDIATE, ROOT), ROOT_TRUST),
    "certificate of 0.2": (old_with_certificate(), ROOT_TRUST),
}
SHARE = FLIPS // (2 * len(MODELS)) + 1
EACH = pytest.mark.parametrize("kind", MODELS)

#: Members of a bundle that nothing signs and nothing rests on: a change there changes no verdict.
UNPROTECTED = {
    "white space",
    "/verificationMaterial/publicKey/hint",
    "/verificationMaterial/publicKey/rawBytes",
    "/verificationMaterial/publicKey/keyDetails",
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


def flips(size: int, salt: str, count: int) -> Iterator[tuple[int, int]]:
    """Yield places and what to change there."""
    chance = random.Random(f"{SEED} {salt}")
    for _ in range(count):
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


@EACH
def test_no_change_of_a_models_file_stays_green(kind: str, tmp_path: Path) -> None:
    model, trust = MODELS[kind]
    subject = model.write(tmp_path)
    assert is_green(judge(subject, trust))
    everything = [(f"model/{n}", place) for n, c in model.files.items() for place in range(len(c))]
    for number, mask in flips(len(everything), f"files {kind}", SHARE):
        name, place = everything[number]
        original = model.files[name.removeprefix("model/")]
        changed = rewritten(subject, tmp_path, name, flipped(original, place, mask))
        verdict = judge(changed, trust)
        assert verdict.integrity.indication is Indication.FAILED, (name, place, mask)
        assert [d.path for d in verdict.diagnoses] == [name.removeprefix("model/")]
        subject = rewritten(subject, tmp_path, name, original)


@EACH
def test_only_unprotected_changes_of_the_signature_file_stay_green(
    kind: str, tmp_path: Path
) -> None:
    model, trust = MODELS[kind]
    subject = model.write(tmp_path)
    original = json.loads(model.signature)
    stayed: Counter[str] = Counter()
    for place, mask in flips(len(model.signature), f"signature {kind}", SHARE):
        data = flipped(model.signature, place, mask)
        if is_green(judge(rewritten(subject, tmp_path, "model.sig", data), trust)):
            stayed.update(differences(original, json.loads(data)) or ["white space"])
    assert set(stayed) <= UNPROTECTED
    assert stayed.total() < SHARE // 2


TRUST_FILES = {
    "key": ("key.pem", oms.pem(SIGNER)),
    "certificate": ("root.pem", ROOT.certificate.public_bytes(Encoding.PEM)),
    "certificate of 0.2": ("root.der", ROOT.certificate.public_bytes(Encoding.DER)),
}


def strangers(kind: str) -> oms.SignedModel:
    """Return the same model signed by somebody whom nobody trusts, named as the trusted one is."""
    if kind == "key":
        payload = oms.to_bytes(oms.statement(oms.FILES))
        values = [oms.sign(OTHER, oms.encoding(payload))]
        document = oms.bundle(payload, oms.by_key(SIGNER), values)
        return oms.SignedModel(oms.FILES, oms.to_bytes(document))
    root = oms.Ca(OTHER, ROOT.certificate)
    return oms.signed_by_certificate(oms.issue("Model signer", root), ROOT)


@pytest.mark.parametrize("kind", TRUST_FILES)
def test_no_change_of_a_trust_file_lets_another_signer_pass(kind: str, tmp_path: Path) -> None:
    name, original = TRUST_FILES[kind]
    mine, (model, trust) = tmp_path / name, MODELS[kind]
    subject = model.write(tmp_path / "mine")
    stranger = strangers(kind).write(tmp_path / "stranger")
    assert not is_green(judge(stranger, trust))
    (known,) = trust.anchors
    for place, mask in flips(len(original), f"trust {kind}", FLIPS // 5):
        mine.write_bytes(flipped(original, place, mask))
        try:
            changed = load_trust([f"model={mine}"], at=oms.AT)
        except SourceError:
            continue
        assert not is_green(judge(stranger, changed)), (place, mask)
        if judge(subject, changed).authenticity.indication is Indication.PASSED:
            # The same key of the same name: what else a root says of itself, others may doubt.
            assert changed.anchors[0].key_fingerprint == known.key_fingerprint, (place, mask)


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
