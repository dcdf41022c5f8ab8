"""Deliveries of CloudTrail for tests: a sound one by default, and any part of it spoiled."""

import gzip
import hashlib
import json
import random
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

BUCKET = "audit-bucket"
ACCOUNT = "111122223333"
REGION = "eu-central-1"
BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """Return a key of CloudTrail's, always the same for one name; it protects nothing."""
    source = random.Random(name)
    p, q = _prime(source), _prime(source)
    d = pow(65537, -1, (p - 1) * (q - 1))
    inverses = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    public = rsa.RSAPublicNumbers(65537, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, *inverses, public).private_key()


def _prime(source: random.Random) -> int:
    while True:
        found = source.getrandbits(1024) | 3 << 1022 | 1
        if all(found % small for small in (3, 5, 7, 11, 13, 17, 19, 23)) and all(
            pow(base, found - 1, found) == 1 for base in (2, 3, 5)
        ):
            return found


def key_id(name: str) -> str:
    return hashlib.md5(name.encode()).hexdigest()


def key_list(*names: str, life: tuple[str, str] = ("2026-01-01", "2026-12-31")) -> bytes:
    """Return what ``aws cloudtrail list-public-keys`` prints."""
    entries = []
    for name in names:
        der = (
            key(name)
            .public_key()
            .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
        )
        entries.append(
            {
                "Value": b64encode(der).decode(),
                "ValidityStartTime": f"{life[0]}T00:00:00+00:00",
                "ValidityEndTime": f"{life[1]}T00:00:00+00:00",
                "Fingerprint": key_id(name),
            }
        )
    return json.dumps({"PublicKeyList": entries}).encode()


@dataclass
class Trail:
    """A delivery, still to be written.

    Attributes:
        signer: which key signs, by hour.
        backfill: its digests are made afterwards.
        bodies: uncompressed bytes of digests and logs, by S3 key.
        signatures: of digests, by S3 key.
        packed: what lies in a file instead of its gzip, by S3 key.
        edit: changes a digest before it is signed, by hour.
    """

    hours: int = 4
    logs: int = 2
    signer: Callable[[int], str] = lambda hour: "aws"
    backfill: bool = False
    edit: Callable[[int, dict[str, Any]], None] = lambda hour, digest: None
    bodies: dict[str, bytes] = field(default_factory=dict)
    signatures: dict[str, str] = field(default_factory=dict)
    packed: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        previous: str | None = None
        for hour in range(self.hours):
            previous = self._add(hour, previous)

    def digest(self, hour: int) -> str:
        """Return the key of a digest."""
        end = BEGIN + (hour + 1) * HOUR
        suffix = "_backfill" if self.backfill else ""
        return (
            f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/{REGION}/{end:%Y/%m/%d}/{ACCOUNT}"
            f"_CloudTrail-Digest_{REGION}_main_{REGION}_{end:%Y%m%dT%H%M%SZ}{suffix}.json.gz"
        )

    def log(self, hour: int, number: int) -> str:
        """Return the key of a log file."""
        at = BEGIN + hour * HOUR + timedelta(minutes=10 + 5 * number)
        return (
            f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{at:%Y/%m/%d}/{ACCOUNT}"
            f"_CloudTrail_{REGION}_{at:%Y%m%dT%H%MZ}_abc{hour}{number}.json.gz"
        )

    def _add(self, hour: int, previous: str | None) -> str:
        logs = [self._add_log(hour, number) for number in range(self.logs)]
        own, start = self.digest(hour), BEGIN + hour * HOUR
        before = None if previous is None else hashlib.sha256(self.bodies[previous]).hexdigest()
        value = {
            "awsAccountId": ACCOUNT,
            "digestStartTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "digestEndTime": f"{start + HOUR:%Y-%m-%dT%H:%M:%SZ}",
            "digestS3Bucket": BUCKET,
            "digestS3Object": own,
            "digestPublicKeyFingerprint": key_id(self.signer(hour)),
            "digestSignatureAlgorithm": "SHA256withRSA",
            "previousDigestS3Bucket": previous and BUCKET,
            "previousDigestS3Object": previous,
            "previousDigestHashValue": before,
            "previousDigestHashAlgorithm": previous and "SHA-256",
            "previousDigestSignature": previous and self.signatures[previous],
            "logFiles": logs,
        }
        self.edit(hour, value)
        self.bodies[own] = json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()
        self.sign(own, self.signer(hour))
        return own

    def _add_log(self, hour: int, number: int) -> dict[str, str]:
        name = self.log(hour, number)
        event = {"eventVersion": "1.08", "eventID": f"{hour}-{number}", "awsRegion": REGION}
        self.bodies[name] = json.dumps({"Records": [event]}).encode()
        return {
            "s3Bucket": BUCKET,
            "s3Object": name,
            "hashValue": hashlib.sha256(self.bodies[name]).hexdigest(),
            "hashAlgorithm": "SHA-256",
        }

    def sign(self, name: str, signer: str) -> None:
        """Sign a digest as it is now."""
        body = self.bodies[name]
        value = json.loads(body)
        parts = (
            value["digestEndTime"],
            f"{value['digestS3Bucket']}/{value['digestS3Object']}",
            hashlib.sha256(body).hexdigest(),
            value["previousDigestSignature"] or "null",
        )
        data = "\n".join(parts).encode()
        self.signatures[name] = key(signer).sign(data, padding.PKCS1v15(), hashes.SHA256()).hex()

    def forget(self, name: str) -> None:
        """Take away a file, and its metadata."""
        self.bodies.pop(name, None)
        self.signatures.pop(name, None)

    def write(self, folder: Path, *, metadata: bool = True, flat: bool = False) -> Path:
        """Write it, perhaps without its folders, and return the folder of the drop."""
        for name, body in self.bodies.items():
            path = folder / "drop" / "s3" / (name.rpartition("/")[2] if flat else name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.packed.get(name, gzip.compress(body, mtime=0)))
        for name, signature in self.signatures.items() if metadata else ():
            own = name.rpartition("/")[2] if flat else name
            path = folder / "drop" / "head-object" / f"{own}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            inside = {"signature": signature, "signature-algorithm": "SHA256withRSA"}
            path.write_text(json.dumps({"Metadata": inside}))
        return folder / "drop"
