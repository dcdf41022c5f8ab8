"""Regular expressions of users and rules, on an engine that takes linear time (RE2).

The one home of RE2: a pattern that somebody brings must never make the program hang.
"""

from functools import lru_cache
from typing import Protocol

MOST_BYTES = 8 * 1024 * 1024


class LinearPattern(Protocol):
    """A compiled pattern."""

    def search(self, text: str) -> bool:
        """Tell whether it matches anywhere in ``text``."""
        ...

    def named(self, text: str) -> dict[str, str] | None:
        """Return what its named groups hold at the first match; None where there is none."""
        ...


class BadPatternError(ValueError):
    """A pattern that RE2 does not know; the message says why."""


class _Re2:
    def __init__(self, text: str) -> None:
        import re2

        options = re2.Options()
        options.max_mem = MOST_BYTES
        options.log_errors = False
        try:
            self._search = re2.compile(text, options).search
        except re2.error as error:
            reason = error.args[0] if error.args else "it cannot be understood"
            said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
            raise BadPatternError(said) from error

    def search(self, text: str) -> bool:
        return self._search(text) is not None

    def named(self, text: str) -> dict[str, str] | None:
        found = self._search(text)
        groups = {} if found is None else found.groupdict()
        return None if found is None else {n: v for n, v in groups.items() if v is not None}


@lru_cache(maxsize=256)
def pattern_of(text: str) -> LinearPattern:
    """Return a compiled pattern.

    Raises:
        BadPatternError: RE2 does not know it.
    """
    return _Re2(text)
