"""What a first record goes on from: a digest or a tag of a constant and of the chain's name."""

import base64
import hashlib
import hmac
from dataclasses import replace

import pytest

from workbench.model.profile import ChainProfile, Container, Fields, Genesis, GenesisKind, Origin
from workbench.model.recipe import Algorithm, DigestRecipe, Encoding, Key, Previous
from workbench.verify.chain.engine import Engine
from workbench.verify.chain.explain import explain
from workbench.verify.chain.keyed import Secrets

SECRET = b"0123456789abcdef"
RECORD = {"tenant": "acme", "hash": "x"}


def profile(genesis: Genesis, *, keyed: bool) -> ChainProfile:
    recipe = DigestRecipe(Algorithm.SHA256, key=Key() if keyed else None)
    fields = Fields(("hash",), partition=(("tenant",),))
    return ChainProfile(
        "p", "P", "", Origin("here"), "", Container(), fields, recipe, (Previous(),), genesis
    )


@pytest.mark.parametrize(
    ("value", "field", "data", "told"),
    [
        ("SEED", None, b"SEED", "'SEED'"),
        ("", ("tenant",), b"acme", '"tenant"'),
        ("SEED:", ("tenant",), b"SEED:acme", "'SEED:' and \"tenant\""),
    ],
)
def test_a_digest_or_a_tag_of_a_constant_and_a_field(
    value: str, field: tuple[str, ...] | None, data: bytes, told: str
) -> None:
    plain = profile(Genesis(GenesisKind.DIGEST_OF, value, field), keyed=False)
    tagged = profile(Genesis(GenesisKind.HMAC_OF, value, field), keyed=True)
    assert Engine(plain, Secrets()).genesis(RECORD) == hashlib.sha256(data).hexdigest()
    engine = Engine(tagged, Secrets(SECRET))
    assert engine.genesis(RECORD) == hmac.new(SECRET, data, "sha256").hexdigest()
    assert any(f"the digest of {told}" in line for line in explain(plain))
    assert any(f"the HMAC of {told}" in line for line in explain(tagged))


def test_a_digest_as_the_log_writes_its_own() -> None:
    made = profile(Genesis(GenesisKind.DIGEST_OF, "", ("tenant",), as_own=True), keyed=False)
    recipe = DigestRecipe(Algorithm.SHA256, Encoding.BASE64, prefix="sha256:", length=20)
    digest = base64.b64encode(hashlib.sha256(b"acme").digest())[:20]
    engine = Engine(replace(made, digest=recipe), Secrets())
    assert engine.genesis(RECORD) == "sha256:" + digest.decode()
    assert any("written as digests are" in line for line in explain(made))
