"""DataHub's names: ``urn:li:TYPE:NAME``, or ``urn:li:TYPE:(PART,PART)`` with names as parts."""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

_PREFIX = "urn:li:"
#: Names that edges repeat, whose parts are worth keeping.
_KEPT = 50_000


class Urn(NamedTuple):
    """A name, taken apart.

    Attributes:
        type: type of the entity, or "" where the text is no such name.
        parts: its parts, decoded; one where there are no parentheses.
    """

    type: str
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return what people call the entity: of a data set or model the second part."""
        named = self.parts[1:2] if len(self.parts) == 3 else self.parts[-1:]
        return named[0] if named else ""

    @property
    def platform(self) -> str:
        """Return the platform or flow that the name is unique within, or ""."""
        if len(self.parts) < 2:
            return ""
        first = urn_of(self.parts[0])
        return first.name if first.type else self.parts[0]


@lru_cache(_KEPT)
def urn_of(text: str) -> Urn:
    """Return the parts of a name; what is none has no type and is its own part."""
    kind, colon, rest = text.removeprefix(_PREFIX).partition(":")
    if not text.startswith(_PREFIX) or not colon or not kind:
        return Urn("", (text,))
    if not rest.startswith("("):
        return Urn(kind, (unquote(rest),))
    parts = _split(rest)
    return Urn(kind, tuple(map(unquote, parts))) if parts else Urn("", (text,))


def _split(text: str) -> list[str]:
    """Return the parts between the outer parentheses; none where they are not closed."""
    parts, depth, start = [], 0, 1
    for n, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if (character == "," and depth == 1) or depth == 0:
            parts.append(text[start:n])
            start = n + 1
        if depth == 0:
            return parts if n == len(text) - 1 else []
    return []
