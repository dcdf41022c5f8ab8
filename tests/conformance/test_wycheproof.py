"""Signature verification agrees with every Wycheproof vector that comes with the evidence."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.conformance.table import Conforms
from workbench.model.recipe import DigestRecipe
from workbench.verify.chain.digests import tag_of
from workbench.verify.keys.public import PublicKey, verify_signature
from workbench.verify.keys.rsa_padding import RsaScheme

HASHES = {"SHA-256": hashes.SHA256(), "SHA-384": hashes.SHA384(), "SHA-512": hashes.SHA512()}


def disagreements(document: dict[str, list[dict[str, object]]], scheme: RsaScheme) -> list[str]:
    """Return the vectors for which our verdict is not the published one."""
    found: list[str] = []
    for group in document["testGroups"]:
        key = load_der_public_key(bytes.fromhex(str(group["publicKeyDer"])))
        assert isinstance(key, PublicKey)
        tests = group["tests"]
        assert isinstance(tests, list)
        for test in tests:
            data, signature = bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"])
            algorithm = HASHES.get(str(group.get("sha")))
            ours = verify_signature(key, signature, data, algorithm, scheme=scheme)
            if test["result"] != "acceptable" and ours is not (test["result"] == "valid"):
                found.append(f"{test['tcId']}: {test['comment']}")
    return found


@pytest.mark.parametrize(
    ("name", "scheme", "least"),
    [
        ("ed25519_test", RsaScheme.PKCS1_V1_5, 150),
        ("ecdsa_secp256r1_sha256_test", RsaScheme.PKCS1_V1_5, 480),
        ("ecdsa_secp384r1_sha384_test", RsaScheme.PKCS1_V1_5, 500),
        ("rsa_pss_2048_sha256_mgf1_32_test", RsaScheme.PSS, 100),
    ],
)
def test_every_published_signature_gets_its_published_verdict(
    name: str,
    scheme: RsaScheme,
    least: int,
    evidence_archive: Callable[[str], Path],
    conforms: Conforms,
) -> None:
    document = json.loads((evidence_archive("integrity/wycheproof") / f"{name}.json").read_bytes())
    results = Counter(test["result"] for group in document["testGroups"] for test in group["tests"])
    print(f"{name}: {dict(results)}")  # noqa: T201 - the counts are what the reader of a run wants
    wrong = disagreements(document, scheme)
    conforms(agreed=results.total() - len(wrong), wrong=len(wrong))
    assert wrong == []
    assert results.total() >= least


def test_every_published_tag_gets_its_published_verdict(
    evidence_archive: Callable[[str], Path], conforms: Conforms
) -> None:
    path = evidence_archive("integrity/wycheproof") / "hmac_sha256_test.json"
    agreed, wrong = 0, []
    for group in json.loads(path.read_bytes())["testGroups"]:
        for test in group["tests"]:
            key, data = bytes.fromhex(test["key"]), bytes.fromhex(test["msg"])
            tag = tag_of(data, key, DigestRecipe())[: group["tagSize"] // 8].hex()
            right = (tag == test["tag"]) is (test["result"] == "valid")
            agreed += right
            wrong += [] if right else [test["tcId"]]
    conforms(agreed=agreed, wrong=len(wrong))
    assert wrong == []
    assert agreed > 150
