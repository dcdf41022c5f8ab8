"""Which key a model's signature is by, and what follows: the whole truth table.

The rule stands in ``resources/help/verdicts.md``, "Whose signature it is".
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.verify import oms_builder as oms
from tests.verify.certificates import Sheet, authority, issue, rsa_key
from tests.verify.oms_case import (
    INTERMEDIATE,
    LEAF,
    MODEL,
    OTHER,
    ROOT,
    SIGNER,
    judge,
    words,
)
from workbench.model.trust import AnchorKind, TrustAnchor, TrustRole
from workbench.model.verdict import Code, SubjectVerdict
from workbench.sign.head import vkey
from workbench.verify.keys.public import load_public
from workbench.verify.trust.anchors import load_trust

PASSED = "PASSED key.pem"
FAILED = "FAILED SIG_CRYPTO_FAILURE"
MISMATCH = "INDETERMINATE ROLE_MISMATCH"
UNKNOWN = "INDETERMINATE NO_TRUST_ANCHOR"
SUPPLIED = "INDETERMINATE SELF_SUPPLIED_KEY"

NAMES: dict[str, dict[str, str]] = {
    "by the PEM text": {"hint": oms.digest(oms.pem(SIGNER))},
    "by the DER": {"hint": oms.digest(oms.spki(SIGNER)).upper()},
    "by the key itself": {"rawBytes": oms.b64(oms.pem(SIGNER).rstrip())},
    "not": {},
    "as another": {"hint": oms.digest(oms.pem(OTHER))},
}
NAMED = ["by the PEM text", "by the DER"]

#: (how the bundle names the key, role it was given for, whether the signature holds): verdict.
TABLE: dict[tuple[str, str, bool], str] = {
    **{(how, "model", True): PASSED for how in (*NAMED, "not", "as another")},
    **{(how, "none", True): PASSED for how in (*NAMED, "not", "as another")},
    **{(how, "other", True): MISMATCH for how in (*NAMED, "not", "as another")},
    **{(how, role, False): FAILED for how in NAMED for role in ("model", "none", "other")},
    # Nothing says whose it is: whoever was trusted for models did not sign this.
    ("not", "model", False): FAILED,
    ("not", "none", False): FAILED,
    # A key trusted for something else cannot be meant by a signature that names nobody.
    ("not", "other", False): UNKNOWN,
    **{("as another", role, False): UNKNOWN for role in ("model", "none", "other")},
    # A key that the bundle brings along shows who signed, not who that is.
    ("by the key itself", "model", True): SUPPLIED,
    ("by the key itself", "none", True): SUPPLIED,
    ("by the key itself", "other", True): MISMATCH,
    **{("by the key itself", role, False): FAILED for role in ("model", "none", "other")},
}
ROLES: dict[str, list[TrustRole | None]] = {
    "model": [TrustRole.MODEL],
    "none": [None],
    "other": [role for role in TrustRole if role is not TrustRole.MODEL],
}


def signed(*values: bytes, key: dict[str, Any], keyids: tuple[str, ...] = ()) -> oms.SignedModel:
    """Return a model with these signatures, ``key`` being what the bundle says of the signer."""
    document = oms.bundle(PAYLOAD, {"publicKey": key}, values)
    for entry, keyid in zip(document["dsseEnvelope"]["signatures"], keyids, strict=False):
        entry["keyid"] = keyid
    return replace(MODEL, signature=oms.to_bytes(document))


PAYLOAD = oms.to_bytes(oms.statement(oms.FILES))
GOOD = oms.sign(SIGNER, oms.encoding(PAYLOAD))
ALSO_GOOD = oms.sign(OTHER, oms.encoding(PAYLOAD))
BROKEN = oms.sign(SIGNER, oms.encoding(PAYLOAD + b" "))


def test_the_table_is_whole() -> None:
    assert set(TABLE) == {(how, role, good) for how in NAMES for role in ROLES for good in (0, 1)}


@pytest.mark.parametrize(("how", "role", "good"), TABLE)
def test_who_signed(how: str, role: str, good: bool, tmp_path: Path) -> None:
    subject = signed(GOOD if good else BROKEN, key=NAMES[how]).write(tmp_path)
    for given in ROLES[role]:
        trust = oms.trusting(oms.key_anchor(SIGNER, role=given))
        assert words(judge(subject, trust))[1] == TABLE[how, role, good], given


@pytest.mark.parametrize(("how", "role", "good"), TABLE)
def test_a_key_from_the_evidence_is_never_green_and_never_excuses(
    how: str, role: str, good: bool, tmp_path: Path
) -> None:
    expected = TABLE[how, role, good].replace(PASSED, SUPPLIED)
    subject = signed(GOOD if good else BROKEN, key=NAMES[how]).write(tmp_path)
    anchor = replace(oms.key_anchor(SIGNER, role=ROLES[role][0]), self_supplied=True)
    assert words(judge(subject, oms.trusting(anchor)))[1] == expected
    confirmed = oms.trusting(replace(anchor, confirmed=True))
    expected = TABLE[how, role, good].replace(SUPPLIED, PASSED)
    assert words(judge(subject, confirmed))[1] == expected


def test_of_two_roles_of_one_key_the_fitting_one_decides(tmp_path: Path) -> None:
    subject = MODEL.write(tmp_path)
    both = [oms.key_anchor(SIGNER, role=role) for role in (TrustRole.LOG, TrustRole.MODEL)]
    assert words(judge(subject, oms.trusting(*both)))[1] == PASSED


def test_a_broken_signature_names_the_role_that_the_key_has(tmp_path: Path) -> None:
    subject = signed(BROKEN, key=NAMES["by the DER"]).write(tmp_path)
    trust = oms.trusting(oms.key_anchor(SIGNER, role=TrustRole.LOG))
    verdict = judge(subject, trust)
    assert [s.trusted_by for s in verdict.signatures] == [""]
    assert "which the auditor trusts for another purpose (log)" in " ".join(verdict.notes)


def test_a_verdict_by_a_key_without_a_role_says_so_also_when_it_fails(tmp_path: Path) -> None:
    subject = signed(BROKEN, key=NAMES["by the DER"]).write(tmp_path)
    verdict = judge(subject, oms.trusting(oms.key_anchor(SIGNER, role=None)))
    assert "without a role" in " ".join(verdict.notes)


ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
RSA = rsa.generate_private_key(65537, 2048).public_key()


def anchors_of(key: Any, role: TrustRole | None) -> tuple[TrustAnchor, ...]:
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    (found,) = load_public(der, path="k")
    print_ = found.fingerprint
    return (TrustAnchor("k", AnchorKind.PUBLIC_KEY, role, print_, print_, der),)


@pytest.mark.parametrize("key", [ED25519, RSA], ids=["Ed25519", "RSA"])
@pytest.mark.parametrize("role", [TrustRole.MODEL, None, TrustRole.LOG])
def test_a_key_of_a_kind_that_signs_no_models_is_never_blamed(
    key: Any, role: TrustRole | None, tmp_path: Path
) -> None:
    anchors = anchors_of(key, role)
    subject = signed(BROKEN, key={}).write(tmp_path / "unnamed")
    assert words(judge(subject, oms.trusting(*anchors)))[1] == UNKNOWN
    named = signed(BROKEN, key={"hint": anchors[0].fingerprint}).write(tmp_path / "named")
    verdict = judge(named, oms.trusting(*anchors))
    assert words(verdict)[1] == "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE"


def ecdsa_vkey() -> str:
    der = oms.spki(SIGNER)
    return f"example.org/log+{oms.digest(der)[:8]}+{oms.b64(bytes([2]) + der)}"


@pytest.mark.parametrize("role", ["", "log="])
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
def test_a_verifier_key_of_notes_judges_no_model(kind: str, role: str, tmp_path: Path) -> None:
    path = tmp_path / "log.vkey"
    path.write_text(vkey("example.org/log", ED25519) if kind == "ed25519" else ecdsa_vkey())
    trust = load_trust([f"{role}{path}"], at=oms.AT)
    unnamed = signed(BROKEN, key={}).write(tmp_path / "model")
    assert words(judge(unnamed, trust))[1] == UNKNOWN
    if kind == "ecdsa":
        assert words(judge(signed(GOOD, key={}).write(tmp_path / "good"), trust))[1] == MISMATCH


def test_a_certificate_does_not_vouch_for_a_signature_that_comes_with_a_bare_key(
    tmp_path: Path,
) -> None:
    trust = oms.trusting(oms.certificate_anchor(LEAF))
    verdict = judge(oms.signed_by_key(LEAF.private).write(tmp_path), trust)
    assert words(verdict)[1] == MISMATCH


BOTH = (oms.key_anchor(SIGNER, name="one.pem"), oms.key_anchor(OTHER, name="two.pem"))
ID, OTHER_ID = oms.digest(oms.spki(SIGNER)), oms.digest(oms.spki(OTHER))


def several(
    tmp_path: Path, *values: bytes, keyids: tuple[str, ...] = (), threshold: int = 1
) -> SubjectVerdict:
    subject = signed(*values, key={}, keyids=keyids).write(tmp_path)
    return judge(subject, oms.trusting(*BOTH, threshold=threshold))


def test_two_trusted_signers_reach_a_threshold_of_two(tmp_path: Path) -> None:
    verdict = several(tmp_path, GOOD, ALSO_GOOD, threshold=2)
    assert words(verdict)[1] == "PASSED one.pem"
    assert verdict.authenticity.codes == ("one.pem", "two.pem")


@pytest.mark.parametrize("keyids", [(), (ID, OTHER_ID)])
def test_one_trusted_signature_valid_and_one_broken_is_a_failure(
    keyids: tuple[str, ...], tmp_path: Path
) -> None:
    bad = oms.sign(OTHER, b"something else")
    for order in (1, -1):
        verdict = several(tmp_path / str(order), *(GOOD, bad)[::order], keyids=keyids[::order])
        assert words(verdict)[1] == FAILED


def test_a_broken_file_of_a_trusted_key_fails_beside_a_valid_one(tmp_path: Path) -> None:
    broken = signed(BROKEN, key=NAMES["by the DER"]).signature
    subject = replace(MODEL, extra_signatures={"other.sig": broken}).write(tmp_path)
    assert words(judge(subject))[1] == FAILED


def test_a_second_signature_that_names_an_unknown_key_is_listed_without_effect(
    tmp_path: Path,
) -> None:
    unknown = oms.sign(oms.key("stranger"), oms.encoding(PAYLOAD))
    verdict = several(tmp_path, GOOD, unknown, keyids=(ID, "00" * 32))
    assert words(verdict)[1] == "PASSED one.pem"
    assert [s.code for s in verdict.signatures] == [None, Code.NO_TRUST_ANCHOR]


def test_a_key_from_the_evidence_and_one_of_another_role_do_not_count_to_the_threshold(
    tmp_path: Path,
) -> None:
    subject = signed(GOOD, ALSO_GOOD, key={}).write(tmp_path)
    for other in (
        replace(BOTH[1], self_supplied=True),
        replace(BOTH[1], role=TrustRole.LOG),
    ):
        verdict = judge(subject, oms.trusting(BOTH[0], other, threshold=2))
        assert words(verdict)[1] == "INDETERMINATE TOO_FEW_SIGNERS"
        assert words(judge(subject, oms.trusting(BOTH[0], other)))[1] == "PASSED one.pem"


CHAIN = (LEAF, INTERMEDIATE, ROOT)
PATHS = {
    "root": lambda role: oms.certificate_anchor(ROOT, role=role),
    "the certificate itself": lambda role: oms.certificate_anchor(LEAF, role=role),
    "its bare key": lambda role: oms.key_anchor(LEAF.private, role=role),
}


def with_chain(value: bytes) -> oms.SignedModel:
    material = oms.by_certificates(*(ca.certificate for ca in CHAIN))
    return replace(MODEL, signature=oms.to_bytes(oms.bundle(PAYLOAD, material, [value])))


@pytest.mark.parametrize("trusted", PATHS)
@pytest.mark.parametrize("role", [TrustRole.MODEL, None, TrustRole.TSA])
def test_who_signed_with_a_certificate(
    trusted: str, role: TrustRole | None, tmp_path: Path
) -> None:
    trust = oms.trusting(PATHS[trusted](role))
    good = judge(with_chain(oms.sign(LEAF.private, oms.encoding(PAYLOAD))).write(tmp_path), trust)
    assert words(good)[1] == (MISMATCH if role is TrustRole.TSA else "PASSED CN=Model signer")
    broken = with_chain(oms.sign(LEAF.private, b"else")).write(tmp_path / "broken")
    assert words(judge(broken, trust))[1] == FAILED


def test_a_signature_that_its_own_unknown_certificate_does_not_verify_is_listed(
    tmp_path: Path,
) -> None:
    subject = with_chain(oms.sign(LEAF.private, b"else")).write(tmp_path)
    trust = oms.trusting(oms.certificate_anchor(oms.issue("Other root", ca=True)))
    verdict = judge(subject, trust)
    assert words(verdict)[1] == "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND"
    assert "does not verify with its own certificate" in " ".join(verdict.notes)


def test_the_signature_of_a_certificate_with_a_key_of_another_kind_is_not_blamed(
    tmp_path: Path,
) -> None:
    root = issue(authority("Root"))
    leaf = issue(Sheet("Signer"), root, rsa_key(2048))
    material = oms.by_certificates(leaf.certificate)
    signature = oms.to_bytes(oms.bundle(PAYLOAD, material, [b"x" * 256]))
    verdict = judge(
        replace(MODEL, signature=signature).write(tmp_path), oms.trusting(root.anchor())
    )
    assert words(verdict)[1] == "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE"


def test_the_bundle_is_what_the_table_says_it_is() -> None:
    document = json.loads(signed(GOOD, key={}, keyids=("a",)).signature)
    assert document["verificationMaterial"] == {"publicKey": {}}
    assert document["dsseEnvelope"]["signatures"][0]["keyid"] == "a"


def test_of_a_key_from_the_evidence_and_a_root_from_elsewhere_the_root_decides(
    tmp_path: Path,
) -> None:
    supplied = replace(oms.key_anchor(LEAF.private), self_supplied=True)
    subject = with_chain(oms.sign(LEAF.private, oms.encoding(PAYLOAD))).write(tmp_path)
    trust = oms.trusting(supplied, oms.certificate_anchor(ROOT))
    assert words(judge(subject, trust))[1] == "PASSED CN=Model signer"
    assert words(judge(subject, oms.trusting(supplied)))[1] == SUPPLIED


PART = {name: data for name, data in oms.FILES.items() if name != "model.safetensors"}
LEAVES_OUT = oms.signed_by_key(
    OTHER, said=oms.statement(PART, ignore_paths=[*oms.GIT, "model.safetensors"])
).signature


def test_a_threshold_holds_for_every_file(tmp_path: Path) -> None:
    subject = replace(MODEL, extra_signatures={"other.sig": LEAVES_OUT}).write(tmp_path)
    one = judge(subject, oms.trusting(*BOTH))
    assert words(one) == ("PASSED ANCHORED", "PASSED one.pem", "PASSED ANCHORED")
    two = judge(subject, oms.trusting(*BOTH, threshold=2))
    assert words(two) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE TOO_FEW_SIGNERS",
        "INDETERMINATE NO_ANCHOR",
    )


def test_two_signers_of_one_manifest_in_two_files_reach_a_threshold_of_two(tmp_path: Path) -> None:
    also = oms.signed_by_key(OTHER).signature
    subject = replace(MODEL, extra_signatures={"other.sig": also}).write(tmp_path)
    assert words(judge(subject, oms.trusting(*BOTH, threshold=2)))[1] == "PASSED one.pem"


def test_what_one_manifest_leaves_out_and_another_signs_is_covered(tmp_path: Path) -> None:
    subject = replace(MODEL, extra_signatures={"other.sig": LEAVES_OUT}).write(tmp_path)
    both = judge(subject, oms.trusting(*BOTH))
    assert (both.not_covered, [n for n in both.notes if "left out" in n]) == ((), [])
    alone = judge(subject, oms.trusting(BOTH[1]))
    assert alone.not_covered == ("model.safetensors",)
    assert any("model weights: model.safetensors" in note for note in alone.notes)
