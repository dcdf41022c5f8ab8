"""Bundles of a small Sigstore instance: identity, log, certificate log, time, artifact."""

import base64
import copy
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import recipes

from tests.verify import attestation_builder as a
from tests.verify import sigstore_builder as sb
from tests.verify import tokens
from tests.verify.certificates import issue
from workbench.model.expectation import Origin
from workbench.model.verdict import Code, Indication, SubjectVerdict

DATA = b"an artifact\n" * 50
HERE = sb.Instance()
ELSEWHERE = sb.Instance("elsewhere")
WHO = Origin(identity=sb.IDENTITY, issuer=sb.ISSUER)
GREEN = ["PASSED ANCHORED", "PASSED", "PASSED ANCHORED", "PASSED"]
MESSAGE = HERE.message(DATA)
ATTESTATION = HERE.attestation(a.provenance({"data.bin": DATA}))


def drop(bundle: Any, *, root: Any = None, origin: Origin = WHO, data: bytes = DATA) -> a.Drop:
    files = {"data.bin": data, "data.bin.sigstore.json": a.to_bytes(bundle)}
    trusted = {"trusted_root.json": a.to_bytes(root or HERE.trusted_root())}
    return a.Drop(files, trusted, origin)


@pytest.mark.parametrize("bundle", [MESSAGE, ATTESTATION], ids=["message", "envelope"])
def test_a_bundle_by_the_pinned_identity_is_green_and_redone_by_hand(
    bundle: Any, tmp_path: Path
) -> None:
    verdict = drop(bundle).verdict(tmp_path)
    assert a.words(verdict) == GREEN
    assert verdict.authenticity.code == sb.IDENTITY
    assert verdict.time.code == "https://log.example"
    assert verdict.signatures[0].time == sb.SIGNED
    assert verdict.assurance[0].level == 4
    if bundle is MESSAGE:
        return  # the commands differ in one step only, which the vectors run
    recipes.require_reproduced(verdict.steps, tmp_path)
    said = [line for step in verdict.steps for line in step.prints.splitlines()]
    proof = bundle["verificationMaterial"]["tlogEntries"][0]["inclusionProof"]
    assert {"Verified OK", "stdin: OK"} <= set(said)
    assert base64.b64decode(proof["rootHash"]).hex() in said


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        (Origin(), Code.IDENTITY_NOT_PINNED),
        (Origin(identity=sb.IDENTITY), Code.IDENTITY_NOT_PINNED),
        (Origin(issuer=sb.ISSUER), Code.IDENTITY_NOT_PINNED),
        (Origin(identity="mallory@example.com", issuer=sb.ISSUER), Code.SIG_CONSTRAINTS_FAILURE),
        (Origin(identity=sb.IDENTITY, issuer="https://evil.example"), Code.SIG_CONSTRAINTS_FAILURE),
        (Origin(identity=sb.IDENTITY[:-1], issuer=sb.ISSUER), Code.SIG_CONSTRAINTS_FAILURE),
    ],
)
def test_an_identity_that_is_not_the_pinned_one_is_never_green(
    origin: Origin, code: Code, tmp_path: Path
) -> None:
    verdict = drop(MESSAGE, origin=origin).verdict(tmp_path)
    assert verdict.authenticity.indication is Indication.INDETERMINATE
    assert verdict.authenticity.code == code
    assert verdict.completeness.code == Code.NO_ANCHOR


def test_without_a_trusted_root_nothing_is_known_of_the_signer(tmp_path: Path) -> None:
    verdict = replace(drop(MESSAGE), trusted={}).verdict(tmp_path)
    assert a.words(verdict)[:2] == ["PASSED SELF_CONSISTENT", "INDETERMINATE NO_TRUST_ANCHOR"]


def test_a_trusted_root_of_another_instance_vouches_for_nobody(tmp_path: Path) -> None:
    verdict = drop(MESSAGE, root=ELSEWHERE.trusted_root()).verdict(tmp_path)
    assert verdict.authenticity.indication is Indication.INDETERMINATE


def test_a_trusted_root_that_lies_in_the_evidence_vouches_for_nobody(tmp_path: Path) -> None:
    """However it is written: its content is compared, not its bytes."""
    spelled = json.dumps(HERE.trusted_root(), indent=2, sort_keys=True).encode()
    verdict = drop(MESSAGE).with_file("trust/root.json", spelled).verdict(tmp_path, "data.bin")
    assert a.words(verdict)[1] == "INDETERMINATE SELF_SUPPLIED_KEY"
    assert verdict.time.indication is Indication.INDETERMINATE


