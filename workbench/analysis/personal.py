"""Find what may point to a person in text: patterns, which see some of it and never all.

On the linear engine: text of strangers is searched.
"""

from collections.abc import Iterator
from enum import StrEnum
from ipaddress import ip_address

from workbench.evidence.linear_regex import pattern_of


class Kind(StrEnum):
    """What a text looks like."""

    EMAIL = "e-mail address"
    IP = "IP address"
    PHONE = "telephone number"
    NAME = "two words like a name"


_PATTERNS = {
    Kind.EMAIL: r"[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+",
    Kind.IP: r"(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*",
    Kind.PHONE: r"\+\d[\d ()/.-]{6,18}\d",
    Kind.NAME: r"\p{Lu}\p{Ll}+(?: \p{Lu}\.)? \p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?",
}


def found_in(text: str) -> Iterator[tuple[Kind, str]]:
    """Yield what in a text looks like a person's, with its kind."""
    for kind, pattern in _PATTERNS.items():
        for match in pattern_of(pattern).found(text):
            if kind is not Kind.IP or _is_address(match):
                yield kind, match


def _is_address(text: str) -> bool:
    """Tell whether a text is an address: times of day and versions of four parts may not be."""
    try:
        return not ip_address(text).is_unspecified
    except ValueError:
        return False
