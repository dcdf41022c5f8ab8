"""What we write as a signed head is read back as the same, by code that shares nothing with it."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import SigningError
from workbench.model.trust import Trust, TrustAnchor, TrustRole
from workbench.model.verdict import Indication
from workbench.sign.head import vkey, write_head
from workbench.verify.heads.head import Head, judge_head, read_head
from workbench.verify.heads.merkle import MOST_LEAVES
from workbench.verify.keys.public import load_public

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
names = st.from_regex(r"[^\s+\x00-\x1f\ud800-\udfff]{1,40}", fullmatch=True).filter(
    lambda name: not any(c.isspace() for c in name)
)
hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(
    origin=texts,
    size=st.integers(0, MOST_LEAVES),
    root=st.binary(min_size=32, max_size=32),
    chain_head=st.none()
    | st.tuples(st.sampled_from(["sha256", "sha3-256"]), st.binary(min_size=1, max_size=64)),
    profile=st.none() | st.tuples(st.from_regex(r"[A-Za-z0-9._-]{1,100}", fullmatch=True), hexes),
    name=names,
)
def test_what_is_written_is_read_back_and_verifies(
    origin: str,
    size: int,
    root: bytes,
    chain_head: tuple[str, bytes] | None,
    profile: tuple[str, str] | None,
    name: str,
) -> None:
    head = read_head(write_head(origin, size, root, chain_head, profile, KEY, name))
    assert isinstance(head, Head)
    assert (head.origin, head.size, head.root) == (origin, size, root)
    assert (head.chain_head, head.profile, head.extensions) == (chain_head, profile, ())
    (material,) = load_public(vkey(name, KEY.public_key()).encode(), path="key")
    assert material.note_name == name
    anchor = TrustAnchor(
        name,
        material.kind,
        TrustRole.LOG,
        material.fingerprint,
        material.key_fingerprint,
        material.der,
        name,
    )
    trust = Trust(at=datetime(2026, 6, 30, tzinfo=UTC), anchors=(anchor,))
    assert [v.indication for v in judge_head(head, trust)] == [Indication.PASSED]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"origin": ""}, "origin"),
        ({"origin": "two\nlines"}, "origin"),
        ({"size": -1}, "size"),
        ({"size": MOST_LEAVES + 1}, "size"),
        ({"root": bytes(31)}, "root"),
        ({"chain_head": ("SHA 256", bytes(32))}, "chain head"),
        ({"chain_head": ("sha256", b"")}, "chain head"),
        ({"profile": ("two words", "0" * 64)}, "profile"),
        ({"profile": ("x", "0" * 63)}, "profile"),
        ({"signer_name": "a b"}, "name"),
        ({"signer_name": "a+b"}, "name"),
        ({"signer_name": ""}, "name"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(change: dict[str, object], reason: str) -> None:
    good: dict[str, object] = {
        "origin": "example.com/log",
        "size": 1,
        "root": bytes(32),
        "chain_head": None,
        "profile": None,
        "key": KEY,
        "signer_name": "example.com/log",
    }
    with pytest.raises(SigningError, match=reason):
        write_head(**{**good, **change})  # type: ignore[arg-type]  # wrong on purpose