def test_a_root_given_for_something_else_does_not_serve(tmp_path: Path) -> None:
    from workbench.verify.trust.anchors import load_trust

    path = tmp_path / "root.json"
    path.write_bytes(a.to_bytes(HERE.trusted_root()))
    (anchor,) = load_trust([f"log={path}"], at=a.AT).anchors
    assert anchor.kind == "Sigstore trusted root"
    assert not anchor.serves("attestation")


def test_the_end_of_trust_belongs_to_it(tmp_path: Path) -> None:
    until = f"{sb.SIGNED:%Y-%m-%dT%H:%M:%SZ}"
    assert a.words(drop(MESSAGE, root=HERE.trusted_root(until=until)).verdict(tmp_path)) == GREEN


def test_what_was_signed_after_the_end_of_trust_is_open(tmp_path: Path) -> None:
    root = HERE.trusted_root(until="2026-05-01T12:00:29Z")
    verdict = drop(MESSAGE, root=root).verdict(tmp_path)
    assert verdict.authenticity.indication is Indication.INDETERMINATE


def changed(bundle: Any, change: Callable[[Any], None]) -> Any:
    found = copy.deepcopy(bundle)
    change(found)
    return found


def entry_of(bundle: Any) -> Any:
    return bundle["verificationMaterial"]["tlogEntries"][0]


def judged(bundle: Any, tmp_path: Path) -> SubjectVerdict:
    return drop(bundle).verdict(tmp_path)


def test_without_an_entry_of_a_log_it_is_open(tmp_path: Path) -> None:
    bundle = changed(MESSAGE, lambda b: b["verificationMaterial"].pop("tlogEntries"))
    assert judged(bundle, tmp_path).authenticity.indication is Indication.INDETERMINATE


def test_a_time_that_the_log_did_not_sign_is_no_time(tmp_path: Path) -> None:
    bundle = changed(MESSAGE, lambda b: entry_of(b).pop("inclusionPromise"))
    verdict = judged(bundle, tmp_path)
    assert a.words(verdict)[1] == "INDETERMINATE OUT_OF_BOUNDS_NO_POE"
    assert verdict.time.code == Code.NO_TRUSTED_TIME


TSA = issue(tokens.tsa_sheet(years=(2025, 2040)), tokens.ROOT)
NO_TIME = changed(MESSAGE, lambda b: entry_of(b).pop("inclusionPromise"))


@pytest.mark.parametrize("name", ["data.bin.sigstore.json.tsr", "any.tsr"])
@pytest.mark.parametrize("over", ["signature", "bundle"])
def test_a_time_stamp_beside_a_bundle_without_a_time_says_when(
    over: str, name: str, tmp_path: Path
) -> None:
    """Its authority is one that the auditor trusts; the trusted root need not name it."""
    whole = {"signature": base64.b64decode(NO_TIME["messageSignature"]["signature"])}
    data = whole.get(over, a.to_bytes(NO_TIME))
    token = tokens.token(data=data, tsa=TSA, at=sb.SIGNED + timedelta(minutes=1))
    stamped = drop(NO_TIME).with_file(name, token)
    trusted = {**stamped.trusted, "tsa.pem": tokens.ROOT.pem}
    verdict = replace(stamped, trusted=trusted).verdict(tmp_path)
    assert a.words(verdict) == GREEN
    assert verdict.signatures[0].time == sb.SIGNED + timedelta(minutes=1, seconds=1)
    if over == "signature" and name == "any.tsr":
        recipes.require_reproduced(verdict.steps, tmp_path)
        assert any("over the signature in" in step.did for step in verdict.steps)
    # Without trust in the authority, or after the certificate ended, it proves nothing of that.
    assert a.words(stamped.verdict(tmp_path / "untrusted"))[1] != "PASSED"
    late = tokens.token(data=data, tsa=TSA, at=sb.SIGNED + timedelta(hours=1))
    late_drop = replace(stamped.with_file(name, late), trusted=trusted)
    words = a.words(late_drop.verdict(tmp_path / "late"))
    assert words[1] == "INDETERMINATE OUT_OF_BOUNDS_NO_POE"


def test_a_time_stamp_over_another_signature_is_none_of_the_bundle(tmp_path: Path) -> None:
    token = tokens.token(data=b"another signature", tsa=TSA, at=sb.SIGNED)
    stamped = drop(NO_TIME).with_file("any.tsr", token)
    trusted = {**stamped.trusted, "tsa.pem": tokens.ROOT.pem}
    found = replace(stamped, trusted=trusted).verified(tmp_path)
    assert not any(s.verdict and s.verdict.time.indication is Indication.PASSED
                   for s in found.subjects)  # fmt: skip


