"""Write the self-test vectors of OpenSSF Model Signing to resources/selftest/oms.

Run from anywhere; the result is the same to the byte each time. The private keys are derived from
names and protect nothing.
"""

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from cryptography.hazmat.primitives import hashes  # noqa: E402 - needs the path above
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding  # noqa: E402

from tests.verify import oms_builder as oms  # noqa: E402

OUTPUT = CHECKOUT / "resources" / "selftest" / "oms"

SIGNER = oms.key("Self-test model signer")
OTHER = oms.key("Self-test stranger")
ROOT = oms.issue("Self-test Root CA", ca=True)
ISSUING = oms.issue("Self-test Issuing CA", ROOT, ca=True)
LEAF = oms.issue("Self-test Model Signer", ISSUING)
EXPIRED = oms.issue("Self-test Former Signer", ISSUING, valid=(2020, 2021))
SERVER = oms.issue("Self-test Web Server", ISSUING, code_signing=False)

MODEL = oms.signed_by_key(SIGNER)
KEY = {"key.pem": oms.pem(SIGNER)}
STRANGER = {"key.pem": oms.pem(OTHER)}
CERTIFICATE = {"root.pem": ROOT.certificate.public_bytes(Encoding.PEM)}


@dataclass(frozen=True)
class Vector:
    """A model, what is trusted, and the verdict that is known for it."""

    title: str
    model: oms.SignedModel
    trust: Mapping[str, bytes]
    integrity: str = "PASSED ANCHORED"
    authenticity: str = "PASSED"
    completeness: str = "PASSED ANCHORED"
    diagnoses: list[list[str]] = field(default_factory=list)


def _with_signature(payload: bytes, private: oms.Key, *values: bytes) -> oms.SignedModel:
    signature = oms.to_bytes(oms.bundle(payload, oms.by_key(private), values))
    return replace(MODEL, signature=signature)


def _payload_rewritten() -> oms.SignedModel:
    """Return a model whose manifest was made to fit a changed file, under the old signature."""
    changed = {**oms.FILES, "config.json": b"{}"}
    signed = oms.sign(SIGNER, oms.encoding(oms.to_bytes(oms.statement(oms.FILES))))
    model = _with_signature(oms.to_bytes(oms.statement(changed)), SIGNER, signed)
    return replace(model, files=changed)


def _legacy() -> oms.SignedModel:
    private = oms.key("Self-test model signer", ec.SECP384R1())
    payload = oms.to_bytes(oms.legacy_statement(oms.FILES))
    value = oms.sign(private, oms.legacy_encoding(payload), hashes.SHA256())
    return _with_signature(payload, private, value)


def _wrong_encoding() -> oms.SignedModel:
    payload = oms.to_bytes(oms.statement(oms.FILES))
    return _with_signature(payload, SIGNER, oms.sign(SIGNER, oms.legacy_encoding(payload)))


def _root_digest_wrong() -> oms.SignedModel:
    said = oms.statement(oms.FILES)
    said["subject"][0]["digest"]["sha256"] = "0" * 64
    return oms.signed_by_key(SIGNER, said=said)


WEIGHTS = oms.FILES["model.safetensors"]
CONFIG = oms.FILES["config.json"]
UNANCHORED = ("PASSED SELF_CONSISTENT", "INDETERMINATE NO_ANCHOR")


def unanchored(
    title: str, model: oms.SignedModel, trust: Mapping[str, bytes], authenticity: str
) -> Vector:
    """Return a vector whose files agree with a manifest that nobody trusted signed."""
    return Vector(title, model, trust, UNANCHORED[0], authenticity, UNANCHORED[1])


