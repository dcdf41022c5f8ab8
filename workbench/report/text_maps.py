"""Mend the maps from glyphs to characters that ReportLab writes into a PDF."""

import re

from pikepdf import Dictionary, Pdf, Stream

_BFCHAR = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]+)>")


def repair_text_maps(document: Pdf) -> None:
    """Rewrite the map from glyphs to characters of every face."""
    for item in document.objects:
        if isinstance(item, Dictionary) and isinstance(found := item.get("/ToUnicode"), Stream):
            _repair_text_map(found)


def _repair_text_map(stream: Stream) -> None:
    """Rewrite a ToUnicode map as ISO 32000-1 9.10.3 and Adobe note 5411 want it.

    ReportLab 5.1 writes one block of more than 100 entries, characters beyond U+FFFF with five
    digits, and unused codes as U+0000.
    """
    head, rest = stream.read_bytes().split(b"endcodespacerange\n", 1)
    tail = rest[rest.index(b"endcmap") :]
    pairs = [(code, int(char, 16)) for code, char in _BFCHAR.findall(rest)]
    used = [(code, chr(char).encode("utf-16-be").hex().upper()) for code, char in pairs if char]
    body = b""
    for start in range(0, len(used), 100):
        block = used[start : start + 100]
        lines = b"\n".join(b"<%s> <%s>" % (code, char.encode()) for code, char in block)
        body += b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), lines)
    stream.write(head + b"endcodespacerange\n" + body + tail)
