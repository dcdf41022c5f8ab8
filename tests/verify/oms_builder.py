"""Build small signed models: real files, a manifest, a signature, and whatever is spoilt in them.

Written against the OMS 1.0 text and on its own, so that it can contradict the verifier. Keys are
derived from names and signatures are deterministic, so that the same model has the same bytes.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import blake3
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from workbench.evidence.file import EvidenceFile, identity_of
from workbench.evidence.links import Link, LinkEnd
from workbench.evidence.subject import Subject
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole

AT = datetime(2026, 6, 30, tzinfo=UTC)
IN_TOTO = "application/vnd.in-toto+json"
GIT = [".git", ".gitattributes", ".github", ".gitignore"]

#: A believable small model.
FILES: dict[str, bytes] = {
    "README.md": b"# Credit scoring\n\nLogistic regression.\n",
    "config.json": b'{\n  "features": 12\n}\n',
    "model.safetensors": bytes(range(256)) * 4,
    "tokenizer/vocab.txt": "été\n".encode(),
}

Key = ec.EllipticCurvePrivateKey
_HASHES = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}


def key(name: str, curve: ec.EllipticCurve | None = None) -> Key:
    """Return the private key that belongs to a name: for tests only, anybody can make it."""
    number = int.from_bytes(hashlib.sha512(name.encode()).digest()[:31], "big")
    return ec.derive_private_key(number, curve or ec.SECP256R1())


def pem(private: Key) -> bytes:
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def spki(private: Key) -> bytes:
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign(private: Key, data: bytes, algorithm: hashes.HashAlgorithm | None = None) -> bytes:
    chosen = algorithm or _HASHES[private.curve.key_size]
    return private.sign(data, ec.ECDSA(chosen, deterministic_signing=True))


def digest(data: bytes, algorithm: str = "sha256") -> str:
    if algorithm == "blake3":
        return blake3.blake3(data).hexdigest()
    return hashlib.new(algorithm, data).hexdigest()


def statement(
    files: Mapping[str, bytes],
    *,
    name: str = "model",
    algorithm: str = "sha256",
    shard_size: int | None = None,
    allow_symlinks: bool = False,
    ignore_paths: Sequence[str] | None = GIT,
) -> dict[str, Any]:
    """Return the in-toto statement over files, in whole or in shards."""
    serialization: dict[str, Any] = {
        "method": "files" if shard_size is None else "shards",
        "hash_type": algorithm,
        "allow_symlinks": allow_symlinks,
    }
    if ignore_paths is not None:
        serialization["ignore_paths"] = list(ignore_paths)
    if shard_size is not None:
        serialization["shard_size"] = float(shard_size)
    resources = [
        {"name": part, "algorithm": algorithm, "digest": digest(data, algorithm)}
        for path, content in sorted(files.items())
        for part, data in _parts(path, content, shard_size)
    ]
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": root_digest(resources)}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {"serialization": serialization, "resources": resources},
    }


def root_digest(resources: Sequence[Mapping[str, str]]) -> str:
    return digest(b"".join(bytes.fromhex(resource["digest"]) for resource in resources))


def _parts(path: str, content: bytes, shard_size: int | None) -> list[tuple[str, bytes]]:
    if shard_size is None:
        return [(path, content)]
    starts = range(0, len(content), shard_size)
    ends = [min(start + shard_size, len(content)) for start in starts]
    return [(f"{path}:{s}:{e}", content[s:e]) for s, e in zip(starts, ends, strict=True)]


def legacy_statement(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the statement of model_signing 0.2: one subject a file."""
    subjects = [{"name": n, "digest": {"sha256": digest(c)}} for n, c in sorted(files.items())]
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects,
        "predicateType": "https://model_signing/Digests/v0.1",
        "predicate": {"unused": "Unused, just passed due to API requirements"},
    }


def encoding(payload: bytes) -> bytes:
    return b"DSSEv1 %d %s %d %s" % (len(IN_TOTO), IN_TOTO.encode(), len(payload), payload)


def legacy_encoding(payload: bytes) -> bytes:
    return f"DSSEV1 {len(IN_TOTO)} {IN_TOTO} {len(payload)} {payload!r}".encode()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def by_key(private: Key) -> dict[str, Any]:
    return {"publicKey": {"hint": hashlib.sha256(pem(private)).hexdigest()}, "tlogEntries": []}


def by_embedded_key(private: Key) -> dict[str, Any]:
    """Return the verification material of releases before 1.1: the key itself."""
    return {"publicKey": {"rawBytes": b64(pem(private)), "keyDetails": "PKIX_ECDSA_P256_SHA_256"}}


def by_certificates(*certificates: x509.Certificate) -> dict[str, Any]:
    chain = [{"rawBytes": b64(c.public_bytes(Encoding.DER))} for c in certificates]
    return {"x509CertificateChain": {"certificates": chain}, "tlogEntries": []}


def bundle(
    payload: bytes, material: Mapping[str, Any], signatures: Sequence[bytes]
) -> dict[str, Any]:
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": dict(material),
        "dsseEnvelope": {
            "payload": b64(payload),
            "payloadType": IN_TOTO,
            "signatures": [{"sig": b64(value), "keyid": ""} for value in signatures],
        },
    }


def to_bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, indent=2).encode()


@dataclass(frozen=True)
class Ca:
    """A certificate with its key, from which others can be issued."""

    private: Key
    certificate: x509.Certificate


