"""Sign statements about files: in-toto Attestation Framework 1.0 in a DSSE 1.0 envelope.

Kept apart from the code that reads them, so that each checks the other. What is written has no
space, and the key id is the SHA-256 of the key, so that a reader can insist on every byte.
"""

import base64
import json
from collections.abc import Mapping

from workbench.sign.keys import Ed25519PrivateKey, SigningKey

_PAYLOAD_TYPE = "application/vnd.in-toto+json"
_STATEMENT = "https://in-toto.io/Statement/v1"


def write_statement(
    subjects: Mapping[str, Mapping[str, str]],
    *,
    predicate_type: str,
    predicate: Mapping[str, object],
    key: SigningKey,
) -> bytes:
    """Return a signed statement about files, each with its digests by algorithm.

    Raises:
        SigningError: the key does not sign.
    """
    statement = {
        "_type": _STATEMENT,
        "subject": [{"name": name, "digest": dict(found)} for name, found in subjects.items()],
        "predicateType": predicate_type,
        "predicate": predicate,
    }
    payload = _compact(statement)
    envelope = {
        "payload": _base64(payload),
        "payloadType": _PAYLOAD_TYPE,
        "signatures": [
            {
                "keyid": key.key_fingerprint,
                "sig": _base64(_signature(_encoding(payload), key)),
            }
        ],
    }
    return _compact(envelope)


def _encoding(payload: bytes) -> bytes:
    """Return what is signed of a payload (DSSE 1.0, signature definition)."""
    kind = _PAYLOAD_TYPE.encode()
    return b" ".join((b"DSSEv1", b"%d" % len(kind), kind, b"%d" % len(payload), payload))


def _signature(data: bytes, key: SigningKey) -> bytes:
    own = key.private_key
    return own.sign(data) if isinstance(own, Ed25519PrivateKey) else key.sign_sha256(data)


def _compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