def test_a_changed_time_fails_the_log_that_signed_it(tmp_path: Path) -> None:
    bundle = changed(MESSAGE, lambda b: entry_of(b).update(integratedTime="1777636800"))
    assert a.words(judged(bundle, tmp_path))[3] == "FAILED SIG_CRYPTO_FAILURE"


def test_a_signature_after_the_certificate_ended_is_open(tmp_path: Path) -> None:
    body = json.loads(base64.b64decode(entry_of(MESSAGE)["canonicalizedBody"]))
    late = HERE.entry(body, sb.SIGNED + timedelta(hours=1))
    bundle = changed(MESSAGE, lambda b: b["verificationMaterial"].update(tlogEntries=[late]))
    assert a.words(judged(bundle, tmp_path))[1] == "INDETERMINATE OUT_OF_BOUNDS_NO_POE"


def test_a_certificate_that_no_log_has_seen_is_open(tmp_path: Path) -> None:
    bundle = HERE.message(DATA, HERE.leaf(logged=False))
    assert a.words(judged(bundle, tmp_path))[1] == "INDETERMINATE NOT_IN_LOG"


def test_an_entry_of_another_signature_fails(tmp_path: Path) -> None:
    other = entry_of(HERE.message(b"something else"))
    bundle = changed(MESSAGE, lambda b: b["verificationMaterial"].update(tlogEntries=[other]))
    assert a.words(judged(bundle, tmp_path))[0] == "FAILED HASH_FAILURE"


def test_an_entry_of_another_instance_proves_nothing(tmp_path: Path) -> None:
    body = json.loads(base64.b64decode(entry_of(MESSAGE)["canonicalizedBody"]))
    foreign = ELSEWHERE.entry(body)
    bundle = changed(MESSAGE, lambda b: b["verificationMaterial"].update(tlogEntries=[foreign]))
    assert judged(bundle, tmp_path).authenticity.indication is Indication.INDETERMINATE


def test_a_signed_head_of_another_tree_fails(tmp_path: Path) -> None:
    head = HERE.checkpoint(4, bytes(32))
    proof = {**entry_of(MESSAGE)["inclusionProof"], "checkpoint": {"envelope": head}}
    bundle = changed(MESSAGE, lambda b: entry_of(b).update(inclusionProof=proof))
    assert a.words(judged(bundle, tmp_path))[0] == "FAILED HASH_FAILURE"


def test_a_witness_line_before_that_of_the_log_changes_nothing(tmp_path: Path) -> None:
    head = entry_of(MESSAGE)["inclusionProof"]["checkpoint"]["envelope"]
    witness = f"\u2014 witness.example {a.b64(bytes(76))}\n"
    text, blank, lines = head.partition("\n\n")
    proof = {
        **entry_of(MESSAGE)["inclusionProof"],
        "checkpoint": {"envelope": f"{text}{blank}{witness}{lines}"},
    }
    bundle = changed(MESSAGE, lambda b: entry_of(b).update(inclusionProof=proof))
    assert a.words(judged(bundle, tmp_path)) == GREEN


def test_an_altered_artifact_is_told_once(tmp_path: Path) -> None:
    verdict = drop(MESSAGE, data=DATA + b"!").verdict(tmp_path)
    assert a.words(verdict)[:2] == ["FAILED FILE_ALTERED", "FAILED SIG_CRYPTO_FAILURE"]
    assert [d.kind for d in verdict.diagnoses] == ["FILE_ALTERED"]


def test_a_digest_in_the_bundle_that_nobody_signed_does_not_blame_the_artifact(
    tmp_path: Path,
) -> None:
    def wrong(bundle: Any) -> None:
        bundle["messageSignature"]["messageDigest"]["digest"] = a.b64(bytes(32))

    verdict = judged(changed(MESSAGE, wrong), tmp_path)
    assert a.words(verdict)[:2] == ["FAILED COPY_DIFFERS", "PASSED"]
    assert verdict.diagnoses == ()


def test_without_a_stated_digest_the_signature_itself_tells_the_artifact(tmp_path: Path) -> None:
    bundle = changed(MESSAGE, lambda b: b["messageSignature"].pop("messageDigest"))
    assert a.words(judged(bundle, tmp_path)) == GREEN