VECTORS = {
    "key-intact": Vector("A model signed with a key, intact.", MODEL, KEY),
    "key-shards-blake2b-intact": Vector(
        "A model signed in shards of 256 bytes with BLAKE2b, intact.",
        oms.signed_by_key(
            SIGNER, said=oms.statement(oms.FILES, algorithm="blake2b", shard_size=256)
        ),
        KEY,
    ),
    "key-weights-altered": Vector(
        "One bit of the weights was changed.",
        MODEL.with_files({"model.safetensors": bytes([WEIGHTS[0] ^ 1]) + WEIGHTS[1:]}),
        KEY,
        integrity="FAILED FILE_ALTERED",
        diagnoses=[["FILE_ALTERED", "model.safetensors"]],
    ),
    "key-file-renamed": Vector(
        "A signed file was renamed.",
        MODEL.with_files({"config.json": None, "config2.json": CONFIG}),
        KEY,
        integrity="FAILED FILE_RENAMED",
        diagnoses=[["FILE_RENAMED", "config.json"]],
    ),
    "key-file-added-and-missing": Vector(
        "A file was added and another taken away.",
        MODEL.with_files({"config.json": None, "loader.py": b"import os\n"}),
        KEY,
        completeness="FAILED FILE_MISSING",
        diagnoses=[["FILE_MISSING", "config.json"], ["FILE_ADDED", "loader.py"]],
    ),
    "key-payload-rewritten": unanchored(
        "A file and its manifest were changed together; the signature is the old one.",
        _payload_rewritten(),
        KEY,
        "FAILED SIG_CRYPTO_FAILURE",
    ),
    "key-unknown": unanchored(
        "A model signed with a key that the auditor does not know.",
        MODEL,
        STRANGER,
        "INDETERMINATE NO_TRUST_ANCHOR",
    ),
    "key-wrong-encoding": unanchored(
        "The current form, signed over the wrong encoding of model_signing 0.2.",
        _wrong_encoding(),
        KEY,
        "FAILED SIG_CRYPTO_FAILURE",
    ),
    "key-root-digest-wrong": Vector(
        "Validly signed, but the root digest is not the one of the files.",
        _root_digest_wrong(),
        KEY,
        integrity="FAILED HASH_FAILURE",
    ),
    "key-truncated": Vector(
        "The signature file was cut off.",
        replace(MODEL, signature=MODEL.signature[:900]),
        KEY,
        "INDETERMINATE MALFORMED_SOURCE",
        "FAILED FORMAT_FAILURE",
        "INDETERMINATE NO_ANCHOR",
    ),
    "legacy-intact": Vector(
        "A model signed by model_signing 0.2 with a P-384 key, intact.",
        _legacy(),
        {"key.pem": oms.pem(oms.key("Self-test model signer", ec.SECP384R1()))},
    ),
    "certificate-intact": Vector(
        "A model signed with a certificate that leads to the auditor's root.",
        oms.signed_by_certificate(LEAF, ISSUING),
        CERTIFICATE,
    ),
    "certificate-expired": unanchored(
        "The signer's certificate had expired, and nothing says that the signature is older.",
        oms.signed_by_certificate(EXPIRED, ISSUING),
        CERTIFICATE,
        "INDETERMINATE OUT_OF_BOUNDS_NO_POE",
    ),
    "certificate-not-for-code": unanchored(
        "The signer's certificate is not meant for signing code.",
        oms.signed_by_certificate(SERVER, ISSUING),
        CERTIFICATE,
        "INDETERMINATE CHAIN_CONSTRAINTS_FAILURE",
    ),
    "certificate-other-root": unanchored(
        "The certificates lead to another root than the auditor's.",
        oms.signed_by_certificate(oms.issue("Self-test Other Root", ca=True)),
        CERTIFICATE,
        "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND",
    ),
}


def write(name: str, vector: Vector) -> None:
    """Write one vector: what is verified, what is trusted, what is known."""
    folder = OUTPUT / name
    vector.model.write(folder / "drop")
    (folder / "trust").mkdir(parents=True)
    for file, content in vector.trust.items():
        (folder / "trust" / file).write_bytes(content)
    known = {
        "title": vector.title,
        "trust": [f"model=trust/{file}" for file in vector.trust],
        "confirm": [],
        "secret": [],
        "profile": None,
        "expect_count": None,
        "at": "2026-06-30T00:00:00Z",
        "subject": "model",
        "integrity": vector.integrity,
        "authenticity": vector.authenticity,
        "completeness": vector.completeness,
        "time": "INDETERMINATE NO_TRUSTED_TIME",
        "diagnoses": vector.diagnoses,
    }
    (folder / "expected.json").write_text(json.dumps(known, indent=2) + "\n")


def main() -> None:
    """Write every vector anew."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    for name, vector in VECTORS.items():
        write(name, vector)
    print(f"{len(VECTORS)} vectors in {OUTPUT.relative_to(CHECKOUT)}")


if __name__ == "__main__":
    main()
