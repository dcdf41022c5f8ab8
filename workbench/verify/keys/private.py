"""Every text of a small file in which an unencrypted private key may lie, made plain.

A private key has no byte in common with the public one that is trusted: it must be read to know
whose it is. So it is looked for by what is written around it, in any indentation, quotes, JSON
escapes or UTF-16. A seed without anything around it is as good as noise, and cannot be found.
"""

import base64
import re
from collections.abc import Iterator

_BEGIN, _END, _DASHES = b"-----BEGIN ", b"-----END ", b"-----"
_ESCAPE = re.compile(rb"\\u00([0-7][0-9a-fA-F])")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)
#: Base64 of ``-----BEGIN``, as Kubernetes secrets have it, also over several lines.
_PACKED_PEM = re.compile(rb"LS0tLS1CRUdJT[A-Za-z0-9+/\s]*")
#: Base64 of a DER sequence (X.690 8.9) in one piece.
_PACKED_DER = re.compile(rb"(?<![A-Za-z0-9+/])M[A-P][A-Za-z0-9+/]{40,}")


def key_files_in(data: bytes) -> Iterator[bytes]:
    """Yield each PEM block and each DER structure in ``data``, as a key file by itself."""
    plain = _plain(data)
    yield from _pem_blocks(plain)
    for packed in _PACKED_PEM.finditer(plain):
        yield from _pem_blocks(_decoded(packed[0]))
    for packed in _PACKED_DER.finditer(plain):
        yield _decoded(packed[0])


def _plain(data: bytes) -> bytes:
    """Return a text without the zeros of UTF-16 and the escapes of JSON."""
    text = data.replace(b"\0", b"")
    if b"\\" in text:
        text = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text)
        text = re.sub(rb"\\[nrt]", b"\n", text).replace(b"\\/", b"/")
    return text


def _pem_blocks(text: bytes) -> Iterator[bytes]:
    for piece in text.split(_BEGIN)[1:]:
        label, _, rest = piece.partition(_DASHES)
        body, end, _ = rest.partition(_END + label)
        if end:
            body = body.translate(None, _NOT_BASE64)
            yield b"".join((_BEGIN, label, _DASHES, b"\n", body, b"\n", end, _DASHES, b"\n"))


def _decoded(text: bytes) -> bytes:
    """Return what base64 stands for; of what follows it on the page, anything."""
    text = b"".join(text.split())
    whole = text[:-1] if len(text) % 4 == 1 else text
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))
