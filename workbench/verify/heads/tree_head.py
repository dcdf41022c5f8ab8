"""Tree heads of RFC 6962 in a checkpoint: what a log of certificates signs (static-ct-api).

The signature is not over the note: it is over the tree head that size, root and its own time make
up (RFC 6962 3.5). So it does not cover the origin, and a checkpoint with it has no further lines.
"""

from dataclasses import dataclass

from workbench.verify.keys.vkey import decode_base64

_SHA256, _RSA, _ECDSA = 4, 1, 3
_HEADER_BYTES = 12


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A signature of RFC 6962 and what it is over.

    Attributes:
        signed: the bytes that are signed.
        signature: the signature over them.
        by_rsa: whether it says that it is by an RSA key, or else by one on a curve.
    """

    signed: bytes
    signature: bytes
    by_rsa: bool


def read_tree_head(name: str, value: bytes, text: bytes) -> TreeHead | None:
    """Return the tree head of a signature line over a checkpoint, or None where it has none.

    Args:
        name: name of the signer, which has to be the origin.
        value: the signature without its key id.
        text: the checkpoint.
    """
    lines = text.decode("utf-8", "replace").split("\n")
    algorithm, length = value[8:10], int.from_bytes(value[10:_HEADER_BYTES])
    if len(lines) != 4 or lines[0] != name or len(value) != _HEADER_BYTES + length:
        return None
    if algorithm not in {bytes([_SHA256, _RSA]), bytes([_SHA256, _ECDSA])}:
        return None
    root = decode_base64(lines[2])
    if root is None or not lines[1].isdecimal() or int(lines[1]) >= 1 << 64:
        return None
    # RFC 6962 3.5: version 1, a tree hash, its time in milliseconds, size, root.
    signed = b"\0\1" + value[:8] + int(lines[1]).to_bytes(8) + root
    return TreeHead(signed, value[_HEADER_BYTES:], algorithm[1] == _RSA)
