"""Public keys of minisign and signify: an Ed25519 key and the eight bytes that name it.

https://jedisct1.github.io/minisign/, "Public key format".
"""

from dataclasses import dataclass

from workbench.verify.keys.vkey import decode_base64

COMMENT = b"untrusted comment: "
_ALGORITHM = b"Ed"
KEY_BYTES = 42


@dataclass(frozen=True, slots=True)
class MinisignKey:
    """A public key: eight bytes by which signatures name it, and 32 of its own."""

    id: bytes
    raw: bytes

    @property
    def shown(self) -> str:
        """Return the id as minisign prints it: the number that its bytes are, low end first."""
        return self.id[::-1].hex().upper()

    @property
    def encoded(self) -> bytes:
        """Return the bytes that stand in a key file as base64."""
        return _ALGORITHM + self.id + self.raw


def read_minisign_key(data: bytes) -> MinisignKey | None:
    """Return the key of a text that holds nothing else, with or without its comment."""
    lines = data.splitlines()
    if lines and lines[0].startswith(COMMENT.rstrip()):
        lines = lines[1:]
    if len(lines) != 1:
        return None
    return minisign_key(decode_base64(lines[0].strip()) or b"")


def minisign_key(encoded: bytes) -> MinisignKey | None:
    """Return the key of 42 bytes."""
    if len(encoded) != KEY_BYTES or not encoded.startswith(_ALGORITHM):
        return None
    return MinisignKey(encoded[2:10], encoded[10:])
