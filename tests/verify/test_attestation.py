"""Envelopes, statements and provenance: who says what of which bytes."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
import recipes
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.builders import LogBuilder
from tests.verify import attestation_builder as a
from workbench.errors import UsageError
from workbench.model.expectation import Origin
from workbench.model.verdict import Code, Indication
from workbench.verify.attestation.policy import same_builder, same_source

MODEL = b"weights of a model" * 100
SIGNER, OTHER, STRANGER = a.p256("signer"), a.p256("other"), a.p256("stranger")
GREEN = ["PASSED ANCHORED", "PASSED", "PASSED ANCHORED", "INDETERMINATE NO_TRUSTED_TIME"]
FILES = {"model.tar": MODEL, "model.tar.intoto.jsonl": b""}


def drop(envelope: object, *, key: a.Private | None = SIGNER, model: bytes = MODEL) -> a.Drop:
    files = {"model.bits": model, "model.bits.intoto.jsonl": a.to_bytes(envelope)}
    return a.Drop(files, {"signer.pem": a.pem_of(key)} if key else {})


SAID = a.provenance({"model.bits": MODEL})
SOUND = drop(a.envelope(SAID, SIGNER))


def test_an_artifact_attested_by_a_trusted_key_is_green(tmp_path: Path) -> None:
    verification = SOUND.verified(tmp_path)
    (source,) = verification.subjects
    assert source.path == "drop/model.bits"
    assert a.words(source.verdict) == GREEN
    assert source.verdict.authenticity.code == "signer.pem"
    assert verification.exit_code == 0
    (seal,) = [s for s in verification.sources if s.verdict is None]
    assert (seal.role, seal.pairs_with) == ("signature", "drop/model.bits")


def test_its_recipe_works_by_hand(tmp_path: Path) -> None:
    verdict = SOUND.verdict(tmp_path)
    recipes.require_reproduced(verdict.steps, tmp_path)
    said = [line for step in verdict.steps for line in step.prints.splitlines()]
    assert "Verified OK" in said
    assert "True" in said


@pytest.mark.parametrize(
    "key",
    [a.edwards("signer"), rsa.generate_private_key(65537, 2048)],
    ids=["ed25519", "rsa-pss"],
)
def test_every_kind_of_key_verifies_and_has_a_recipe(key: a.Private, tmp_path: Path) -> None:
    verdict = drop(a.envelope(SAID, key), key=key).verdict(tmp_path)
    assert a.words(verdict) == GREEN
    recipes.require_reproduced(verdict.steps, tmp_path)


def test_an_altered_artifact_is_named_with_both_digests(tmp_path: Path) -> None:
    verdict = drop(a.envelope(SAID, SIGNER), model=MODEL + b"!").verdict(tmp_path)
    assert a.words(verdict)[:2] == ["FAILED FILE_ALTERED", "PASSED"]
    (diagnosis,) = verdict.diagnoses
    assert (diagnosis.stored, diagnosis.recomputed) == (a.sha256(MODEL), a.sha256(MODEL + b"!"))


def test_changed_line_ends_are_told_as_the_cause(tmp_path: Path) -> None:
    text = b"one\ntwo\n"
    said = a.envelope(a.statement({"model.bits": text}), SIGNER)
    (diagnosis,) = drop(said, model=text.replace(b"\n", b"\r\n")).verdict(tmp_path).diagnoses
    assert "only the line ends differ" in diagnosis.explanations[0]


def test_a_renamed_artifact_is_found_by_its_digest(tmp_path: Path) -> None:
    files = {"elsewhere/renamed": MODEL, "x.intoto.jsonl": a.to_bytes(a.envelope(SAID, SIGNER))}
    verdict = replace(SOUND, files=files).verdict(tmp_path, "elsewhere/renamed")
    assert a.words(verdict) == GREEN


def test_url_safe_base64_says_the_same(tmp_path: Path) -> None:
    said = a.envelope(SAID, SIGNER)
    spelled = json.dumps(said).replace("+json", "\0").replace("+", "-").replace("\0", "+json")
    spelled = spelled.replace("/", "_").replace("application_vnd", "application/vnd")
    assert a.words(drop(json.loads(spelled)).verdict(tmp_path)) == GREEN


def test_a_key_id_is_a_hint_only(tmp_path: Path) -> None:
    said = a.envelope(SAID, SIGNER, keyids=[a.sha256(a.spki_of(OTHER))])
    assert a.words(drop(said).verdict(tmp_path)) == GREEN


def test_another_payload_type_is_another_signature(tmp_path: Path) -> None:
    said = {**a.envelope(SAID, SIGNER), "payloadType": "application/vnd.in-toto+JSON"}
    assert drop(said).verdict(tmp_path).authenticity.code == Code.SIG_CRYPTO_FAILURE


def test_an_unknown_signer_is_listed_and_proves_nothing(tmp_path: Path) -> None:
    said = a.envelope(SAID, STRANGER, keyids=[a.sha256(a.spki_of(STRANGER))])
    verdict = drop(said).verdict(tmp_path)
    assert a.words(verdict)[:3] == [
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE NO_TRUST_ANCHOR",
        "INDETERMINATE NO_ANCHOR",
    ]


def test_a_signature_that_names_a_trusted_key_and_is_not_by_it_fails(tmp_path: Path) -> None:
    said = a.envelope(SAID, STRANGER, keyids=[a.sha256(a.spki_of(SIGNER))])
    verdict = drop(said).verdict(tmp_path)
    assert a.words(verdict)[1] == "FAILED SIG_CRYPTO_FAILURE"
    recipes.require_reproduced(verdict.steps, tmp_path)


def test_a_key_that_lies_in_the_evidence_vouches_for_nobody(tmp_path: Path) -> None:
    verdict = SOUND.with_file("keys/signer.pem", a.pem_of(SIGNER)).verdict(tmp_path, "model.bits")
    assert a.words(verdict)[1] == "INDETERMINATE SELF_SUPPLIED_KEY"


def test_two_signatures_of_one_key_are_one_signer(tmp_path: Path) -> None:
    twice = replace(drop(a.envelope(SAID, SIGNER, SIGNER)), threshold=2)
    assert a.words(twice.verdict(tmp_path))[1] == "INDETERMINATE TOO_FEW_SIGNERS"


def test_two_keys_are_two_signers_also_in_two_files(tmp_path: Path) -> None:
    both = {"signer.pem": a.pem_of(SIGNER), "other.pem": a.pem_of(OTHER)}
    second = a.to_bytes(a.envelope(SAID, OTHER))
    found = replace(SOUND.with_file("second.intoto.jsonl", second), trusted=both, threshold=2)
    assert a.words(found.verdict(tmp_path, "model.bits")) == GREEN


def test_lines_about_other_artifacts_change_nothing(tmp_path: Path) -> None:
    broken = a.envelope(a.statement({"other": b"other"}), STRANGER, keyids=["x"])
    lines = b"\n".join(map(a.to_bytes, (broken, a.envelope(SAID, SIGNER), broken)))
    found = SOUND.with_file("model.bits.intoto.jsonl", lines)
    assert a.words(found.verdict(tmp_path)) == GREEN


def test_each_attested_file_is_a_subject(tmp_path: Path) -> None:
    other = b"card of a model"
    said = a.envelope(a.provenance({"model.bits": MODEL, "card.md": other}), SIGNER)
    found = drop(said).with_file("card.md", other)
    paths = [(s.path, s.verdict.authenticity.indication) for s in found.verified(tmp_path).subjects]
    assert paths == [("drop/card.md", "PASSED"), ("drop/model.bits", "PASSED")]


def test_an_attestation_without_its_artifact_is_open_not_green(tmp_path: Path) -> None:
    files = {"x.intoto.jsonl": SOUND.files["model.bits.intoto.jsonl"]}
    alone = replace(SOUND, files=files)
    verification = alone.verified(tmp_path)
    (source,) = verification.subjects
    assert a.words(source.verdict)[:3] == [
        "PASSED ANCHORED",
        "PASSED",
        "INDETERMINATE ARTIFACT_ABSENT",
    ]
    assert verification.exit_code == 2


def test_a_digest_that_the_auditor_states_stands_for_the_artifact(tmp_path: Path) -> None:
    files = {"x.intoto.jsonl": SOUND.files["model.bits.intoto.jsonl"]}
    alone = replace(SOUND, files=files)
    good = alone.stating(digest=a.sha256(MODEL)).verdict(tmp_path / "good")
    assert a.words(good)[:3] == ["PASSED ANCHORED", "PASSED", "PASSED AUDITOR_STATED"]
    bad = alone.stating(digest=a.sha256(b"another")).verdict(tmp_path / "bad")
    assert a.words(bad)[1] == "FAILED POLICY_MISMATCH"


def test_a_payload_that_speaks_of_nothing_covers_no_file_beside_it(tmp_path: Path) -> None:
    said = a.envelope(b"{}", SIGNER, payload_type="application/json")
    found = replace(drop(said), artifact="model.bits", signature="model.bits.intoto.jsonl")
    verdict = found.verdict(tmp_path, "model.bits")
    assert verdict.integrity.indication is Indication.INDETERMINATE
    assert verdict.completeness.code == Code.NO_ANCHOR


@pytest.mark.parametrize("made", [a.provenance, a.provenance_0_2])
def test_builder_and_source_are_held_against_provenance(made, tmp_path: Path) -> None:
    sound = drop(a.envelope(made({"model.bits": MODEL}), SIGNER))
    good = sound.stating(builder="https://builds.example/ci", source="git.example/models/credit")
    assert a.words(good.verdict(tmp_path / "good")) == GREEN
    for number, wrong in enumerate(
        (
            {"builder": "https://builds.example/other"},
            {"builder": "https://builds.example/ci@v3"},
            {"source": "git.example/models/other"},
            {"source": "git.example/models/credit@refs/tags/v4"},
        )
    ):
        verdict = sound.stating(**wrong).verdict(tmp_path / str(number))
        assert a.words(verdict)[1] == "FAILED POLICY_MISMATCH", wrong


def test_what_only_a_stranger_says_meets_no_policy(tmp_path: Path) -> None:
    asked = drop(a.envelope(SAID, STRANGER, keyids=["x"])).stating(builder=a.BUILDER)
    verdict = asked.verdict(tmp_path)
    assert verdict.authenticity.indication is Indication.INDETERMINATE
    assert Code.POLICY_NOT_SHOWN in verdict.authenticity.codes


def test_a_dependency_is_not_the_source(tmp_path: Path) -> None:
    said = a.provenance({"model.bits": MODEL}, source="git+https://git.example/evil/model")
    said["predicate"]["buildDefinition"]["resolvedDependencies"] = [{"uri": a.SOURCE}]
    found = drop(a.envelope(said, SIGNER)).stating(source="git.example/models/credit")
    assert a.words(found.verdict(tmp_path))[1] == "FAILED POLICY_MISMATCH"


def test_a_demand_that_nothing_here_can_meet_is_refused(tmp_path: Path) -> None:
    lonely = a.Drop({"notes.txt": b"x"}, {}, Origin(builder=a.BUILDER))
    with pytest.raises(UsageError, match="nothing of that kind lies here"):
        lonely.verified(tmp_path)


def test_a_log_keeps_its_own_verdict_beside_its_attestation(tmp_path: Path) -> None:
    data = LogBuilder("certmate").data()
    said = a.to_bytes(a.envelope(a.statement({"audit.jsonl": data}), SIGNER))
    files = {"audit.jsonl": data, "audit.jsonl.intoto.jsonl": said}
    verdict = replace(SOUND, files=files).verdict(tmp_path / "good", "audit.jsonl")
    assert a.words(verdict) == GREEN
    cut = data[: data.rindex(b"\n", 0, -1) + 1]
    files = {"audit.jsonl": cut, "audit.jsonl.intoto.jsonl": said}
    verdict = replace(SOUND, files=files).verdict(tmp_path / "cut", "audit.jsonl")
    assert a.words(verdict)[0] == "FAILED FILE_ALTERED"


@pytest.mark.parametrize(
    ("stated", "wanted", "same"),
    [
        ("git+https://git.example/o/r@refs/tags/v1", "git.example/o/r", True),
        ("git+https://git.example/o/r@refs/tags/v1", "https://git.example/o/r.git", True),
        ("git+https://git.example/o/r@refs/tags/v1", "git.example/o/r@refs/tags/v1", True),
        ("git+https://git.example/o/r@refs/tags/v1", "git.example/o/r@refs/tags/v2", False),
        ("git+https://git.example/o/r2@refs/tags/v1", "git.example/o/r", False),
        ("git+https://git.example.evil/o/r", "git.example/o/r", False),
        ("gs://bucket/source.tgz#12", "gs://bucket/source.tgz", True),
        ("http://git.example/o/r", "git.example/o/r", False),
    ],
)
def test_a_source_is_the_one_asked_for(stated: str, wanted: str, same: bool) -> None:
    assert same_source(stated, wanted) is same


@pytest.mark.parametrize(
    ("stated", "wanted", "same"),
    [
        ("https://b.example/x@v1", "https://b.example/x", True),
        ("https://b.example/x@v1", "https://b.example/x@v1", True),
        ("https://b.example/x@v1", "https://b.example/x@v2", False),
        ("https://b.example/xy@v1", "https://b.example/x", False),
        ("https://b.example/x", "https://b.example/x@v1", False),
    ],
)
def test_a_builder_is_the_one_asked_for(stated: str, wanted: str, same: bool) -> None:
    assert same_builder(stated, wanted) is same


@pytest.mark.parametrize("name", ["https://ci@builds.example/x", "a@b/c", "github.com/o/r", ""])
def test_a_builder_and_a_source_are_themselves_however_they_are_written(name: str) -> None:
    assert same_builder(name, name)
    assert same_source(name, name)


MUTATIONS = 300


def test_no_changed_byte_of_an_envelope_is_green(tmp_path: Path) -> None:
    """Every byte that is protected: of payload, type and signature; white space is not."""
    data = a.to_bytes(a.envelope(SAID, SIGNER))
    generator = random.Random(7)
    green: list[int] = []
    for number, at in enumerate(generator.sample(range(len(data)), MUTATIONS)):
        changed = data[:at] + bytes([data[at] ^ (1 << generator.randrange(7))]) + data[at + 1 :]
        found = SOUND.with_file("model.bits.intoto.jsonl", changed)
        verification = found.verified(tmp_path / str(number))
        if verification.exit_code == 0 and json_of(changed) != json_of(data):
            green.append(at)
    assert green == []


def json_of(data: bytes) -> object:
    """Return what counts of a document: a key id is a hint, unknown members are ignored (DSSE)."""
    value = json.loads(data)
    value["signatures"] = [{"sig": signature.get("sig")} for signature in value["signatures"]]
    return value


HOSTILE = {
    "nested": b'{"payload":' + b"[" * 5000,
    "not json": b'{"payloadType": "x", "payload": ',
    "no signatures": a.to_bytes({**a.envelope(SAID, SIGNER), "signatures": []}),
    "many signatures": a.to_bytes(
        {**a.envelope(SAID, SIGNER), "signatures": [{"sig": "AAAA"}] * 5000}
    ),
    "payload is a number": a.to_bytes({**a.envelope(SAID, SIGNER), "payload": 12}),
    "twice": b'{"payload":"AA==","payload":"AQ==","payloadType":"x","signatures":[{"sig":"AA=="}]}',
    "odd base64": a.to_bytes({**a.envelope(SAID, SIGNER), "payload": "AB=="}),
    "no subjects": a.to_bytes(a.envelope({**SAID, "subject": []}, SIGNER)),
    "short digest": a.to_bytes(
        a.envelope({**SAID, "subject": [{"name": "x", "digest": {"sha256": "ab"}}]}, SIGNER)
    ),
    "digest of a number": a.to_bytes(
        a.envelope({**SAID, "subject": [{"name": "x", "digest": {"sha256": 1}}]}, SIGNER)
    ),
    "weak digest only": a.to_bytes(
        a.envelope({**SAID, "subject": [{"name": "x", "digest": {"md5": "0" * 32}}]}, SIGNER)
    ),
    "empty": b"",
    "many lines": b"\n".join([a.to_bytes(a.envelope(SAID, STRANGER, keyids=["x"]))] * 1200),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_attestations_get_a_verdict_and_are_never_green(kind: str, tmp_path: Path) -> None:
    found = SOUND.with_file("model.bits.intoto.jsonl", HOSTILE[kind])
    verification = found.verified(tmp_path)
    assert verification.subjects
    assert verification.exit_code in {1, 2}


@pytest.mark.parametrize(("result", "told"), [("FAILED", 1), ("PASSED", 0)])
def test_a_failed_check_that_is_attested_is_said_to_have_failed(
    result: str, told: int, tmp_path: Path
) -> None:
    """The bytes are what was attested; that is no praise of them."""
    key, files = a.p256("ann"), {"data.bin": b"data"}
    kind = "https://slsa.dev/verification_summary/v1"
    summary = a.envelope(a.statement(files, kind, verificationResult=result), key)
    files["data.bin.intoto.jsonl"] = a.to_bytes(summary)
    verdict = a.Drop(files, {"ann.pem": a.pem_of(key)}).verdict(tmp_path)
    assert a.words(verdict)[0] == "PASSED ANCHORED"
    assert sum("'FAILED'" in note for note in verdict.notes) == told
