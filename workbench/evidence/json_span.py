"""Where a value lies in the bytes of a JSON document: a pointer becomes a range of bytes."""

import re

from workbench.errors import SourceError
from workbench.evidence.strict_json import parse

_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]++', re.DOTALL)
Span = tuple[int, int]


def span_of(data: bytes, pointer: str) -> Span | None:
    """Return first byte and end of what stands at a pointer (RFC 6901), or None.

    ``data`` was read strictly before. Of a name that stands twice the last counts, as it was read.
    """
    found = _value(data, 0)
    for step in pointer.split("/")[1:]:
        if found is None:
            return None
        found = _inner(data, found, step.replace("~1", "/").replace("~0", "~"))
    return found


def _value(data: bytes, start: int) -> Span | None:
    """Return the range of the value that begins at or after a byte."""
    depth = 0
    first = -1
    for token in _TOKENS.finditer(data, start):
        mark = token[0][:1]
        if first < 0:
            first = token.start()
        depth += (mark in b"[{") - (mark in b"]}")
        if depth <= 0:
            return first, token.end()
    return None


def _inner(data: bytes, outer: Span, step: str) -> Span | None:
    opening = data[outer[0] : outer[0] + 1]
    if opening == b"{":
        return _member(data, outer, step)
    return _element(data, outer, int(step)) if opening == b"[" and step.isdecimal() else None


def _member(data: bytes, outer: Span, name: str) -> Span | None:
    found: Span | None = None
    at = outer[0] + 1
    while (key := _TOKENS.search(data, at, outer[1])) and key[0][:1] == b'"':
        colon = _TOKENS.search(data, key.end(), outer[1])
        value = _value(data, colon.end()) if colon else None
        if value is None:
            return found
        if _text(key[0]) == name:
            found = value
        comma = _TOKENS.search(data, value[1], outer[1])
        at = comma.end() if comma else outer[1]
    return found


def _element(data: bytes, outer: Span, number: int) -> Span | None:
    at = outer[0] + 1
    for n in range(number + 1):
        value = _value(data, at)
        if value is None or data[value[0] : value[0] + 1] in {b"]", b","}:
            return None
        if n == number:
            return value
        comma = _TOKENS.search(data, value[1], outer[1])
        if comma is None or comma[0] != b",":
            return None
        at = comma.end()
    return None


def _text(token: bytes) -> str | None:
    try:
        value = parse(token, what="name")
    except SourceError:
        return None
    return value if isinstance(value, str) else None
