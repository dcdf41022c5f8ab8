"""Attestations made for tests: keys, envelopes, statements, links, layouts."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from workbench.model.expectation import Expectation, Origin
from workbench.model.olpc import canonical
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import Dimension, SubjectVerdict
from workbench.model.verification import Verification
from workbench.services.verification import verified
from workbench.verify.dsse import pae
from workbench.verify.trust.anchors import load_trust

AT = datetime(2026, 6, 30, tzinfo=UTC)
IN_TOTO = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
SLSA_1 = "https://slsa.dev/provenance/v1"
SLSA_0_2 = "https://slsa.dev/provenance/v0.2"
BUILDER = "https://builds.example/ci@v2"
SOURCE = "git+https://git.example/models/credit@refs/tags/v3"

Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def p256(name: str) -> ec.EllipticCurvePrivateKey:
    """Return the same key for the same name: vectors stay what they are."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest())
    return ec.derive_private_key(number % (2**255) + 1, ec.SECP256R1())


def edwards(name: str) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def pem_of(key: Private) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def spki_of(key: Private) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign(key: Private, data: bytes) -> bytes:
    match key:
        case ec.EllipticCurvePrivateKey():
            return key.sign(data, ec.ECDSA(hashes.SHA256()))
        case ed25519.Ed25519PrivateKey():
            return key.sign(data)
        case rsa.RSAPrivateKey():
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
            return key.sign(data, pss, hashes.SHA256())
    raise TypeError(key)


def statement(
    subjects: Mapping[str, bytes], predicate_type: str = SLSA_1, **predicate: Any
) -> dict[str, Any]:
    named = [{"name": n, "digest": {"sha256": sha256(data)}} for n, data in subjects.items()]
    return {
        "_type": STATEMENT,
        "subject": named,
        "predicateType": predicate_type,
        "predicate": predicate,
    }


def provenance(
    subjects: Mapping[str, bytes], *, builder: str = BUILDER, source: str = SOURCE
) -> dict[str, Any]:
    """Return SLSA provenance 1.0."""
    outside = {"workflow": {"repository": source, "path": "build.yml"}}
    return statement(
        subjects,
        SLSA_1,
        buildDefinition={"buildType": "https://builds.example/type", "externalParameters": outside},
        runDetails={"builder": {"id": builder}},
    )


def provenance_0_2(
    subjects: Mapping[str, bytes], *, builder: str = BUILDER, source: str = SOURCE
) -> dict[str, Any]:
    return statement(
        subjects,
        SLSA_0_2,
        builder={"id": builder},
        invocation={"configSource": {"uri": source}},
        materials=[{"uri": source}],
    )


def envelope(
    said: Mapping[str, Any] | bytes,
    *keys: Private,
    keyids: Sequence[str] = (),
    payload_type: str = IN_TOTO,
) -> dict[str, Any]:
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    names = [*keyids, *([""] * (len(keys) - len(keyids)))]
    return {
        "payload": b64(payload),
        "payloadType": payload_type,
        "signatures": [
            {"keyid": name, "sig": b64(sign(key, pae(payload_type, payload)))}
            for key, name in zip(keys, names, strict=True)
        ],
    }


def artifacts(files: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    return {path: {"sha256": sha256(data)} for path, data in files.items()}


def link(
    name: str,
    materials: Mapping[str, bytes] | None = None,
    products: Mapping[str, bytes] | None = None,
    command: Sequence[str] = (),
) -> dict[str, Any]:
    return {
        "_type": "link",
        "name": name,
        "command": list(command),
        "materials": artifacts(materials or {}),
        "products": artifacts(products or {}),
        "byproducts": {},
        "environment": {},
    }


def metablock(signed: Mapping[str, Any], *keys: Private) -> dict[str, Any]:
    data = canonical(dict(signed))
    signed = json.loads(json.dumps(signed))  # a test may spoil it
    signatures = [{"keyid": sha256(spki_of(k)), "sig": sign(k, data).hex()} for k in keys]
    return {"signed": signed, "signatures": signatures}


def layout_key(key: Private) -> dict[str, Any]:
    match key:
        case ed25519.Ed25519PrivateKey():
            kind, public = "ed25519", key.public_key().public_bytes_raw().hex()
        case ec.EllipticCurvePrivateKey():
            kind, public = "ecdsa", pem_of(key).decode()
        case _:
            kind, public = "rsa", pem_of(key).decode()
    return {"keytype": kind, "scheme": kind, "keyval": {"public": public, "private": ""}}


def step(
    name: str,
    *keys: Private,
    threshold: int = 1,
    materials: Sequence[Sequence[str]] = (),
    products: Sequence[Sequence[str]] = (),
) -> dict[str, Any]:
    return {
        "_type": "step",
        "name": name,
        "pubkeys": [sha256(spki_of(key)) for key in keys],
        "threshold": threshold,
        "expected_command": [],
        "expected_materials": [list(rule) for rule in materials],
        "expected_products": [list(rule) for rule in products],
    }


def layout(
    steps: Sequence[Mapping[str, Any]],
    keys: Sequence[Private],
    *,
    expires: str = "2027-01-01T00:00:00Z",
    inspect: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    return {
        "_type": "layout",
        "expires": expires,
        "readme": "",
        "keys": {sha256(spki_of(key)): layout_key(key) for key in keys},
        "steps": [dict(one) for one in steps],
        "inspect": [dict(one) for one in inspect],
    }


@dataclass(frozen=True)
class Drop:
    """Files that are handed over, and those that the auditor trusts."""

    files: Mapping[str, bytes]
    trusted: Mapping[str, bytes]
    origin: Origin = field(default_factory=Origin)
    threshold: int = 1
    artifact: str = ""
    signature: str = ""
    at: datetime = AT

    def with_file(self, name: str, data: bytes) -> "Drop":
        return replace(self, files={**self.files, name: data})

    def stating(self, **origin: str) -> "Drop":
        return replace(self, origin=replace(self.origin, **origin))

    def verified(self, folder: Path) -> Verification:
        drop, trust = folder / "drop", folder / "trust"
        for base, files in ((drop, self.files), (trust, self.trusted)):
            for name, data in files.items():
                path = base / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        request = VerifyRequest(
            paths=(drop,),
            at=self.at,
            trust=tuple(f"{role_of(name)}{trust / name}" for name in self.trusted),
            threshold=self.threshold,
            expectation=Expectation(origin=self.origin),
            artifact=drop / self.artifact if self.artifact else None,
            signatures=(drop / self.signature,) if self.signature else (),
        )
        trust = load_trust(request.trust, at=request.at, threshold=request.threshold)
        return verified(request, trust, Silent(), Cancel(), None)

    def verdict(self, folder: Path, subject: str = "") -> SubjectVerdict:
        subjects = self.verified(folder).subjects
        found = [s for s in subjects if not subject or s.path == f"drop/{subject}"]
        assert len(found) == 1, [s.path for s in subjects]
        assert found[0].verdict is not None
        return found[0].verdict


def words(verdict: SubjectVerdict) -> list[str]:
    """Return the four dimensions in words; a passed one of a person or time without the name."""
    named = {Dimension.AUTHENTICITY, Dimension.TIME}
    return [
        part.indication.value
        if dimension in named and part.indication == "PASSED"
        else f"{part.indication.value} {part.code}"
        for dimension in Dimension
        for part in [verdict.dimension(dimension)]
    ]


def role_of(name: str) -> str:
    """Return what stands before a trust file; a trust store names roles itself."""
    if name.startswith("tsa"):
        return "tsa="
    return "" if name.endswith(".yaml") else "attestation="


def to_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()
