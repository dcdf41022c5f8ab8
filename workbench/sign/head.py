"""Write signed heads of logs (VERDICTS section 6): C2SP tlog-checkpoints in signed notes.

Kept apart from the code that reads them, so that each checks the other.
"""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workbench.errors import SigningError

_ED25519 = b"\x01"


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
    _require(size >= 0 and len(root) == hashlib.sha256().digest_size, "size or root is no such")
    _require(_is_line(origin), "the origin of a head is one line of text")
    lines = [origin, str(size), base64.b64encode(root).decode()]
    if chain_head is not None:
        lines.append(f"chain-head {chain_head[0]}:{chain_head[1].hex()}")
    if profile is not None:
        lines.append(f"profile {profile[0]} sha256:{profile[1]}")
    text = "".join(f"{line}\n" for line in lines).encode()
    signature = _key_id(signer_name, key.public_key()) + key.sign(text)
    encoded = base64.b64encode(signature).decode()
    return text + f"\n\u2014 {signer_name} {encoded}\n".encode()


def vkey(name: str, public_key: Ed25519PublicKey) -> str:
    """Return the C2SP verifier key: the one line that somebody needs to check a log's heads.

    Raises:
        SigningError: a key cannot have that name.
    """
    typed = _ED25519 + public_key.public_bytes_raw()
    encoded = base64.b64encode(typed).decode()
    return f"{name}+{_key_id(name, public_key).hex()}+{encoded}"


def _key_id(name: str, public_key: Ed25519PublicKey) -> bytes:
    """Return the four bytes by which a signature line names its key (C2SP signed-note)."""
    _require(
        _is_line(name) and "+" not in name and not any(c.isspace() for c in name),
        "the name of a log's key has no space and no plus in it",
    )
    typed = _ED25519 + public_key.public_bytes_raw()
    return hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]


def _is_line(text: str) -> bool:
    return bool(text) and not any(c < " " or 0xD800 <= ord(c) <= 0xDFFF for c in text)


def _require(right: bool, rule: str) -> None:
    if not right:
        raise SigningError(f"A signed head could not be written: {rule}.")
