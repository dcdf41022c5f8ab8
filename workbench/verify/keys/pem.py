"""PEM blocks (RFC 7468), wherever in a text they stand."""

import re
from collections.abc import Iterator

from workbench.verify.keys.vkey import decode_base64

PEM_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----")


def pem_blocks(data: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Yield the label and the bytes of each PEM block (RFC 7468), None for a damaged one."""
    label, body = b"", list[bytes]()
    for line in (line.strip() for line in data.splitlines()):
        if begin := PEM_BEGIN.fullmatch(line):
            if label:
                yield label.decode(), None
            label, body = begin[1], []
        elif label and line == b"-----END %b-----" % label:
            yield label.decode(), decode_base64(b"".join(body))
            label = b""
        else:
            body.append(line)
    if label:
        yield label.decode(), None