def issue(
    name: str,
    issuer: Ca | None = None,
    *,
    ca: bool = False,
    code_signing: bool = True,
    valid: tuple[int, int] = (2016, 2036),
) -> Ca:
    """Return a certificate for ``name``, self-signed without an issuer; valid between two years."""
    private = key(name)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(private.public_key())
        .serial_number(int(digest(name.encode())[:30], 16))
        .not_valid_before(datetime(valid[0], 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(valid[1], 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, **usage),
            critical=True,
        )
    )
    if code_signing and not ca:
        eku = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])
        builder = builder.add_extension(eku, critical=False)
    signer = issuer.private if issuer else private
    return Ca(private, builder.sign(signer, hashes.SHA256(), ecdsa_deterministic=True))


@dataclass(frozen=True)
class SignedModel:
    """A model with its signature, still to be written: spoil any part of it.

    Attributes:
        files: what lies in the folder.
        signature: bytes of the signature file.
        signature_name: where that lies; below ``model/`` it is inside the folder.
        links: links below the folder, name to target.
        extra_signatures: more signature files beside the folder, name to bytes.
    """

    files: Mapping[str, bytes]
    signature: bytes
    signature_name: str = "model.sig"
    links: Mapping[str, str] = field(default_factory=dict)
    extra_signatures: Mapping[str, bytes] = field(default_factory=dict)

    def with_files(self, changes: Mapping[str, bytes | None]) -> "SignedModel":
        """Return it with files changed, added, or, for None, taken away."""
        files = {**self.files, **changes}
        return replace(self, files={n: c for n, c in files.items() if c is not None})

    def write(self, root: Path, folder: str = "model") -> Subject:
        """Write it below ``root`` and return it as what a verifier is given."""
        for name, content in self.files.items():
            path = root / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for name, target in self.links.items():
            (root / folder / name).symlink_to(target)
        proofs = {self.signature_name: self.signature, **self.extra_signatures}
        for name, content in proofs.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        return subject_at(root, folder, tuple(proofs))


def subject_at(root: Path, folder: str, signatures: Sequence[str], base: str = "drop") -> Subject:
    """Return the model in a folder, or in a single file, as a drop would hand it over."""
    place = root / folder
    paths = sorted(p for p in place.rglob("*") if p.is_file() and not p.is_symlink())
    single = place.is_file()
    links = tuple(_link(root, p, base) for p in sorted(place.rglob("*")) if p.is_symlink())
    return Subject(
        path=f"{base}/{folder}",
        member=None,
        format="oms",
        files=tuple(evidence(root, p, base) for p in ([place] if single else paths)),
        base="" if single else f"{base}/{folder}/",
        signatures=tuple(evidence(root, root / name, base) for name in signatures),
        links=links,
        linked=tuple(_linked(root, folder, links, base)),
    )


def _linked(root: Path, folder: str, links: Sequence[Link], base: str) -> Iterator[EvidenceFile]:
    """Yield the files outside the model that its links lead to."""
    ends = {link.end for link in links}
    for path in sorted(root.rglob("*")):
        place = f"{base}/{path.relative_to(root).as_posix()}"
        inside = place.startswith(f"{base}/{folder}/")
        if path.is_file() and not inside and any(f"{place}/".startswith(f"{e}/") for e in ends):
            yield evidence(root, path, base)


def _link(root: Path, link: Path, base: str) -> Link:
    """Return a link of the drop, its end as the system finds it."""
    shown, target = f"{base}/{link.relative_to(root).as_posix()}", str(link.readlink())
    end = Path(os.path.realpath(link))  # a loop does not raise here
    if not end.is_relative_to(root) or target.startswith("/"):
        return Link(shown, None, target, LinkEnd.OUTSIDE)
    if not end.exists():
        return Link(shown, None, target, LinkEnd.NOTHING)
    leads = LinkEnd.FOLDER if end.is_dir() else LinkEnd.FILE
    return Link(shown, None, target, leads, f"{base}/{end.relative_to(root).as_posix()}")


def evidence(root: Path, path: Path, base: str = "drop") -> EvidenceFile:
    relative = path.relative_to(root)
    identity = identity_of(path.stat())
    return EvidenceFile(f"{base}/{relative.as_posix()}", None, str(root), relative.parts, identity)


def signed_by_key(
    private: Key,
    files: Mapping[str, bytes] = FILES,
    *,
    said: Mapping[str, Any] | None = None,
) -> SignedModel:
    """Return a model signed with a key; ``said``: another statement than the files deserve."""
    payload = to_bytes(said or statement(files))
    signatures = [sign(private, encoding(payload))]
    return SignedModel(files, to_bytes(bundle(payload, by_key(private), signatures)))


def signed_by_certificate(leaf: Ca, *others: Ca, files: Mapping[str, bytes] = FILES) -> SignedModel:
    """Return a model signed with a certificate; ``others`` go into the bundle after it."""
    payload = to_bytes(statement(files))
    material = by_certificates(leaf.certificate, *(other.certificate for other in others))
    signatures = [sign(leaf.private, encoding(payload))]
    return SignedModel(files, to_bytes(bundle(payload, material, signatures)))


def key_anchor(
    private: Key, *, role: TrustRole | None = TrustRole.MODEL, name: str = "key.pem"
) -> TrustAnchor:
    der = spki(private)
    print_ = digest(der)
    return TrustAnchor(name, AnchorKind.PUBLIC_KEY, role, print_, print_, der)


def certificate_anchor(
    ca: Ca, *, role: TrustRole | None = TrustRole.MODEL, name: str = "root.pem"
) -> TrustAnchor:
    der = ca.certificate.public_bytes(Encoding.DER)
    return TrustAnchor(
        name, AnchorKind.CERTIFICATE, role, digest(der), digest(spki(ca.private)), der
    )  # fmt: skip


def trusting(*anchors: TrustAnchor, threshold: int = 1) -> Trust:
    return Trust(AT, anchors, threshold=threshold)
