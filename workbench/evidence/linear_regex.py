"""Regular expressions of users and rules on an engine of linear time (RE2).

The one home of RE2: a pattern that somebody brings must never make the program hang.
"""

from collections.abc import Callable
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

    def found(self, text: str) -> list[str]:
        """Return what it matches in ``text``, from left to right."""
        ...

    def replaced(self, text: str, by: Callable[[str], str]) -> str:
        """Return ``text`` with each match in it replaced by what ``by`` says."""
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
            self._pattern = re2.compile(text, options)
        except re2.error as error:
            reason = error.args[0] if error.args else "it cannot be understood"
            said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
            raise BadPatternError(said) from error

    def search(self, text: str) -> bool:
        return self._pattern.search(text) is not None

    def found(self, text: str) -> list[str]:
        return [match.group(0) for match in self._pattern.finditer(text)]

    def replaced(self, text: str, by: Callable[[str], str]) -> str:
        return str(self._pattern.sub(lambda match: by(match.group(0)), text))

    def named(self, text: str) -> dict[str, str] | None:
        found = self._pattern.search(text)
        groups = {} if found is None else found.groupdict()
        return None if found is None else {n: v for n, v in groups.items() if v is not None}


@lru_cache(maxsize=256)
def pattern_of(text: str) -> LinearPattern:
    """Return a compiled pattern.

    Raises:
        BadPatternError: RE2 does not know it.
    """
    return _Re2(text)
