"""A small instance of Sigstore: an authority, a certificate log, a log, and bundles by it."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose
from cryptography.x509.oid import NameOID

from tests.verify.attestation_builder import b64, p256, pem_of, sha256, sign, spki_of
from workbench.verify.dsse import pae
from workbench.verify.heads.merkle import leaf_hash, node_hash

SIGNED = datetime(2026, 5, 1, 12, 0, 30, tzinfo=UTC)
IDENTITY = "https://git.example/models/credit/.ci/release.yml@refs/tags/v3"
ISSUER = "https://tokens.example"
_ISSUER_OID = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
_SCT_OID = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_LOG = "log.example"


def _usage(*, signs: bool, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=issues, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True)
class Instance:
    """Keys are made of its name, so that its vectors stay what they are."""

    name: str = "instance"

    def key(self, of: str) -> ec.EllipticCurvePrivateKey:
        return p256(f"{self.name} {of}")

    @cached_property
    def root(self) -> x509.Certificate:
        key = self.key("root")
        return (
            x509.CertificateBuilder()
            .subject_name(_name(f"{self.name} root"))
            .issuer_name(_name(f"{self.name} root"))
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2035, 1, 1, tzinfo=UTC))
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
            .add_extension(_usage(signs=False, issues=True), critical=True)
            .sign(key, hashes.SHA256())
        )

    def leaf(
        self, *, identity: str = IDENTITY, issuer: str = ISSUER, logged: bool = True
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([]))
            .issuer_name(self.root.subject)
            .public_key(self.key("signer").public_key())
            .serial_number(2)
            .not_valid_before(SIGNED - timedelta(minutes=1))
            .not_valid_after(SIGNED + timedelta(minutes=9))
            .add_extension(_usage(signs=True, issues=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([Purpose.CODE_SIGNING]), critical=False)
            .add_extension(
                x509.SubjectAlternativeName([x509.UniformResourceIdentifier(identity)]),
                critical=True,
            )
            .add_extension(
                x509.UnrecognizedExtension(_ISSUER_OID, _der_text(issuer)), critical=False
            )
        )
        if not logged:
            return builder.sign(self.key("root"), hashes.SHA256())
        before = builder.sign(self.key("root"), hashes.SHA256())
        stamp = self._stamp(before.tbs_certificate_bytes)
        extension = x509.UnrecognizedExtension(_SCT_OID, stamp)
        return builder.add_extension(extension, critical=False).sign(
            self.key("root"), hashes.SHA256()
        )

    def _stamp(self, signed: bytes) -> bytes:
        """Return a list of one signed certificate timestamp (RFC 6962 3.3)."""
        milliseconds = int(SIGNED.timestamp() * 1000).to_bytes(8, "big")
        issuer = hashlib.sha256(spki_of(self.key("root"))).digest()
        message = b"\x00\x00" + milliseconds + b"\x00\x01" + issuer
        message += len(signed).to_bytes(3, "big") + signed + b"\x00\x00"
        signature = sign(self.key("ctlog"), message)
        log_id = hashlib.sha256(spki_of(self.key("ctlog"))).digest()
        stamp = b"\x00" + log_id + milliseconds + b"\x00\x00\x04\x03"
        stamp += len(signature).to_bytes(2, "big") + signature
        listed = len(stamp).to_bytes(2, "big") + stamp
        return _octets(len(listed).to_bytes(2, "big") + listed)

    @property
    def log_id(self) -> bytes:
        return hashlib.sha256(spki_of(self.key("log"))).digest()

    def trusted_root(self, *, until: str | None = None) -> dict[str, Any]:
        valid = {"start": "2026-01-01T00:00:00Z"} | ({"end": until} if until else {})

        def log(of: str) -> dict[str, Any]:
            spki = spki_of(self.key(of))
            return {
                "baseUrl": f"https://{of}.example",
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": b64(spki),
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": valid,
                },
                "logId": {"keyId": b64(hashlib.sha256(spki).digest())},
            }

        certificate = {"rawBytes": b64(self.root.public_bytes(Encoding.DER))}
        return {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log("log")],
            "ctlogs": [log("ctlog")],
            "certificateAuthorities": [
                {
                    "uri": "https://ca.example",
                    "certChain": {"certificates": [certificate]},
                    "validFor": valid,
                }
            ],
        }

    def entry(self, body: dict[str, Any], at: datetime = SIGNED) -> dict[str, Any]:
        """Return an entry as the third of four, with promise, proof and signed head."""
        data = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        others = [leaf_hash(bytes([n])) for n in range(3)]
        pair = node_hash(others[0], others[1])
        root = node_hash(pair, node_hash(leaf_hash(data), others[2]))
        seconds = int(at.timestamp())
        said = {
            "body": b64(data),
            "integratedTime": seconds,
            "logID": self.log_id.hex(),
            "logIndex": 1002,
        }
        promise = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
        return {
            "logIndex": "1002",
            "logId": {"keyId": b64(self.log_id)},
            "kindVersion": {"kind": body["kind"], "version": body["apiVersion"]},
            "integratedTime": str(seconds),
            "inclusionPromise": {"signedEntryTimestamp": b64(sign(self.key("log"), promise))},
            "inclusionProof": {
                "logIndex": "2",
                "rootHash": b64(root),
                "treeSize": "4",
                "hashes": [b64(others[2]), b64(pair)],
                "checkpoint": {"envelope": self.checkpoint(4, root)},
            },
            "canonicalizedBody": b64(data),
        }

    def checkpoint(self, size: int, root: bytes) -> str:
        text = f"{_LOG} - 1\n{size}\n{b64(root)}\n"
        blob = self.log_id[:4] + sign(self.key("log"), text.encode())
        return f"{text}\n\u2014 {_LOG} {b64(blob)}\n"

    def message(self, data: bytes, certificate: x509.Certificate | None = None) -> dict[str, Any]:
        """Return a bundle with a signature over the bytes of an artifact."""
        leaf = certificate or self.leaf()
        signature = sign(self.key("signer"), data)
        pem = leaf.public_bytes(Encoding.PEM)
        body = {
            "apiVersion": "0.0.1",
            "kind": "hashedrekord",
            "spec": {
                "data": {"hash": {"algorithm": "sha256", "value": sha256(data)}},
                "signature": {"content": b64(signature), "publicKey": {"content": b64(pem)}},
            },
        }
        digest = {"algorithm": "SHA2_256", "digest": b64(hashlib.sha256(data).digest())}
        content = {"messageDigest": digest, "signature": b64(signature)}
        return self._bundle({"messageSignature": content}, leaf, body)

    def attestation(
        self, said: dict[str, Any] | bytes, certificate: x509.Certificate | None = None
    ) -> dict[str, Any]:
        """Return a bundle with an envelope."""
        leaf = certificate or self.leaf()
        payload = said if isinstance(said, bytes) else json.dumps(said).encode()
        kind = "application/vnd.in-toto+json"
        signature = sign(self.key("signer"), pae(kind, payload))
        verifier = base64.b64encode(leaf.public_bytes(Encoding.PEM)).decode()
        body = {
            "apiVersion": "0.0.1",
            "kind": "dsse",
            "spec": {
                "envelopeHash": {"algorithm": "sha256", "value": sha256(b"not looked at")},
                "payloadHash": {"algorithm": "sha256", "value": sha256(payload)},
                "signatures": [{"signature": b64(signature), "verifier": verifier}],
            },
        }
        envelope = {
            "payload": b64(payload),
            "payloadType": kind,
            "signatures": [{"sig": b64(signature)}],
        }
        return self._bundle({"dsseEnvelope": envelope}, leaf, body)

    def _bundle(
        self, content: dict[str, Any], leaf: x509.Certificate, body: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "certificate": {"rawBytes": b64(leaf.public_bytes(Encoding.DER))},
                "tlogEntries": [self.entry(body)],
            },
            **content,
        }


def _der_text(text: str) -> bytes:
    raw = text.encode()
    assert len(raw) < 128
    return b"\x0c" + bytes([len(raw)]) + raw


def _octets(data: bytes) -> bytes:
    head = bytes([len(data)]) if len(data) < 128 else b"\x81" + bytes([len(data)])
    return b"\x04" + head + data


__all__ = ["IDENTITY", "ISSUER", "SIGNED", "Instance", "pem_of"]
