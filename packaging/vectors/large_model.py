"""Write a large signed model, to measure with: FOLDER BYTES."""

import base64
import hashlib
import json
import random
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

FILES = 8
BLOCK = 1 << 20


def main() -> None:
    """Write the model, its signature beside it, and the public key."""
    folder, size = Path(sys.argv[1]), int(sys.argv[2])
    model = folder / "drop" / "model"
    model.mkdir(parents=True)
    names = [f"weights-{n}.safetensors" for n in range(FILES)]
    digests = {name: write(model / name, size // FILES, seed=name) for name in names}
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "drop" / "model.sig").write_text(json.dumps(bundle(statement(digests), key)))
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    (folder / "key.pem").write_bytes(key.public_key().public_bytes(*pem))


def write(path: Path, size: int, *, seed: str) -> str:
    """Write bytes that no file system stores as nothing; return their SHA-256."""
    chance = random.Random(seed)  # noqa: S311 - bytes to hash, no secret
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while size > 0:
            block = chance.randbytes(min(BLOCK, size))
            digest.update(block)
            size -= file.write(block)
    return digest.hexdigest()


def statement(digests: dict[str, str]) -> bytes:
    """Return what is signed (OMS 1.0, 6.5)."""
    root = hashlib.sha256(b"".join(map(bytes.fromhex, digests.values()))).hexdigest()
    how = {"method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": []}
    files = [{"name": n, "algorithm": "sha256", "digest": d} for n, d in digests.items()]
    document = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "model", "digest": {"sha256": root}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {"serialization": how, "resources": files},
    }
    return json.dumps(document).encode()


def bundle(payload: bytes, key: ec.EllipticCurvePrivateKey) -> dict[str, object]:
    """Return the signed bundle (DSSE 1.0)."""
    kind = "application/vnd.in-toto+json"
    encoded = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    signature = key.sign(encoded, ec.ECDSA(hashes.SHA256()))
    envelope = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": kind,
        "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": ""}],
    }
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"publicKey": {"hint": ""}, "tlogEntries": []},
        "dsseEnvelope": envelope,
    }


if __name__ == "__main__":
    main()
