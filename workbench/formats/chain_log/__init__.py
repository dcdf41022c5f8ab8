"""Hash-chained logs, and logs without protection: whatever may hold records is looked into."""

from workbench.evidence.textual import is_text
from workbench.formats.reader import Later, Look

LOG_SUFFIXES = {".jsonl", ".ndjson", ".log"}
#: A file so named is a log or a table whatever it holds: damage must not make it drop out.
_SAID = {*LOG_SUFFIXES, ".json", ".csv", ".tsv"}
_BOM = b"\xef\xbb\xbf"
_UTF_16 = b"\xff\xfe", b"\xfe\xff"
#: Characters of digests, hexadecimal or base64, all as one letter; the shortest digest that links.
_LETTERS = bytes(
    120 if chr(n).isascii() and (chr(n).isalnum() or n in b"+/") else 0 for n in range(256)
)
_DIGEST = b"x" * 32
#: Of a text with damage in it, so much is UTF-8 all the same; of noise a little more than half.
_START, _READABLE = 4096, 0.9


def _may_be(look: Look) -> bool:
    if look.suffix in _SAID or look.head[:2] in _UTF_16:
        return True
    begins = look.head.removeprefix(_BOM).lstrip()[:1]
    if begins in {b"{", b"["}:
        return True
    return begins != b"" and (is_text(look.head) or _is_readable(look.head) or _has_digest(look))


def _is_readable(head: bytes) -> bool:
    """Tell whether a head is UTF-8 for the most part, in whatever script."""
    start = head[:_START]
    return len(start.decode("utf-8", "ignore").encode()) >= _READABLE * len(start)


def _has_digest(look: Look) -> bool:
    """Tell whether something stands there that is as long as a digest: a record has one."""
    return _DIGEST in look.head.translate(_LETTERS)


READER = Later("chain", "workbench.formats.chain_log.reader", _may_be, order=70)
