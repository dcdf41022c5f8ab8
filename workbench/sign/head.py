"""Write signed heads of logs (VERDICTS section 6): C2SP tlog-checkpoints in signed notes.

Kept apart from the code that reads them, so that each checks the other.
"""

import base64
import hashlib
import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workbench.errors import SigningError

_ED25519 = b"\x01"
_MOST_RECORDS = 1 << 63
_CHAIN_HEAD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*:([0-9a-f]{2}){1,64}")
_PROFILE = re.compile(r"[A-Za-z0-9._-]{1,100} sha256:[0-9a-f]{64}")


def write_head(
    origin: str,
    size: int,
    root: bytes,
    chain_head: tuple[str, bytes] | None,
    profile: tuple[str, str] | None,
    key: Ed25519PrivateKey,
    signer_name: str,
) -> bytes:
    """Return a signed head.

    Args:
        origin: name of the log: one line, by custom without a scheme (``example.com/log``).
        size: number of records.
        root: RFC 6962 root over the raw bytes of the records, 32 bytes.
        chain_head: algorithm and digest of the last record of a hash chain, or None.
        profile: id of the chain profile and lower hex SHA-256 of its file, or None.
        key: the log's signing key.
        signer_name: name of the key, without space and plus; by custom the origin.

    Raises:
        SigningError: the head could not be read back as written.
    """
    _require(_is_line(origin), "its origin is one line of text")
    _require(0 <= size <= _MOST_RECORDS, "its size is a number of records")
    _require(len(root) == hashlib.sha256().digest_size, "its root has 32 bytes")
    lines = [origin, str(size), base64.b64encode(root).decode()]
    if chain_head is not None:
        stated = f"{chain_head[0]}:{chain_head[1].hex()}"
        _require(_CHAIN_HEAD.fullmatch(stated) is not None, "its chain head is sha256:HEX")
        lines.append(f"chain-head {stated}")
    if profile is not None:
        stated = f"{profile[0]} sha256:{profile[1]}"
        _require(_PROFILE.fullmatch(stated) is not None, "its profile is an id and a SHA-256")
        lines.append(f"profile {stated}")
    return _sign("".join(f"{line}\n" for line in lines), key, signer_name)


def vkey(name: str, public_key: Ed25519PublicKey) -> str:
    """Return the C2SP verifier key: the one line that somebody needs to check a log's heads.

    Raises:
        SigningError: a key cannot have that name.
    """
    encoded = base64.b64encode(_ED25519 + public_key.public_bytes_raw()).decode()
    return f"{name}+{_key_id(name, public_key).hex()}+{encoded}"


def _sign(text: str, key: Ed25519PrivateKey, name: str) -> bytes:
    """Return a signed note (C2SP signed-note): the text, a blank line, one signature line."""
    blob = _key_id(name, key.public_key()) + key.sign(text.encode())
    return f"{text}\n\u2014 {name} {base64.b64encode(blob).decode()}\n".encode()


def _key_id(name: str, public_key: Ed25519PublicKey) -> bytes:
    """Return the four bytes by which a signature line names its key (C2SP signed-note)."""
    spaced = "+" in name or any(c.isspace() for c in name)
    _require(_is_line(name) and not spaced, "the name of its key has no space and no plus")
    typed = _ED25519 + public_key.public_bytes_raw()
    return hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]


def _is_line(text: str) -> bool:
    return bool(text) and not any(c < " " or 0xD800 <= ord(c) <= 0xDFFF for c in text)


def _require(right: bool, rule: str) -> None:
    if not right:
        raise SigningError(f"A signed head could not be written: {rule}.")