def test_a_member_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    def renamed(bundle: Any) -> None:
        signature = bundle["messageSignature"]
        signature["messagoDigest"] = signature.pop("messageDigest")

    assert judged(changed(MESSAGE, renamed), tmp_path).authenticity.code == Code.FORMAT_FAILURE


def test_a_head_signed_in_another_name_is_not_that_of_the_log(tmp_path: Path) -> None:
    def renamed(bundle: Any) -> None:
        proof = bundle["verificationMaterial"]["tlogEntries"][0]["inclusionProof"]
        head = proof["checkpoint"]["envelope"]
        text, mark, line = head.rpartition("\u2014 ")
        proof["checkpoint"]["envelope"] = f"{text}{mark}x{line}"

    assert Code.NOT_IN_LOG in judged(changed(ATTESTATION, renamed), tmp_path).authenticity.codes


MUTATIONS = 400


@pytest.mark.parametrize("bundle", [MESSAGE, ATTESTATION], ids=["message", "envelope"])
def test_no_changed_byte_of_a_bundle_is_green(bundle: Any, tmp_path: Path) -> None:
    data = a.to_bytes(bundle)
    generator = random.Random(11)
    green: list[str] = []
    for number, at in enumerate(generator.sample(range(len(data)), MUTATIONS)):
        flipped = data[:at] + bytes([data[at] ^ (1 << generator.randrange(7))]) + data[at + 1 :]
        found = drop(bundle).with_file("data.bin.sigstore.json", flipped)
        if found.verified(tmp_path / str(number)).exit_code == 0:
            green.append(data[max(0, at - 20) : at + 20].decode())
    assert green == []


def test_swapped_parts_of_two_bundles_are_never_green(tmp_path: Path) -> None:
    other = HERE.message(b"another artifact")
    swaps: list[Callable[[Any], None]] = [
        lambda b: b.update(messageSignature=other["messageSignature"]),
        lambda b: b["verificationMaterial"].update(
            tlogEntries=other["verificationMaterial"]["tlogEntries"]
        ),
        lambda b: entry_of(b).update(inclusionProof=entry_of(other)["inclusionProof"]),
        lambda b: entry_of(b).update(canonicalizedBody=entry_of(other)["canonicalizedBody"]),
        lambda b: b["verificationMaterial"].update(
            certificate={
                "rawBytes": ELSEWHERE.message(DATA)["verificationMaterial"]["certificate"][
                    "rawBytes"
                ]
            }
        ),
    ]
    for number, swap in enumerate(swaps):
        verification = drop(changed(MESSAGE, swap)).verified(tmp_path / str(number))
        assert verification.exit_code != 0, number


def _endless_chain(bundle: Any) -> None:
    raw = bundle["verificationMaterial"].pop("certificate")
    bundle["verificationMaterial"]["x509CertificateChain"] = {"certificates": [raw] * 40}


def _huge_proof(bundle: Any) -> None:
    entry_of(bundle)["inclusionProof"].update(treeSize=str(2**62), logIndex=str(2**61))


HOSTILE: dict[str, Callable[[Any], None]] = {
    "negative index": lambda b: entry_of(b).update(logIndex="-1"),
    "huge index": lambda b: entry_of(b).update(logIndex="9" * 40),
    "huge proof": _huge_proof,
    "many hashes": lambda b: entry_of(b)["inclusionProof"].update(hashes=["AAAA"] * 100000),
    "many entries": lambda b: b["verificationMaterial"].update(tlogEntries=[entry_of(b)] * 1000),
    "many certificates": _endless_chain,
    "certificate of nothing": lambda b: b["verificationMaterial"].update(
        certificate={"rawBytes": "AAAA"}
    ),
    "timestamp of nothing": lambda b: b["verificationMaterial"].update(
        timestampVerificationData={"rfc3161Timestamps": [{"signedTimestamp": "MAAA"}]}
    ),
    "endless time": lambda b: entry_of(b).update(integratedTime=str(2**62)),
    "body of nothing": lambda b: entry_of(b).update(canonicalizedBody="e30="),
    "both": lambda b: b.update(dsseEnvelope=ATTESTATION["dsseEnvelope"]),
    "no signer": lambda b: b["verificationMaterial"].pop("certificate"),
    "unknown version": lambda b: b.update(
        mediaType="application/vnd.dev.sigstore.bundle.v0.9+json"
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_bundles_get_a_verdict_and_are_never_green(kind: str, tmp_path: Path) -> None:
    verification = drop(changed(MESSAGE, HOSTILE[kind])).verified(tmp_path)
    assert verification.subjects
    assert verification.exit_code in {1, 2}
