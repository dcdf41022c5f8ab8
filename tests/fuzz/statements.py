"""Attestations: DSSE, in-toto, SLSA, layouts, Sigstore bundles and roots, model signatures."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from tests.fuzz.parsers import SELFTEST, Harness, Parser, files, require
from workbench.evidence.strict_json import JsonValue, parse
from workbench.model.attestation import MOST, attestations_in
from workbench.model.bundle import Bundle, bundle_from, is_bundle, read_bundle
from workbench.model.cloudtrail import MalformedDigest, digest_from, metadata_from
from workbench.model.envelope import envelope_from
from workbench.model.json_place import MalformedSignature, Place
from workbench.model.layout import is_metablock, key_from, layout_from, link_from, metablock_from
from workbench.model.model_signature import manifest_from, model_signature_from
from workbench.model.olpc import UncanonicalError, canonical
from workbench.model.statement import read_statement, statement_from
from workbench.model.trusted_root import trusted_root_from
from workbench.verify.attestation.policy import same_builder, same_source
from workbench.verify.keys.in_toto import key_of, load_in_toto_key, means_in_toto_key
from workbench.verify.keys.signable import Signable
from workbench.verify.layout.block import content_of
from workbench.verify.pangea import proofs as pangea
from workbench.verify.pangea.events import key_of as pangea_key
from workbench.verify.pangea.events import root_in
from workbench.verify.recheck.strict import BadJsonError, read
from workbench.verify.sigstore.body import why_of_another
from workbench.verify.trust.sigstore_root import load_trusted_root, means_trusted_root

AT = datetime(2026, 6, 30, tzinfo=UTC)
ENVELOPES = (
    "attestation/*/drop/**/*.json", "attestation/*/drop/**/*.layout", "oms/*/drop/**/*.sig",
    "attestation/*/drop/**/*.jsonl", "attestation/*/drop/**/*.link",
)  # fmt: skip

read_json = partial(parse, what="x")


def envelopes() -> Iterator[bytes]:
    """Yield whole files: envelopes, bundles, layouts, model signatures."""
    yield from files(*ENVELOPES)


def documents() -> Iterator[dict[str, Any]]:
    """Yield those files, or their lines, that are JSON."""
    for data in envelopes():
        with suppress(ValueError):
            yield json.loads(data)
            continue
        for line in data.splitlines():
            with suppress(ValueError):
                yield json.loads(line)


def payloads() -> Iterator[bytes]:
    """Yield what is signed: statements, links, layouts, manifests."""
    seen: set[bytes] = set()
    for value in documents():
        inside = value.get("dsseEnvelope", value)
        if "payload" in inside:
            seen.add(base64.b64decode(inside["payload"]))
        elif "signed" in value:
            seen.add(json.dumps(value["signed"]).encode())
    yield from sorted(seen)
    materials = [{"uri": "git+https://x.example/y", "digest": {"sha1": "0" * 40}}]
    invoked = {"configSource": {"uri": "git+https://x.example/y", "digest": {"sha1": "0" * 40}}}
    yield json.dumps({
        "_type": "https://in-toto.io/Statement/v0.1",
        "subject": [{"name": "x", "digest": {"sha256": "0" * 64}}],
        "predicateType": "https://slsa.dev/provenance/v0.2",
        "predicate": {"builder": {"id": "x"}, "materials": materials, "invocation": invoked,
                      "metadata": {"buildFinishedOn": "9999-12-31T23:59:59-01:00"}},
    }).encode()  # fmt: skip


def bodies() -> Iterator[bytes]:
    """Yield bodies of log entries."""
    for value in documents():
        entries = value.get("verificationMaterial", {}).get("tlogEntries", [])
        yield from (base64.b64decode(entry["canonicalizedBody"]) for entry in entries)


def unpacked() -> Iterator[bytes]:
    """Yield digest files of CloudTrail and their metadata."""
    for data in files("cloudtrail/*/drop/**/*"):
        yield gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def values(use: Callable[[JsonValue], object]) -> Callable[[bytes], object]:
    """Return what reads JSON strictly and uses the value."""
    return lambda data: use(read_json(data))


def whole(data: bytes) -> None:
    """Read a file of attestations: it holds one at least, and no more than is read."""
    found = attestations_in(data, read_json)
    require(1 <= len(found) <= MOST + 1 or not data.strip(), "a file without an attestation")
    for one in found:
        require(one.code is not None or one.readable or bool(one.openpgp), "nothing is said of it")
        require(all(isinstance(claim.name, str) for claim in one.claimed), "a name is no text")


def inner(value: JsonValue) -> None:
    """Read what is signed in every way in which it may be meant."""
    for take in (statement_from, read_statement, manifest_from, link_from, layout_from, content_of):
        try:
            take(value)
        except MalformedSignature:
            continue


def outer(value: JsonValue) -> None:
    """Read what holds signatures in every way in which it may be meant."""
    is_bundle(value)
    is_metablock(value)
    for take in (bundle_from, read_bundle, metablock_from, model_signature_from, _envelope):
        try:
            take(value)
        except MalformedSignature:
            continue


def _envelope(value: JsonValue) -> object:
    return envelope_from(Place(value, ""))


def written(value: JsonValue) -> None:
    """Write in canonical JSON: what is read again is the same."""
    again = parse(canonical(value), what="x")
    require(again == value, "canonical JSON says something else")


def logged(data: bytes) -> None:
    """Hold a body of a log entry against a bundle: one of other bytes is of another signature."""
    bundle = _bundle()
    [entry, *_] = bundle.entries
    body = entry.body
    changed = type(entry)(**{n: getattr(entry, n) for n in type(entry).__slots__} | {"body": data})
    signables = (Signable(b"x"),)
    why_of_another(changed, bundle, signables, b"x")
    require(body is not None, "")


def _bundle() -> Bundle:
    path = next(iter(sorted(SELFTEST.glob("attestation/sigstore-pinned/drop/*.json"))))
    return bundle_from(read_json(path.read_bytes()))


def root(data: bytes) -> None:
    """Read a trusted root as the trust store does, and as the model does."""
    means_trusted_root(data)
    load_trusted_root(data, path="x")


def keys(data: bytes) -> None:
    """Read a key as in-toto writes it."""
    means_in_toto_key(data)
    load_in_toto_key(data, path="x")
    key_of(key_from(Place(read_json(data), "")))


def seeds_of_keys() -> Iterator[bytes]:
    """Yield the keys in layouts."""
    for data in payloads():
        for described in json.loads(data).get("keys", {}).values():
            yield json.dumps(described).encode()


def trail(value: JsonValue) -> None:
    """Read a digest file of CloudTrail, and what ``head-object`` says of one."""
    metadata_from(value)
    digest_from(value)


def names(data: bytes) -> None:
    """Compare builders and sources: a name is the same as itself."""
    one, _, other = data.decode("utf-8", "replace").partition("\n")
    require(same_builder(one, one) and same_source(one, one), "a name is not itself")
    same_builder(one, other)
    same_source(one, other)


def audit(value: JsonValue) -> None:
    """Read the proofs of an event of Pangea, or the roots of its log."""
    found = value if isinstance(value, dict) else {}
    root_in(value, "x")
    pangea_key(found)
    pangea.canonical(value)
    for name in ("membership_proof", "consistency_proof", "hash"):
        turns = pangea.read_membership(found.get(name))
        if turns is not None:
            pangea.climb(b"\0" * 32, turns)
        pangea.previous_root(found.get(name), b"\0" * 32)
        pangea.digest_in(found.get(name))


def events() -> Iterator[bytes]:
    """Yield events and roots of Pangea, one by one."""
    for data in files("pangea/*/drop/**/*"):
        yield from data.splitlines()[:5]
        yield data[:8000]


def second(data: bytes) -> None:
    """Read by the second opinion what the first one reads."""
    read(data, spelled=False)


HARNESS = Harness(
    (
        Parser("file of attestations", whole, envelopes),
        Parser("payload", values(inner), payloads),
        Parser("envelope", values(outer), envelopes),
        Parser("canonical JSON", values(written), payloads, (UncanonicalError, BadJsonError)),
        Parser("body of a log entry", logged, bodies),
        Parser("trusted root", root, lambda: files("attestation/*/trust/*.json")),
        Parser("trusted root, model", values(trusted_root_from),
               lambda: files("attestation/*/trust/*.json"), (MalformedSignature,)),
        Parser("key of in-toto", keys, seeds_of_keys, (MalformedSignature,)),
        Parser("CloudTrail digest", values(trail), unpacked, (MalformedDigest,)),
        Parser("builder and source", names, lambda: [b"https://a.example/b@v1\ngit+https://a/b"]),
        Parser("Pangea", values(audit), events),
        Parser("second opinion", second, payloads, (BadJsonError,)),
    )
)  # fmt: skip
