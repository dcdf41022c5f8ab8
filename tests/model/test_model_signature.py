"""What a bundle claims is read strictly, or refused with a place."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.verify import oms_builder as oms
from workbench.model.model_signature import (
    MalformedSignature,
    Manifest,
    SignatureKind,
    manifest_from,
    manifest_of,
    model_signature_from,
)

SIGNER = oms.key("signer")
Spoil = Callable[[dict[str, Any]], object]


def bundle() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(oms.signed_by_key(SIGNER).signature)
    return loaded


def test_a_bundle_keeps_the_payload_as_it_was_signed() -> None:
    payload = b'{ "spaced":   "as signed" }'
    document = oms.bundle(payload, oms.by_key(SIGNER), [b"one", b"two"])
    signature = model_signature_from(document)
    assert signature.payload == payload
    assert [item.value for item in signature.signatures] == [b"one", b"two"]
    assert signature.kind is SignatureKind.KEY


def test_a_key_of_an_old_release_lies_in_the_bundle_itself() -> None:
    document = oms.bundle(b"{}", oms.by_embedded_key(SIGNER), [b"one"])
    signature = model_signature_from(document)
    assert signature.embedded_keys == (oms.pem(SIGNER),)
    assert signature.hint is None


def test_url_safe_base64_is_the_same_payload() -> None:
    document = oms.bundle(b"\xff\xfe\xfb" * 3, oms.by_key(SIGNER), [b"one"])
    envelope = document["dsseEnvelope"]
    envelope["payload"] = envelope["payload"].replace("+", "-").replace("/", "_")
    assert model_signature_from(document).payload == b"\xff\xfe\xfb" * 3


BAD_BUNDLES: dict[str, tuple[Spoil, str]] = {
    "no envelope": (lambda b: b.pop("dsseEnvelope"), "/dsseEnvelope"),
    "no material": (lambda b: b.pop("verificationMaterial"), "/verificationMaterial"),
    "another media type": (lambda b: b.update(mediaType="text/plain"), "/mediaType"),
    "a second content": (lambda b: b.update(messageSignature={}), "/messageSignature"),
    "two kinds of signer": (
        lambda b: b["verificationMaterial"].update(certificate={"rawBytes": "AA=="}),
        "/verificationMaterial",
    ),
    "another payload type": (
        lambda b: b["dsseEnvelope"].update(payloadType="application/json"),
        "/dsseEnvelope/payloadType",
    ),
    "no signature": (
        lambda b: b["dsseEnvelope"].update(signatures=[]),
        "/dsseEnvelope/signatures",
    ),
    "too many signatures": (
        lambda b: b["dsseEnvelope"].update(signatures=[{"sig": "AA=="}] * 33),
        "/dsseEnvelope/signatures",
    ),
    "a signature that is no object": (
        lambda b: b["dsseEnvelope"].update(signatures=["AA=="]),
        "/dsseEnvelope/signatures/0",
    ),
    "payload not base64": (lambda b: b["dsseEnvelope"].update(payload="{}"), "/payload"),
    "payload with trailing bits": (
        lambda b: b["dsseEnvelope"].update(payload="QR=="),
        "/dsseEnvelope/payload",
    ),
    "payload without padding": (
        lambda b: b["dsseEnvelope"].update(payload="QQ"),
        "/dsseEnvelope/payload",
    ),
    "hint a number": (
        lambda b: b["verificationMaterial"]["publicKey"].update(hint=7),
        "/verificationMaterial/publicKey/hint",
    ),
}


@pytest.mark.parametrize("case", BAD_BUNDLES)
def test_a_malformed_bundle_is_refused_with_its_place(case: str) -> None:
    spoil, place = BAD_BUNDLES[case]
    document = bundle()
    spoil(document)
    with pytest.raises(MalformedSignature) as refused:
        model_signature_from(document)
    assert refused.value.pointer.endswith(place)
    assert refused.value.code == "FORMAT_FAILURE"


@pytest.mark.parametrize("document", [None, [], "text", 7, {}])
def test_any_other_json_is_refused(document: object) -> None:
    with pytest.raises(MalformedSignature):
        model_signature_from(document)
    with pytest.raises(MalformedSignature):
        manifest_from(document)


def test_the_manifest_of_a_bundle_names_each_file_once() -> None:
    manifest = manifest_of(bundle(), json.loads)
    assert manifest.paths == tuple(sorted(oms.FILES))
    assert manifest.root_digest == manifest.subject_digest
    assert manifest.ignore_paths == tuple(oms.GIT)


def test_shards_of_a_path_with_colons_are_read_from_the_right() -> None:
    manifest = manifest_from(oms.statement({"a:1:2": b"x" * 20}, shard_size=8))
    assert manifest.paths == ("a:1:2",)
    assert [r.span for r in manifest.resources] == [(0, 8), (8, 16), (16, 20)]


def test_the_legacy_statement_has_one_subject_a_file_and_no_root_digest() -> None:
    manifest = manifest_from(oms.legacy_statement(oms.FILES))
    assert manifest.legacy
    assert manifest.paths == tuple(sorted(oms.FILES))
    assert manifest.subject_digest == ""


def resource(statement: dict[str, Any], n: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = statement["predicate"]["resources"][n]
    return found


def serialization(statement: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = statement["predicate"]["serialization"]
    return found


BAD_STATEMENTS: dict[str, tuple[Spoil, str]] = {
    "another statement": (lambda s: s.update(_type="x"), "payload#/_type"),
    "two subjects": (lambda s: s.update(subject=s["subject"] * 2), "payload#/subject"),
    "no subject": (lambda s: s.update(subject=[]), "payload#/subject"),
    "subject digest in upper case": (
        lambda s: s["subject"][0]["digest"].update(sha256="A" * 64),
        "payload#/subject/0/digest/sha256",
    ),
    "no file": (lambda s: s["predicate"].update(resources=[]), "/resources"),
    "a name twice": (
        lambda s: s["predicate"].update(resources=[resource(s), resource(s)]),
        "/resources",
    ),
    "parent folder": (lambda s: resource(s).update(name="a/../b"), "/resources/0/name"),
    "absolute": (lambda s: resource(s).update(name="/etc/passwd"), "/resources/0/name"),
    "not normalised": (lambda s: resource(s).update(name="./a"), "/resources/0/name"),
    "empty part": (lambda s: resource(s).update(name="a//b"), "/resources/0/name"),
    "backslash": (lambda s: resource(s).update(name="a\\b"), "/resources/0/name"),
    "NUL": (lambda s: resource(s).update(name="a\0b"), "/resources/0/name"),
    "too long": (lambda s: resource(s).update(name="a" * 4097), "/resources/0/name"),
    "the model itself beside files": (lambda s: resource(s).update(name="."), "/resources"),
    "another algorithm": (lambda s: resource(s).update(algorithm="md5"), "/0/algorithm"),
    "short digest": (lambda s: resource(s).update(digest="ab"), "/0/digest"),
    "links neither": (lambda s: serialization(s).pop("allow_symlinks"), "/allow_symlinks"),
    "links as text": (
        lambda s: serialization(s).update(allow_symlinks="false"),
        "/allow_symlinks",
    ),
    "ignore a number": (lambda s: serialization(s).update(ignore_paths=[1]), "/ignore_paths"),
}


@pytest.mark.parametrize("case", BAD_STATEMENTS)
def test_a_malformed_statement_is_refused_with_its_place(case: str) -> None:
    spoil, place = BAD_STATEMENTS[case]
    statement = copy.deepcopy(oms.statement(oms.FILES))
    spoil(statement)
    with pytest.raises(MalformedSignature) as refused:
        manifest_from(statement)
    assert refused.value.pointer.endswith(place)


UNKNOWN: dict[str, Spoil] = {
    "predicate": lambda s: s.update(predicateType="https://example.org/other"),
    "method": lambda s: serialization(s).update(method="file-shard-8"),
    "hash": lambda s: serialization(s).update(hash_type="sha3-256"),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_an_unknown_variant_is_not_called_malformed(case: str) -> None:
    statement = copy.deepcopy(oms.statement(oms.FILES))
    UNKNOWN[case](statement)
    with pytest.raises(MalformedSignature) as refused:
        manifest_from(statement)
    assert refused.value.code == "UNKNOWN_PROFILE"


BAD_SHARDS: dict[str, list[str]] = {
    "a hole": ["w:0:8", "w:16:20"],
    "no beginning": ["w:8:16"],
    "an overlap": ["w:0:8", "w:4:12"],
    "a short one inside": ["w:0:4", "w:4:12"],
    "an empty one": ["w:0:8", "w:8:8"],
    "a long one": ["w:0:9"],
    "leading zero": ["w:0:08"],
    "no range": ["w"],
}


@pytest.mark.parametrize("case", BAD_SHARDS)
def test_shards_that_leave_a_hole_are_refused(case: str) -> None:
    statement = copy.deepcopy(oms.statement({"w": b"x" * 8}, shard_size=8))
    template = resource(statement)
    lines = [{**template, "name": name} for name in BAD_SHARDS[case]]
    statement["predicate"]["resources"] = lines
    with pytest.raises(MalformedSignature):
        manifest_from(statement)


@pytest.mark.parametrize("size", [0, -8, 8.5, 1e30, True, "8", None])
def test_a_shard_size_is_a_whole_number_above_zero(size: object) -> None:
    statement = copy.deepcopy(oms.statement({"w": b"x" * 8}, shard_size=8))
    serialization(statement)["shard_size"] = size
    with pytest.raises(MalformedSignature):
        manifest_from(statement)


def test_unknown_members_of_a_signed_line_are_ignored() -> None:
    statement = copy.deepcopy(oms.statement(oms.FILES))
    resource(statement)["annotations"] = {"later": True}
    assert isinstance(manifest_from(statement), Manifest)
