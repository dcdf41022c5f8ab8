"""Hash-chained logs, and logs without protection: whatever may be text is looked into."""

from workbench.evidence.textual import is_text
from workbench.formats.reader import Later, Look

LOG_SUFFIXES = {".jsonl", ".ndjson", ".log"}
_UTF_16 = b"\xff\xfe", b"\xfe\xff"


def _may_be(look: Look) -> bool:
    if look.suffix in LOG_SUFFIXES or look.head[:2] in _UTF_16:
        return True
    begins = look.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return begins in {b"{", b"["} or (begins != b"" and is_text(look.head))


READER = Later("chain", "workbench.formats.chain_log.reader", _may_be, order=70)
