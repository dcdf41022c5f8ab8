"""Long texts and digests in a form that fits a page."""

import re

_HEX = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32,}(?![0-9A-Za-z])")

#: Characters of a name in headings and lists; the register has the whole name.
NAME = 88


def elide(text: str, longest: int) -> str:
    """Return text of at most about ``longest`` characters, its middle left out and counted."""
    if len(text) <= longest:
        return text
    half = (longest - 8) // 2
    return f"{text[:half]}…({len(text) - 2 * half:,} more)…{text[-half:]}"


def grouped(text: str) -> str:
    """Return a text with its digests in groups of eight, to be read and compared."""
    return _HEX.sub(lambda found: " ".join(re.findall(".{1,8}", found[0])), text)
