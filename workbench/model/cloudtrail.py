"""What a CloudTrail digest says: of itself, of the digest before it, of the log files of its hour.

AWS CloudTrail user guide, "CloudTrail digest file structure". A digest is an object of JSON whose
exact bytes are signed; nothing here is ever written again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from workbench.model.cloudtrail_names import DIGEST_NAME, REQUIRED, TOP
from workbench.model.moment import moment_of, time_of

SIGNATURE_ALGORITHM = "SHA256withRSA"
HASH_ALGORITHM = "SHA-256"

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SIGNATURE = re.compile(r"(?:[0-9a-f]{2}){64,2048}", re.ASCII)


class MalformedDigest(ValueError):  # noqa: N818 - named as what it is
    """A digest that does not say what every digest says: a sentence."""


@dataclass(frozen=True, slots=True)
class ListedLog:
    """A log file as a digest lists it.

    Attributes:
        key: its S3 key.
        bucket: its bucket.
        sha256: lower hex over its uncompressed bytes.
    """

    key: str
    bucket: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Previous:
    """The digest before, as a digest states it.

    Attributes:
        key: its S3 key.
        bucket: its bucket.
        sha256: lower hex over its uncompressed bytes.
        signature: its signature, lower hex.
    """

    key: str
    bucket: str
    sha256: str
    signature: str


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest.

    Attributes:
        key: its S3 key.
        bucket: its bucket.
        start: begin of the time in which its log files were delivered, aware UTC.
        end: end of that time, aware UTC.
        end_text: the same as it is written, for it is signed so.
        key_id: which public key signed it.
        algorithm: how it was signed, as it states, or "".
        previous: the digest before, or None for the first one, and the first after a pause.
        logs: the log files of its time.
    """

    key: str
    bucket: str
    start: datetime
    end: datetime
    end_text: str
    key_id: str
    algorithm: str
    previous: Previous | None
    logs: tuple[ListedLog, ...]

    @property
    def chain(self) -> str:
        """Return which chain of digests it belongs to: account, region, trail, backfill."""
        name = DIGEST_NAME.fullmatch(self.key.rpartition("/")[2])
        if name is None:
            return self.key.rpartition("/")[0]
        backfill = ", backfill" if name["backfill"] else ""
        return f"{name['account']} {name['region']} {name['trail']} ({name['home']}{backfill})"

    @property
    def covers(self) -> tuple[str, str] | None:
        """Return account and region of the log files that it lists all of, or None."""
        name = DIGEST_NAME.fullmatch(self.key.rpartition("/")[2])
        return None if name is None or name["backfill"] else (name["account"], name["region"])

    def signed_text(self, sha256: str) -> str:
        """Return what is signed, given the SHA-256 of the digest's uncompressed bytes."""
        before = "null" if self.previous is None else self.previous.signature
        return f"{self.end_text}\n{self.bucket}/{self.key}\n{sha256}\n{before}"


def digest_from(value: object) -> Digest:
    """Return the digest that a JSON value is.

    Raises:
        MalformedDigest: it is none.
    """
    if not _is_object(value):
        raise MalformedDigest("It is no JSON object.")
    texts = {name: _text(value, name) for name in REQUIRED}
    if "previousDigestSignature" not in value:
        raise MalformedDigest("It does not say whether a digest came before it.")
    listed = value.get("logFiles")
    if not isinstance(listed, list):
        raise MalformedDigest("It has no list of log files.")
    algorithm = value.get("digestSignatureAlgorithm", "")
    return Digest(
        key=texts["digestS3Object"],
        bucket=texts["digestS3Bucket"],
        start=_moment(texts["digestStartTime"]),
        end=_moment(texts["digestEndTime"]),
        end_text=texts["digestEndTime"],
        key_id=texts["digestPublicKeyFingerprint"].lower(),
        algorithm=algorithm if isinstance(algorithm, str) else "?",
        previous=_previous(value),
        logs=tuple(_log(item) for item in listed),
    )


def _previous(value: Mapping[str, object]) -> Previous | None:
    names = ("Object", "Bucket")
    parts = [value.get(f"previousDigestS3{name}") for name in names]
    parts += [value.get(f"previousDigest{name}") for name in ("HashValue", "Signature")]
    if all(part is None for part in parts):
        return None
    key, bucket, sha256, signature = (part if isinstance(part, str) else "" for part in parts)
    if not key or not bucket or not signature:
        raise MalformedDigest(
            "It names a digest before it, and not all of what must be said of it."
        )
    _require_hash(sha256, value.get("previousDigestHashAlgorithm"))
    return Previous(key, bucket, sha256, signature)


def _log(item: object) -> ListedLog:
    if not _is_object(item):
        raise MalformedDigest("Its list of log files holds something else.")
    sha256 = _text(item, "hashValue")
    _require_hash(sha256, item.get("hashAlgorithm"))
    return ListedLog(_text(item, "s3Object"), _text(item, "s3Bucket"), sha256)


def _require_hash(sha256: str, algorithm: object) -> None:
    if algorithm != HASH_ALGORITHM or not _HASH.fullmatch(sha256):
        raise MalformedDigest(f"It states a digest that is no {HASH_ALGORITHM} in lower hex.")


def _text(value: Mapping[str, object], name: str) -> str:
    text = value.get(name)
    if not isinstance(text, str) or not text or "\n" in text:
        raise MalformedDigest(f"It does not say its {name}.")
    return text


def _moment(text: str) -> datetime:
    nanoseconds = moment_of(text)
    if nanoseconds is None:
        raise MalformedDigest(f"{text} is no time.")
    return time_of(nanoseconds)


def signature_bytes(text: str) -> bytes | None:
    """Return a signature that is written in lower hex, or None: one text stands for its bytes."""
    return bytes.fromhex(text) if _SIGNATURE.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What S3 keeps beside a digest, as ``aws s3api head-object`` prints it.

    Attributes:
        signature: its signature, as it is written.
        algorithm: how it was signed, as stated.
        generated: for a backfill digest, when it was made, aware UTC, or None.
    """

    signature: str
    algorithm: str
    generated: datetime | None = None


def metadata_from(value: object) -> Metadata | None:
    """Return the metadata in a JSON value, or None where there is no signature in it."""
    inside = value.get("Metadata") if _is_object(value) else None
    if not _is_object(inside):
        return None
    signature, algorithm = inside.get("signature"), inside.get("signature-algorithm")
    if not isinstance(signature, str) or not isinstance(algorithm, str):
        return None
    made = inside.get("backfill-generation-timestamp")
    nanoseconds = moment_of(made) if isinstance(made, str) else None
    return Metadata(signature, algorithm, None if nanoseconds is None else time_of(nanoseconds))


def _is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def tail_of(place: str) -> str:
    """Return a key or path from ``AWSLogs/`` on, without ``.gz``; "" where that is not in it."""
    at = 0 if place.startswith(TOP) else place.rfind(f"/{TOP}") + 1
    known = place.startswith(TOP) or at > 0
    return place[at:].removesuffix(".gz") if known else ""


def name_of(place: str) -> str:
    """Return the last name of a key or path, without ``.gz``."""
    return place.rpartition("/")[2].removesuffix(".gz")
