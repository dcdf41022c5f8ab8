"""Verifier keys of C2SP signed notes, as text: ``name+key id+base64 of type and key``.

https://c2sp.org/signed-note@v1.0.0, "Verifier keys" and "Signatures".
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")


class NoteKeyType(StrEnum):
    """Signature types that we know, as the hex of their byte."""

    ED25519 = "01"
    ECDSA = "02"
    COSIGNATURE = "04"
    TREE_HEAD = "05"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A verifier key whose parts agree with each other.

    Attributes:
        name: the only signer name it may verify.
        kind: hex of the type byte; one of ``NoteKeyType`` or another.
        raw: the key: 32 bytes for Ed25519, a DER SubjectPublicKeyInfo for ECDSA; of a log of
            certificates, its id: SHA-256 of that.
    """

    name: str
    kind: str
    raw: bytes


def read_vkeys(text: str) -> tuple[VerifierKey | None, ...]:
    """Return the verifier keys of a text that holds nothing else, one a line, or nothing.

    A line of the right form whose parts do not agree gives None.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    matches = [match for line in lines if (match := _VKEY.fullmatch(line))]
    if len(matches) < len(lines):
        return ()
    return tuple(_vkey(match) for match in matches)


def _vkey(match: re.Match[str]) -> VerifierKey | None:
    name, stated, typed = match[1], match[2], decode_base64(match[3])
    if not typed or not is_note_name(name):
        return None
    kind, raw = typed[:1].hex(), typed[1:]
    if kind in set(NoteKeyType) and note_key_id(name, NoteKeyType(kind), raw).hex() != stated:
        return None
    return VerifierKey(name, kind, raw)


def note_key_id(name: str, kind: NoteKeyType, raw: bytes) -> bytes:
    """Return the four bytes by which a signature line names a key.

    SHA-256 of name, newline, type and key; for ECDSA, as transparency logs have it, SHA-256 of
    the DER SubjectPublicKeyInfo; for tree heads of RFC 6962 the log id stands for the key.
    """
    if kind is NoteKeyType.ECDSA:
        return hashlib.sha256(raw).digest()[:4]
    return hashlib.sha256(name.encode() + b"\n" + bytes.fromhex(kind) + raw).digest()[:4]


def is_note_name(name: str) -> bool:
    """Tell whether a key may have this name: not empty, no space and no plus in it."""
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " for c in name)


def decode_base64(text: str | bytes) -> bytes | None:
    """Return the bytes of canonical base64 (RFC 4648 section 4, with padding), or None.

    Only one text stands for given bytes: otherwise a signed text could change and still verify.
    """
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    try:
        decoded = base64.b64decode(raw, validate=True)
    except binascii.Error:
        return None
    return decoded if base64.b64encode(decoded) == raw else None
